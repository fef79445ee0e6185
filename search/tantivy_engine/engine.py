"""The engine: opens the current generation, answers questions from it, writes to it one at a time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import tantivy

from search.analysis import ANALYSIS_VERSION, excerpt
from search.documents import Document, IndexDescription, Kind
from search.engine import (
    MAX_DEPTH,
    MAX_PER_PAGE,
    FacetCount,
    Filter,
    Health,
    Match,
    Query,
    Results,
    SearchError,
)
from search.generations import Generation, Generations
from search.tantivy_engine.errors import guarded
from search.tantivy_engine.queries import Clauses, Questions, combined, within
from search.tantivy_engine.schema import ID, JITTER, TIE, build_document, build_schema, sort_field, texts_of

_WRITER_BYTES = 15_000_000
_REBUILD_BYTES = 64_000_000
_PATIENCE = 5.0  # seconds a write waits for another; then the outbox tries again
_FACET_VALUES = 1_000
_SINGLE_THREAD = 1  # one segment a commit, and no more than one core taken from the site

_Hits = list[tuple[float, Any]]


class TantivyEngine:
    """One index in the folder `tantivy://<folder>/<name>`. Reads see what any process has committed."""

    def __init__(self, where: str, description: IndexDescription) -> None:
        self.description = description
        self._generations = Generations(Path(where) / description.name)
        self._schema = build_schema(description)
        self._lock = threading.Lock()
        self._open: tuple[str, tantivy.Index] | None = None
        self._stamp: tuple[int, int] | None = None

    # Writing

    def index(self, documents: Iterable[Document]) -> int:
        checked = [document.checked(self.description) for document in documents]
        self._write({document.id: document for document in checked}, [])
        return len(checked)

    def remove(self, ids: Iterable[str]) -> None:
        self._write({}, list(ids))

    def rebuild(self, documents: Iterable[Document]) -> int:
        with self._generations.writing(_PATIENCE):
            with guarded("making room for a new index"):
                made = self._generations.begin(self.description.fingerprint, ANALYSIS_VERSION)
            try:
                count = self._fill(made, documents)
                with guarded("swapping in the new index"):
                    self._generations.publish(made)
            except BaseException:
                self._generations.abandon(made)
                raise
        return count

    def _write(self, documents: dict[str, Document], ids: Sequence[str]) -> None:
        if not documents and not ids:
            return
        with guarded("writing"), self._generations.writing(_PATIENCE):
            index = tantivy.Index.open(str(self._generations.path(self._usable())))
            writer = index.writer(_WRITER_BYTES, _SINGLE_THREAD)
            try:
                for known in (*documents, *ids):
                    # A lone surrogate is no id of ours, and tantivy refuses it.
                    writer.delete_documents_by_term(ID, known.encode("utf-8", "replace").decode())
                for document in documents.values():
                    writer.add_document(build_document(document, self.description))
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            writer.wait_merging_threads()

    def _fill(self, made: Generation, documents: Iterable[Document]) -> int:
        with guarded("making a new index"):
            index = tantivy.Index(self._schema, str(self._generations.path(made)))
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
        return len(seen)

    # Reading

    def search(self, query: Query) -> Results:
        began = time.perf_counter()
        with guarded("searching"):
            self._check(query)
            questions = self._questions()
            clauses = questions.text(query)
            filters = questions.filters(query.filters)
            empty = Results(page=max(1, query.page), per_page=_per_page(query))
            if clauses is not None and not clauses.each:
                return replace(
                    empty, facets=dict.fromkeys(query.facets, ()), took=time.perf_counter() - began
                )
            text, relaxed = self._relaxed(questions, clauses, filters, query.match)
            total, hits = self._hits(
                questions.searcher, combined(text, filters), query, scored=text is not None
            )
            stored = [questions.searcher.doc(address) for _, address in hits]
            ids = tuple(str(one.get_first(ID)) for one in stored)
            marks = clauses.marks if clauses else frozenset()
            marked = [_marked(one, query.highlight, marks) for one in stored]
            return replace(
                empty,
                ids=ids,
                scores=tuple(float(score) for score, _ in hits),
                total=total,
                facets=self._facets(questions, text, query),
                highlights={one: found for one, found in zip(ids, marked, strict=True) if found},
                relaxed=relaxed and total > 0,
                took=time.perf_counter() - began,
            )

    def similar(self, public_id: str, *, filters: Sequence[Filter] = (), limit: int = 6) -> Results:
        began = time.perf_counter()
        with guarded("looking for similar documents"):
            limit = max(1, min(limit, MAX_PER_PAGE))
            questions = self._questions()
            searcher = questions.searcher
            restrictions = questions.filters(filters)
            known = public_id.encode("utf-8", "replace").decode()
            found = searcher.search(tantivy.Query.term_query(self._schema, ID, known), 1).hits
            if not found:
                return Results(per_page=limit, took=time.perf_counter() - began)
            like = combined(questions.like(texts_of(searcher.doc(found[0][1])), known), restrictions)
            answer = searcher.search(like, limit, weight_by_field=JITTER)
            ids = tuple(str(searcher.doc(address).get_first(ID)) for _, address in answer.hits)
            return Results(
                ids=ids,
                scores=tuple(score for score, _ in answer.hits),
                total=_count(searcher, like),
                per_page=limit,
                took=time.perf_counter() - began,
            )

    def count(self) -> int:
        with guarded("counting"):
            return int(self._searcher().num_docs)

    def health(self) -> Health:
        try:
            documents = self.count()
            current = self._generations.current().analysis == ANALYSIS_VERSION
        except SearchError as error:
            return Health(ok=False, current=False, documents=0, detail=str(error))
        detail = "" if current else "The text analysis has changed: run `manage.py reindex`."
        return Health(ok=True, current=current, documents=documents, detail=detail)

    def _relaxed(
        self, questions: Questions, clauses: Clauses | None, filters: Sequence[tantivy.Query], match: Match
    ) -> tuple[tantivy.Query | None, bool]:
        """The query of the text, and whether it had to ask for less than was meant to find anything."""
        if clauses is None:
            return None, False
        least = clauses.least(match)
        strict = clauses.query(least)
        if match is not Match.AUTO or least == 1 or _count(questions.searcher, combined(strict, filters)):
            return strict, False
        return clauses.query(1), True

    def _hits(
        self, searcher: tantivy.Searcher, query: tantivy.Query, asked: Query, *, scored: bool
    ) -> tuple[int, _Hits]:
        """The number of all hits, and those of the asked page in order as (score, address)."""
        limit = _per_page(asked)
        offset = (max(1, asked.page) - 1) * limit
        if offset + limit > MAX_DEPTH:
            return _count(searcher, query), []
        if asked.sort is None and scored:
            answer = searcher.search(query, limit, offset=offset, weight_by_field=JITTER)
            return _total(answer), list(answer.hits)
        if asked.sort is None:
            answer = searcher.search(query, limit, offset=offset, order_by_field=TIE, order=tantivy.Order.Asc)
            return _total(answer), [(0.0, address) for _, address in answer.hits]
        # Ordering by a field leaves out what has no value in it: that comes after, in the order of nobody.
        by = sort_field(asked.sort.field)
        order = tantivy.Order.Desc if asked.sort.descending else tantivy.Order.Asc
        first = searcher.search(
            within(query, by, known=True), limit, offset=offset, order_by_field=by, order=order
        )
        hits = [(0.0, address) for _, address in first.hits]
        rest = within(query, by, known=False)
        if len(hits) < limit:
            after = max(0, offset - _total(first))
            more = searcher.search(
                rest, limit - len(hits), offset=after, order_by_field=TIE, order=tantivy.Order.Asc
            )
            hits += [(0.0, address) for _, address in more.hits]
        return _total(first) + _count(searcher, rest), hits

    def _facets(
        self, questions: Questions, text: tantivy.Query | None, asked: Query
    ) -> dict[str, tuple[FacetCount, ...]]:
        """Counts of every asked facet: together where no filter is theirs, alone without their own filter."""
        own = {one.field for one in asked.filters}
        groups = [[name for name in asked.facets if name not in own]]
        groups += [[name] for name in dict.fromkeys(asked.facets) if name in own]
        counts: dict[str, tuple[FacetCount, ...]] = {}
        for names in filter(None, groups):
            query = combined(text, questions.filters(asked.filters, without=names[0]))
            terms = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in names}
            answer = questions.searcher.aggregate(query, terms)
            for name in names:
                counts[name] = self._counted(name, answer[name]["buckets"])
        return {name: counts[name] for name in asked.facets}

    def _counted(self, name: str, buckets: list[dict[str, Any]]) -> tuple[FacetCount, ...]:
        flag = self.description.field(name).kind is Kind.FLAG
        counts = [FacetCount(bool(b["key"]) if flag else b["key"], b["doc_count"]) for b in buckets]
        return tuple(sorted(counts, key=lambda one: (-one.count, str(one.value))))

    def _check(self, query: Query) -> None:
        """The field allow-list: a name that the description does not know is refused."""
        for name in query.facets:
            if not self.description.field(name).facet:
                raise SearchError(f"Field {name} is not counted.")
        for name in query.highlight:
            self.description.field(name, Kind.TEXT)
        if query.sort and not self.description.field(query.sort.field).sort:
            raise SearchError(f"Field {query.sort.field} is not sorted by.")

    def _questions(self) -> Questions:
        return Questions(self.description, self._schema, self._searcher())

    def _searcher(self) -> tantivy.Searcher:
        """A view of the newest commit of the current generation, whichever process wrote it."""
        generation = self._usable()
        path = self._generations.path(generation)
        status = os.stat(path / "meta.json")  # replaced as a whole by every commit
        stamp = (status.st_ino, status.st_mtime_ns)
        with self._lock:
            if self._open is None or self._open[0] != generation.name:
                index = tantivy.Index.open(str(path))
                index.config_reader("manual")
                self._open, self._stamp = (generation.name, index), None
            if self._stamp != stamp:
                self._open[1].reload()
                self._stamp = stamp
            return self._open[1].searcher()

    def _usable(self) -> Generation:
        generation = self._generations.current()
        if generation.description != self.description.fingerprint:
            raise SearchError(f"The fields of {self.description.name} have changed: run `manage.py reindex`.")
        return generation


def _per_page(query: Query) -> int:
    return max(1, min(query.per_page, MAX_PER_PAGE))


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    return _total(searcher.search(query, 1))


def _total(answer: Any) -> int:
    return int(answer.count)  # missing in tantivy's own type stubs


def _marked(stored: Any, fields: Sequence[str], marks: frozenset[str]) -> dict[str, Any]:
    texts = texts_of(stored) if fields and marks else {}
    found = {name: excerpt(texts.get(name, ""), marks) for name in fields if texts.get(name)}
    return {name: segments for name, segments in found.items() if any(one.marked for one in segments)}
