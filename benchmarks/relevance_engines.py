"""What is compared: ways of searching. Filled with a collection, each answers a question with ids."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import meilisearch
from django.conf import settings
from django.test.utils import override_settings

from benchmarks.relevance_sets import Collection, Question
from benchmarks.search_servers import Server
from search.documents import values_of
from search.engine import Engine, Match, Query, get_engine, register

#: A question → ids, best first, at most the collection's depth.
Asked = Callable[[Question], Sequence[str]]
#: Fills itself with a collection and returns how it is asked.
Filled = Callable[[Collection], Asked]

_TASK_MS = 120_000


def query_of(question: Question, collection: Collection) -> Query:
    """The question as the catalogue's page asks it, as a whole sentence, or word for word."""
    if collection.sentences:
        return Query(question.text, match=Match.ANY, prefix=False, per_page=collection.depth)
    if collection.exact:
        return Query(question.text, prefix=False, tolerant=False, per_page=collection.depth)
    return Query(question.text, per_page=collection.depth)


def filled_engine(url: str, collection: Collection) -> Engine:
    """Our engine of that SEARCH_URL with the collection's documents in it."""
    register(collection.description, lambda: collection.documents)
    with override_settings(SEARCH_URL=url):
        engine = get_engine(collection.description.name)
    engine.rebuild(collection.documents)
    return engine


def lexical(url: str) -> Filled:
    """Words alone, through our interface."""

    def fill(collection: Collection) -> Asked:
        engine = filled_engine(url, collection)
        return lambda question: engine.search(query_of(question, collection)).ids

    return fill


def plain_meilisearch(server: Server) -> Filled:
    """The same texts given to Meilisearch as they are, its own Thai at work."""

    def fill(collection: Collection) -> Asked:
        index = plain_index(server, f"plain_{collection.description.name}", collection)
        # The default drops words from the end until enough is found, which suits nothing but a search box.
        strategy = "frequency" if collection.sentences else "last"
        options = {"limit": collection.depth, "matchingStrategy": strategy, "attributesToRetrieve": ["id"]}
        return lambda question: tuple(hit["id"] for hit in index.search(question.text, options)["hits"])

    return fill


def plain_index(server: Server, name: str, collection: Collection) -> Any:
    """A new Meilisearch index of the collection's texts, searched in the order of their weight."""
    client = meilisearch.Client(f"http://{server.address}", server.key, timeout=60)
    _done(client, client.delete_index(name), allow_missing=True)
    _done(client, client.create_index(name, {"primaryKey": "id"}))
    index = client.index(name)
    texts = sorted(collection.description.texts, key=lambda field: -field.boost)
    facets = [field.name for field in collection.description.fields if field.facet]
    wanted: dict[str, Any] = {
        "searchableAttributes": [field.name for field in texts],
        "filterableAttributes": facets,
    }
    if collection.exact:
        wanted |= {"prefixSearch": "disabled", "typoTolerance": {"enabled": False}}
    _done(client, index.update_settings(wanted))
    rows = [
        {"id": one.id}
        | {field.name: "\n".join(map(str, values_of(one.fields.get(field.name)))) for field in texts}
        | {name: values_of(one.fields.get(name)) for name in facets}
        for one in collection.documents
    ]
    for start in range(0, len(rows), 5_000):
        _done(client, index.add_documents(rows[start : start + 5_000]))
    return index


def _done(client: Any, task: Any, *, allow_missing: bool = False) -> None:
    finished = client.wait_for_task(task.task_uid, timeout_in_ms=_TASK_MS)
    if finished.status != "succeeded" and not (
        allow_missing and finished.error and finished.error["code"] == "index_not_found"
    ):
        raise RuntimeError(f"Meilisearch refused: {finished.error}")


def quiet() -> None:
    """Nothing but the tables on the screen."""
    logging.disable(logging.WARNING)
    settings.DEBUG = False


def systems(folder: str, server: Server | None) -> dict[str, Filled]:
    """Everything that can be measured on this machine, by the name it has in the tables."""
    found = {"tantivy, words": lexical(f"tantivy://{folder}/relevance")}
    if server:
        found["plain Meilisearch"] = plain_meilisearch(server)
    return found
