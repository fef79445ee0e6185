"""One criterion judged for many services at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction

from matching.scoring.facts import CriterionFacts, ServiceFacts
from matching.scoring.outcome import Context, Outcome
from matching.scoring.result import Reason
from matching.scoring.rules import RULES


def must_column(
    number: int, criterion: CriterionFacts, services: Sequence[ServiceFacts], context: Context
) -> list[Reason]:
    """One must for every service: met, unmet or unknown, without points."""
    rule = RULES[criterion.kind]

    def reason(outcome: Outcome) -> Reason:
        status = rule.must.get(outcome.status, outcome.status)
        question = outcome.question if status == "unknown" else None
        return Reason(
            number, criterion.id, criterion.kind, "must", status, 0, 0, False, outcome.facts, question
        )

    return _column(criterion, services, context, reason)


def graded_column(
    number: int, criterion: CriterionFacts, points: int, services: Sequence[ServiceFacts], context: Context
) -> list[Reason]:
    """One graded criterion for every service, worth up to `points` tenths."""
    prior = context.weights.graded(criterion.level, criterion.kind).prior
    # Strictly between nothing and everything, whatever the rounding.
    estimate = min(max(_rounded(prior, points), 1), points - 1)

    def reason(outcome: Outcome) -> Reason:
        estimated = outcome.status == "unknown"
        return Reason(
            number,
            criterion.id,
            criterion.kind,
            criterion.level,
            outcome.status,
            estimate if estimated else _rounded(outcome.share, points),
            points,
            estimated,
            outcome.facts,
            outcome.question if estimated else None,
        )

    return _column(criterion, services, context, reason)


def _column(
    criterion: CriterionFacts,
    services: Sequence[ServiceFacts],
    context: Context,
    reason: Callable[[Outcome], Reason],
) -> list[Reason]:
    """A reason for each service; each distinct fact is judged once and its reason shared."""
    rule = RULES[criterion.kind]
    known: dict[Hashable, Reason] = {}
    column: list[Reason] = []
    for service in services:
        fact = rule.read(criterion, service)
        found = known.get(fact)
        if found is None:
            found = known[fact] = reason(rule.judge(criterion, fact, context))
        column.append(found)
    return column


def _rounded(share: Fraction, points: int) -> int:
    """Half up, in whole numbers: never falls while the share rises."""
    return (2 * share.numerator * points + share.denominator) // (2 * share.denominator)
