"""Typed filters → tantivy queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import tantivy

from search import engine
from search.documents import MAX_KEYWORD, Field, IndexDescription, Kind, normal_value
from search.engine import AllOf, Filter, OneOf, Range, SearchError
from search.tantivy_engine.schema import ID, seconds

_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


class Filters:
    """Builds the queries of filters for one index."""

    def __init__(self, description: IndexDescription, schema: tantivy.Schema) -> None:
        self.description = description
        self.schema = schema

    def queries(self, filters: Iterable[Filter], without: str = "") -> list[tantivy.Query]:
        """One query a filter, leaving out those on the field `without`."""
        return [self._filter(one) for one in filters if getattr(one, "field", None) != without]

    def _filter(self, asked: Filter) -> tantivy.Query:
        if isinstance(asked, OneOf):
            return self._one_of(asked)
        if isinstance(asked, AllOf):
            field = self.description.field(asked.field, Kind.KEYWORD)
            each = [self._exactly(field, value) for value in asked.values]
            return tantivy.Query.boolean_query([(_MUST, one) for one in each]) if each else everything()
        if isinstance(asked, Range):
            return self._range(asked)
        raise SearchError(f"{type(asked).__name__} is no filter.")

    def _one_of(self, asked: OneOf) -> tantivy.Query:
        if asked.field == engine.ID:
            return self._ids(asked.values)
        field = self.description.field(asked.field, Kind.KEYWORD, Kind.FLAG)
        each = [self._exactly(field, value) for value in asked.values]
        if len(each) == 1:
            return each[0]
        return tantivy.Query.boolean_query([(_SHOULD, one) for one in each]) if each else nothing()

    def _ids(self, values: Sequence[str | bool]) -> tantivy.Query:
        if not all(isinstance(one, str) for one in values):
            raise SearchError("An id is a text.")
        known = [str(one).encode("utf-8", "replace").decode() for one in values]
        return tantivy.Query.term_set_query(self.schema, ID, known) if known else nothing()

    def _exactly(self, field: Field, value: Any) -> tantivy.Query:
        if isinstance(value, str) and len(value.encode("utf-8", "replace")) > MAX_KEYWORD:
            return nothing()  # longer than any keyword: an odd address in a link, not an error
        return tantivy.Query.term_query(
            self.schema, field.name, normal_value(value, field.kind, field.name), "basic"
        )

    def _range(self, asked: Range) -> tantivy.Query:
        field = self.description.field(asked.field, Kind.NUMBER, Kind.DATE)
        lower, upper = self._bound(field, asked.minimum), self._bound(field, asked.maximum)
        kind = tantivy.FieldType.Float if field.kind is Kind.NUMBER else tantivy.FieldType.Integer
        present = tantivy.Query.exists_query(field.name)
        if lower is None and upper is None:
            inside = present
        else:
            inside = tantivy.Query.range_query(self.schema, field.name, kind, lower, upper)
        if not asked.unknown:
            return inside
        unknown = tantivy.Query.boolean_query([(_MUST, everything()), (_NOT, present)])
        return tantivy.Query.boolean_query([(_SHOULD, inside), (_SHOULD, unknown)])

    def _bound(self, field: Field, value: Any) -> float | int | None:
        if value is None:
            return None
        normal: Any = normal_value(value, field.kind, field.name)
        return float(normal) if field.kind is Kind.NUMBER else seconds(normal)


def combined(text: tantivy.Query | None, filters: Sequence[tantivy.Query]) -> tantivy.Query:
    """`text` within `filters`; filters do not touch the score."""
    restrictions = [(_MUST, tantivy.Query.const_score_query(one, 0.0)) for one in filters]
    if not restrictions:
        return text or everything()
    return tantivy.Query.boolean_query([*([(_MUST, text)] if text else []), *restrictions])


def within(query: tantivy.Query, sorted_by: str, *, known: bool) -> tantivy.Query:
    """`query` only where the field sorted by has a value, or only where it has none."""
    has = tantivy.Query.exists_query(sorted_by)
    return tantivy.Query.boolean_query([(_MUST, query), (_MUST if known else _NOT, has)])


def everything() -> tantivy.Query:
    return tantivy.Query.all_query()


def nothing() -> tantivy.Query:
    return tantivy.Query.empty_query()
