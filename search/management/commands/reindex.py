"""`manage.py reindex [index …]`: builds indexes anew beside the old ones and swaps; or goes back."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.documents import Document
from search.engine import SearchError, get_engine, registered
from search.rebuilding import rebuild

PROGRESS_EVERY = 1_000


class Command(BaseCommand):
    help = (
        "Builds the search index anew from the database. The old one answers until the new one is complete "
        "and has answered test questions; it is kept for --roll-back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("index", nargs="*", help="names of indexes; none means all")
        parser.add_argument(
            "--roll-back", action="store_true", help="use the index before the last rebuild again, caught up"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["index"] or registered():
            try:
                if options["roll_back"]:
                    get_engine(name).roll_back()
                    self.stdout.write(
                        f"{name}: back to the index before, {get_engine(name).count()} documents"
                    )
                else:
                    count = rebuild(name, partial(self._with_progress, name))
                    self.stdout.write(f"{name}: {count} documents")
            except SearchError as error:
                raise CommandError(str(error)) from error

    def _with_progress(self, name: str, documents: Iterable[Document]) -> Iterator[Document]:
        for number, document in enumerate(documents, start=1):
            if number % PROGRESS_EVERY == 0:
                self.stdout.write(f"{name}: {number} …")
            yield document
