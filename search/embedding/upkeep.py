"""Keeps the vectors of an index as its documents are: what changed is embedded, what did not is kept."""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from django.conf import settings

from search.documents import Document, IndexDescription, values_of
from search.embedding import centring
from search.embedding.model import Vector, embed
from search.embedding.texts import Language, language_of, text_hash, windows
from search.embedding.vectors import Passage, VectorStore
from search.embedding.wire import DIMENSIONS
from search.engine import Engine

#: So much of a text has to be in a language to be a passage in it: the name of a vendor is none.
_LEAST_SHARE = 0.25


class KeepsVectors(Protocol):
    """An engine on a machine of its own: every machine of the site reads the same vectors there."""

    def nearest(
        self, query: Vector, language: Language, limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """As `VectorStore.nearest`."""

    def store_vectors(self, vectors: Mapping[str, Mapping[str, Sequence[Sequence[float]]]]) -> None:
        """Replaces those of these documents: id → language → one vector a window."""


def keeping(engine: Engine) -> KeepsVectors | None:
    """The engine itself if it keeps vectors."""
    return cast(KeepsVectors, engine) if hasattr(engine, "store_vectors") else None


def vectors_of(index: str) -> VectorStore:
    """The vectors of a registered index, in settings.EMBEDDING_DIR."""
    return _store(Path(settings.EMBEDDING_DIR) / f"{index}.vectors")


@lru_cache(maxsize=16)
def _store(path: Path) -> VectorStore:
    return VectorStore(path)


def keep_up(
    store: VectorStore,
    description: IndexDescription,
    documents: Iterable[Document],
    *,
    seconds: float | None = None,
) -> int:
    """Gives each document the vectors of its texts. Returns how many documents were looked at.

    Begins no further document after `seconds`. Texts that have a vector already, of whichever document, are
    not embedded again. A document without text loses its vectors.

    Raises:
        AwayError, LateError: the model does not run; what was done till then is stored.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    held, known = store.held(), store.rows()
    changed: dict[str, list[Passage]] = {}
    count = 0
    try:
        for document in documents:
            parts = passages_of(document, description)
            wanted = {language: tuple(map(text_hash, each)) for language, each in parts.items()}
            if wanted != held.get(document.id, {}):
                changed[document.id] = [
                    Passage(document.id, language, wanted[language], _rows(each, language, known))
                    for language, each in parts.items()
                ]
            count += 1
            if deadline is not None and time.monotonic() > deadline:
                break
    finally:
        store.update(changed)
    return count


def stale(
    store: VectorStore, description: IndexDescription, documents: Iterable[Document]
) -> tuple[list[str], set[str]]:
    """The ids of those documents whose vectors are not those of their texts, and all ids."""
    held = store.held()
    changed, seen = [], set()
    for document in documents:
        seen.add(document.id)
        parts = passages_of(document, description)
        if {spoken: tuple(map(text_hash, each)) for spoken, each in parts.items()} != held.get(
            document.id, {}
        ):
            changed.append(document.id)
    return changed, seen


def share(store: VectorStore, engine: Engine, ids: Sequence[str]) -> None:
    """Gives an engine that keeps vectors itself those of these documents. SearchError while it is away."""
    keeper = keeping(engine)
    if ids and keeper is not None:
        keeper.store_vectors(store.vectors(ids))


def keep_only(store: VectorStore, ids: Container[str]) -> None:
    """Drops the vectors of all documents but these."""
    store.update({}, [document for document in store.held() if document not in ids])


def passages_of(document: Document, description: IndexDescription) -> dict[Language, list[str]]:
    """The windows of a document's text in each language: line by line, a line is in one or the other."""
    lines: dict[Language, list[str]] = {}
    for field in description.texts:
        for value in values_of(document.fields.get(field.name)):
            for line in str(value).splitlines():
                if line.strip():
                    lines.setdefault(language_of(line), []).append(line)
    texts = {language: "\n".join(each) for language, each in lines.items()}
    least = _LEAST_SHARE * sum(map(len, texts.values()))
    found = {language: windows(text) for language, text in texts.items() if len(text) >= least}
    return {language: parts for language, parts in found.items() if parts}


def _rows(parts: Sequence[str], language: Language, known: dict[str, Vector]) -> Vector:
    rows = []
    for text in parts:
        key = text_hash(text)
        if key not in known:
            vector = embed([text], "passage")[0]
            # A text that the model cannot bear is near to nothing; stored, so that it is not tried again.
            known[key] = (
                np.zeros(DIMENSIONS, np.float32)
                if vector is None
                else centring.centred(vector, "passage", language)
            )
        rows.append(known[key])
    return np.stack(rows)
