"""The one table of an introduction's life, and who is which party to one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from marketplace.lifecycle import Lifecycle, Move
from marketplace.permissions import Actor
from matching.models import Introduction

CITY, VENDOR, BROKER, SYSTEM = "city", "vendor", "broker", "system"


def _parties(introduction: Introduction, by: Actor) -> frozenset[str]:
    mine = set()
    if by.acts_for(introduction.city_organisation_id) and by.role == "official":
        mine.add(CITY)
    if by.acts_for(introduction.vendor_id) and by.role in ("owner", "member"):
        mine.add(VENDOR)
    if by.is_depa("broker"):
        mine.add(BROKER)
    return frozenset(mine)


LIFE = Lifecycle(
    (
        Move("take_up", gettext_lazy("Take up the suggestion"), ("suggested",), "requested", (CITY,)),
        Move("forward", gettext_lazy("Forward to the vendor"), ("requested",), "forwarded", (BROKER,)),
        Move(
            "stop", gettext_lazy("Stop"), ("suggested", "requested", "forwarded"), "stopped", (BROKER,), True
        ),
        Move("accept", gettext_lazy("Accept"), ("forwarded",), "accepted", (VENDOR,)),
        Move("introduce", gettext_lazy("Introduce"), ("accepted",), "introduced", (SYSTEM,)),
        Move("turn_down", gettext_lazy("Decline the suggestion"), ("suggested",), "declined", (CITY,), True),
        Move("decline", gettext_lazy("Decline"), ("forwarded",), "declined", (VENDOR,), True),
        Move("withdraw", gettext_lazy("Withdraw"), ("requested", "forwarded"), "withdrawn", (CITY,), True),
        Move("close", gettext_lazy("Close"), ("introduced",), "closed", (CITY, VENDOR, BROKER), True),
        Move("expire", gettext_lazy("Expire"), ("suggested", "requested", "forwarded"), "expired", (SYSTEM,)),
    ),
    _parties,
)
