"""The vectors of documents on the server: made by search.embedding, only kept and compared there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from search.meilisearch_engine import filters
from search.meilisearch_engine.server import Server
from search.meilisearch_engine.shape import LANGUAGES

#: The server insists on hearing that a document has none.
NO_VECTORS: dict[str, None] = dict.fromkeys(LANGUAGES)


def vectors_of(server: Server, uid: str, ids: Sequence[str]) -> dict[str, Any]:
    """The vectors that documents have now, to be sent again: replacing a document would drop them."""
    body = {"filter": filters.ids(ids), "limit": len(ids), "fields": ["id"], "retrieveVectors": True}
    rows = server.call("POST", f"/indexes/{uid}/documents/fetch", body)["results"]
    found = {}
    for row in rows:
        vectors = row.get("_vectors") or {}
        found[str(row["id"])] = {one: _given((vectors.get(one) or {}).get("embeddings")) for one in LANGUAGES}
    return found


def store_vectors(
    server: Server, uid: str, vectors: Mapping[str, Mapping[str, Sequence[Sequence[float]]]]
) -> list[Any]:
    """Tasks that give those of the documents that are there their vectors."""
    body = {"filter": filters.ids(vectors), "limit": max(1, len(vectors)), "fields": ["id"]}
    known = server.call("POST", f"/indexes/{uid}/documents/fetch", body)["results"]
    rows = [
        {"id": row["id"], "_vectors": {one: _given(vectors[str(row["id"])].get(one)) for one in LANGUAGES}}
        for row in known
    ]
    return [server.call("PUT", f"/indexes/{uid}/documents", rows)] if rows else []


def _given(vectors: Sequence[Sequence[float]] | None) -> dict[str, Any] | None:
    """`regenerate` false: the server is not to make vectors itself."""
    if not vectors:
        return None
    return {"embeddings": [list(map(float, one)) for one in vectors], "regenerate": False}
