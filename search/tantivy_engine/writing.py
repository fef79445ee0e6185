"""Writes to the generations of one index: changes, whole rebuilds beside it, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import tantivy

from search.analysis import ANALYSIS_VERSION
from search.documents import Document, IndexDescription, SearchError
from search.engine import Canary
from search.generations import Generation, Generations
from search.missed import Change
from search.tantivy_engine.answering import Answering
from search.tantivy_engine.errors import guarded
from search.tantivy_engine.opening import Opening
from search.tantivy_engine.schema import ID, build_document, build_schema, fingerprint

_WRITER_BYTES = 15_000_000
_REBUILD_BYTES = 64_000_000
_PATIENCE = 5.0  # seconds a write waits for another; then the outbox tries again
_SINGLE_THREAD = 1  # one segment a commit, and no more than one core taken from the site


class Writing:
    """All writes of one index. They raise SearchError; a document iterator's own errors pass as they are."""

    def __init__(self, generations: Generations, description: IndexDescription) -> None:
        self.generations = generations
        self.description = description
        self.schema = build_schema(description)
        self.fingerprint = fingerprint(description)

    def usable(self) -> Generation:
        """The current generation, if it fits this code."""
        generation = self.generations.current()
        if generation.description != self.fingerprint:
            raise SearchError(f"The fields of {self.description.name} have changed: run `manage.py reindex`.")
        return generation

    def change(self, documents: dict[str, Document], ids: Sequence[str]) -> None:
        """Replaces `documents` and removes `ids`, all or nothing, on the disk when it returns."""
        if not documents and not ids:
            return
        # A lone surrogate is no id of ours, and tantivy refuses it.
        gone = [one.encode("utf-8", "replace").decode() for one in ids]
        changes: list[Change] = [(one, None) for one in gone]
        changes += [(one.id, one.as_json()) for one in documents.values()]
        with guarded("writing"), self.generations.writing(_PATIENCE):
            path = self.generations.path(self.usable())
            index = tantivy.Index.open(str(path))
            self.generations.note(changes)
            self._commit(index, documents.values(), gone)

    def rebuild(self, documents: Iterable[Document], canary: Canary | None) -> int:
        """See `Engine.rebuild`."""
        with self.generations.building(_PATIENCE):
            with guarded("making room for a new index"), self.generations.writing(_PATIENCE):
                made = self.generations.begin(self.fingerprint, ANALYSIS_VERSION)
            try:
                path = self.generations.path(made)
                self._fill(path, documents)
                done = self._catch_up(made, {})
                if canary is not None:
                    canary(Answering(self.description, self.schema, Opening().searcher(path)).search)
                with guarded("swapping in the new index"), self.generations.writing(_PATIENCE):
                    self._catch_up(made, done)
                    self.generations.publish(made)
                    return int(Opening().searcher(path).num_docs)
            except BaseException:
                self.generations.abandon(made)
                raise

    def roll_back(self) -> None:
        """See `Engine.roll_back`."""
        with guarded("rolling back"), self.generations.building(_PATIENCE):
            current = self.generations.current()
            before = current.previous
            if before is None:
                raise SearchError("There is no index to go back to.")
            if before.description != self.fingerprint:
                raise SearchError("The index before has other fields than this code knows.")
            Opening().searcher(self.generations.path(before))  # raises unless it is there and whole
            done = self._catch_up(before, {})
            with self.generations.writing(_PATIENCE):
                self._catch_up(before, done)
                self.generations.publish(replace(before, previous=replace(current, previous=None)))

    def _fill(self, path: Path, documents: Iterable[Document]) -> None:
        with guarded("making a new index"):
            index = tantivy.Index(self.schema, str(path))
            writer = index.writer(_REBUILD_BYTES, _SINGLE_THREAD)
        seen: set[str] = set()
        # The iterator reads the database: what it raises is not the engine's failure and passes as it is.
        for document in documents:
            with guarded("filling a new index"):
                checked = document.checked(self.description)
                if checked.id in seen:
                    writer.delete_documents_by_term(ID, checked.id)
                seen.add(checked.id)
                writer.add_document(build_document(checked, self.description))
        with guarded("completing a new index"):
            writer.commit()
            writer.wait_merging_threads()

    def _catch_up(self, generation: Generation, done: dict[str, object]) -> dict[str, object]:
        """Writes what the generation missed and is not `done` yet; returns all that is done now."""
        with guarded("catching up"):
            missed = self.generations.missed(generation).read()
            fresh = {one: data for one, data in missed.items() if one not in done or done[one] != data}
            if fresh:
                known = set(self.description.by_name)
                documents = [
                    Document.from_json(
                        {**data, "fields": {k: v for k, v in data["fields"].items() if k in known}},
                        self.description,
                    )
                    for data in fresh.values()
                    if data is not None
                ]
                index = tantivy.Index.open(str(self.generations.path(generation)))
                self._commit(index, documents, list(fresh))
            return dict(missed)

    def _commit(self, index: tantivy.Index, documents: Iterable[Document], ids: Sequence[str]) -> None:
        writer = index.writer(_WRITER_BYTES, _SINGLE_THREAD)
        try:
            adding = list(documents)
            for known in (*(one.id for one in adding), *ids):
                writer.delete_documents_by_term(ID, known)
            for document in adding:
                writer.add_document(build_document(document, self.description))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        writer.wait_merging_threads()
