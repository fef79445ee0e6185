"""A whole index built anew: beside the old one, asked before it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from search.canary import Canaries
from search.documents import Document, SearchError
from search.engine import description_of, get_engine, source_of


def rebuild(index: str, watch: Callable[[Iterable[Document]], Iterable[Document]] | None = None) -> int:
    """Builds the index of a name from its source and swaps; returns the number of documents.

    `watch` may follow the documents on their way. Whatever fails leaves the old index in use.
    Raises:
        SearchError: no source, the engine is away, or the new index does not answer as it should.
    """
    source = source_of(index)
    if source is None:
        raise SearchError(f"Index {index} has no source of documents.")
    canaries = Canaries(description_of(index))
    documents = canaries.watch(source())
    return get_engine(index).rebuild(watch(documents) if watch else documents, canary=canaries.ask)
