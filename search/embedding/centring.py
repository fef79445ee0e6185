"""Takes the language out of a vector: a Thai and an English text of one meaning come to lie together.

multilingual-e5 keeps the texts of a language in a corner of their own: of ten nearest passages nearly all are
in the language of the question. What the texts of a language have in common is the mean of many; it is taken
away. The means were computed once from `generic.csv` (the same sentences in both languages, of all subjects)
and are frozen in `centring.json`; `python -m search.embedding.centring` makes them anew for another model.
"""

from __future__ import annotations

import csv
import hashlib
import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from search.embedding.model import MODEL, Vector, embed
from search.embedding.texts import LANGUAGES, Kind, Language

_SENTENCES = Path(__file__).with_name("generic.csv")
_MEANS = Path(__file__).with_name("centring.json")
_TOGETHER = 3  # sentences of a passage: about as long as a window


def centred(vector: Vector, kind: Kind, language: Language) -> Vector:
    """`vector` (of one text, or a row a text) without what its language and kind share; length one."""
    shifted: Vector = vector - _means()[kind, language]
    lengths = np.linalg.norm(shifted, axis=-1, keepdims=True)
    return np.asarray(shifted / np.maximum(lengths, 1e-9), dtype=np.float32)


def version() -> str:
    """Changes with the means: vectors centred by others do not compare."""
    return hashlib.sha256(_MEANS.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _means() -> dict[tuple[Kind, Language], Vector]:
    frozen = json.loads(_MEANS.read_text("utf-8"))
    kinds: tuple[Kind, Kind] = ("query", "passage")
    return {
        (kind, language): np.asarray(frozen["means"][kind][language], dtype=np.float32)
        for kind in kinds
        for language in LANGUAGES
    }


def sentences(kind: Kind, language: Language) -> list[str]:
    """The texts that a mean is made of: for queries all, for passages the statements, also some together."""
    with _SENTENCES.open(encoding="utf-8", newline="") as file:
        single = [row[language] for row in csv.DictReader(file) if kind in ("query", row["kind"])]
    if kind == "query":
        return single
    groups = len(single) // _TOGETHER
    return single + [" ".join(single[start::groups][:_TOGETHER]) for start in range(groups)]


def source() -> str:
    """The fingerprint of the sentences."""
    return hashlib.sha256(_SENTENCES.read_bytes()).hexdigest()[:12]


def _freeze() -> None:
    means: dict[str, dict[str, list[float]]] = {}
    for kind in ("query", "passage"):
        means[kind] = {}
        for language in LANGUAGES:
            vectors = embed(sentences(kind, language), kind)
            known = [vector for vector in vectors if vector is not None]
            means[kind][language] = [round(float(one), 5) for one in np.mean(known, axis=0)]
    frozen = {"model": MODEL, "source": source(), "means": means}
    _MEANS.write_text(json.dumps(frozen, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    _freeze()
