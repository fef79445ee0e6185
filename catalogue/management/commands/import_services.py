"""`manage.py import_services`: services of a CSV or TSV file, all rows or none."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from catalogue import importing
from catalogue.importing.columns import known_columns
from catalogue.models import Category
from marketplace.errors import Conflict

STEPS_SHOWN = 10


class Command(BaseCommand):
    help = (
        "Publish the services of a CSV or TSV file as unclaimed entries of unverified vendors: all rows or "
        "none, and a second time changes nothing. docs/import.md explains the columns."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="check and count everything, store nothing"
        )
        parser.add_argument(
            "--source", default="", help="name of the source, shown to readers (default: the file's name)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        source = (options["source"] or path.stem).strip()[:60]
        if not Category.objects.exists():
            raise CommandError(_("Load the reference data first: manage.py load_reference"))
        entries = self.understood(path)
        self.say(_("%(rows)s rows read from %(file)s") % {"rows": len(entries), "file": path.name})
        try:
            outcome = importing.store(
                entries,
                source=source,
                dry_run=options["dry_run"],
                progress=lambda done: self.progress(done, len(entries)),
            )
        except IntegrityError as error:
            raise CommandError(_("Another import of this source is running. Nothing was stored.")) from error
        except Conflict as conflict:
            raise CommandError(f"{conflict.message} " + _("Nothing was stored.")) from conflict
        self.summary(entries, outcome, dry_run=options["dry_run"])

    def understood(self, path: Path) -> list[importing.Entry]:
        """The entries of the file; every faulty row is told, and one is enough to store nothing."""
        try:
            columns, lines, unread = importing.read(path)
            entries, faults = importing.understand(columns, lines)
        except importing.Unreadable as error:
            raise CommandError(str(error)) from error
        ignored = [name for name in columns if name and name not in known_columns()]
        if ignored:
            self.say(_("Columns that mean nothing here: %(names)s") % {"names": ", ".join(ignored)})
        faults = sorted([*unread, *faults], key=lambda fault: fault.line)
        for fault in faults:
            self.stderr.write(_("Line %(line)s: %(reason)s") % {"line": fault.line, "reason": fault.reason})
        if faults:
            rows = len({fault.line for fault in faults})
            raise CommandError(_("%(rows)s rows are faulty. Nothing was stored.") % {"rows": rows})
        if not entries:
            raise CommandError(_("The file has no rows."))
        return entries

    def progress(self, done: int, total: int) -> None:
        if done == total or done % max(total // STEPS_SHOWN, 1) == 0:
            self.say(f"  {done} / {total}")

    def summary(self, entries: list[importing.Entry], outcome: importing.Outcome, *, dry_run: bool) -> None:
        for note, count in Counter(note for entry in entries for note in entry.notes).most_common():
            self.say(_("%(count)s rows: %(note)s") % {"count": count, "note": note})
        words = (
            _("Would publish %(new)s services of %(vendors)s new vendors; %(here)s were here already.")
            if dry_run
            else _("Published %(new)s services of %(vendors)s new vendors; %(here)s were here already.")
        )
        self.say(words % {"new": outcome.services, "vendors": outcome.vendors, "here": outcome.present})
        if not outcome.services and not outcome.updated:
            self.say(_("Nothing has changed."))
        if outcome.updated:
            self.say(
                _("%(count)s of those say something else now: new versions.") % {"count": outcome.updated}
            )
        for line, differing, reason in outcome.kept:
            said = {"line": line, "names": ", ".join(differing), "reason": reason}
            self.say(_("Line %(line)s differs (%(names)s) and is left as it is: %(reason)s.") % said)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
