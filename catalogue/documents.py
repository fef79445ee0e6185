"""What the search index and the database's own search know of a service. Pure: plain values in and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from search.analysis import fold
from search.thesaurus import capabilities, with_broader

# Facets that hold a list of codes in the answers.
LISTED = {
    "dimension": "dimensions",
    "region": "regions",
    "deployment": "deployment",
    "standard": "standards",
    "language": "languages",
}
TEXTS = ("name", "summary", "description", "support")


def facet_values(answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The (facet, code) pairs that a service can be filtered by, each once. Unknown answers give none."""
    if answers.get("kind"):
        yield "kind", answers["kind"]
    for facet, question in LISTED.items():
        for code in dict.fromkeys(answers.get(question) or ()):
            yield facet, code
    # Whoever looks for the broader thing finds the narrower one as well.
    for code in with_broader(answers.get("capabilities") or ()):
        yield "capability", code


def joined(answers: Mapping[str, Any], *fields: str) -> str:
    """The texts of these questions in both languages, one a line."""
    parts: list[str] = []
    for field in fields:
        for language in ("th", "en"):
            value = answers.get(f"{field}_{language}") or ""
            parts.append(value if isinstance(value, str) else "\n".join(value))
    return "\n".join(part for part in parts if part)


def at_once(answers: Mapping[str, Any]) -> str:
    """What a listing says of itself first: its name, summary and list of functions."""
    return joined(answers, "name", "summary", "functions")


def longer(answers: Mapping[str, Any]) -> str:
    """What a listing says beside that: its description, support, and keywords that came with an import."""
    return "\n".join([joined(answers, "description", "support"), *(answers.get("keywords") or ())])


def capability_names(codes: Iterable[str]) -> list[str]:
    """What confirmed capabilities are called, in both languages: words that the texts may lack."""
    known = capabilities()
    return [name for code in codes if code in known for name in (known[code].name_th, known[code].name_en)]


def texts(answers: Mapping[str, Any]) -> dict[str, str]:
    """The searchable texts in both languages: name, summary, body with the names of the capabilities."""
    named = capability_names(answers.get("capabilities") or ())
    return {
        "name": joined(answers, "name"),
        "summary": joined(answers, "summary"),
        "body": "\n".join([joined(answers, "functions"), longer(answers), *named]),
    }


def folded_text(answers: Mapping[str, Any], *vendor_names: str) -> str:
    """One folded text for the simplified search of the database."""
    return fold("\n".join([*texts(answers).values(), *vendor_names]))


def search_document(
    answers: Mapping[str, Any],
    *,
    vendor_names: Sequence[str],
    sort_key: str,
    published_at: datetime,
    checked: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """The fields of a published service's document, as ``catalogue.indexing.INDEX`` declares them.

    ``checked`` are facets that rest on evidence rather than on answers.
    """
    facets: dict[str, list[str]] = {}
    for facet, value in [*facet_values(answers), *checked]:
        facets.setdefault(facet, []).append(value)
    return {
        **texts(answers),
        **facets,
        "vendor": "\n".join(name for name in vendor_names if name),
        "sort_key": _short(sort_key),
        "published_at": published_at,
    }


def vendor_document(
    *, names: Sequence[str], about: Sequence[str], places: Sequence[str], sort_key: str
) -> dict[str, Any]:
    """The fields of a vendor's document, as ``catalogue.indexing.vendors`` declares them."""
    return {
        "name": _lines(names),
        "about": _lines(about),
        "place": _lines(places),
        "sort_key": _short(sort_key),
    }


def city_document(
    *,
    names: Sequence[str],
    places: Sequence[str],
    code: str,
    facets: Mapping[str, Sequence[str]],
    sort_key: str,
) -> dict[str, Any]:
    """The fields of a city's document, as ``catalogue.indexing.cities`` declares them."""
    return {
        "name": _lines(names),
        "place": _lines(places),
        "code": code,
        **facets,
        "sort_key": _short(sort_key),
    }


def _lines(texts: Sequence[str]) -> str:
    """The texts that say something, each once, one a line."""
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _short(sort_key: str) -> str:
    """Engines keep sort values short; the first letters decide."""
    return sort_key.encode()[:240].decode(errors="ignore")
