from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.translation import catalogues
from marketplace.translation.problems import differences, problems_of


class Command(BaseCommand):
    help = (
        "Bring the Thai catalogues up to date with the program and its templates. New texts are added "
        "without Thai; texts no longer used are kept as obsolete until --drop-obsolete."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--check", action="store_true", help="change nothing; fail where a text lacks its Thai"
        )
        what.add_argument("--compile", action="store_true", help="write the .mo files that are out of date")
        what.add_argument("--drop-obsolete", action="store_true", help="forget texts that nothing asks for")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compile"]:
            for room in catalogues.compile_all():
                self.stdout.write(f"{room}: compiled")
        elif options["check"]:
            self.check_all()
        else:
            self.update(keep_obsolete=not options["drop_obsolete"])

    def check_all(self) -> None:
        present = {room: catalogues.read(room) for room in catalogues.ROOMS}
        found = [
            line
            for room, catalog in present.items()
            for line in problems_of(room, catalogues.wanted_of(room), catalog)
        ]
        found += differences(present)
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(
                f"{len(found)} faults in the Thai texts. "
                "`manage.py messages` adds missing texts to the .po files."
            )
        self.stdout.write("Every text has its Thai.")

    def update(self, keep_obsolete: bool) -> None:
        present = {room: catalogues.read(room) for room in catalogues.ROOMS}
        for room, catalog in present.items():
            others = [other for name, other in present.items() if name != room]
            result = catalogues.merged(catalogues.wanted_of(room), catalog, others)
            changed = catalogues.write(room, result, keep_obsolete)
            missing = sum(1 for message in result if message.id and not catalogues.is_translated(message))
            self.stdout.write(
                f"{room}: {len(result)} texts, {missing} without Thai, {len(result.obsolete)} obsolete"
                f"{'' if changed else ' (unchanged)'}"
            )
