"""Words and meaning in one answer: what the words find, and what is near in meaning in either language.

Composed of `Engine.search`, a filter on ids and a store of vectors, so it is the same over every engine. What
words find stays found, counted and filtered as it was; a bounded number of documents that no word found joins
(`Results.by_meaning`). Totals and facet counts are those of exactly this union, in whatever page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from search.analysis import Segment, asked
from search.embedding import Language, Vector, embed_query, enabled, language_of_query
from search.embedding.centring import centred
from search.embedding.upkeep import keeping, vectors_of
from search.engine import (
    MAX_DEPTH,
    MAX_PER_PAGE,
    Engine,
    FacetCount,
    Filter,
    Match,
    OneOf,
    Query,
    Results,
    SearchError,
    get_engine,
)

#: So many of the best by words are put in a common order with the nearest; those after keep theirs.
WORDS = 60
#: So many of the nearest in each language are looked at. WORDS and these twice are one page of an engine.
NEAR = 20
#: What a document in the language of the question gets from its words; from its meaning comes the rest.
SHARE_OF_WORDS = 0.5
#: A passage in the other language counts by meaning alone, and so much of it. More undoes the own
#: language's order, less hides the other's answers (measured on XQuAD's mixed pool).
OTHER_LANGUAGE = 0.8
# Who joins without a word is nearly as near as the nearest passage of that language, not far behind the
# nearest of all, and nearer than questions and passages that have nothing to do with each other. (Cosines of
# centred vectors; those of raw ones say nothing on their own.)
_OF_ITS_LANGUAGE = 0.7
_OF_ALL = 0.45
_BY_CHANCE = 0.2

Embed = Callable[[str], Vector | None]


class Vectors(Protocol):
    """The vectors of an index, centred per language: `search.embedding.vectors.VectorStore`, or an engine."""

    def nearest(
        self, query: Vector, language: Language, limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Documents with a passage in `language`, nearest to a centred query first, as (id, cosine)."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """How near documents are: `own` in the language of the question, `other` in the other; the nearest 1."""

    own: Mapping[str, float]
    other: Mapping[str, float]
    joining: tuple[str, ...]

    def score(self, document: str, words: float) -> float:
        """The document's place among all, from 0 to 1; `words` is what its words score, likewise."""
        if document not in self.own and document not in self.other:
            return words  # its vectors are not made yet
        own = SHARE_OF_WORDS * words + (1 - SHARE_OF_WORDS) * self.own.get(document, 0.0)
        return max(own, OTHER_LANGUAGE * self.other.get(document, 0.0))


def find(index: str, query: Query) -> Results:
    """Answers a query from a registered index, by meaning as well where that is on. Raises SearchError."""
    engine = get_engine(index)
    if not enabled():
        return engine.search(query)
    return hybrid_search(engine, query, vectors_for(engine, index))


def vectors_for(engine: Engine, index: str) -> Vectors:
    """The engine's own vectors where it keeps them, else those in a file beside it."""
    return keeping(engine) or vectors_of(index)


def hybrid_search(engine: Engine, query: Query, vectors: Vectors, embed: Embed = embed_query) -> Results:
    """Answers a query by words and meaning; by words alone where nothing was meant by nearness: no text, a
    phrase in quotes, a sorted list; or where `embed` gives no vector.

    Raises:
        SearchError: as the engine does.
    """
    began = time.perf_counter()
    said = asked(query.text)
    if not said.text.strip() or said.phrases or query.sort is not None:
        return engine.search(query)
    vector = embed(said.text)
    if vector is None:
        return engine.search(query)
    answer = _Fusion(engine, query, vectors, vector).results()
    return replace(answer, took=time.perf_counter() - began)


