"""What the worker calls: payloads of JSON documents into the engine. Registered with the outbox elsewhere.

Both may be repeated. Both raise SearchError while the engine is away: the outbox tries again later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search.documents import Document, SearchError
from search.engine import description_of, get_engine


def index_documents(payload: Mapping[str, Any]) -> None:
    """Adds or replaces: {"index": name, "documents": [Document.as_json(), …]}."""
    name = _index(payload)
    documents = payload.get("documents")
    if not isinstance(documents, list):
        raise SearchError("The payload has no list of documents.")
    description = description_of(name)
    get_engine(name).index([Document.from_json(document, description) for document in documents])


def remove_documents(payload: Mapping[str, Any]) -> None:
    """Removes: {"index": name, "ids": [id, …]}."""
    ids = payload.get("ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise SearchError("The payload has no list of ids.")
    get_engine(_index(payload)).remove(ids)


def _index(payload: Mapping[str, Any]) -> str:
    name = payload.get("index", "services")
    if not isinstance(name, str):
        raise SearchError("The payload names no index.")
    return name
