"""The vectors of an index in one file beside it: written whole by the worker, mapped by every reader.

A line of JSON says the version and, row by row, whose vector it is; then come the rows, Thai before English,
those of a document together. A writer replaces the file in one step, so a reader has either all or nothing
of a change, and the processes of the site share one copy in memory.
"""

from __future__ import annotations

import json
import mmap
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files import locks

from search.embedding import centring, texts
from search.embedding.model import MODEL, Vector
from search.embedding.texts import LANGUAGES, Language
from search.embedding.wire import DIMENSIONS

_PATIENCE = 20.0  # seconds a writer waits for another
_ALIGNED = 64


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a document as stored: `hashes` of its windows, `rows` their centred vectors."""

    document: str
    language: Language
    hashes: tuple[str, ...]
    rows: Vector


@dataclass(frozen=True, slots=True)
class Block:
    """All passages of one language: `rows` of the document at `place` begin at `starts[place]`."""

    rows: Vector
    starts: Any
    documents: tuple[str, ...] = ()
    hashes: tuple[tuple[str, ...], ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)

    def of(self, place: int) -> Vector:
        end = self.starts[place + 1] if place + 1 < len(self.starts) else len(self.rows)
        return self.rows[self.starts[place] : end]

    def passages(self, language: Language) -> Iterator[Passage]:
        for place, (document, hashes) in enumerate(zip(self.documents, self.hashes, strict=True)):
            yield Passage(document, language, hashes, self.of(place))


_NOTHING = Block(np.empty((0, DIMENSIONS), np.float32), np.empty(0, np.int64))


class VectorStore:
    """The vectors of one index in the file `path`. A missing, broken or outdated file holds nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._blocks: Mapping[Language, Block] = {}

    def nearest(
        self, query: Vector, language: Language, limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The documents with a passage in `language` nearest to a centred query: (id, cosine), nearest first.

        Exact. A document is as near as the nearest window of its passage. `among`: these documents only.
        """
        block = self._current().get(language, _NOTHING)
        if not block.documents or limit < 1:
            return []
        if among is not None:
            places = [block.places[one] for one in among if one in block.places]
            near = [(block.documents[place], float(np.max(block.of(place) @ query))) for place in places]
        else:
            best = np.maximum.reduceat(block.rows @ query, block.starts)
            count = min(limit, len(best))
            chosen = np.argpartition(-best, count - 1)[:count]
            near = [(block.documents[place], float(best[place])) for place in chosen]
        return sorted(near, key=lambda one: (-one[1], one[0]))[:limit]

    def count(self) -> int:
        """How many documents have a vector."""
        return len({one for block in self._current().values() for one in block.documents})

    def held(self) -> dict[str, dict[Language, tuple[str, ...]]]:
        """By document and language the hashes of the windows that have vectors."""
        found: dict[str, dict[Language, tuple[str, ...]]] = {}
        for language, block in self._current().items():
            for document, hashes in zip(block.documents, block.hashes, strict=True):
                found.setdefault(document, {})[language] = hashes
        return found

    def rows(self) -> dict[str, Vector]:
        """Every vector by the hash of its text."""
        return {
            key: row
            for language, block in self._current().items()
            for passage in block.passages(language)
            for key, row in zip(passage.hashes, passage.rows, strict=True)
        }

    def vectors(self, ids: Sequence[str]) -> dict[str, dict[str, list[list[float]]]]:
        """The vectors of these documents as plain numbers: id → language → one vector a window."""
        found: dict[str, dict[str, list[list[float]]]] = {one: {} for one in ids}
        for language, block in self._current().items():
            for one in ids:
                if one in block.places:
                    found[one][language] = block.of(block.places[one]).tolist()
        return found

    def update(self, changed: Mapping[str, Sequence[Passage]], gone: Sequence[str] = ()) -> None:
        """Replaces all passages of the documents `changed` and forgets those `gone`, in one step.

        Raises:
            OSError, TimeoutError: the disk is full; another process writes for too long.
        """
        if not changed and not gone:
            return
        with self._writing():
            touched = {*changed, *gone}
            kept = [
                passage
                for language, block in self._current().items()
                for passage in block.passages(language)
                if passage.document not in touched
            ]
            kept += [passage for passages in changed.values() for passage in passages]
            self._write([one for language in LANGUAGES for one in kept if one.language == language])

    def _write(self, passages: Sequence[Passage]) -> None:
        whose = [[one.document, one.language, list(one.hashes)] for one in passages]
        head = json.dumps({"version": version(), "passages": whose}).encode()
        head += b" " * (-(len(head) + 1) % _ALIGNED) + b"\n"
        draft = self.path.with_suffix(f".{os.getpid()}")
        try:
            with draft.open("wb") as file:
                file.write(head)
                for one in passages:
                    file.write(np.ascontiguousarray(one.rows, "<f4").tobytes())
            os.replace(draft, self.path)
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        deadline = time.monotonic() + _PATIENCE
        with self.path.with_suffix(".lock").open("a") as file:
            while not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
                if time.monotonic() > deadline:
                    raise TimeoutError("Another process is writing the vectors.")
                time.sleep(0.02)
            try:
                yield
            finally:
                locks.unlock(file)

    def _current(self) -> Mapping[Language, Block]:
        """What the file holds now, whichever process wrote it; looked at again only when it was replaced."""
        try:
            status = os.stat(self.path)
        except OSError:
            return {}
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        with self._lock:
            if self._seen != stamp:
                self._blocks = _read(self.path)
                self._seen = stamp
            return self._blocks


def version() -> str:
    """Of stored vectors: the model, how texts are made ready, how vectors are centred."""
    return f"{MODEL} {texts.VERSION} {centring.version()}"


def _read(path: Path) -> Mapping[Language, Block]:
    with path.open("rb") as file:
        try:
            line = file.readline()
            head = json.loads(line)
            if head["version"] != version():
                return {}
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            rows = np.frombuffer(mapped, "<f4", offset=len(line)).reshape(-1, DIMENSIONS)
            return _blocks(head["passages"], rows)
        except (ValueError, KeyError, TypeError):
            return {}  # the worker writes it anew


def _blocks(passages: Sequence[tuple[str, Language, Sequence[str]]], rows: Vector) -> dict[Language, Block]:
    if sum(len(hashes) for _, _, hashes in passages) != len(rows):
        raise ValueError("Not as many vectors as it says.")
    blocks: dict[Language, Block] = {}
    begin = 0
    for language in LANGUAGES:
        own = [(document, tuple(hashes)) for document, spoken, hashes in passages if spoken == language]
        sizes = [len(hashes) for _, hashes in own]
        end = begin + sum(sizes)
        if own:
            blocks[language] = Block(
                rows=rows[begin:end],
                starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
                documents=tuple(document for document, _ in own),
                hashes=tuple(hashes for _, hashes in own),
                places={document: place for place, (document, _) in enumerate(own)},
            )
        begin = end
    return blocks
