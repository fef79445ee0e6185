"""`manage.py search_check`: does every index answer, and is it as the code would build it?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.checks import drift_of
from search.engine import SearchError, get_engine, registered


class Command(BaseCommand):
    help = "Says whether every search index answers and in what it differs from the code; fails if it does."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for name in registered():
            found = drift_of(name)
            faults += len(found)
            for sentence in found:
                self.stdout.write(f"{name}: {sentence}")
            if not found:
                self.stdout.write(f"{name}: {_count(name)} documents, as the code wants it")
        if faults:
            raise CommandError("Run `manage.py reindex` to build what differs.")


def _count(name: str) -> int:
    try:
        return get_engine(name).count()
    except SearchError:
        return 0
