"""Services left out, grouped by the rule that removed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.scoring import Ranking, Rejected
from matching.wording import Names, fact


@dataclass(frozen=True, slots=True)
class Group:
    """All services that one must removed first; ``fact`` in words where it is the same for all of them."""

    criterion: str
    label: str
    fact: str
    services: tuple[str, ...]
    facts: Mapping[str, str]


def groups(ranking: Ranking, labels: Mapping[str, str], names: Names) -> list[Group]:
    """One group for each must that removed something, in the order of the musts."""
    found: dict[str, list[Rejected]] = {}
    for row in ranking.rejected:
        found.setdefault(row.rule, []).append(row)
    return [_group(rule, rows, labels, names) for rule, rows in found.items()]


def _group(rule: str, rows: list[Rejected], labels: Mapping[str, str], names: Names) -> Group:
    words = {row.service: _fact_used(row, names) for row in rows}
    alike = set(words.values())
    return Group(
        criterion=rule,
        label=labels[rule],
        fact=alike.pop() if len(alike) == 1 else "",
        services=tuple(row.service for row in rows),
        facts=words,
    )


def _fact_used(row: Rejected, names: Names) -> str:
    reason = next(reason for reason in row.musts if reason.criterion == row.rule)
    return " ".join(fact(f.code, f.params, names) for f in reason.facts)
