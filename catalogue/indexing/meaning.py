"""Vectors of what is public, made in the background: search by words never waits for them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marketplace import outbox
from search import embedding
from search.embedding import AwayError, LateError
from search.embedding.upkeep import keep_only, keep_up, share, stale, vectors_of
from search.engine import description_of, fetch_of, get_engine, source_of

logger = logging.getLogger(__name__)

#: The indexes that are searched by meaning as well.
MEANT = ("services",)
#: Effects that the worker takes up in one call, and ids in one effect.
TOGETHER = 10
AT_ONCE = 200
# Seconds that embedding takes the worker for; then whatever else is due has its turn.
_SECONDS = 1.0
_READ = 20
# When the model did not start, it is tried again after so long.
_PAUSE = 600.0
_look_again = {"at": 0.0}


def due(index: str, public_ids: Iterable[str]) -> None:
    """Ask the worker to bring the vectors of these documents up to date, after all that is due already."""
    if index not in MEANT or not embedding.enabled():
        return
    ids = list(public_ids)
    for start in range(0, len(ids), AT_ONCE):
        outbox.put("catalogue.embed", {"index": index, "ids": ids[start : start + AT_ONCE]})


def embed(payloads: Sequence[Mapping[str, Any]]) -> None:
    """Outbox handler: a second's worth of what is due, the rest goes to the end of the queue.

    Raises:
        SearchError: an engine that keeps vectors itself is away; the outbox tries again.
    """
    wanted: dict[str, dict[str, None]] = {}
    for payload in payloads:
        wanted.setdefault(payload["index"], {}).update(dict.fromkeys(payload["ids"]))
    deadline = time.monotonic() + _SECONDS
    for index, ids in wanted.items():
        if not embedding.enabled():
            return
        try:
            left = _bring_up(index, list(ids), deadline)
        except (AwayError, LateError):
            logger.warning("The embedding model does not answer; its work is taken up later.", exc_info=True)
            _look_again["at"] = time.monotonic() + _PAUSE
            return
        due(index, left)


def look_again() -> None:
    """Let the next round of chores look for vectors that are missing."""
    _look_again["at"] = 0.0


def catch_up() -> None:
    """Chore: when the worker starts, after a rebuild, and once the model is back, find what lacks vectors."""
    if time.monotonic() < _look_again["at"] or not embedding.enabled():
        return
    _look_again["at"] = float("inf")
    for index in MEANT:
        source = source_of(index)
        assert source is not None
        store = vectors_of(index)
        missing, present = stale(store, description_of(index), source())
        keep_only(store, present)
        due(index, missing)


def _bring_up(index: str, ids: list[str], deadline: float) -> list[str]:
    """Bring up to date until the deadline, one document at least. Returns the ids that are left."""
    store, fetch = vectors_of(index), fetch_of(index)
    assert fetch is not None
    while ids:
        now, ids = ids[:_READ], ids[_READ:]
        documents = list(fetch(now))
        left = max(0.0, deadline - time.monotonic())
        done = keep_up(store, description_of(index), documents, seconds=left)
        store.update({}, sorted(set(now) - {document.id for document in documents}))
        share(store, get_engine(index), [document.id for document in documents[:done]])
        ids = [document.id for document in documents[done:]] + ids
        if time.monotonic() > deadline:
            break
    return ids
