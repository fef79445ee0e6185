"""How an index follows the database: what is public is written to it, everything else leaves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.indexing import meaning
from search import rebuilding
from search.engine import fetch_of, get_engine, registered, source_of

# Effects of one index that the worker carries out in one write.
TOGETHER = 100


def follow(index: str, public_ids: Sequence[str]) -> None:
    """Let an index say of these ids what the database says now, and nothing of those that are not public.

    Raises:
        SearchError: the engine is away; the outbox tries again.
    """
    fetch = fetch_of(index)
    assert fetch is not None
    documents = list(fetch(public_ids))
    engine = get_engine(index)
    if documents:
        engine.index(documents)
    present = {document.id for document in documents}
    hidden = [public_id for public_id in public_ids if public_id not in present]
    if hidden:
        engine.remove(hidden)
    meaning.due(index, public_ids)


def rebuild(payload: Mapping[str, Any]) -> None:
    """Outbox handler: build whole indexes anew after much changed; all, unless ``indexes`` names some."""
    for name in payload.get("indexes") or registered():
        if source_of(name) is not None:
            rebuilding.rebuild(name)
    meaning.look_again()
