"""The stored texts of a run, read back. What is shown of a run comes from here and never changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from matching.models import MatchRun
from matching.runs import unpacked
from matching.scoring import AccountFacts, PriceFacts, Ranking, ServiceFacts, canonical

Row = TypeVar("Row")

_ID = re.compile(r'"id":"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Record:
    """``ranking`` is what came out; ``services`` are the texts that went in, by public id."""

    ranking: Ranking
    services: dict[str, str]

    def facts(self, public_id: str) -> ServiceFacts | None:
        """Prices and account of one service on that day; nothing else is read.

        Facts that scoring came to know later are missing in older records, which stay readable.
        """
        text = self.services.get(public_id)
        if not text:
            return None
        stored = json.loads(text)
        return ServiceFacts(
            id=stored["id"],
            vendor=stored["vendor"],
            lot=stored["lot"],
            prices=_built(PriceFacts, stored["prices"]),
            accounts=_built(AccountFacts, stored["accounts"]),
        )


def _built(cls: type[Row], rows: list[Any] | None) -> tuple[Row, ...] | None:
    return None if rows is None else tuple(canonical.built(cls, row) for row in rows)


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
