"""Score every service for one need, and put them in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from itertools import groupby

from matching.scoring.asked import Asked, asked
from matching.scoring.columns import graded_column, must_column
from matching.scoring.facts import NeedFacts, ServiceFacts
from matching.scoring.outcome import Context
from matching.scoring.result import Ranking, Reason, Rejected, Scored, Tier
from matching.scoring.rules import RULE_VERSION
from matching.scoring.weights import FULL, WeightVersion

TIERS: tuple[Tier, ...] = ("meets", "confirm")
Unranked = tuple[ServiceFacts, Tier, tuple[Reason, ...], tuple[Reason, ...], int]


class OtherRules(ValueError):
    """The weights were made for another version of the rules: show the stored run instead."""


def score_all(
    need: NeedFacts, services: Iterable[ServiceFacts], weights: WeightVersion, as_of: date, week: str
) -> Ranking:
    """Every service either kept with its score or rejected with the rule. `week` (like 2026-W48) draws ties.

    Raises OtherRules for weights of other rules, ValueError for two services with one id or one lot.
    """
    everything = tuple(services)
    _check(everything, weights)
    task = asked(need, weights)
    context = Context.of(need, weights, as_of)
    draws = {service.id: draw(weights.salt, week, service.lot) for service in everything}
    stays, rejected = _gate(task, everything, context)
    columns = [
        graded_column(number, criterion, points, [service for service, _, _ in stays], context)
        for number, (criterion, points) in enumerate(task.graded, 1)
    ]
    rows = list(zip(*columns, strict=True)) if columns else [()] * len(stays)
    unranked = [
        (service, tier, musts, graded, sum(reason.points for reason in graded))
        for (service, tier, musts), graded in zip(stays, rows, strict=True)
    ]
    must_order = {criterion.id: place for place, criterion in enumerate(task.musts)}
    return Ranking(
        need=need.id,
        weights=weights.number,
        rule_version=RULE_VERSION,
        as_of=as_of,
        week=week,
        epsilon=weights.epsilon,
        considered=len(everything),
        full=FULL if task.graded else 0,
        kept=_ranked(unranked, draws, weights),
        rejected=tuple(sorted(rejected, key=lambda r: (must_order[r.rule], draws[r.service]))),
        ignored=task.ignored,
    )


def draw(salt: str, week: str, lot: str) -> str:
    """The number that orders equals: it hangs on the salt, the week and a random lot, and on nothing else."""
    return hashlib.sha256(f"{salt}|{week}|{lot}".encode()).hexdigest()[:16]


def week_of(day: date) -> str:
    """The ISO week in which equals are drawn, like "2026-W48"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _gate(
    task: Asked, services: tuple[ServiceFacts, ...], context: Context
) -> tuple[list[tuple[ServiceFacts, Tier, tuple[Reason, ...]]], list[Rejected]]:
    columns = [must_column(n, criterion, services, context) for n, criterion in enumerate(task.musts, 1)]
    rows = list(zip(*columns, strict=True)) if columns else [()] * len(services)
    stays: list[tuple[ServiceFacts, Tier, tuple[Reason, ...]]] = []
    rejected: list[Rejected] = []
    for service, musts in zip(services, rows, strict=True):
        statuses = [reason.status for reason in musts]
        if "unmet" in statuses:
            rule = musts[statuses.index("unmet")].criterion
            rejected.append(Rejected(service.id, service.vendor, rule, musts))
        else:
            stays.append((service, "confirm" if "unknown" in statuses else "meets", musts))
    return stays, rejected


def _ranked(unranked: list[Unranked], draws: dict[str, str], weights: WeightVersion) -> tuple[Scored, ...]:
    """By tier, then by score; within epsilon of a group's best, by lot."""
    ranked: list[Scored] = []
    in_order = sorted(unranked, key=lambda row: (TIERS.index(row[1]), -row[4], draws[row[0].id]))
    for _, tier in groupby(in_order, key=lambda row: row[1]):
        for group in _ties(list(tier), weights.epsilon):
            first, last = len(ranked) + 1, len(ranked) + len(group)
            group.sort(key=lambda row: draws[row[0].id])
            ranked += [_scored(row, first, last, draws[row[0].id], weights) for row in group]
    return tuple(ranked)


def _ties(rows: list[Unranked], epsilon: int) -> list[list[Unranked]]:
    """Groups whose members are within epsilon of the group's best; `rows` go from the highest score down."""
    groups: list[list[Unranked]] = []
    for row in rows:
        if groups and groups[-1][0][4] - row[4] <= epsilon:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _scored(row: Unranked, first: int, last: int, drawn: str, weights: WeightVersion) -> Scored:
    service, tier, musts, graded, score = row
    estimates = open_points = 0
    for reason in graded:
        if reason.estimated:
            estimates += reason.points
            open_points += reason.max_points
    low = score - estimates
    return Scored(
        service=service.id,
        vendor=service.vendor,
        tier=tier,
        first=first,
        last=last,
        score=score,
        low=low,
        high=low + open_points,
        evidence=FULL - open_points if graded else 0,
        band=weights.band(score),
        musts=musts,
        graded=graded,
        draw=drawn,
    )


def _check(services: tuple[ServiceFacts, ...], weights: WeightVersion) -> None:
    if weights.rule_version != RULE_VERSION:
        raise OtherRules(f"weights {weights.number} need rules {weights.rule_version}, here: {RULE_VERSION}")
    if len({service.id for service in services}) < len(services):
        raise ValueError("two services carry the same id")
    if len({service.lot for service in services}) < len(services):
        raise ValueError("two services carry the same lot, so a tie between them could not be drawn")
