"""The words of the domain, read once from `words/*.csv` and the thesaurus (see the READMEs there)."""

from __future__ import annotations

import csv
import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from search.analysis import capabilities as thesaurus
from search.analysis.compounds import Affixes
from search.analysis.folding import fold
from search.analysis.segmentation import Segmenter

_FOLDER = Path(__file__).parent / "words"
_Concepts = dict[str, tuple[tuple[tuple[str, ...], "Concept"], ...]]
#: Yields pairs of a term and the code of the capability that it means.
Source = Callable[[], Iterable[tuple[str, str]]]

_FILES = (
    "abbreviations.csv",
    "affixes.csv",
    "concepts.csv",
    "opaque.csv",
    "parts.csv",
    "stopwords.csv",
)
#: Begins every name of a concept; no word of a text can begin with it.
CONCEPT = "="
#: How often the sources of added terms are asked, at most.
REFRESH_SECONDS = 30.0

_ABBREVIATION = re.compile(r"(?:[ก-ฮ]{1,4}\.)+")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Concept:
    """`name` stands for every way of saying it; by the words and names of `implies` it is found as well."""

    name: str
    implies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`concepts` maps the first word to the word sequences that begin with it, longest first.

    `labels` maps the name of a concept to its words as they were written in the list. `parts_of` gives the
    words inside a word: those of `parts.csv`, else by rule (see `compounds`).
    """

    segmenter: Segmenter
    concepts: _Concepts
    labels: dict[str, tuple[str, ...]]
    parts_of: Callable[[str], tuple[str, ...]]
    stopwords: frozenset[str]
    fingerprint: str


class _Listed(NamedTuple):
    """A concept as a list has it; `shared` if it is the concept that already has one of its forms, if any."""

    name: str
    forms: tuple[str, ...]
    implies: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    shared: bool = False


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the project."""
    listed = list(_listed())
    short = [form for one in listed for form in one.forms if _ABBREVIATION.fullmatch(form)]
    letters = {fold(form).replace(".", "") for form in short}
    segmenter = Segmenter(frozenset(form for form in letters if len(form) > 1))
    return Vocabulary(
        segmenter=segmenter,
        concepts=_by_first_word(segmenter, listed),
        labels={CONCEPT + one.name: one.forms for one in listed},
        parts_of=_parts_of(),
        stopwords=frozenset(fold(row["word"]) for row in _rows("stopwords.csv")),
        fingerprint=_fingerprint(),
    )


def _listed() -> Iterator[_Listed]:
    for row in _rows("concepts.csv"):
        yield _Listed(row["concept"], _cells(row["words"]), _cells(row["implies"]))
    for one in thesaurus.capabilities().values():
        yield _Listed(one.code, one.forms, one.implies, thesaurus.broader(one.code))
    for row in _rows("abbreviations.csv"):
        # ปชช. is short for ประชาชน, which has a concept already: one thing has one name.
        yield _Listed(row["abbreviation"], (row["abbreviation"], *_cells(row["full"])), shared=True)


def _by_first_word(segmenter: Segmenter, listed: Iterable[_Listed]) -> _Concepts:
    concepts: dict[tuple[str, ...], Concept] = {}
    by_first: dict[str, list[tuple[tuple[str, ...], Concept]]] = {}
    for one in listed:
        sequences = [_words(segmenter, form) for form in one.forms]
        implied = [word for form in one.implies for word in _words(segmenter, form)]
        same = next((concepts[sequence] for sequence in sequences if sequence in concepts), None)
        own = Concept(CONCEPT + one.name, (*implied, *(CONCEPT + name for name in one.broader)))
        concept = same if one.shared and same else own
        for sequence in sequences:
            if concepts.get(sequence) is not concept:
                concepts[sequence] = concept
                by_first.setdefault(sequence[0], []).append((sequence, concept))
    return {first: tuple(sorted(found, key=lambda f: -len(f[0]))) for first, found in by_first.items()}


def _fingerprint() -> str:
    paths = [_FOLDER / name for name in _FILES] + [thesaurus.FOLDER / name for name in thesaurus.FILES]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def _parts_of() -> Callable[[str], tuple[str, ...]]:
    listed = {fold(row["word"]): tuple(_split(row["parts"])) for row in _rows("parts.csv")}
    rows = list(_rows("affixes.csv"))
    affixes = Affixes(
        before=frozenset(fold(row["affix"]) for row in rows if row["place"] == "before"),
        after=frozenset(fold(row["affix"]) for row in rows if row["place"] == "after"),
        itself=frozenset(fold(row["affix"]) for row in rows if row["itself"]),
        opaque=frozenset(fold(row["word"]) for row in _rows("opaque.csv")),
    )

    @lru_cache(maxsize=32_768)
    def parts_of(word: str) -> tuple[str, ...]:
        return listed[word] if word in listed else affixes.parts(word)

    return parts_of


class _Additions:
    """Terms from outside the lists, for what is asked: read again when REFRESH_SECONDS have passed."""

    def __init__(self) -> None:
        self._sources: list[Source] = []
        self._rows: tuple[tuple[str, str], ...] = ()
        self._with: Vocabulary | None = None
        self._due = 0.0

    def add(self, source: Source) -> None:
        self._sources.append(source)
        self.refresh()

    def remove(self, source: Source) -> None:
        self._sources.remove(source)
        self.refresh()

    def refresh(self) -> None:
        self._due = 0.0

    def vocabulary(self) -> Vocabulary:
        now = time.monotonic()
        if now >= self._due:
            # First of all, so that a slow or broken source isn't asked by everyone at once.
            self._due = now + REFRESH_SECONDS
            rows = self._read()
            if rows != self._rows or self._with is None:
                self._rows, self._with = rows, _extended(vocabulary(), rows)
        return self._with or vocabulary()

    def _read(self) -> tuple[tuple[str, str], ...]:
        try:
            return tuple(dict.fromkeys(row for source in self._sources for row in source()))
        except Exception:  # whatever a source raises, the search goes on with what it knew
            logger.warning("Added terms can't be read; the last ones stay.", exc_info=True)
            return self._rows


def _extended(known: Vocabulary, rows: Sequence[tuple[str, str]]) -> Vocabulary:
    by_first = dict(known.concepts)
    for term, code in rows:
        sequence = _words(known.segmenter, term)
        if sequence and code in thesaurus.capabilities():
            found = [*by_first.get(sequence[0], ()), (sequence, Concept(CONCEPT + code, ()))]
            by_first[sequence[0]] = tuple(sorted(found, key=lambda f: -len(f[0])))
    return replace(known, concepts=by_first)


_additions = _Additions()
#: Terms of a source mean its capabilities from now on, in queries only: the index needs no rebuild.
add_source = _additions.add
remove_source = _additions.remove
#: Reads the sources of this process again with the next query, instead of after REFRESH_SECONDS.
refresh_sources = _additions.refresh
#: The vocabulary with the added terms.
asked_vocabulary = _additions.vocabulary


def concept_label(name: str, language: str) -> str:
    """A plain word of "th" or "en" for a concept's name, such as "=waste"; other words are their own."""
    forms = vocabulary().labels.get(name)
    if not forms:
        return name.removeprefix(CONCEPT)
    return next((form for form in forms if form.isascii() == (language == "en")), forms[0])


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _split(cell: str) -> list[str]:
    return [fold(part) for part in _cells(cell)]


def _words(segmenter: Segmenter, form: str) -> tuple[str, ...]:
    return tuple(word.text for word in segmenter.words(fold(form))[0])
