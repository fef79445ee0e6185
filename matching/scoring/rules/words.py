"""Words in common: of the whole need with a service, and of one free-text criterion.

Words are sets, so repeating or reordering them changes nothing; a word's weight is frozen in the weight
version, so no other service changes it; full marks come at a part of the words, so that stuffing ends early.
A word that stands only in the longer texts counts for a part: a description touches on many things that the
service is not about.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from matching.scoring.facts import CriterionFacts
from matching.scoring.outcome import (
    FULL_SHARE,
    Context,
    Fact,
    Outcome,
    Param,
    Question,
    met,
    not_stated,
    partly,
    unknown,
    unmet,
)
from matching.scoring.weights import TextWeights

# The need's words that the listing says in its name, summary or functions, and those said only further down.
Found = tuple[frozenset[str], frozenset[str]]


def text(criterion: CriterionFacts, found: Found | None, context: Context) -> Outcome:
    """Meaning of the whole text."""
    if found is None:
        return not_stated("text", "text")
    share, fact = _overlap(criterion, found, context)
    if not share:
        return unmet(fact)
    return met(fact, share=share) if share >= context.weights.met_from else partly(share, fact)


def free_text(criterion: CriterionFacts, found: Found | None, context: Context) -> Outcome:
    """A wish in words. Words alone prove nothing: none found is unknown, and a must is always asked.

    Some words found never count less than none, so the share starts at the prior.
    """
    question = Question("free_text", {"criterion": criterion.id})
    if found is None:
        return not_stated("text", "free_text", criterion=criterion.id)
    share, fact = _overlap(criterion, found, context)
    if not share:
        return unknown(fact, question)
    share = max(share, context.weights.graded("nice", "free_text").prior)
    if share >= context.weights.met_from:
        return Outcome("met", share, (fact,), question)
    return partly(share, fact, question=question)


def _overlap(criterion: CriterionFacts, found: Found, context: Context) -> tuple[Fraction, Fact]:
    weights = context.weights.text
    asked, target = _target(weights, criterion.terms)
    at_once, words = weights.weighed(found[0])
    in_passing, described = weights.weighed(found[1])
    # Whole numbers until the end: thousands of services are measured for one need.
    part = weights.described
    evidence = (at_once * part.denominator + in_passing * part.numerator) * target.denominator
    full = target.numerator * part.denominator
    params: dict[str, Param] = {
        "found": len(words) + len(described),
        "asked": asked,
        "words": words,
        "described": described,
    }
    return FULL_SHARE if evidence >= full else Fraction(evidence, full), Fact("words_found", params)


@lru_cache(maxsize=64)
def _target(weights: TextWeights, terms: frozenset[str]) -> tuple[int, Fraction]:
    """How many words count, and the weight that brings full marks."""
    total, counted = weights.weighed(terms)
    return len(counted), min(weights.full_share * total, Fraction(weights.full_weight))
