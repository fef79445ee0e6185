"""The indexes behind one name: the live one, the one before it, and the one that is being built.

A write goes to the live one and, so that rolling back loses nothing, to the one before. While another is
being built, a write is noted as well and goes there too; notes are played again after the filling, because a
batch of it may have been read before the write. The label of the live index is read before and after: if it
was swapped meanwhile, the write is repeated.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.files import locks

from search.documents import Document, IndexDescription, SearchError
from search.engine import Canary
from search.meilisearch_engine import filters
from search.meilisearch_engine.server import RefusedError, Server
from search.meilisearch_engine.shape import (
    COMPLETE,
    Label,
    displayed,
    fingerprint,
    label_in,
    settings,
)
from search.meilisearch_engine.values import built
from search.meilisearch_engine.vectors import NO_VECTORS, store_vectors, vectors_of

_BATCH = 500
_REBUILD_SECONDS = 600.0
_TRIES = 4
_ROUNDS = 20
_PATIENCE = 5.0  # seconds for which a rebuild waits for another
_PAGE = 1_000

_Change = dict[str, Any] | None


class Slots:
    """All writes of one index. They raise SearchError; a document iterator's own errors pass as they are."""

    def __init__(self, server: Server, description: IndexDescription) -> None:
        self.server = server
        self.description = description
        self.live = f"{server.address.prefix}_{description.name}"
        self.previous = f"{self.live}__previous"
        self.next = f"{self.live}__next"
        self.notes = f"{self.live}__notes"

    def label(self, uid: str, *, until: float | None = None) -> Label | None:
        """What an index says about itself; None if it is missing or says nothing."""
        try:
            found = self.server.call("GET", f"/indexes/{uid}/settings/displayed-attributes", until=until)
        except RefusedError as error:
            if error.code == "index_not_found":
                return None
            raise
        return label_in(found)

    def usable(self, *, until: float | None = None) -> Label:
        """The label of the live index, if it fits this code."""
        label = self.label(self.live, until=until)
        if label is None:
            raise SearchError(f"There is no index {self.live}: run `manage.py reindex`.")
        if label.description != fingerprint(self.description):
            raise SearchError(f"The fields of {self.description.name} have changed: run `manage.py reindex`.")
        return label

    # Changes

    def change(self, documents: Mapping[str, Document], ids: Sequence[str]) -> None:
        """Replaces `documents` and removes `ids`; done, on the server's word, when it returns."""
        if not documents and not ids:
            return
        made = {one: built(document, self.description) for one, document in documents.items()}
        for _ in range(_TRIES):
            before = self.usable()
            tasks: list[Any] = []
            if self._is_building():
                changes: dict[str, _Change] = dict.fromkeys(ids)
                changes |= {one: document.as_json() for one, document in documents.items()}
                tasks += self._note(changes)
                tasks += self._put(self.next, made, ids)
            tasks += self._put(self.live, made, ids)
            if self._is_complete(self.previous):
                tasks += self._put(self.previous, made, ids)
            self.server.follow(tasks)
            if self.usable().generation == before.generation:
                return
        raise SearchError("The index was swapped again and again; the write is tried again later.")

    def store_vectors(self, vectors: Mapping[str, Mapping[str, Sequence[Sequence[float]]]]) -> None:
        """See `MeilisearchEngine.store_vectors`."""
        self.usable()
        uids = (self.live, *((self.next,) if self._is_building() else ()))
        self.server.follow([task for uid in uids for task in store_vectors(self.server, uid, vectors)])

    def _put(self, uid: str, made: Mapping[str, dict[str, Any]], ids: Iterable[str]) -> list[Any]:
        """Tasks that write to one index that exists; `made` are the server's documents by id."""
        gone = [one for one in ids if one not in made and filters.is_id(one)]
        tasks = []
        if gone:
            body = {"filter": filters.ids(gone)}
            tasks.append(self.server.call("POST", f"/indexes/{uid}/documents/delete", body))
        if made:
            kept = vectors_of(self.server, uid, list(made))
            rows = [{**row, "_vectors": kept.get(one, NO_VECTORS)} for one, row in made.items()]
            tasks.append(self.server.call("POST", f"/indexes/{uid}/documents?primaryKey=id", rows))
        return tasks

    def _note(self, changes: Mapping[str, _Change]) -> list[Any]:
        rows = [
            {"id": one, "at": secrets.token_hex(8), "document": data}
            for one, data in changes.items()
            if filters.is_id(one)
        ]
        path = f"/indexes/{self.notes}/documents?primaryKey=id"
        return [self.server.call("POST", path, rows)] if rows else []

    def _is_building(self) -> bool:
        """Until the swap is over, whatever the state: to note too much does no harm."""
        return self.label(self.next) is not None

    def _is_complete(self, uid: str) -> bool:
        """Whether it can be rolled back to, as far as its fields go."""
        label = self.label(uid)
        return (
            label is not None
            and label.state == COMPLETE
            and label.description == fingerprint(self.description)
        )

    # Rebuilding

    def rebuild(self, documents: Iterable[Document], canary: Canary | None, ask: Any) -> int:
        """See `Engine.rebuild`. `ask`: an index's uid → how it is searched, for the canary."""
        with self._one_at_a_time():
            label = self._begin()
            try:
                vectors = self._may_have_vectors()
                self._fill(documents, vectors)
                done = self._play({})
                if canary is not None:
                    canary(ask(self.next))
                self._play(done)
                self._swap_in(label)
            except BaseException:
                self._give_up(self.next)
                raise
            self._give_up(self.next, self.notes)  # `next` is the one before the previous one now
        return int(self.server.call("GET", f"/indexes/{self.live}/stats")["numberOfDocuments"])

    def roll_back(self) -> None:
        """See `Engine.roll_back`."""
        with self._one_at_a_time():
            if not self._is_complete(self.previous) or self.label(self.live) is None:
                raise SearchError("There is no index to go back to.")
            self.server.follow([self._swap(self.live, self.previous)])

    def _begin(self) -> Label:
        """An empty index under a new label. From the label on, others note what they write."""
        self._ensure(self.live, self.next, self.previous, self.notes)
        label = Label.new(self.description, secrets.token_hex(8))
        wanted = settings(self.description) | {"displayedAttributes": displayed(self.description, label)}
        # Emptied first: new settings would index again what is going to go.
        tasks = [self.server.call("DELETE", f"/indexes/{uid}/documents") for uid in (self.next, self.notes)]
        tasks.append(self.server.call("PATCH", f"/indexes/{self.next}/settings", wanted))
        self.server.follow(tasks, seconds=_REBUILD_SECONDS)
        return label

    def _fill(self, documents: Iterable[Document], vectors: bool) -> None:
        batch: dict[str, Document] = {}
        waiting: list[Any] = []
        # The iterator reads the database: what it raises is not the engine's failure and passes as it is.
        for document in documents:
            checked = document.checked(self.description)
            batch[checked.id] = checked
            if len(batch) >= _BATCH:
                waiting = self._send(batch, vectors, waiting)
                batch = {}
        waiting = self._send(batch, vectors, waiting)
        self.server.follow(waiting, seconds=_REBUILD_SECONDS)

    def _send(self, batch: Mapping[str, Document], vectors: bool, waiting: list[Any]) -> list[Any]:
        """Sends a batch while the one before is being indexed."""
        kept = vectors_of(self.server, self.live, list(batch)) if vectors and batch else {}
        made = [
            {**built(one, self.description), "_vectors": kept.get(one.id, NO_VECTORS)}
            for one in batch.values()
        ]
        tasks = (
            [self.server.call("POST", f"/indexes/{self.next}/documents?primaryKey=id", made)] if made else []
        )
        self.server.follow(waiting, seconds=_REBUILD_SECONDS)
        return tasks

    def _may_have_vectors(self) -> bool:
        """Whether the live index may have vectors to take along."""
        label = self.label(self.live)
        return label is not None and label.description == fingerprint(self.description)

    def _play(self, done: dict[str, str]) -> dict[str, str]:
        """Repeats noted writes until none is new; returns the notes that are done."""
        for _ in range(_ROUNDS):
            notes = self._noted()
            fresh = {one: row for one, row in notes.items() if done.get(one) != row["at"]}
            if not fresh:
                return done
            made = {
                one: built(Document.from_json(row["document"], self.description), self.description)
                for one, row in fresh.items()
                if row["document"] is not None
            }
            self.server.follow(self._put(self.next, made, fresh), seconds=_REBUILD_SECONDS)
            done = {one: row["at"] for one, row in notes.items()}
        raise SearchError("Too much is being written to finish the new index; try again later.")

    def _noted(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        while True:
            body = {"limit": _PAGE, "offset": len(found)}
            rows = self.server.call("POST", f"/indexes/{self.notes}/documents/fetch", body)["results"]
            found |= {str(row["id"]): row for row in rows}
            if len(rows) < _PAGE:
                return found

    def _swap_in(self, label: Label) -> None:
        now = self.label(self.next)
        if now is None or now.generation != label.generation:
            raise SearchError("Another process has begun to rebuild the index; this one is given up.")
        names = displayed(self.description, label.completed())
        path = f"/indexes/{self.next}/settings/displayed-attributes"
        self.server.follow([self.server.call("PUT", path, names)])
        # Both are queued before either is awaited: no kill falls between them.
        tasks = [self._swap(self.live, self.next), self._swap(self.next, self.previous)]
        self.server.follow(tasks, seconds=_REBUILD_SECONDS)

    def _swap(self, one: str, other: str) -> Any:
        return self.server.call("POST", "/swap-indexes", [{"indexes": [one, other]}])

    def _ensure(self, *uids: str) -> None:
        """Makes what is missing of these indexes."""
        missing = []
        for uid in uids:
            try:
                self.server.call("GET", f"/indexes/{uid}")
            except RefusedError as error:
                if error.code != "index_not_found":
                    raise
                missing.append(uid)
        tasks = [self.server.call("POST", "/indexes", {"uid": uid, "primaryKey": "id"}) for uid in missing]
        try:
            self.server.follow(tasks)
        except RefusedError as error:
            if error.code != "index_already_exists":
                raise

    def _give_up(self, *uids: str) -> None:
        """Leaves indexes empty and without a label. Nobody waits for it."""
        with suppress(SearchError):
            for uid in uids:
                names = displayed(self.description, None)
                self.server.call("PUT", f"/indexes/{uid}/settings/displayed-attributes", names)
                self.server.call("DELETE", f"/indexes/{uid}/documents")

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """One rebuild or roll back at a time on this machine; of two machines', the later one wins."""
        folder = Path(django_settings.SEARCH_DIR)
        until = time.monotonic() + _PATIENCE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = (folder / f"{self.live}.lock").open("a")
        except OSError as error:
            raise SearchError(f"There is no place for a lock: {error}") from error
        with file:
            while not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
                if time.monotonic() > until:
                    raise SearchError("Another process is rebuilding the index; try again later.")
                time.sleep(0.02)
            try:
                yield
            finally:
                locks.unlock(file)
