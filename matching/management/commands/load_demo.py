"""`manage.py load_demo`: the invented people, services, needs and introductions of the demonstration."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from catalogue.models import Service
from marketplace import outbox
from marketplace.models import Organisation, Outbox, Region, User, database_now
from matching.demo_world import demand, listings, meetings, people, requests
from matching.demo_world.world import World
from matching.models import Introduction, Match, MatchRun, Need

STEPS: tuple[tuple[str, Callable[[World], None]], ...] = (
    ("people, vendors and cities", people.load),
    ("services with their evidence", listings.load),
    ("needs and their rankings", demand.load),
    ("introductions", meetings.load),
    ("what waits for depa", requests.load),
)
# The one mail that leads somewhere new: a city confirms what a broker drafted for it.
SENT = "need_confirm"


class Command(BaseCommand):
    help = "Loads the demo: everything or nothing, and a second time changes nothing. Never on a real site."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("The passwords of the demo are public: this needs DEMO=1 or DEBUG=1.")
        if not Region.objects.exists():
            raise CommandError("Load the reference data first: manage.py load_reference")
        with transaction.atomic():
            if Organisation.objects.filter(kind="depa", is_example=True).exists():
                self.stdout.write("  The demo is loaded already; nothing was changed.")
                return
            if User.objects.exists():
                raise CommandError("There are people in this database already; the demo wants an empty one.")
            self.load()
        self.stdout.write("  " + ", ".join(f"{count} {what}" for what, count in counts()))

    def load(self) -> None:
        before = Outbox.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        world = World(now=database_now())
        for what, step in STEPS:
            started = time.monotonic()
            step(world)
            self.stdout.write(f"  {what}: {time.monotonic() - started:.1f} s")
            self.stdout.flush()
        settle_effects(before)


def settle_effects(before: int) -> None:
    """Drop the effects that loading caused, and ask for the search index once instead of for each service.

    Hundreds of mails about what never happened would hide the mails of the visitor's own steps, and the
    rankings have been computed here already.
    """
    Outbox.objects.filter(pk__gt=before).exclude(handler="marketplace.mail", payload__template=SENT).delete()
    outbox.put("catalogue.reindex", {})


def counts() -> list[tuple[str, int]]:
    """What is there now, in the words of the announcement."""
    return [
        ("people", User.objects.count()),
        ("vendors", Organisation.objects.filter(kind="vendor").count()),
        ("services", Service.objects.count()),
        ("needs", Need.objects.count()),
        ("rankings", MatchRun.objects.filter(state="ready").count()),
        ("matches", Match.objects.count()),
        ("introductions", Introduction.objects.count()),
    ]
