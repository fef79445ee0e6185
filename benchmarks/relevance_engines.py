"""What is compared: ways of searching. Filled with a collection, each answers a question with ids."""

from __future__ import annotations

import logging
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

import meilisearch
from django.conf import settings
from django.test.utils import override_settings

from benchmarks.relevance_sets import Collection, Question
from benchmarks.search_servers import Server
from search.documents import Document, IndexDescription, values_of
from search.embedding import Vector, embed, enabled, language_of_query
from search.embedding.centring import centred
from search.embedding.texts import LANGUAGES
from search.embedding.upkeep import keep_only, keep_up
from search.embedding.vectors import VectorStore
from search.engine import Engine, Match, Query, get_engine, register
from search.hybrid import Vectors, hybrid_search

#: A question → ids, best first, at most the collection's depth.
Asked = Callable[[Question], Sequence[str]]
#: Fills itself with a collection and returns how it is asked.
Filled = Callable[[Collection], Asked]

_TASK_MS = 600_000
_BATCH = 5_000


def query_of(question: Question, collection: Collection) -> Query:
    """The question as the catalogue's page asks it, or as a whole sentence."""
    if collection.sentences:
        return Query(question.text, match=Match.ANY, prefix=False, per_page=collection.depth)
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


def dense(meaning: Meanings) -> Filled:
    """Meaning alone: the nearest in either language."""

    def fill(collection: Collection) -> Asked:
        store = meaning.store(collection)

        def ask(question: Question) -> Sequence[str]:
            vector = meaning.query(question.text)
            if vector is None:
                return ()
            asked_in = language_of_query(question.text)
            near: dict[str, float] = {}
            for language in LANGUAGES:
                for one, score in store.nearest(
                    centred(vector, "query", asked_in), language, collection.depth
                ):
                    near[one] = max(score, near.get(one, score))
            return sorted(near, key=lambda one: (-near[one], one))[: collection.depth]

        return ask

    return fill


def hybrid(url: str, meaning: Meanings) -> Filled:
    """Words and meaning together; an engine that keeps vectors itself is given them."""

    def fill(collection: Collection) -> Asked:
        engine = filled_engine(url, collection)
        store = meaning.store(collection)
        vectors: Vectors = store
        if hasattr(engine, "store_vectors"):
            engine.store_vectors(meaning.passages(store))
            vectors = cast(Vectors, engine)

        def ask(question: Question) -> Sequence[str]:
            return hybrid_search(engine, query_of(question, collection), vectors, meaning.query).ids

        return ask

    return fill


class Meanings:
    """Vectors of collections and of questions; each text is embedded once, in whatever collection it is."""

    def __init__(self, folder: Path, kept: Path) -> None:
        self._folder, self._kept = folder, kept
        self._queries: dict[str, Vector | None] = {}

    def query(self, text: str) -> Vector | None:
        """The vector of a question, without the hurry of a request."""
        if text not in self._queries:
            self._queries[text] = embed([text], "query")[0]
        return self._queries[text]

    def store(self, collection: Collection) -> VectorStore:
        """The vectors of exactly this collection's documents."""
        everything = VectorStore(self._kept / f"{collection.description.name}.vectors")
        keep_up(everything, collection.description, collection.documents)
        path = self._folder / f"{collection.name.encode().hex()}.vectors"
        shutil.copyfile(everything.path, path)
        own = VectorStore(path)
        keep_only(own, {one.id for one in collection.documents})
        return own

    def passages(self, store: VectorStore) -> dict[str, dict[str, list[list[float]]]]:
        """As an engine that keeps vectors takes them: id → language → passages."""
        rows = store.rows()
        return {
            document: {
                language: [rows[one].tolist() for one in hashes] for language, hashes in languages.items()
            }
            for document, languages in store.held().items()
        }


def plain_meilisearch(server: Server) -> Filled:
    """The same texts given to Meilisearch as they are, its own Thai at work."""

    def fill(collection: Collection) -> Asked:
        index = plain_index(
            server,
            f"plain_{collection.name.encode().hex()}",
            collection.description,
            collection.documents,
        )
        # The default drops words from the end until enough is found, which suits nothing but a search box.
        strategy = "frequency" if collection.sentences else "last"
        options = {"limit": collection.depth, "matchingStrategy": strategy, "attributesToRetrieve": ["id"]}
        return lambda question: tuple(hit["id"] for hit in index.search(question.text, options)["hits"])

    return fill


def plain_index(
    server: Server, name: str, description: IndexDescription, documents: Iterable[Document]
) -> Any:
    """A new Meilisearch index of texts as they are, searched in the order of their weight, and of facets."""
    client = meilisearch.Client(f"http://{server.address}", server.key, timeout=60)
    _done(client, client.delete_index(name), allow_missing=True)
    _done(client, client.create_index(name, {"primaryKey": "id"}))
    index = client.index(name)
    texts = sorted(description.texts, key=lambda field: -field.boost)
    facets = [field.name for field in description.fields if field.facet]
    wanted: dict[str, Any] = {
        "searchableAttributes": [field.name for field in texts],
        "filterableAttributes": facets,
    }
    _done(client, index.update_settings(wanted))
    rows = (
        {"id": one.id}
        | {field.name: "\n".join(map(str, values_of(one.fields.get(field.name)))) for field in texts}
        | {facet: values_of(one.fields.get(facet)) for facet in facets}
        for one in documents
    )
    while batch := list(islice(rows, _BATCH)):
        _done(client, index.add_documents(batch))
    return index


def _done(client: Any, task: Any, *, allow_missing: bool = False) -> None:
    finished = client.wait_for_task(task.task_uid, timeout_in_ms=_TASK_MS)
    if finished.status != "succeeded" and not (
        allow_missing and finished.error and finished.error["code"] == "index_not_found"
    ):
        raise RuntimeError(f"Meilisearch refused: {finished.error}")


def quiet() -> None:
    """Nothing but the tables on the screen, and nothing left behind by a run that is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logging.disable(logging.WARNING)
    settings.DEBUG = False


def systems(folder: Path, server: Server | None, kept: Path) -> dict[str, Filled]:
    """Everything that can be measured here, by its name in the tables. `kept`: where vectors may lie."""
    urls = {"tantivy": f"tantivy://{folder}/relevance"}
    if server:
        urls["Meilisearch"] = f"meilisearch://{server.key}@{server.address}/relevance"
    found = {f"{name}, words": lexical(url) for name, url in urls.items()}
    if enabled():
        meaning = Meanings(folder, kept)
        found["meaning alone"] = dense(meaning)
        found |= {f"{name}, words and meaning": hybrid(url, meaning) for name, url in urls.items()}
    if server:
        found["plain Meilisearch"] = plain_meilisearch(server)
    return found
