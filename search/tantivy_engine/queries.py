"""Texts → tantivy queries, built by hand: no text of a person ever meets a query parser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import tantivy

from search.analysis import Unit, asked, fold, is_spelled, query_units, terms
from search.analysis.spelling import ONE_TYPO
from search.analysis.vocabulary import vocabulary
from search.documents import IndexDescription
from search.engine import Match
from search.tantivy_engine.schema import ANYWHERE, ID, WHOLE

_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot

_OTHER_NAME = 0.8  # what was typed comes before what means the same
_BEGINNING = 0.4  # a word that only begins as typed comes last
_PHRASE = 0.5
_MAX_PHRASE = 8
_MAX_SEQUENCE = 24
_MAX_COMPLETIONS = 12
_MAX_WHOLES = 3
_TOO_SHORT = 2
_MAX_LIKE = 25


@dataclass(frozen=True, slots=True)
class Clause:
    """`need`: the documents that have it in any text field; `score`: how well they say it, field by field."""

    need: tantivy.Query
    score: tantivy.Query


@dataclass(frozen=True, slots=True)
class Clauses:
    """`each`: one a unit; `exact`: one query a phrase in quotes; `near`: the words side by side.

    `marks`: the words to highlight.
    """

    each: tuple[Clause, ...]
    exact: tuple[tantivy.Query, ...]
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

    def needed(self, least: int) -> tantivy.Query:
        """The documents with so many of the units and all phrases, whatever their scores."""
        if least == len(self.each):
            found = [(_MUST, one.need) for one in self.each]
        else:
            some = [(_SHOULD, one.need) for one in self.each]
            found = [(_MUST, tantivy.Query.boolean_query(some, minimum_number_should_match=least))]
        return tantivy.Query.boolean_query([*found, *((_MUST, one) for one in self.exact)])

    def query(self, least: int) -> tantivy.Query:
        """The same documents with their scores."""
        needed = tantivy.Query.const_score_query(self.needed(least), 0.0)
        near = [] if self.near is None else [(_SHOULD, self.near)]
        scores = [(_SHOULD, one.score) for one in self.each]
        return tantivy.Query.boolean_query([(_MUST, needed), *scores, *near])


@dataclass(frozen=True, slots=True)
class Typing:
    """The units from number `first` on may be the beginning of one of `completions`, or of `wholes`."""

    first: int
    completions: tuple[str, ...]
    wholes: tuple[str, ...] = ()

    @property
    def marks(self) -> set[str]:
        inside = {word.text for whole in self.wholes for unit in query_units(whole) for word in unit.words}
        return {*self.completions, *inside}


class Questions:
    """Builds queries against one searcher of one index."""

    def __init__(
        self, description: IndexDescription, schema: tantivy.Schema, searcher: tantivy.Searcher
    ) -> None:
        self.description = description
        self.schema = schema
        self.searcher = searcher

    def clauses(self, text: str, *, typing: bool) -> Clauses | None:
        """The clauses of a text; None if none was given; without a clause if it says nothing.

        `typing`: the last word may be unfinished.
        """
        question = asked(text)
        if not question.text.strip():
            return None
        units = query_units(question.text)
        clauses = [self._unit(unit) for unit in units]
        begun = self._typing(units, question.text) if typing and not question.phrases else None
        if begun is not None and (begun.completions or begun.wholes):
            clauses[begun.first :] = [self._begun(clauses[begun.first :], begun)]
        # A unit that goes by a name is marked as a whole: วงจร and ปิด on their own were not asked for.
        marks = {mark for unit in units for mark in (unit.names or [word.text for word in unit.words])}
        exact = tuple(self._sequence(phrase) for phrase in question.phrases)
        marks |= begun.marks if begun else set()
        return Clauses(tuple(clauses), exact, self._near(units), frozenset(marks))

    def like(self, texts: dict[str, str], public_id: str) -> tantivy.Query:
        """Documents that share the rarest words of `texts` (by field), `public_id` itself left out."""
        weights: dict[str, float] = {}
        documents = self.searcher.num_docs
        for field in self.description.texts:
            for word in terms(texts.get(field.name, "")):
                found = self.searcher.doc_freq(ANYWHERE, word)
                if found > 1:
                    weight = field.boost * math.log(1 + documents / found)
                    weights[word] = max(weight, weights.get(word, 0.0))
        best = sorted(weights, key=lambda word: (-weights[word], word))[:_MAX_LIKE]
        shared = tantivy.Query.boolean_query([(_SHOULD, self._scored(word)) for word in best])
        itself = tantivy.Query.term_query(self.schema, ID, public_id)
        return tantivy.Query.boolean_query([(_MUST, shared), (_NOT, itself)])

    def _unit(self, unit: Unit) -> Clause:
        written = _all([self._scored(word.text) for word in unit.words])
        others = [_boosted(self._scored(name), _OTHER_NAME) for name in unit.names]
        needed = _all([self._has(word.text) for word in unit.words])
        return Clause(
            _any([needed, *(self._has(name) for name in unit.names)]),
            tantivy.Query.disjunction_max_query([written, *others], tie_breaker=0.1),
        )

    def _begun(self, clauses: Sequence[Clause], begun: Typing) -> Clause:
        """The clauses of what may be one unfinished word, and of the words that it may become."""
        scores = [_all([one.score for one in clauses])]
        scores += [_boosted(self._scored(word), _BEGINNING) for word in begun.completions]
        wholes = [tantivy.Query.term_query(self.schema, WHOLE, word, "basic") for word in begun.wholes]
        scores += [tantivy.Query.const_score_query(one, _BEGINNING) for one in wholes]
        needs = [_all([one.need for one in clauses]), *map(self._has, begun.completions), *wholes]
        return Clause(_any(needs), tantivy.Query.disjunction_max_query(scores, tie_breaker=0.1))

    def _has(self, word: str) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, ANYWHERE, word, "basic")

    def _scored(self, word: str) -> tantivy.Query:
        """The word in any text field; the best field counts, the others a little."""
        each = [
            _boosted(tantivy.Query.term_query(self.schema, field.name, word), field.boost)
            for field in self.description.texts
        ]
        return tantivy.Query.disjunction_max_query(each, tie_breaker=0.1)

    def _sequence(self, phrase: str) -> tantivy.Query:
        """The words of a phrase one after the other in any text field."""
        words: list[str | tuple[int, str]] = [
            word.text for word in vocabulary().segmenter.words(fold(phrase))[0][:_MAX_SEQUENCE]
        ]
        if not words:
            return tantivy.Query.all_query()
        if len(words) == 1:
            return self._has(str(words[0]))
        each = [
            tantivy.Query.phrase_query(self.schema, field.name, words) for field in self.description.texts
        ]
        return tantivy.Query.disjunction_max_query(each)

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

        Latin words always (sensor, sensors); Thai only what is no word yet: น้ำ does not begin น้ำตาล.
        A half-typed Thai word is cut anywhere (ท่อง|เที): its whole run is tried then.
        """
        folded = fold(text)
        if not units or text[-1:].isspace() or units[-1].end != len(folded):
            return None
        last = units[-1].words[-1]
        written = folded[last.start : last.end]  # as typed, not its singular
        if not _is_thai(written):
            if len(written) <= _TOO_SHORT:
                return None
            return Typing(len(units) - 1, self._completions(written))
        first = len(units) - 1
        while (
            first and units[first - 1].end == units[first].start and _is_thai(units[first - 1].words[0].text)
        ):
            first -= 1
        run = [word.text for unit in units[first:] for word in unit.words]
        if all(self._known(word) for word in run) or len("".join(run)) <= _TOO_SHORT:
            return None
        if is_spelled("".join(run)):
            return None
        completions = self._completions("".join(run))
        if not completions and (wholes := self._begun_wholes("".join(run))):
            return Typing(first, (), wholes)
        if completions or self._known(last.text) or len(last.text) < 2:
            return Typing(first, completions)
        return Typing(len(units) - 1, self._completions(last.text))

    def _begun_wholes(self, beginning: str) -> tuple[str, ...]:
        """Terms of several words that begin so: แดชบอร์ด is two words, and แดชบอร์ the beginning of neither."""
        if len(beginning) < ONE_TYPO:
            return ()
        begun = self.searcher.terms_with_prefix(WHOLE, beginning, limit=_MAX_WHOLES)
        return tuple(word for word, _ in begun if word != beginning)

    def _completions(self, beginning: str) -> tuple[str, ...]:
        """Words of the index that begin so, the most frequent first."""
        found = self.searcher.terms_with_prefix(ANYWHERE, beginning, limit=_MAX_COMPLETIONS + 1)
        return tuple(word for word, _ in found if word != beginning)[:_MAX_COMPLETIONS]

    def _known(self, word: str) -> bool:
        return bool(self.searcher.doc_freq(ANYWHERE, word))


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(_MUST, one) for one in queries])


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return (
        queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(_SHOULD, one) for one in queries])
    )


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def _is_thai(word: str) -> bool:
    return "\u0e00" <= word[0] <= "\u0e7f"
