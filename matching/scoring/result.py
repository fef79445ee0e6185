"""What a run gives: every service with its points and reasons, or with the rule that left it out.

All points are whole tenths: 841 is shown as 84.1 of 100.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal

from matching.scoring import canonical
from matching.scoring.facts import Level
from matching.scoring.outcome import Fact, Question, Status

Tier = Literal["meets", "confirm"]
REASON_LISTS = ("musts", "graded")


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion of one service. `number` counts from 1 among the musts, and again among the graded.

    A must has no points. `estimated`: unknown, so `points` are the cautious prior.
    """

    number: int
    criterion: str
    kind: str
    level: Level
    status: Status
    points: int
    max_points: int
    estimated: bool
    facts: tuple[Fact, ...]
    question: Question | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A service that stays. The graded reasons' points add up to `score`, exactly.

    `low` and `high`: the score without the estimates, and with full marks for every unknown. `evidence`:
    tenths of a percent of the points that rest on stated facts. `first` and `last`: the ranks that a tie
    shares (equal when there is none); `draw` ordered it.
    """

    service: str
    vendor: str
    tier: Tier
    first: int
    last: int
    score: int
    low: int
    high: int
    evidence: int
    band: str
    musts: tuple[Reason, ...]
    graded: tuple[Reason, ...]
    draw: str

    @property
    def tied(self) -> bool:
        return self.first != self.last

    @property
    def to_confirm(self) -> tuple[Reason, ...]:
        """Musts that nobody knows yet."""
        return tuple(reason for reason in self.musts if reason.status == "unknown")

    @property
    def questions(self) -> tuple[Question, ...]:
        """What to ask the vendor, each once."""
        asked: list[Question] = []
        for reason in (*self.musts, *self.graded):
            if reason.question is not None and reason.question not in asked:
                asked.append(reason.question)
        return tuple(asked)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A service left out. `rule` is the criterion of the first must that is not met; all musts are given."""

    service: str
    vendor: str
    rule: str
    musts: tuple[Reason, ...]

    @property
    def failed(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.musts if reason.status == "unmet")


@dataclass(frozen=True, slots=True)
class Ranking:
    """One run. `full` is 1,000, or 0 when the need asks nothing that can be graded (all scores are 0 then).

    `ignored`: ids of criteria that ask nothing, such as a price without an amount.
    """

    need: str
    weights: int
    rule_version: int
    as_of: date
    week: str
    epsilon: int
    considered: int
    full: int
    kept: tuple[Scored, ...]
    rejected: tuple[Rejected, ...]
    ignored: tuple[str, ...]

    def to_json(self) -> str:
        """Canonical: the same run gives the same bytes. Each reason is written once, then by its place."""
        table = _Table()
        kept = [_row(scored, table) for scored in self.kept]
        rejected = [_row(rejection, table) for rejection in self.rejected]
        head = replace(self, kept=(), rejected=())
        return canonical.dumps({"run": head, "kept": kept, "rejected": rejected, "reasons": table.reasons})

    @classmethod
    def from_json(cls, text: str) -> Ranking:
        """Raises ValueError when the text is not a ranking."""
        try:
            data = json.loads(text)
            reasons = [canonical.built(Reason, item) for item in data["reasons"]]
            kept = tuple(Scored(**_refilled(row, reasons)) for row in data["kept"])
            rejected = tuple(Rejected(**_refilled(row, reasons)) for row in data["rejected"])
            return replace(canonical.built(cls, data["run"]), kept=kept, rejected=rejected)
        except (KeyError, IndexError, TypeError) as error:
            raise ValueError(f"not a ranking: {error!r}") from error


class _Table:
    """Reasons in the order of their first use; thousands of services share a few."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self._by_text: dict[str, int] = {}
        self._by_id: dict[int, int] = {}

    def place(self, reason: Reason) -> int:
        place = self._by_id.get(id(reason))
        if place is None:
            place = self._by_text.setdefault(canonical.dumps(reason), len(self.reasons))
            self._by_id[id(reason)] = place
            if place == len(self.reasons):
                self.reasons.append(reason)
        return place


def _row(entry: Scored | Rejected, table: _Table) -> dict[str, Any]:
    row = {field.name: getattr(entry, field.name) for field in fields(entry)}
    for name in REASON_LISTS:
        if name in row:
            row[name] = [table.place(reason) for reason in row[name]]
    return row


def _refilled(row: dict[str, Any], reasons: list[Reason]) -> dict[str, Any]:
    lists = {name: tuple(reasons[place] for place in row[name]) for name in REASON_LISTS if name in row}
    return {**row, **lists}


def points_text(tenths: int) -> str:
    """Tenths as they are shown: 841 → "84.1", 840 → "84"."""
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)
