"""What an index has beside what it should have, and the repair of any difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from search.documents import DIGEST, Document, SearchError
from search.engine import (
    MAX_DEPTH,
    MAX_PER_PAGE,
    Engine,
    Fetch,
    OneOf,
    Query,
    fetch_of,
    get_engine,
    source_of,
)

_T = TypeVar("_T")
_ROUNDS = 3  # what changes while we look is looked at again


@dataclass(frozen=True, slots=True)
class Difference:
    """Ids that the index lacks, has otherwise than the database, or should not have.

    `uncounted`: there are more documents than may be listed; only a rebuild removes what is too much.
    """

    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    uncounted: int = 0

    def __len__(self) -> int:
        return len(self.missing) + len(self.stale) + len(self.extra) + self.uncounted


def compare(engine: Engine, documents: Iterable[Document]) -> Difference:
    """Compares an index with all the documents that belong in it. SearchError if it cannot be asked."""
    known: set[str] = set()
    missing: list[str] = []
    stale: list[str] = []
    for chunk in _chunks(documents):
        digests = {one.id: _digest(one, engine) for one in chunk}
        known |= digests.keys()
        present = _found(engine, OneOf("id", list(digests)))
        right = _found(engine, OneOf("id", list(digests)), OneOf(DIGEST, list(digests.values())))
        missing += [one for one in digests if one not in present]
        stale += [one for one in digests if one in present and one not in right]
    too_many = engine.count() - (len(known) - len(missing))
    extra = tuple(one for one in _listed(engine) if one not in known) if too_many > 0 else ()
    return Difference(tuple(missing), tuple(stale), extra, max(0, too_many - len(extra)))


def reconcile(index: str) -> tuple[Difference, Difference]:
    """Compares and repairs the index of a name; returns the difference before and after.

    Documents are read again when they are written, so that a change made meanwhile is not undone.
    Raises:
        SearchError: the engine is away, or the index has no source of documents.
    """
    engine, source, fetch = get_engine(index), source_of(index), fetch_of(index)
    if source is None or fetch is None:
        raise SearchError(f"Index {index} has no source of documents.")
    before = left = compare(engine, source())
    for _round in range(_ROUNDS):
        if not len(left):
            break
        if left.uncounted:
            engine.rebuild(source())
        else:
            _repair(engine, [*left.missing, *left.stale, *left.extra], fetch)
        left = compare(engine, source())
    return before, left


def _repair(engine: Engine, ids: Sequence[str], fetch: Fetch) -> None:
    for chunk in _chunks(ids):
        documents = list(fetch(chunk))
        engine.index(documents)
        present = {one.id for one in documents}
        engine.remove([one for one in chunk if one not in present])


def _chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while chunk := list(islice(rest, MAX_PER_PAGE)):
        yield chunk


def _digest(document: Document, engine: Engine) -> str:
    value = document.checked(engine.description).fields[DIGEST]
    assert isinstance(value, list)
    return str(value[0])


def _found(engine: Engine, *filters: OneOf) -> set[str]:
    return set(engine.search(Query(filters=filters, per_page=MAX_PER_PAGE)).ids)


def _listed(engine: Engine) -> Iterator[str]:
    """Every id of the index that may be paged through."""
    for page in range(1, MAX_DEPTH // MAX_PER_PAGE + 1):
        ids = engine.search(Query(page=page, per_page=MAX_PER_PAGE)).ids
        yield from ids
        if len(ids) < MAX_PER_PAGE:
            return
