"""As many services as wanted, made from the sentences of the demo's listings; and what is asked of them.

The same number gives the same services. Names, summaries and descriptions are the listings' sentences in both
languages put together anew within one smart dimension, so that words are as frequent as in real listings.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.relevance_sets import NONE_EXPECTED, ROOT, judged_set, listings
from catalogue.documents import search_document
from catalogue.indexing import INDEX
from search.documents import Document

FACETS = tuple(field.name for field in INDEX.fields if field.facet)
_SEED = 20261123
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_CERTIFICATES = ("dsure", "iso27001", "iso29110", "tisi")
_COPIED = ("kind", "dimensions", "deployment", "standards", "languages", "capabilities")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search of the catalogue: text with one value to filter by, for each of some facets."""

    text: str
    filters: tuple[tuple[str, str], ...]


def services(count: int) -> Iterator[Document]:
    """`count` documents of the services' index."""
    chance = random.Random(_SEED)
    by_dimension: dict[str, list[Mapping[str, Any]]] = {}
    for row in listings():
        for dimension in row["answers"]["dimensions"]:
            by_dimension.setdefault(dimension, []).append(row["answers"])
    dimensions, places = sorted(by_dimension), _places()
    for number in range(count):
        alike = by_dimension[chance.choice(dimensions)]
        yield _service(number, chance, [chance.choice(alike) for _ in range(3)], chance.choice(places))


def _service(
    number: int, chance: random.Random, parts: Sequence[Mapping[str, Any]], place: tuple[str, str]
) -> Document:
    first = parts[0]
    answers: dict[str, Any] = {name: first[name] for name in _COPIED if first.get(name)}
    answers["regions"] = chance.sample(("N", "UN", "NE", "C", "E", "S", "LN", "LI"), chance.randint(1, 3))
    for language, somewhere in zip(("th", "en"), place, strict=True):
        if not first.get(f"name_{language}"):
            continue
        other = parts[1].get(f"summary_{language}") or ""
        answers[f"name_{language}"] = f"{first[f'name_{language}']} {somewhere}"
        answers[f"summary_{language}"] = _crossed(first[f"summary_{language}"], other)
        answers[f"functions_{language}"] = [
            chance.choice(part[f"functions_{language}"])
            for part in parts
            if part.get(f"functions_{language}")
        ]
        told = [part.get(f"description_{language}") or "" for part in parts[1:]]
        answers[f"description_{language}"] = " ".join(_sentence(chance, text) for text in told)
    return Document(
        f"g{number}",
        search_document(
            answers,
            vendor_names=(f"บริษัท ตัวอย่าง{place[0]} {number % 997} จำกัด", f"Example {place[1]} {number % 997}"),
            sort_key=answers.get("name_en") or answers["name_th"],
            published_at=_FIRST + timedelta(minutes=7 * number),
            checked=_checked(chance),
        ),
    )


def _checked(chance: random.Random) -> list[tuple[str, str]]:
    found = [("certificate", chance.choice(_CERTIFICATES))] if chance.random() < 0.3 else []
    return found + ([("account", "listed")] if chance.random() < 0.2 else [])


def _crossed(first: str, other: str) -> str:
    """The beginning of one text and the end of another, cut where a reader would breathe."""
    head, tail = first.split(" "), other.split(" ")
    return " ".join(head[: max(1, len(head) * 2 // 3)] + tail[len(tail) * 2 // 3 :])


def _sentence(chance: random.Random, text: str) -> str:
    lines = [line.strip(" -*") for line in re.split(r"\n+|(?<=[.?]) ", text) if line.strip(" -*")]
    return chance.choice(lines) if lines else ""


def _places() -> list[tuple[str, str]]:
    with (ROOT / "marketplace" / "reference" / "provinces.csv").open(encoding="utf-8", newline="") as file:
        return [(row["name_th"], row["name_en"]) for row in csv.DictReader(file)]


def faceted() -> tuple[Asked, ...]:
    """Searches as officials make them: the judged queries of a few words, each with a filter or two."""
    chance = random.Random(_SEED)
    dimensions = sorted({d for row in listings() for d in row["answers"]["dimensions"]})
    kinds = sorted({row["answers"]["kind"] for row in listings()})
    found = []
    for text in _texts():
        filters = [("dimension", chance.choice(dimensions))]
        if chance.random() < 0.5:
            filters.append(("kind", chance.choice(kinds)))
        found.append(Asked(text, tuple(filters)))
    return tuple(found)


def keystrokes() -> tuple[str, ...]:
    """What stands in the box while somebody types: every query cut off somewhere, two characters at least."""
    chance = random.Random(_SEED)
    return tuple(text[: chance.randint(2, len(text))].rstrip() for text in _texts() if len(text) > 2)


def sentences() -> tuple[str, ...]:
    """Whole sentences, of which any word counts."""
    said = [
        row["answers"][name]
        for row in listings()
        for name in ("summary_th", "summary_en")
        if row["answers"].get(name)
    ]
    return tuple(random.Random(_SEED).sample(said, 60))


def _texts() -> list[str]:
    kinds = (NONE_EXPECTED, "misspelt", "other-language")
    return [question.text for question in judged_set().questions if question.kind not in kinds]
