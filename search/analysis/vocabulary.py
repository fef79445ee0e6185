"""The words of the domain, read once from `words/*.csv` (see the README there)."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from search.analysis.compounds import Affixes
from search.analysis.folding import fold
from search.analysis.segmentation import Segmenter

_FOLDER = Path(__file__).parent / "words"
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


@dataclass(frozen=True, slots=True)
class Concept:
    """`name` stands for every way of saying it; `implies` are words by which it is found as well."""

    name: str
    implies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`concepts` maps the first word to the word sequences that begin with it, longest first.

    `labels` maps the name of a concept to its words as they were written in the list. `parts_of` gives the
    words inside a word: those of `parts.csv`, else by rule (see `compounds`).
    """

    segmenter: Segmenter
    concepts: dict[str, tuple[tuple[tuple[str, ...], Concept], ...]]
    labels: dict[str, tuple[str, ...]]
    parts_of: Callable[[str], tuple[str, ...]]
    stopwords: frozenset[str]
    fingerprint: str


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the project."""
    short = [(row["abbreviation"], row["full"]) for row in _rows("abbreviations.csv")]
    abbreviated = {form for form, _ in short}
    letters = {fold(form).replace(".", "") for form, _ in short}
    segmenter = Segmenter(frozenset(form for form in letters if len(form) > 1))
    concepts: dict[tuple[str, ...], Concept] = {}
    by_first: dict[str, list[tuple[tuple[str, ...], Concept]]] = {}
    rows = [(row["concept"], row["words"], row["implies"]) for row in _rows("concepts.csv")]
    rows += [(form, f"{form}|{full}", "") for form, full in short]
    for name, forms, implies in rows:
        sequences = [_words(segmenter, form) for form in _split(forms)]
        broader = tuple(word for form in _split(implies) for word in _words(segmenter, form))
        # ปชช. is short for ประชาชน, which has a concept already: one thing has one name.
        same = next((concepts[sequence] for sequence in sequences if sequence in concepts), None)
        concept = same if name in abbreviated and same else Concept(CONCEPT + name, broader)
        for sequence in sequences:
            if concepts.get(sequence) is not concept:
                concepts[sequence] = concept
                by_first.setdefault(sequence[0], []).append((sequence, concept))
    return Vocabulary(
        segmenter=segmenter,
        concepts={first: tuple(sorted(found, key=lambda f: -len(f[0]))) for first, found in by_first.items()},
        labels={CONCEPT + name: tuple(form for form in forms.split("|") if form) for name, forms, _ in rows},
        parts_of=_parts_of(),
        stopwords=frozenset(fold(row["word"]) for row in _rows("stopwords.csv")),
        fingerprint=hashlib.sha256(b"".join((_FOLDER / name).read_bytes() for name in _FILES)).hexdigest()[
            :16
        ],
    )


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


def concept_label(name: str, language: str) -> str:
    """A plain word of "th" or "en" for a concept's name, such as "=waste"; other words are their own."""
    forms = vocabulary().labels.get(name)
    if not forms:
        return name.removeprefix(CONCEPT)
    return next((form for form in forms if form.isascii() == (language == "en")), forms[0])


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _split(cell: str) -> list[str]:
    return [fold(part) for part in cell.split("|") if part]


def _words(segmenter: Segmenter, form: str) -> tuple[str, ...]:
    return tuple(word.text for word in segmenter.words(fold(form))[0])
