"""The capability thesaurus as data: what a city service does, under every name that people use for it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parents[1] / "thesaurus"
FILES = ("capabilities.csv", "terms.csv")


@dataclass(frozen=True, slots=True)
class Capability:
    """What a service does or a need asks for.

    `dimensions`: codes of the smart dimensions that it serves, the first the closest. `broader`: codes of
    capabilities of which it is a kind. `terms`: other names as people write them, without the two names.
    `implies`: words by which a text about it is found as well, although they do not mean it.
    """

    code: str
    dimensions: tuple[str, ...]
    name_th: str
    name_en: str
    broader: tuple[str, ...]
    terms: tuple[str, ...]
    implies: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way of saying it, each once: the terms, then the names."""
        return tuple(dict.fromkeys((*self.terms, self.name_th, self.name_en)))


@cache
def capabilities() -> Mapping[str, Capability]:
    """Every capability by its code, in the order of the list."""
    terms: dict[str, list[str]] = {}
    for row in _rows("terms.csv"):
        terms.setdefault(row["capability"], []).append(row["term"])
    found = {
        row["code"]: Capability(
            code=row["code"],
            dimensions=_cells(row["dimensions"]),
            name_th=row["name_th"],
            name_en=row["name_en"],
            broader=_cells(row["broader"]),
            terms=tuple(terms.get(row["code"], ())),
            implies=_cells(row["implies"]),
        )
        for row in _rows("capabilities.csv")
    }
    return MappingProxyType(found)


@cache
def broader(code: str) -> tuple[str, ...]:
    """The codes of all of which a capability is a kind, the closest first; none for an unknown code."""
    known = capabilities()
    found: dict[str, None] = {}
    waiting = list(known[code].broader) if code in known else []
    while waiting:
        next_one = waiting.pop(0)
        if next_one not in found and next_one != code:
            found[next_one] = None
            waiting += known[next_one].broader
    return tuple(found)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)
