"""What happened, for people: organisation and role, never the name of the other side's person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from marketplace.models import Event, Organisation, Role
from marketplace.thai.text import localized

# State of an introduction → the mark that stands beside its word.
MARKS = {
    "suggested": "info",
    "requested": "info",
    "forwarded": "info",
    "accepted": "met",
    "introduced": "met",
    "closed": "plain",
    "stopped": "unmet",
    "declined": "unmet",
    "withdrawn": "plain",
    "expired": "plain",
}


def lines(
    events: Iterable[Event], moves: Mapping[str, str], *known: Organisation | None
) -> list[dict[str, Any]]:
    """Newest first, as ``components/timeline.html`` takes it. ``moves``: move → words of this room.

    ``known``: the organisations that may have acted; anybody else is depa or the system.
    """
    named = {org.public_id: org for org in known if org}
    found = [
        {
            "what": _what(event, moves),
            "who": who(event, named),
            "at": event.at,
            "note": event.note,
        }
        for event in events
    ]
    return found[::-1]


def _what(event: Event, moves: Mapping[str, str]) -> str:
    words = _(moves[event.move]) if event.move in moves else event.move
    number = event.data.get("version")
    return f"{words} ({_('version %(number)s') % {'number': number}})" if number else words


def who(event: Event, named: Mapping[str, Organisation]) -> str:
    """``เทศบาลนครหาดใหญ่ · City official``; the system where nobody acted."""
    if not event.actor_id:
        return _("the system")
    role = str(Role(event.actor_role).label) if event.actor_role in Role.values else ""
    organisation = named.get(event.actor_organisation_id)
    name = str(localized(organisation, "name")) if organisation else "depa"
    return f"{name} · {role}" if role else name
