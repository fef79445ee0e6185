"""`manage.py search_reconcile [index …]`: repairs what differs between an index and the database."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engine import SearchError, get_engine, registered, source_of
from search.reconciliation import Difference, compare, reconcile


class Command(BaseCommand):
    help = "Compares every document of the search indexes with the database and repairs what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("index", nargs="*", help="names of indexes; none means all")
        parser.add_argument("--dry-run", action="store_true", help="say what differs and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        left = 0
        for name in options["index"] or registered():
            try:
                if options["dry_run"]:
                    source = source_of(name)
                    before = after = compare(get_engine(name), source() if source else ())
                else:
                    before, after = reconcile(name)
            except SearchError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(
                f"{name}: {_said(before)}" + ("" if options["dry_run"] else f"; now {_said(after)}")
            )
            left += len(after)
        if left:
            raise CommandError(f"{left} documents differ.")


def _said(difference: Difference) -> str:
    parts = {
        "missing": len(difference.missing),
        "different": len(difference.stale),
        "surplus": len(difference.extra) + difference.uncounted,
    }
    return ", ".join(f"{count} {word}" for word, count in parts.items() if count) or "no difference"
