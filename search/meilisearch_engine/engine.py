"""The engine: checks that the live index is ours, answers from it within its time, and writes to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from search.documents import Document, IndexDescription
from search.engine import Canary, Filter, Health, Query, Results, SearchError
from search.meilisearch_engine import filters, shape
from search.meilisearch_engine.lexicon import Memory, Words
from search.meilisearch_engine.reader import Reader, per_page
from search.meilisearch_engine.server import SEARCH_SECONDS, Address, Server, guarded
from search.meilisearch_engine.slots import Slots
from search.ties import this_week

# For so long a live index is taken for the one that it was.
_LABEL_SECONDS = 2.0


class MeilisearchEngine:
    """One index of the server at `meilisearch://[key@]host:port/prefix`, for any number of processes."""

    def __init__(self, where: str, description: IndexDescription) -> None:
        self.description = description
        self.server = Server(Address.parse(where))
        self.slots = Slots(self.server, description)
        self._memory = Memory()
        self._lock = threading.Lock()
        self._generation = ""
        self._checked = 0.0

    # Writing

    def index(self, documents: Iterable[Document]) -> int:
        checked = [document.checked(self.description) for document in documents]
        with guarded("writing"):
            self.slots.change({document.id: document for document in checked}, [])
        return len(checked)

    def remove(self, ids: Iterable[str]) -> None:
        with guarded("writing"):
            self.slots.change({}, list(ids))

    def rebuild(self, documents: Iterable[Document], *, canary: Canary | None = None) -> int:
        count = self.slots.rebuild(documents, canary, self._asking)
        self._forget()
        return count

    def roll_back(self) -> None:
        self.slots.roll_back()
        self._forget()

    def store_vectors(self, vectors: Mapping[str, Mapping[str, Sequence[Sequence[float]]]]) -> None:
        """Gives documents their vectors: id → language → passages of shape.DIMENSIONS numbers.

        They take the place of those that a document had; none takes them away. Unknown ids are no error. A
        document keeps them when it is replaced, and when the index is rebuilt.
        """
        with guarded("storing vectors"):
            self.slots.store_vectors(vectors)

    # Reading

    def search(self, query: Query) -> Results:
        began = time.perf_counter()
        with guarded("searching"):
            found = self._reader().search(query)
        return replace(found, took=time.perf_counter() - began)

    def similar(self, public_id: str, *, filters: Sequence[Filter] = (), limit: int = 6) -> Results:
        began = time.perf_counter()
        with guarded("looking for similar documents"):
            found = self._reader().similar(public_id, filters, limit)
        return replace(found, took=time.perf_counter() - began)

    def nearest(
        self,
        query: Sequence[float],
        language: str,
        limit: int,
        among: Sequence[str] | None = None,
        *,
        asked: Sequence[Filter] = (),
    ) -> list[tuple[str, float]]:
        """Documents with a passage in `language` nearest to a vector, as (id, cosine), nearest first.

        Approximate, as such indexes are. `among`: these documents only; `asked`: those within these filters.
        """
        with guarded("looking for near vectors"):
            if language not in shape.LANGUAGES:
                raise SearchError(f"There are no vectors in {language!r}.")
            inside = filters.restrictions(self.description, asked)
            inside += [filters.ids(among)] if among is not None else []
            search = {
                "vector": [float(one) for one in query],
                "hybrid": {"embedder": language, "semanticRatio": 1.0},
                "filter": filters.all_of(inside),
                "limit": per_page(limit),
                "attributesToRetrieve": ["id"],
                "showRankingScoreDetails": True,
            }
            hits = self._reader().words.ask([search])[0]["hits"]
            near = [(str(hit["id"]), hit["_rankingScoreDetails"]["vectorSort"]["similarity"]) for hit in hits]
            # What has no vector comes last, without a similarity.
            return [(one, 2 * float(score) - 1) for one, score in near if score is not None]

    def count(self) -> int:
        with guarded("counting"):
            until = time.monotonic() + SEARCH_SECONDS
            self.slots.usable(until=until)
            stats = self.server.call("GET", f"/indexes/{self.slots.live}/stats", until=until)
            return int(stats["numberOfDocuments"])

    def health(self) -> Health:
        try:
            documents = self.count()
            drift = self.settings_drift()
        except SearchError as error:
            return Health(ok=False, current=False, documents=0, detail=str(error))
        detail = " ".join([*drift, "Run `manage.py reindex`."] if drift else [])
        return Health(ok=True, current=not drift, documents=documents, detail=detail)

    def settings_drift(self) -> list[str]:
        with guarded("reading its settings"):
            until = time.monotonic() + SEARCH_SECONDS
            live = self.server.call("GET", f"/indexes/{self.slots.live}/settings", until=until)
            return shape.drift(self.description, live)

    def _reader(self) -> Reader:
        """A reader of the live index with the time for one search."""
        until = time.monotonic() + SEARCH_SECONDS
        if time.monotonic() > self._checked + _LABEL_SECONDS:
            label = self.slots.usable(until=until)
            with self._lock:
                if label.generation != self._generation:
                    self._memory.clear()
                self._generation, self._checked = label.generation, time.monotonic()
        return self._reading(self.slots.live, until, self._memory)

    def _reading(self, uid: str, until: float, memory: Memory) -> Reader:
        def call(method: str, path: str, body: Any) -> Any:
            return self.server.call(method, path, body, until=until)

        return Reader(Words(call, uid, self.description, memory), this_week())

    def _asking(self, uid: str) -> Callable[[Query], Results]:
        """How an index that is not live yet is searched."""
        memory = Memory()

        def ask(query: Query) -> Results:
            with guarded("searching the new index"):
                return self._reading(uid, time.monotonic() + SEARCH_SECONDS, memory).search(query)

        return ask

    def _forget(self) -> None:
        with self._lock:
            self._memory.clear()
            self._checked = 0.0
