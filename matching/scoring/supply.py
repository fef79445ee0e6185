"""How many services are left after each must, so that a city sees what a condition costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from matching.scoring.asked import asked
from matching.scoring.columns import must_column
from matching.scoring.facts import NeedFacts, ServiceFacts
from matching.scoring.outcome import Context
from matching.scoring.weights import WeightVersion


@dataclass(frozen=True, slots=True)
class Count:
    """Services left and their vendors; `to_confirm` of the services are left with something unknown."""

    services: int
    vendors: int
    to_confirm: int


@dataclass(frozen=True, slots=True)
class SupplyStep:
    """`left` after this must and all before it; `alone` after this must only."""

    criterion: str
    kind: str
    left: Count
    alone: Count


@dataclass(frozen=True, slots=True)
class Supply:
    """From `start` through the musts, in the order in which they are judged. Unknown never removes."""

    start: Count
    steps: tuple[SupplyStep, ...]

    @property
    def left(self) -> Count:
        return self.steps[-1].left if self.steps else self.start


def supply(need: NeedFacts, services: Iterable[ServiceFacts], weights: WeightVersion, as_of: date) -> Supply:
    """Count what remains after each must of the need."""
    everything = list(services)
    context = Context.of(need, weights, as_of)
    alive, doubtful = [True] * len(everything), [False] * len(everything)
    steps: list[SupplyStep] = []
    for number, criterion in enumerate(asked(need, weights).musts, 1):
        statuses = [reason.status for reason in must_column(number, criterion, everything, context)]
        stays = [status != "unmet" for status in statuses]
        unknown = [status == "unknown" for status in statuses]
        alive = [before and now for before, now in zip(alive, stays, strict=True)]
        doubtful = [before or now for before, now in zip(doubtful, unknown, strict=True)]
        left, alone = _count(everything, alive, doubtful), _count(everything, stays, unknown)
        steps.append(SupplyStep(criterion.id, criterion.kind, left, alone))
    nothing_asked = [True] * len(everything), [False] * len(everything)
    return Supply(_count(everything, *nothing_asked), tuple(steps))


def _count(services: list[ServiceFacts], alive: list[bool], doubtful: list[bool]) -> Count:
    left = [service for service, stays in zip(services, alive, strict=True) if stays]
    to_confirm = sum(stays and open_ for stays, open_ in zip(alive, doubtful, strict=True))
    return Count(len(left), len({service.vendor for service in left}), to_confirm)
