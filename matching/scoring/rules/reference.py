"""Use in a similar city: of the same kind, or in the same region, as the city of the need."""

from __future__ import annotations

from matching.scoring.facts import CriterionFacts, ReferenceFacts
from matching.scoring.outcome import Context, Fact, Outcome, Question, met, not_stated, unknown, unmet


def reference(
    _criterion: CriterionFacts, places: tuple[ReferenceFacts, ...] | None, context: Context
) -> Outcome:
    """The most similar place counts; a second one adds nothing."""
    need = context.need
    if need.city_kind is None and need.region is None:
        # Nobody can ask the vendor for this: it is the need that says too little.
        return unknown(Fact("need_city_unknown", {}), None)
    if places is None:
        return not_stated("references", "references", city_kind=need.city_kind, region=need.region)
    if not places:
        return unmet(Fact("reference_none", {}))
    judged = [(_similar(place, context), place) for place in places]
    similar = [(likeness, place) for likeness, place in judged if likeness]
    if similar:
        likeness, place = min(similar, key=lambda pair: (-(pair[0] or 0), _order(pair[1])))
        share = context.weights.reference_half_similar if likeness == 1 else None
        fact = _fact(place, context)
        return met(fact) if share is None else met(fact, share=share)
    if any(likeness is None for likeness, _ in judged):
        return unknown(Fact("reference_unclear", {"places": len(places)}), Question("reference_city", {}))
    return unmet(Fact("reference_elsewhere", {"places": len(places)}))


def _similar(place: ReferenceFacts, context: Context) -> int | None:
    """2 alike in all that is known of the need's city, 1 in one of two, 0 not, None: cannot be said."""
    need = context.need
    if place.since is not None and place.since > context.as_of.year:
        return 0
    pairs = [(need.city_kind, place.city_kind), (need.region, place.region)]
    asked = [(mine, theirs) for mine, theirs in pairs if mine is not None]
    same = sum(mine == theirs for mine, theirs in asked)
    if same:
        return 2 if same == len(asked) else 1
    return None if any(theirs is None for _, theirs in asked) else 0


def _order(place: ReferenceFacts) -> tuple[int, str, str, str]:
    """Longest in use first."""
    return place.since or 9999, place.city or "", place.city_kind or "", place.region or ""


def _fact(place: ReferenceFacts, context: Context) -> Fact:
    need = context.need
    return Fact(
        "reference_similar",
        {
            "city": place.city,
            "city_kind": place.city_kind,
            "region": place.region,
            "since": place.since,
            "same_kind": need.city_kind is not None and place.city_kind == need.city_kind,
            "same_region": need.region is not None and place.region == need.region,
        },
    )
