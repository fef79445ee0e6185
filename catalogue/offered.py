"""Capabilities that a text speaks of and that some public service has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from catalogue import browsing
from marketplace.thai.text import localized
from search import thesaurus
from search.analysis import fold

FACET = "capability"


@dataclass(frozen=True, slots=True)
class Offered:
    """A capability in the reader's language, how many services have it, and where they are."""

    name: str
    count: int
    href: str


def capabilities(text: str, limit: int, *, unfinished: bool = False) -> list[Offered]:
    """The likeliest first. ``unfinished``: the text may be the beginning of a name."""
    codes = [one.code for one in thesaurus.suggest(text, limit=4 * limit)]
    if unfinished:
        codes += _beginning_with(fold(text))
    if not codes:
        return []
    answer = browsing.find(facets=(FACET,), per_page=1)
    counts = {str(one.value): one.count for one in answer.facets.get(FACET, ())}
    known = thesaurus.capabilities()
    return [
        Offered(
            str(localized(known[code], "name")),
            counts[code],
            f"{reverse('services')}?{urlencode({FACET: code})}",
        )
        for code in dict.fromkeys(codes)
        if counts.get(code)
    ][:limit]


def _beginning_with(text: str) -> Iterator[str]:
    return (code for code, forms in _forms() if any(form.startswith(text) for form in forms))


@cache
def _forms() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every capability with its names and terms, folded."""
    return tuple((code, tuple(map(fold, one.forms))) for code, one in thesaurus.capabilities().items())
