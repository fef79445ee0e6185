"""Criteria answered by a list of codes: kind, dimensions, regions, standards, languages, deployment."""

from __future__ import annotations

from fractions import Fraction

from matching.scoring.facts import CriterionFacts
from matching.scoring.outcome import Context, Fact, Outcome, codes, met, not_stated, partly, unmet

NATIONWIDE = "*"


def category(criterion: CriterionFacts, kind: str | None, _context: Context) -> Outcome:
    """Any of the kinds asked."""
    if kind is None:
        return not_stated("kind", "kind", codes=codes(criterion.codes))
    fact = Fact("kind_is", {"kind": kind, "asked": codes(criterion.codes)})
    return met(fact) if kind in criterion.codes else unmet(fact)


def dimension(criterion: CriterionFacts, stated: frozenset[str] | None, _context: Context) -> Outcome:
    """The share of the dimensions asked; as a must, one of them is enough."""
    if stated is None:
        return not_stated("dimensions", "dimensions", codes=codes(criterion.codes))
    return _covered("dimensions_covered", criterion.codes, stated)


def region(criterion: CriterionFacts, stated: frozenset[str] | None, _context: Context) -> Outcome:
    """Delivery in every region asked; "*" delivers everywhere."""
    if stated is None:
        return not_stated("regions", "regions", codes=codes(criterion.codes))
    if NATIONWIDE in stated:
        return met(Fact("region_nationwide", {"asked": codes(criterion.codes)}))
    return _covered("regions_covered", criterion.codes, stated)


def standard(criterion: CriterionFacts, stated: frozenset[str] | None, _context: Context) -> Outcome:
    """Every standard asked."""
    if stated is None:
        return not_stated("standards", "standards", codes=codes(criterion.codes))
    return _covered("standards_covered", criterion.codes, stated)


def language(criterion: CriterionFacts, stated: frozenset[str] | None, _context: Context) -> Outcome:
    """Every language asked."""
    if stated is None:
        return not_stated("languages", "languages", codes=codes(criterion.codes))
    return _covered("languages_covered", criterion.codes, stated)


def deployment(criterion: CriterionFacts, stated: frozenset[str] | None, _context: Context) -> Outcome:
    """Any of the kinds of deployment asked."""
    if stated is None:
        return not_stated("deployment", "deployment", codes=codes(criterion.codes))
    offered = criterion.codes & stated
    if offered:
        return met(Fact("deployment_offered", {"offered": codes(offered), "asked": codes(criterion.codes)}))
    return unmet(Fact("deployment_other", {"offered": codes(stated), "asked": codes(criterion.codes)}))


def _covered(code: str, asked: frozenset[str], stated: frozenset[str]) -> Outcome:
    covered, missing = asked & stated, asked - stated
    fact = Fact(code, {"covered": codes(covered), "missing": codes(missing)})
    if not missing:
        return met(fact)
    if not covered:
        return unmet(fact)
    return partly(Fraction(len(covered), len(asked)), fact)
