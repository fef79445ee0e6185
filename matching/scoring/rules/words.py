"""Words in common: of the whole need with a service, and of one free-text criterion.

Words are sets, so repeating or reordering them changes nothing; a word's weight is frozen in the weight
version, so no other service changes it; full marks come at a part of the words, so that stuffing ends early.
"""

from __future__ import annotations

from fractions import Fraction

from matching.scoring.facts import CriterionFacts
from matching.scoring.outcome import (
    Context,
    Fact,
    Outcome,
    Question,
    codes,
    met,
    not_stated,
    partly,
    unknown,
    unmet,
)


def text(criterion: CriterionFacts, found: frozenset[str] | None, context: Context) -> Outcome:
    """Meaning of the whole text. `found` are the need's words that the service has too."""
    if found is None:
        return not_stated("text", "text")
    share, fact = _overlap(criterion, found, context)
    if not share:
        return unmet(fact)
    return met(fact, share=share) if share >= context.weights.met_from else partly(share, fact)


def free_text(criterion: CriterionFacts, found: frozenset[str] | None, context: Context) -> Outcome:
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


def _overlap(criterion: CriterionFacts, found: frozenset[str], context: Context) -> tuple[Fraction, Fact]:
    weights = context.weights.text
    target = min(
        weights.full_share * weights.of(criterion.terms), Fraction(weights.full_terms * weights.usual)
    )
    share = min(Fraction(1), weights.of(found) / target)
    counted = [term for term in criterion.terms if weights.terms.get(term, weights.usual)]
    words = frozenset(term for term in found if weights.terms.get(term, weights.usual))
    return share, Fact("words_found", {"found": len(words), "asked": len(counted), "words": codes(words)})
