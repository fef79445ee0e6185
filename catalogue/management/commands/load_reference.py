"""`manage.py load_reference`: places, designations, announcements and categories from the project's files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from catalogue import reference_data as categories
from marketplace import outbox
from marketplace import reference_data as places


class Command(BaseCommand):
    help = "Loads the reference data of the project; all of it or none, and twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            outcomes = [*places.load(), *categories.load()]
            if any(outcome.added or outcome.changed for outcome in outcomes):
                outbox.put("catalogue.reindex", {})
        for outcome in outcomes:
            counts = f"{outcome.added} added, {outcome.changed} changed, {outcome.same} as before"
            self.stdout.write(f"  {outcome.table}: {counts}")
