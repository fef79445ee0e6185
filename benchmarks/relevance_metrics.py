"""How good a ranking is. Pure functions over ids; every figure is from 0 (worst) to 1 (best)."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

DEPTH = 10
_SAMPLES = 1_000


def gain(grade: int) -> float:
    """What a hit of this grade is worth: 0, 1, 3, 7 for grades 0 to 3."""
    return float(2**grade - 1)


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Gain of the first `depth` hits, less the lower they stand, as a share of the best possible order."""
    best = sorted((gain(grade) for grade in grades.values()), reverse=True)
    ideal = _discounted(best[:depth])
    if not ideal:
        return 0.0
    return _discounted([gain(grades.get(one, 0)) for one in ranked[:depth]]) / ideal


def recall(ranked: Sequence[str], relevant: Collection[str], depth: int = DEPTH) -> float:
    """Share of the relevant documents among the first `depth`; at most `depth` of them can be asked for."""
    if not relevant:
        return 0.0
    return len(set(ranked[:depth]) & set(relevant)) / min(len(relevant), depth)


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """One divided by the place of the first relevant hit; 0 if there is none."""
    return next((1 / place for place, one in enumerate(ranked, start=1) if one in relevant), 0.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """The figures of one query. `nothing`: it found nothing at all, rightly or not."""

    ndcg: float
    recall: float
    reciprocal_rank: float
    nothing: bool


def judge(ranked: Sequence[str], grades: Mapping[str, int], enough: int = 1) -> Judged:
    """One ranking beside its grades. Relevant is what has at least the grade `enough`."""
    relevant = {one for one, grade in grades.items() if grade >= enough}
    return Judged(
        ndcg(ranked, grades), recall(ranked, relevant), reciprocal_rank(ranked, relevant), not ranked
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over queries. `low` and `high` bound the mean nDCG with 95 % confidence."""

    queries: int
    ndcg: float
    low: float
    high: float
    recall: float
    reciprocal_rank: float
    nothing: float


def summary(judged: Sequence[Judged]) -> Summary:
    """The means of at least one query."""
    low, high = interval([one.ndcg for one in judged])
    return Summary(
        queries=len(judged),
        ndcg=fmean(one.ndcg for one in judged),
        low=low,
        high=high,
        recall=fmean(one.recall for one in judged),
        reciprocal_rank=fmean(one.reciprocal_rank for one in judged),
        nothing=fmean(one.nothing for one in judged),
    )


def interval(values: Sequence[float], samples: int = _SAMPLES) -> tuple[float, float]:
    """Bounds of the mean, 95 %, by drawing the values again and again. The same values, the same bounds."""
    chance = random.Random(2569)
    means = sorted(fmean(chance.choices(values, k=len(values))) for _ in range(samples))
    return means[round(samples * 0.025)], means[round(samples * 0.975) - 1]


def _discounted(gains: Sequence[float]) -> float:
    return sum(value / math.log2(place + 1) for place, value in enumerate(gains, start=1))