class _Fusion:
    """One question on its way to one answer."""

    def __init__(self, engine: Engine, query: Query, vectors: Vectors, vector: Vector) -> None:
        self.engine = engine
        self.query = replace(query, highlight=())
        self.marks = query.highlight
        # One call finds the best by words, counts them, and counts the facets.
        self.words = engine.search(replace(self.query, page=1, per_page=WORDS))
        try:
            self.meaning = self._meaning(vectors, vector)
        except SearchError:  # of an engine that keeps them: its words are here, and will do
            self.meaning = _Meaning({}, {}, ())
        self.joined = self._without_words(query.filters)
        #: Found by words, though not among the best, and near in meaning.
        self.raised = self._raised()

    def results(self) -> Results:
        """The asked page, with totals and facets of the whole."""
        per_page = max(1, min(self.query.per_page, MAX_PER_PAGE))
        page = max(1, self.query.page)
        ranked = self._ranked()
        start, stop = (page - 1) * per_page, page * per_page
        chosen = ranked[start:stop]
        if stop <= MAX_DEPTH and stop > len(ranked):
            chosen += self._further(max(start, len(ranked)) - len(ranked), stop - len(ranked))
        ids = tuple(one for one, _ in chosen)
        return replace(
            self.words,
            ids=ids,
            scores=tuple(score for _, score in chosen),
            total=self.words.total + len(self.joined),
            facets=self._facets(),
            highlights=self._highlights(ids),
            page=page,
            per_page=per_page,
            by_meaning=frozenset(self.joined) & frozenset(ids),
        )

    def _meaning(self, vectors: Vectors, vector: Vector) -> _Meaning:
        """The nearest documents, and how near those are that words found. No filter has a say in it."""
        own = language_of_query(self.query.text)
        question = centred(vector, "query", own)
        near = {spoken: vectors.nearest(question, spoken, NEAR) for spoken in (own, _other(own))}
        best = max((found[0][1] for found in near.values() if found), default=0.0)
        if best <= 0:
            return _Meaning({}, {}, ())
        joining = [
            document
            for found in near.values()
            for document, score in found
            if score >= max(_OF_ITS_LANGUAGE * found[0][1], _OF_ALL * best, _BY_CHANCE)
        ]
        candidates = list(dict.fromkeys([*self.words.ids, *joining]))
        scores = [
            {
                document: max(0.0, score / best)
                for document, score in vectors.nearest(question, spoken, len(candidates), among=candidates)
            }
            for spoken in near
        ]
        return _Meaning(scores[0], scores[1], tuple(dict.fromkeys(joining)))

    def _ranked(self) -> list[tuple[str, float]]:
        """The best by words, those near in meaning beside them, and those joined, in their common order."""
        ids = [*self.words.ids, *self.raised, *self.joined]
        # Of one answer, so that the scores compare; also those who say only some of the words.
        said = self._search(Match.ANY, (OneOf("id", ids),)) if ids else Results()
        best = max(said.scores, default=0.0) or 1.0
        words = {one: score / best for one, score in zip(said.ids, said.scores, strict=True)}
        order = {one: place for place, one in enumerate(ids)}  # the engine's ties stay as they are
        scored = [(one, self.meaning.score(one, words.get(one, 0.0))) for one in ids]
        return sorted(scored, key=lambda one: (-one[1], order[one[0]]))

    def _further(self, start: int, stop: int) -> list[tuple[str, float]]:
        """What comes after all that is ranked in common: by words, those left out that are ranked already."""
        ranked = frozenset(self.raised)
        # Where nothing was raised, the place is known; else it is found by counting from the beginning.
        skipped = 0 if ranked else start
        found: list[tuple[str, float]] = []
        at = WORDS + skipped
        while skipped + len(found) < stop and at < min(self.words.total, MAX_DEPTH):
            page = at // MAX_PER_PAGE
            ask = replace(self.query, page=page + 1, per_page=MAX_PER_PAGE, facets=())
            ids = self.engine.search(ask).ids[at - page * MAX_PER_PAGE :]
            if not ids:
                break
            found += [(one, 0.0) for one in ids if one not in ranked]
            at += len(ids)
        return found[start - skipped : stop - skipped]

    def _without_words(self, filters: Sequence[Filter]) -> tuple[str, ...]:
        """Who joins by meaning within `filters`, without being found by words within them."""
        if not self.meaning.joining:
            return ()
        only = (*filters, OneOf("id", self.meaning.joining))
        there = set(self.engine.search(Query(filters=only, per_page=MAX_PER_PAGE)).ids)
        said: Sequence[str] = self.words.ids
        if filters is not self.query.filters or self.words.total > len(said):
            said = self._said(only)
        return tuple(one for one in self.meaning.joining if one in there.difference(said))

    def _raised(self) -> tuple[str, ...]:
        if self.words.total <= len(self.words.ids) or not self.meaning.joining:
            return ()
        said = set(self._said((*self.query.filters, OneOf("id", self.meaning.joining))))
        return tuple(one for one in self.meaning.joining if one in said.difference(self.words.ids))

    def _said(self, filters: Sequence[Filter]) -> Sequence[str]:
        """Who is found by words within `filters`, asked as strictly as the whole question was in the end."""
        if self.words.relaxed:
            return self._search(Match.ANY, filters, every=True).ids
        answer = self._search(self.query.match, filters, every=True)
        return () if answer.relaxed else answer.ids

    def _search(self, match: Match, filters: Sequence[Filter], *, every: bool = False) -> Results:
        text = self.words.suggestion or self.query.text
        filters = filters if every else (*self.query.filters, *filters)
        return self.engine.search(
            Query(text, filters, match=match, prefix=self.query.prefix, per_page=MAX_PER_PAGE)
        )

    def _facets(self) -> Mapping[str, tuple[FacetCount, ...]]:
        """The counts of what words find and of what joins; a facet's own filter is left aside for both."""
        counts = dict(self.words.facets)
        own = {one.field for one in self.query.filters}
        groups: list[tuple[list[str], Sequence[str]]] = [
            ([name for name in counts if name not in own], self.joined)
        ]
        for name in own & counts.keys():
            others = tuple(one for one in self.query.filters if one.field != name)
            groups.append(([name], self._without_words(others)))
        for names, ids in groups:
            if names and ids:
                more = self.engine.search(Query(filters=(OneOf("id", ids),), facets=names, per_page=1)).facets
                counts |= {name: _together(counts[name], more[name]) for name in names}
        return counts

    def _highlights(self, ids: Sequence[str]) -> Mapping[str, Mapping[str, tuple[Segment, ...]]]:
        if not self.marks or not ids:
            return {}
        text = self.words.suggestion or self.query.text
        return self.engine.search(
            Query(
                text,
                (OneOf("id", ids),),
                match=Match.ANY,
                prefix=self.query.prefix,
                highlight=self.marks,
                per_page=len(ids),
            )
        ).highlights


def _together(one: Sequence[FacetCount], other: Sequence[FacetCount]) -> tuple[FacetCount, ...]:
    sums: dict[str | bool, int] = {}
    for each in (*one, *other):
        sums[each.value] = sums.get(each.value, 0) + each.count
    counts = (FacetCount(value, count) for value, count in sums.items())
    return tuple(sorted(counts, key=lambda each: (-each.count, str(each.value))))


def _other(language: Language) -> Language:
    return "en" if language == "th" else "th"
