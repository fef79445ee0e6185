"""Everything that a run was computed from, in one text, so that anyone recomputes it later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matching.scoring import canonical
from matching.scoring.facts import NeedFacts, ServiceFacts
from matching.scoring.rank import score_all
from matching.scoring.result import Ranking
from matching.scoring.weights import WeightVersion


@dataclass(frozen=True, slots=True)
class RunInputs:
    """`services` in any order: they are written in the order of their ids."""

    need: NeedFacts
    services: tuple[ServiceFacts, ...]
    weights: WeightVersion
    as_of: date
    week: str

    def rank(self) -> Ranking:
        """The run again. Raises OtherRules when the rules have changed since."""
        return score_all(self.need, self.services, self.weights, self.as_of, self.week)

    def to_json(self) -> str:
        """Canonical: the same inputs give the same bytes, whatever the order of services."""
        services = tuple(sorted(self.services, key=lambda service: service.id))
        return canonical.dumps(RunInputs(self.need, services, self.weights, self.as_of, self.week))

    @classmethod
    def from_json(cls, text: str) -> RunInputs:
        """Raises ValueError when the text is not the inputs of a run."""
        return canonical.loads(cls, text)
