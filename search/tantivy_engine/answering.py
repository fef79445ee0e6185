"""Answers questions from one view of one index."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import tantivy

from search.analysis import asked, excerpt
from search.documents import IndexDescription, Kind
from search.engine import (
    MAX_DEPTH,
    MAX_PER_PAGE,
    FacetCount,
    Filter,
    Match,
    Query,
    Results,
    SearchError,
)
from search.mending import Mending
from search.tantivy_engine.filters import Filters, combined, within
from search.tantivy_engine.mending import Words
from search.tantivy_engine.queries import Clauses, Questions
from search.tantivy_engine.schema import ID, ids_of, lot_field, sort_field, texts_of
from search.ties import this_week

_FACET_VALUES = 1_000


@dataclass(frozen=True, slots=True)
class _Found:
    """The hits of a page as (score, address), of how many, by which words, and what they were mended from."""

    total: int
    hits: list[tuple[float, Any]]
    needed: tantivy.Query | None
    marks: frozenset[str] = frozenset()
    relaxed: bool = False
    suggestion: str | None = None


class Answering:
    """The questions of `Engine`, put to one searcher. What goes wrong is raised as it comes."""

    def __init__(
        self, description: IndexDescription, schema: tantivy.Schema, searcher: tantivy.Searcher
    ) -> None:
        self.description = description
        self.schema = schema
        self.searcher = searcher
        self._questions = Questions(description, schema, searcher)
        self._filters = Filters(description, schema)
        self._week = this_week()

    def search(self, query: Query) -> Results:
        """See `Engine.search`."""
        began = time.perf_counter()
        self._check(query)
        filters = self._filters.queries(query.filters)
        clauses = self._questions.clauses(query.text, typing=query.prefix)
        empty = Results(page=max(1, query.page), per_page=_per_page(query))
        if clauses is not None and not clauses.each:
            return replace(empty, facets=dict.fromkeys(query.facets, ()), took=time.perf_counter() - began)
        found = self._found(query, clauses, filters)
        addresses = [address for _, address in found.hits]
        ids = tuple(ids_of(self.searcher, addresses))
        marked = [self._marked(address, query.highlight, found.marks) for address in addresses]
        return replace(
            empty,
            ids=ids,
            scores=tuple(float(score) for score, _ in found.hits),
            total=found.total,
            facets=self._facets(found.needed, query),
            highlights={one: marks for one, marks in zip(ids, marked, strict=True) if marks},
            relaxed=found.relaxed and found.total > 0,
            suggestion=found.suggestion,
            took=time.perf_counter() - began,
        )

    def similar(self, public_id: str, filters: Sequence[Filter], limit: int) -> Results:
        """See `Engine.similar`."""
        began = time.perf_counter()
        limit = max(1, min(limit, MAX_PER_PAGE))
        restrictions = self._filters.queries(filters)
        known = public_id.encode("utf-8", "replace").decode()
        found = self.searcher.search(tantivy.Query.term_query(self.schema, ID, known), 1).hits
        if not found:
            return Results(per_page=limit, took=time.perf_counter() - began)
        texts = texts_of(self.searcher.doc(found[0][1]))
        like = combined(self._questions.like(texts, known), restrictions)
        answer = self.searcher.search(like, limit, weight_by_field=lot_field(self._week))
        return Results(
            ids=tuple(ids_of(self.searcher, [address for _, address in answer.hits])),
            scores=tuple(score for score, _ in answer.hits),
            total=_total(answer),
            per_page=limit,
            took=time.perf_counter() - began,
        )

    def _found(self, query: Query, clauses: Clauses | None, filters: Sequence[tantivy.Query]) -> _Found:
        """What the text says; where nothing does, what its mended text says, else what some of it does."""
        if clauses is None:
            return self._page(None, query, filters)
        tolerant = query.tolerant and query.match is not Match.ANY and not asked(query.text).phrases
        # A word that nothing has stands in the way of every exact hit: mending comes first.
        if tolerant and (mended := self._mended(query, filters, desperate=False)):
            return mended
        least = clauses.least(query.match)
        strict = self._page(clauses, query, filters, least)
        if strict.total:
            return strict
        # Where only the filters leave nothing, the words were right.
        wrong = tolerant and not (filters and self._count(clauses.needed(least)))
        if wrong and (mended := self._mended(query, filters, desperate=True)):
            return mended
        if query.match is Match.AUTO and least > 1:
            return self._page(clauses, query, filters, 1)
        return strict

    def _mended(self, query: Query, filters: Sequence[tantivy.Query], *, desperate: bool) -> _Found | None:
        mending = Mending(Words(self.description, self.schema, self.searcher))
        text = mending.mended(asked(query.text).text, typing=query.prefix, desperate=desperate)
        clauses = self._questions.clauses(text, typing=query.prefix) if text else None
        if clauses is None or not clauses.each:
            return None
        found = self._page(clauses, query, filters, clauses.least(query.match))
        return replace(found, suggestion=text) if found.total else None

    def _page(
        self, clauses: Clauses | None, asked: Query, filters: Sequence[tantivy.Query], least: int = 1
    ) -> _Found:
        needed = clauses.needed(least) if clauses else None
        if asked.sort is not None:
            total, hits = self._sorted(combined(needed, filters), asked)
        else:
            scored = clauses.query(least) if clauses else None
            total, hits = self._ranked(combined(scored, filters), asked, scored=scored is not None)
        relaxed = clauses is not None and least < clauses.least(asked.match)
        return _Found(total, hits, needed, clauses.marks if clauses else frozenset(), relaxed)

    def _ranked(self, query: tantivy.Query, asked: Query, *, scored: bool) -> tuple[int, list[Any]]:
        """How many, and the asked page: the best first, without a text in the order of the week's lots."""
        limit, offset = _window(asked)
        lots = lot_field(self._week)
        if offset + limit > MAX_DEPTH:
            return self._count(query), []
        if scored:
            answer = self.searcher.search(query, limit, offset=offset, weight_by_field=lots)
            return _total(answer), list(answer.hits)
        answer = self.searcher.search(
            query, limit, offset=offset, order_by_field=lots, order=tantivy.Order.Asc
        )
        return _total(answer), [(0.0, address) for _, address in answer.hits]

    def _sorted(self, query: tantivy.Query, asked: Query) -> tuple[int, list[Any]]:
        """Ordering by a field leaves out what has no value in it: that comes after, in the order of lots."""
        assert asked.sort is not None
        limit, offset = _window(asked)
        if offset + limit > MAX_DEPTH:
            return self._count(query), []
        by = sort_field(asked.sort.field, self._week)
        order = tantivy.Order.Desc if asked.sort.descending else tantivy.Order.Asc
        first = self.searcher.search(
            within(query, by, known=True), limit, offset=offset, order_by_field=by, order=order
        )
        hits = [(0.0, address) for _, address in first.hits]
        rest = within(query, by, known=False)
        if len(hits) == limit:
            return _total(first) + self._count(rest), hits
        more = self.searcher.search(
            rest,
            limit - len(hits),
            offset=max(0, offset - _total(first)),
            order_by_field=lot_field(self._week),
            order=tantivy.Order.Asc,
        )
        hits += [(0.0, address) for _, address in more.hits]
        return _total(first) + _total(more), hits

    def _marked(self, address: Any, fields: Sequence[str], marks: frozenset[str]) -> dict[str, Any]:
        texts = texts_of(self.searcher.doc(address)) if fields and marks else {}
        found = {name: excerpt(texts.get(name, ""), marks) for name in fields if texts.get(name)}
        return {name: segments for name, segments in found.items() if any(one.marked for one in segments)}

    def _facets(self, needed: tantivy.Query | None, asked: Query) -> dict[str, tuple[FacetCount, ...]]:
        """Counts of every asked facet: together where no filter is theirs, alone without their own filter."""
        own = {one.field for one in asked.filters}
        groups = [[name for name in asked.facets if name not in own]]
        groups += [[name] for name in dict.fromkeys(asked.facets) if name in own]
        counts: dict[str, tuple[FacetCount, ...]] = {}
        for names in filter(None, groups):
            query = combined(needed, self._filters.queries(asked.filters, without=names[0]))
            terms = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in names}
            answer = self.searcher.aggregate(query, terms)
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

    def _count(self, query: tantivy.Query) -> int:
        return _total(self.searcher.search(query, 1))


def _per_page(query: Query) -> int:
    return max(1, min(query.per_page, MAX_PER_PAGE))


def _window(query: Query) -> tuple[int, int]:
    """How many hits from which on."""
    limit = _per_page(query)
    return limit, (max(1, query.page) - 1) * limit


def _total(answer: Any) -> int:
    return int(answer.count)  # missing in tantivy's own type stubs
