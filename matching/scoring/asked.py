"""What a need asks, in one order, and how many points each graded criterion is worth at most."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from matching.scoring.facts import KINDS, CriterionFacts, NeedFacts
from matching.scoring.weights import FULL, WeightVersion

# So that an unknown can lie strictly between nothing and everything.
LEAST = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """`graded` with its highest points in tenths (sum 1,000, or empty); `ignored`: ids that ask nothing."""

    musts: tuple[CriterionFacts, ...]
    graded: tuple[tuple[CriterionFacts, int], ...]
    ignored: tuple[str, ...]


def asked(need: NeedFacts, weights: WeightVersion) -> Asked:
    """Musts and graded criteria by kind, base before nice, then id. What the need does not ask drops out."""
    asking = [criterion for criterion in need.criteria if _asks(criterion, weights)]
    ignored = sorted(criterion.id for criterion in need.criteria if not _asks(criterion, weights))
    musts = sorted((c for c in asking if c.level == "must"), key=_order)
    nices = [c for c in asking if c.level == "nice"]
    graded = sorted([*_base(need, weights, asking), *nices], key=_order)
    points = allocate([weights.graded(c.level, c.kind).points for c in graded])
    return Asked(tuple(musts), tuple(zip(graded, points, strict=True)), tuple(ignored))


def allocate(weights: list[Fraction]) -> list[int]:
    """Divide 1,000 tenths in proportion by largest remainder, at least 2 each; ties go to the earlier.

    Only proportions matter, so scaling all weights changes nothing.
    """
    points = [0] * len(weights)
    free, left = list(range(len(weights))), FULL
    while free:
        total = sum(weights[i] for i in free)
        quotas = {i: weights[i] * left / total for i in free}
        small = [i for i in free if quotas[i] < LEAST]
        if not small:
            for i in free:
                points[i] = int(quotas[i])
            rest = left - sum(points[i] for i in free)
            for i in sorted(free, key=lambda i: (points[i] - quotas[i], i))[:rest]:
                points[i] += 1
            return points
        for i in small:
            points[i] = LEAST
        free, left = [i for i in free if i not in small], left - LEAST * len(small)
    return points


def _base(need: NeedFacts, weights: WeightVersion, asking: list[CriterionFacts]) -> list[CriterionFacts]:
    """Criteria that follow from the need itself, unless the city asks the same in words of its own.

    A must of the same kind is met by everything that stays, so it replaces the base too; only the price keeps
    its grade below a must, because a lower price still differs.
    """
    stated = {c.kind for c in asking if c.kind != "price" or c.level == "nice"}
    known_city = need.region is not None or need.city_kind is not None
    candidates = [CriterionFacts("base:text", "text", "base", terms=need.terms)]
    candidates.append(CriterionFacts("base:dimension", "dimension", "base", codes=need.dimensions))
    if need.region is not None:
        candidates.append(CriterionFacts("base:region", "region", "base", codes=frozenset([need.region])))
    if need.budget_max:
        candidates.append(CriterionFacts("base:price", "price", "base", maximum=need.budget_max))
    if known_city:
        # Proof and experience are asked by a public body; a sentence typed by anyone asks for neither.
        proofs = weights.base_certificates
        candidates.append(CriterionFacts("base:certificate", "certificate", "base", codes=proofs))
        candidates.append(CriterionFacts("base:reference", "reference", "base"))
    return [c for c in candidates if c.kind not in stated and c.kind in weights.base and _asks(c, weights)]


def _asks(criterion: CriterionFacts, weights: WeightVersion) -> bool:
    if criterion.kind in ("text", "free_text"):
        return weights.text.of(criterion.terms) > 0
    if criterion.kind == "price":
        return criterion.maximum is not None
    return criterion.kind in ("account", "reference") or bool(criterion.codes)


def _order(criterion: CriterionFacts) -> tuple[int, bool, str]:
    return KINDS.index(criterion.kind), criterion.level != "base", criterion.id
