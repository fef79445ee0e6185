"""The order of candidates: BM25 over our own words, weighed as in the embedded engine.

The server's own order is by rules in turn (how many words, how near, which field) and knows neither how rare
a word is nor how long a text: for questions of more than a word or two it ranks clearly worse, so it only
chooses the candidates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.documents import IndexDescription
from search.meilisearch_engine.lexicon import Size, length
from search.meilisearch_engine.questions import BEGINNING, Clause, Question
from search.meilisearch_engine.values import CODE_LENGTH, code, codes_of
from search.ties import LOT_BITS, lots

_K1, _B = 1.2, 0.75
_OTHERS_COUNT = 0.1  # of the fields and names that are not the best one
_PHRASE = 0.5
_SLOP = 2
# Enough to part equals, too little to pass others.
_LOT = 0.0007


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    boost: float
    mean: float
    rarity: Mapping[str, float]


class Ranking:
    """Scores candidates of one question in one week."""

    def __init__(
        self,
        question: Question,
        description: IndexDescription,
        size: Size,
        frequencies: Mapping[tuple[str, str], int],
        week: int,
    ) -> None:
        self.question = question
        self.week = week
        self._fields = [
            _Field(
                codes_of(field.name),
                field.boost,
                size.lengths[field.name],
                {
                    word: _rarity(size.documents, frequencies[field.name, word])
                    for word in question.words
                    if frequencies[field.name, word]
                },
            )
            for field in description.texts
        ]
        # For each word: what it counts in those fields that have it anywhere, as (place, weight).
        self._words = [
            (
                word,
                code(word),
                [
                    (place, field.boost * field.rarity[word] * (_K1 + 1))
                    for place, field in enumerate(self._fields)
                    if word in field.rarity
                ],
            )
            for word in question.words
        ]

    def ranked(self, hits: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
        """The ids of hits with their scores, best first; each id once."""
        found = {str(hit["id"]): self._score(hit) for hit in hits}
        scored = [
            (one, score * (1 + _LOT * lots(one)[self.week] / (1 << LOT_BITS))) for one, score in found.items()
        ]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))

    def _score(self, hit: Mapping[str, Any]) -> float:
        texts = [str(hit.get(field.name, "")) for field in self._fields]
        norms = [
            _K1 * (1 - _B + _B * length(text) / field.mean)
            for field, text in zip(self._fields, texts, strict=True)
        ]
        weights = {}
        for word, mark, rarities in self._words:
            each = [
                rarity * count / (count + norms[place])
                for place, rarity in rarities
                if (count := texts[place].count(mark))
            ]
            if each:
                weights[word] = each[0] if len(each) == 1 else _best(each)
        score = sum([_clause(clause, weights) for clause in self.question.clauses])
        return score + (self._near(texts, norms) if self.question.near else 0.0)

    def _near(self, texts: Sequence[str], norms: Sequence[float]) -> float:
        marks = [code(word) for word in self.question.near]
        best = 0.0
        for field, text, norm in zip(self._fields, texts, norms, strict=True):
            if all(mark in text for mark in marks):
                count = _sequences(text, marks)
                rarity = sum(field.rarity.get(word, 0.0) for word in self.question.near)
                best = max(best, field.boost * _PHRASE * rarity * count * (_K1 + 1) / (count + norm))
        return best


def _rarity(documents: int, frequency: int) -> float:
    return math.log(1 + (max(documents, frequency) - frequency + 0.5) / (frequency + 0.5))


def _best(each: Sequence[float]) -> float:
    if not each:
        return 0.0
    best = max(each)
    return best + _OTHERS_COUNT * (sum(each) - best)


def _clause(clause: Clause, weights: Mapping[str, float]) -> float:
    each = []
    for option in clause.options:
        if len(option.words) == 1:
            if option.words[0] in weights:
                each.append(option.weight * weights[option.words[0]])
        elif all(word in weights for word in option.words):
            each.append(option.weight * sum(weights[word] for word in option.words))
    if not each and clause.wholes:
        return BEGINNING  # it is found by one of them, which the codes do not show
    return each[0] if len(each) == 1 else _best(each)


def _sequences(text: str, marks: Sequence[str]) -> int:
    """How often the words stand in order with at most _SLOP others between them altogether."""
    step = CODE_LENGTH + 1
    count, start = 0, text.find(marks[0])
    while start >= 0:
        place, spare = start, _SLOP
        for mark in marks[1:]:
            found = text.find(mark, place + step, place + step * (spare + 2))
            if found < 0:
                break
            spare -= (found - place) // step - 1
            place = found
        else:
            count += 1
        start = text.find(marks[0], start + step)
    return count
