"""What has been made so far, under the keys of the files, and who can act for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from catalogue.models import Service
from marketplace.models import City, Organisation, Role, User
from marketplace.permissions import Actor
from matching.models import Need

END_OF_WORK = time(16, 30)


@dataclass
class World:
    """``now`` is the one moment from which all ages and deadlines of the demo are counted."""

    now: datetime
    people: dict[str, User] = field(default_factory=dict)
    vendors: dict[str, Organisation] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    cities: dict[str, City] = field(default_factory=dict)
    # The first person to act for an organisation, by the organisation's primary key and by role.
    actors: dict[tuple[int, str], Actor] = field(default_factory=dict)

    def meet(self, actor: Actor) -> None:
        """Remember who acts for the organisation in the role; the first one stays."""
        assert actor.organisation is not None
        self.actors.setdefault((actor.organisation.pk, actor.role), actor)

    def owner(self, vendor: Organisation) -> Actor:
        return self.actors[vendor.pk, Role.OWNER]

    def official(self, organisation: Organisation) -> Actor:
        return self.actors[organisation.pk, Role.OFFICIAL]

    def staff(self, role: str) -> Actor:
        return next(actor for (_pk, held), actor in self.actors.items() if held == role)

    def city(self, named: Mapping[str, str]) -> City:
        """The city that a file names by dla_code or city_key."""
        return self.cities[named.get("dla_code") or named["city_key"]]

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def day(self, days: int) -> date:
        """The day in Thailand so many days from now."""
        return timezone.localdate(self.now) + timedelta(days=days)

    def end_of(self, days: int) -> datetime:
        """The end of work on that day."""
        return timezone.make_aware(datetime.combine(self.day(days), END_OF_WORK))


def spread(number: int, first: float, last: float) -> float:
    """A number of days between ``first`` and ``last`` that looks accidental and is always the same."""
    golden = 0.618033988749895
    return round(first + (last - first) * ((number + 1) * golden % 1), 2)


def known_cities() -> dict[str, City]:
    """Cities of the reference data by DLA code and by key."""
    found: dict[str, City] = {}
    for city in City.objects.exclude(key=None).select_related("organisation"):
        found[str(city.key)] = city
        if city.dla_code:
            found[city.dla_code] = city
    return found


def mark_example(rows: list[Any]) -> None:
    """Say of organisations that they are examples."""
    for row in rows:
        row.is_example = True
    Organisation.objects.filter(pk__in=[row.pk for row in rows]).update(is_example=True)
