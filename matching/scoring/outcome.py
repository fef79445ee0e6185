"""What a rule says: codes and parameters only; the pages put them into words of either language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from matching.scoring.facts import NeedFacts
from matching.scoring.weights import WeightVersion

Status = Literal["met", "partly", "unmet", "unknown"]
Param = str | int | bool | tuple[str, ...] | None

FULL_SHARE, NO_SHARE = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a rule used. `code` is listed with its parameters in the package's docstring."""

    code: str
    params: dict[str, Param]


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask the vendor so that an unknown becomes known."""

    code: str
    params: dict[str, Param]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule's answer. `share` (0 to 1) of the points is meaningless while the status is unknown."""

    status: Status
    share: Fraction
    facts: tuple[Fact, ...]
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at besides the criterion and the fact that it judges."""

    need: NeedFacts
    weights: WeightVersion
    as_of: date
    vat_percent: Fraction

    @classmethod
    def of(cls, need: NeedFacts, weights: WeightVersion, as_of: date) -> Context:
        return cls(need, weights, as_of, weights.vat_percent(as_of))


def met(*facts: Fact, share: Fraction = FULL_SHARE) -> Outcome:
    return Outcome("met", share, facts)


def partly(share: Fraction, *facts: Fact, question: Question | None = None) -> Outcome:
    return Outcome("partly", share, facts, question)


def unmet(*facts: Fact) -> Outcome:
    return Outcome("unmet", NO_SHARE, facts)


def unknown(fact: Fact, question: Question | None) -> Outcome:
    return Outcome("unknown", NO_SHARE, (fact,), question)


def not_stated(field: str, question: str, **params: Param) -> Outcome:
    """The listing says nothing about `field`."""
    return unknown(Fact("not_stated", {"field": field}), Question(question, params))


def codes(values: frozenset[str]) -> tuple[str, ...]:
    """A set of codes in the one order that it is written in."""
    return tuple(sorted(values))
