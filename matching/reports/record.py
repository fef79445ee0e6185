"""The stored texts of a run, read back. What is shown of a run comes from here and never changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from matching.models import MatchRun
from matching.runs import unpacked
from matching.scoring import Ranking, ServiceFacts, canonical

_ID = re.compile(r'"id":"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Record:
    """``ranking`` is what came out; ``services`` are the texts that went in, by public id."""

    ranking: Ranking
    services: dict[str, str]

    def facts(self, public_id: str) -> ServiceFacts | None:
        """What was known of one service on that day."""
        text = self.services.get(public_id)
        return canonical.loads(ServiceFacts, text) if text else None


def record(run: MatchRun, facts_of: Iterable[str] | None = None) -> Record:
    """The record of a ready run. ``facts_of`` limits whose facts are kept at hand."""
    wanted = None if facts_of is None else set(facts_of)
    texts = json.loads(unpacked(run.inputs))["services"]
    found = {}
    for text in texts:
        match = _ID.search(text)
        if match and (wanted is None or match[1] in wanted):
            found[match[1]] = text
    return Record(Ranking.from_json(unpacked(run.result)), found)
