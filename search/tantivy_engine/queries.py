"""Typed questions → tantivy queries, built by hand: no text of a person ever meets a query parser."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from search.analysis import Unit, fold, query_units, terms
from search.documents import Field, IndexDescription, Kind, normal_value
from search.engine import AllOf, Filter, Match, OneOf, Query, Range, SearchError
from search.tantivy_engine.schema import ID, seconds

_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot

#: Characters of a query that are looked at.
MAX_QUERY = 400
_OTHER_NAME = 0.8  # what was typed comes before what means the same
_BEGINNING = 0.4  # a word that only begins as typed comes last
_PHRASE = 0.5
_MAX_PHRASE = 8
_MAX_COMPLETIONS = 12
_MAX_LIKE = 25


@dataclass(frozen=True, slots=True)
class Clauses:
    """`each`: one query a unit; `near`: the words side by side; `marks`: the words to highlight."""

    each: tuple[tantivy.Query, ...]
    near: tantivy.Query | None
    marks: frozenset[str]

    def least(self, match: Match) -> int:
        """How many of the units a document must have."""
        count = len(self.each)
        if match is Match.ANY:
            return min(1, count)
        if match is Match.ALL or count <= 2:
            return count
        return max(2, math.ceil(count * 0.4))

    def query(self, least: int) -> tantivy.Query:
        main = tantivy.Query.boolean_query(
            [(_SHOULD, one) for one in self.each], minimum_number_should_match=least
        )
        if self.near is None:
            return main
        return tantivy.Query.boolean_query([(_MUST, main), (_SHOULD, self.near)])


@dataclass(frozen=True, slots=True)
class Typing:
    """The units from number `first` on may be the beginning of one of `completions`."""

    first: int
    completions: tuple[str, ...]


class Questions:
    """Builds queries against one searcher of one index."""

    def __init__(
        self, description: IndexDescription, schema: tantivy.Schema, searcher: tantivy.Searcher
    ) -> None:
        self.description = description
        self.schema = schema
        self.searcher = searcher

    def text(self, query: Query) -> Clauses | None:
        """The clauses of a query's text; None if none was given; without a clause if it says nothing."""
        text = query.text[:MAX_QUERY]
        if not text.strip():
            return None
        units = query_units(text)
        clauses = [self._unit(unit) for unit in units]
        typing = self._typing(units, text) if query.prefix else None
        if typing is not None and typing.completions:
            whole = tantivy.Query.boolean_query([(_MUST, one) for one in clauses[typing.first :]])
            begun = [_boosted(self._anywhere(word), _BEGINNING) for word in typing.completions]
            clauses[typing.first :] = [tantivy.Query.disjunction_max_query([whole, *begun], tie_breaker=0.1)]
        completions = typing.completions if typing else ()
        # A unit that goes by a name is marked as a whole: วงจร and ปิด on their own were not asked for.
        marks = {mark for unit in units for mark in (unit.names or [word.text for word in unit.words])}
        return Clauses(tuple(clauses), self._near(units), frozenset(marks | set(completions)))

    def filters(self, filters: Iterable[Filter], without: str = "") -> list[tantivy.Query]:
        """One query a filter, leaving out those on the field `without`."""
        return [self._filter(one) for one in filters if one.field != without]

    def like(self, texts: dict[str, str], public_id: str) -> tantivy.Query:
        """Documents that share the rarest words of `texts` (by field), `public_id` itself left out."""
        weights: dict[str, float] = {}
        documents = self.searcher.num_docs
        for field in self.description.texts:
            for word in terms(texts.get(field.name, "")):
                found = max(self.searcher.doc_freq(each.name, word) for each in self.description.texts)
                if found > 1:
                    weight = field.boost * math.log(1 + documents / found)
                    weights[word] = max(weight, weights.get(word, 0.0))
        best = sorted(weights, key=lambda word: (-weights[word], word))[:_MAX_LIKE]
        shared = tantivy.Query.boolean_query([(_SHOULD, self._anywhere(word)) for word in best])
        itself = tantivy.Query.term_query(self.schema, ID, public_id)
        return tantivy.Query.boolean_query([(_MUST, shared), (_NOT, itself)])

    def _unit(self, unit: Unit) -> tantivy.Query:
        words = [self._anywhere(word.text) for word in unit.words]
        written = (
            words[0] if len(words) == 1 else tantivy.Query.boolean_query([(_MUST, one) for one in words])
        )
        others = [_boosted(self._anywhere(name), _OTHER_NAME) for name in unit.names]
        return tantivy.Query.disjunction_max_query([written, *others], tie_breaker=0.1)

    def _anywhere(self, word: str) -> tantivy.Query:
        """The word in any text field; the best field counts, the others a little."""
        each = [
            _boosted(tantivy.Query.term_query(self.schema, field.name, word), field.boost)
            for field in self.description.texts
        ]
        return tantivy.Query.disjunction_max_query(each, tie_breaker=0.1)

    def _near(self, units: Sequence[Unit]) -> tantivy.Query | None:
        words: list[str | tuple[int, str]] = [word.text for unit in units for word in unit.words]
        if not 2 <= len(words) <= _MAX_PHRASE:
            return None
        each = [
            _boosted(
                tantivy.Query.phrase_query(self.schema, field.name, words, slop=2), field.boost * _PHRASE
            )
            for field in self.description.texts
        ]
        return tantivy.Query.disjunction_max_query(each)

    def _typing(self, units: Sequence[Unit], text: str) -> Typing | None:
        """What the end of the text may be the beginning of; None if its last word is complete.

        Latin words always (sensor, sensors); Thai only while the index lacks the word: น้ำ is a word and not
        the beginning of น้ำตาล. A half-typed Thai word is cut anywhere (ท่อง|เที): its whole run is tried then.
        """
        folded = fold(text)
        if not units or text[-1:].isspace() or units[-1].end != len(folded):
            return None
        last = units[-1].words[-1]
        written = folded[last.start : last.end]  # as typed, not its singular
        if not _is_thai(written):
            return Typing(len(units) - 1, self._completions(written)) if len(written) > 2 else None
        first = len(units) - 1
        while (
            first and units[first - 1].end == units[first].start and _is_thai(units[first - 1].words[0].text)
        ):
            first -= 1
        run = [word.text for unit in units[first:] for word in unit.words]
        if all(self._known(word) for word in run):
            return None
        completions = self._completions("".join(run))
        if completions or self._known(last.text) or len(last.text) < 2:
            return Typing(first, completions)
        return Typing(len(units) - 1, self._completions(last.text))

    def _completions(self, beginning: str) -> tuple[str, ...]:
        """Words of the index that begin so, the most frequent first."""
        found: dict[str, int] = {}
        for field in self.description.texts:
            for word, count in self.searcher.terms_with_prefix(field.name, beginning, limit=_MAX_COMPLETIONS):
                if word != beginning:
                    found[word] = max(count, found.get(word, 0))
        return tuple(sorted(found, key=lambda word: (-found[word], word))[:_MAX_COMPLETIONS])

    def _known(self, word: str) -> bool:
        return any(self.searcher.doc_freq(field.name, word) for field in self.description.texts)

    def _filter(self, asked: Filter) -> tantivy.Query:
        if isinstance(asked, OneOf):
            return self._one_of(asked)
        if isinstance(asked, AllOf):
            field = self.description.field(asked.field, Kind.KEYWORD)
            each = [self._exactly(field, value) for value in asked.values]
            return tantivy.Query.boolean_query([(_MUST, one) for one in each]) if each else _everything()
        if isinstance(asked, Range):
            return self._range(asked)
        raise SearchError(f"{type(asked).__name__} is no filter.")

    def _one_of(self, asked: OneOf) -> tantivy.Query:
        field = self.description.field(asked.field, Kind.KEYWORD, Kind.FLAG)
        each = [self._exactly(field, value) for value in asked.values]
        return tantivy.Query.boolean_query([(_SHOULD, one) for one in each]) if each else _nothing()

    def _exactly(self, field: Field, value: Any) -> tantivy.Query:
        if field.kind is Kind.KEYWORD and isinstance(value, str) and len(value) > 256:
            return _nothing()  # longer than any keyword: an odd address in a link, not an error
        return tantivy.Query.term_query(self.schema, field.name, normal_value(value, field.kind, field.name))

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
        unknown = tantivy.Query.boolean_query([(_MUST, _everything()), (_NOT, present)])
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
        return text or _everything()
    return tantivy.Query.boolean_query([(_MUST, text or _everything()), *restrictions])


def within(query: tantivy.Query, sorted_by: str, *, known: bool) -> tantivy.Query:
    """`query` only where the field sorted by has a value, or only where it has none."""
    has = tantivy.Query.exists_query(sorted_by)
    return tantivy.Query.boolean_query([(_MUST, query), (_MUST if known else _NOT, has)])


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def _everything() -> tantivy.Query:
    return tantivy.Query.all_query()


def _nothing() -> tantivy.Query:
    return tantivy.Query.empty_query()


def _is_thai(word: str) -> bool:
    return "\u0e00" <= word[0] <= "\u0e7f"
