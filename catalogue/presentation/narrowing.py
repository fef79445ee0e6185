"""What a list can be narrowed by, read from an address and shown with its counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from catalogue.questions import storable
from search.engine import MAX_DEPTH, FacetCount

TEXT_LIMIT = 200
CODE_LIMIT = 40
MAX_CODES = 30
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its label and its codes, each with its word, in the order in which they are shown.

    ``long``: has more codes than anyone reads; only those that find most are shown.
    """

    name: str
    label: str
    words: Mapping[str, str]
    long: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list asks for."""

    text: str
    chosen: Mapping[str, Sequence[str]]
    page: int

    @classmethod
    def of(cls, query: QueryDict, facets: Sequence[Facet], per_page: int) -> Asked:
        """Codes that no list knows stay: an old address then finds nothing rather than everything."""
        given = {
            facet.name: [
                storable(code)[:CODE_LIMIT]
                for code in dict.fromkeys(query.getlist(facet.name)[:MAX_CODES])
                if code
            ]
            for facet in facets
        }
        page = query.get("page", "1")[:6]
        return cls(
            text=" ".join(storable(query.get("q", "")).split())[:TEXT_LIMIT],
            chosen={name: codes for name, codes in given.items() if codes},
            page=min(max(int(page), 1), MAX_DEPTH // per_page) if page.isdecimal() else 1,
        )


def groups(
    facets: Sequence[Facet], counts: Mapping[str, Sequence[FacetCount]], asked: Asked
) -> list[dict[str, Any]]:
    """For components/filters.html. A choice that is made stays visible with its count of zero."""
    return [
        {"name": facet.name, "label": facet.label, "options": options}
        for facet in facets
        if (options := _options(facet, counts.get(facet.name, ()), asked.chosen.get(facet.name, ())))
    ]


def _options(facet: Facet, counts: Sequence[FacetCount], chosen: Sequence[str]) -> list[dict[str, Any]]:
    by_code = {str(count.value): count.count for count in counts}
    options = [
        {"value": code, "label": word, "count": by_code.get(code, 0), "chosen": code in chosen}
        for code, word in facet.words.items()
        if by_code.get(code, 0) or code in chosen
    ]
    return fullest(options) if facet.long else options


def fullest(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The choices that are made, then those that find most: hundreds are no help in a list."""
    ranked = sorted(options, key=lambda option: (not option["chosen"], -option["count"]))
    return ranked[: max(MOST_SHOWN, sum(option["chosen"] for option in options))]


def chips(facets: Sequence[Facet], asked: Asked) -> list[dict[str, str]]:
    """For components/chips.html: the words that are looked for, then every choice."""
    text = [{"name": "q", "value": asked.text, "label": f"“{asked.text}”"}] if asked.text else []
    return text + [
        {"name": facet.name, "value": code, "label": facet.words.get(code, code)}
        for facet in facets
        for code in asked.chosen.get(facet.name, ())
    ]
