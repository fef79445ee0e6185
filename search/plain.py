"""The simplified answer while the engine is away: exact words, every fact at hand, no ranking. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.analysis import fold
from search.engine import FacetCount, Results

MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A thing to be found: its public id, facet → codes, and what words are looked for in."""

    id: str
    values: Mapping[str, Sequence[str]]
    text: str = ""


def answer(
    rows: Sequence[Row],
    *,
    text: str = "",
    chosen: Mapping[str, Sequence[str]],
    facets: Sequence[str],
    page: int,
    per_page: int,
) -> Results:
    """The rows that say every word of ``text`` and have, of each facet in ``chosen``, one of its codes.

    They keep their order. Counts of a facet leave its own choice aside, as an engine's do.
    """
    words = fold(text[:MAX_TEXT]).split()
    saying = [row for row in rows if _says(row, words)]
    found = [row for row in saying if _fits(row, chosen)]
    start = (page - 1) * per_page
    ids = tuple(row.id for row in found[start : start + per_page])
    return Results(
        ids=ids,
        scores=(0.0,) * len(ids),
        total=len(found),
        facets={facet: _counts(facet, saying, chosen) for facet in facets},
        page=page,
        per_page=per_page,
    )


def _says(row: Row, words: Sequence[str]) -> bool:
    if not words:
        return True
    said = fold(row.text)
    return all(word in said for word in words)


def _fits(row: Row, chosen: Mapping[str, Sequence[str]], *, but: str = "") -> bool:
    return all(
        facet == but or not codes or not set(codes).isdisjoint(row.values.get(facet, ()))
        for facet, codes in chosen.items()
    )


def _counts(facet: str, rows: Sequence[Row], chosen: Mapping[str, Sequence[str]]) -> tuple[FacetCount, ...]:
    counted = Counter(
        code for row in rows if _fits(row, chosen, but=facet) for code in set(row.values.get(facet, ()))
    )
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetCount(code, count) for code, count in ranked)
