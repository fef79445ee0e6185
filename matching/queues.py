"""Introductions as rows of a work list: whose turn it is, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.models import Organisation
from marketplace.thai import dates
from marketplace.thai.text import localized
from matching import histories, links
from matching.introductions.life import BROKER, CITY, VENDOR
from matching.introductions.pace import PACES, PARTIES
from matching.models import Introduction


def age(since: datetime) -> int:
    """Working days since then, by the calendar of Thailand."""
    return dates.working_days_between(timezone.localtime(since).date(), timezone.localdate())


def row(one: Introduction, org: Organisation, party: str) -> dict[str, Any]:
    """As ``components/queue.html`` takes it, from the side of ``party``."""
    pace = PACES.get(one.state)
    mine = pace is not None and pace.party in (party, "")
    return {
        "title": localized(one.service, "name"),
        "href": links.introduction(org, one),
        "code": one.need.title if one.need else _("from the catalogue"),
        "city": localized(one.city_organisation, "name"),
        "vendor": localized(one.vendor, "name"),
        "waits_for": _turn(pace.party, party) if pace else "",
        "waits_what": str(pace.what) if pace else "",
        "age": age(one.state_since),
        "limit": pace.limit if pace else None,
        "since": one.state_since,
        "status": histories.MARKS[one.state],
        "status_label": one.get_state_display(),
        "mine": mine,
        "action": {"text": _("Open"), "href": links.introduction(org, one)} if mine else None,
    }


def _turn(waits_for: str, party: str) -> str:
    return _("Waits for us") if waits_for == party else str(PARTIES[waits_for])


LANES = (
    (BROKER, ("requested",)),
    (VENDOR, ("forwarded",)),
    (CITY, ("suggested",)),
    ("", ("introduced",)),
)


def lanes(waiting: Iterable[tuple[str, datetime]]) -> list[dict[str, Any]]:
    """As ``components/lanes.html`` takes it, from (state, since) of all that is open."""
    ages: dict[str, list[int]] = {}
    for state, since in waiting:
        ages.setdefault(state, []).append(age(since))
    return [
        {
            "name": str(PARTIES[party]),
            "note": _("%(what)s within %(days)s days")
            % {"what": PACES[states[0]].what, "days": PACES[states[0]].limit},
            "limit": PACES[states[0]].limit,
            "ages": [found for state in states for found in ages.get(state, [])],
        }
        for party, states in LANES
    ]
