"""Introductions, walked step by step by the people whose steps they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marketplace import events
from marketplace.models import Consent, Organisation, Role
from marketplace.permissions import Actor
from matching import introductions, runs
from matching.demo_world import files
from matching.demo_world.world import World, spread
from matching.models import Introduction

# Nobody moved within 45 days: only what has lapsed may be that old.
OLDEST_OPEN, DAYS_A_STEP = 16.0, 3.0
WITH_CONSENT = ("take_up", "accept")


@dataclass(frozen=True)
class Pace:
    """When the steps of one introduction were taken: the first at ``asked``, the last at ``since``."""

    asked: datetime
    since: datetime
    between: timedelta

    @classmethod
    def of(cls, world: World, row: dict[str, Any], number: int) -> Pace:
        ended = row["state"] == "expired"
        since = world.ago(2 if ended else spread(number, 0.5, OLDEST_OPEN))
        between = timedelta(days=46 if ended else DAYS_A_STEP + number % 3)
        return cls(since - between * max(len(row["steps"]) - 1, 0), since, between)

    def moment(self, place: int) -> datetime:
        """When the step of that place, counted from 0, was taken."""
        return min(self.asked + self.between * place, self.since)


def load(world: World) -> None:
    """Every introduction as far as its steps go."""
    for number, row in enumerate(files.introductions()):
        pace = Pace.of(world, row, number)
        introduction: Introduction | None = None
        for place, step in enumerate(row["steps"]):
            with events.told_at(pace.moment(place)):
                introduction = _step(world, row, step, introduction)
        assert introduction is not None
        assert introduction.state == row["state"], row["key"]
        _age(introduction, row, pace)


def _city(world: World, row: dict[str, Any]) -> Organisation:
    organisation = (
        world.needs[row["need"]].organisation if row["need"] else world.city(row["city"]).organisation
    )
    assert organisation is not None
    return organisation


def _actor(world: World, row: dict[str, Any], who: str) -> Actor | None:
    if who == "city":
        return world.official(_city(world, row))
    if who == "vendor":
        return world.owner(world.services[row["service"]].vendor)
    return world.staff(Role.BROKER) if who == "broker" else None


def _step(
    world: World, row: dict[str, Any], step: dict[str, Any], introduction: Introduction | None
) -> Introduction:
    by, move, note = _actor(world, row, step["who"]), step["move"], step["note"]
    if introduction is None:
        assert by is not None
        return _first(world, row, move, by)
    if by is None:
        return introductions.LIFE.perform(introduction, move, by=None, note=note)
    verb: Callable[..., Introduction] = getattr(introductions, move)
    if move == "close":
        note = row["outcome"]
    return verb(introduction, by=by, note=note, **({"consent": True} if move in WITH_CONSENT else {}))


def _first(world: World, row: dict[str, Any], move: str, by: Actor) -> Introduction:
    service = world.services[row["service"]]
    need = world.needs[row["need"]] if row["need"] else None
    if move == "suggest":
        return introductions.suggest(service, _city(world, row), by=by, need=need, message=row["message"])
    run = runs.latest(need) if need and row["origin"] == "match" else None
    return introductions.request(
        service,
        by=by,
        consent=True,
        need=need,
        match=run.matches.filter(service=service).first() if run else None,
        message=row["message"],
    )


def _age(introduction: Introduction, row: dict[str, Any], pace: Pace) -> None:
    """Let the row say the same moments as its events."""
    moments: dict[str, Any] = {"state_since": pace.since, "created_at": pace.asked}
    moves = [step["move"] for step in row["steps"]]
    if introduction.forwarded_at:
        moments["forwarded_at"] = pace.moment(moves.index("forward"))
    if introduction.introduced_at:
        moments["introduced_at"] = pace.moment(moves.index("accept"))
    Introduction.objects.filter(pk=introduction.pk).update(**moments)
    Consent.objects.filter(subject_id=introduction.public_id).update(given_at=pace.asked)
    if introduction.vendor_consent_id:
        Consent.objects.filter(pk=introduction.vendor_consent_id).update(given_at=moments["introduced_at"])
