"""`manage.py reindex [index …]`: builds every registered index anew beside the old one and swaps."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.documents import Document
from search.engine import SearchError, get_engine, registered, source_of

PROGRESS_EVERY = 1_000


class Command(BaseCommand):
    help = (
        "Builds the search index anew from the database; the old one answers until the new one is complete."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("index", nargs="*", help="names of indexes; none means all")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["index"] or registered():
            try:
                source = source_of(name)
                if source is None:
                    raise CommandError(f"Index {name} has no source of documents.")
                count = get_engine(name).rebuild(self._with_progress(name, source()))
            except SearchError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{name}: {count} documents")

    def _with_progress(self, name: str, documents: Iterable[Document]) -> Iterator[Document]:
        for number, document in enumerate(documents, start=1):
            if number % PROGRESS_EVERY == 0:
                self.stdout.write(f"{name}: {number} …")
            yield document
