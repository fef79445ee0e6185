"""Answers questions from one index of the server, live or not yet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from search.analysis import asked, excerpt, fold, runs, terms
from search.documents import IndexDescription, Kind
from search.engine import MAX_DEPTH, MAX_PER_PAGE, FacetCount, Filter, Match, Query, Results, SearchError
from search.meilisearch_engine import filters
from search.meilisearch_engine.lexicon import Words
from search.meilisearch_engine.questions import Clause, Option, Question, question_of
from search.meilisearch_engine.ranking import Ranking
from search.meilisearch_engine.values import (
    codes_of,
    from_keyword,
    sort_rules,
    text_of,
)
from search.mending import Mending

#: Candidates that are ranked; what follows them comes in the week's order of equals.
WINDOW = 60
_MAX_LIKE = 25
# Documents that hold a phrase and are sorted by a field; more are not looked at.
_MAX_SORTED = 1_000


@dataclass(frozen=True, slots=True)
class _Found:
    """Documents within `filter` that hold `sequences`; `lead` brings the likely best of them forward."""

    question: Question
    filter: str
    total: int
    hits: Sequence[Mapping[str, Any]]
    facets: Mapping[str, tuple[FacetCount, ...]]
    relaxed: bool = False
    suggestion: str | None = None


class Reader:
    """One index for the time of one search; `words.call` bounds it."""

    def __init__(self, words: Words, week: int) -> None:
        self.words = words
        self.description: IndexDescription = words.description
        self.week = week

    def search(self, query: Query) -> Results:
        self._check(query)
        empty = Results(page=max(1, query.page), per_page=per_page(query.per_page))
        filters.restrictions(self.description, query.filters)  # refused before anything is asked
        question = question_of(query.text, self.words, typing=query.prefix)
        if question is None:
            return self._listed(query, empty)
        if not question.clauses:
            return replace(empty, facets=dict.fromkeys(query.facets, ()))
        found = self._answer(question, query)
        return replace(
            self._page(found, query, empty),
            relaxed=found.relaxed and found.total > 0,
            suggestion=found.suggestion,
        )

    def similar(self, public_id: str, asked_filters: Sequence[Filter], limit: int) -> Results:
        limit = per_page(limit)
        restrictions = filters.restrictions(self.description, asked_filters)
        texts = self._texts([public_id]).get(public_id)
        if texts is None:
            return Results(per_page=limit)
        question = self._like(texts)
        itself = f"NOT ({filters.ids([public_id])})"
        if not question.clauses:
            return Results(per_page=limit)
        inside = filters.all_of([question.filter(1), *restrictions, itself])
        total, *answers = self.words.ask(
            [{"filter": inside, "limit": 0}, *self._leading(question, inside, 1)]
        )
        found = _Found(question, inside, _total(total), _hits(answers), {})
        return self._page(found, Query(per_page=limit), Results(per_page=limit))

    def _answer(self, question: Question, query: Query) -> _Found:
        """What the text says; where nothing does, what its mended text says, else what some of it does."""
        tolerant = query.tolerant and query.match is not Match.ANY and not asked(query.text).phrases
        # A word that nothing has stands in the way of every exact hit: mending comes first.
        if tolerant and (mended := self._mended(query, desperate=False)):
            return mended
        least = question.least(query.match)
        strict = self._found(question, query, least)
        if strict.total:
            return strict
        # Where only the filters leave nothing, the words were right.
        free = replace(query, filters=(), facets=())
        wrong = tolerant and not (query.filters and self._found(question, free, least).total)
        if wrong and (mended := self._mended(query, desperate=True)):
            return mended
        if query.match is Match.AUTO and least > 1:
            return replace(self._found(question, query, 1), relaxed=True)
        return strict

    def _mended(self, query: Query, *, desperate: bool) -> _Found | None:
        read = asked(query.text).text
        self.words.learn(
            word.text for run in runs(fold(read)) for word in run.words
        )  # at once, not one by one
        text = Mending(self.words).mended(read, typing=query.prefix, desperate=desperate)
        question = question_of(text, self.words, typing=query.prefix) if text else None
        if question is None or not question.clauses:
            return None
        found = self._found(question, query, question.least(query.match))
        return replace(found, suggestion=text) if found.total else None

    # One question

    def _found(self, question: Question, query: Query, least: int) -> _Found:
        """Candidates, total and facet counts of a question, in one request."""
        said = question.filter(least)
        restrictions = filters.restrictions(self.description, query.filters)
        inside = filters.all_of([said, *restrictions])
        counts, groups = self._counting(question.sequences, said, query)
        answers = self.words.ask([*counts, *self._leading(question, inside, least)])
        facets = self._counted(query.facets, groups, answers[: len(counts)])
        return _Found(question, inside, _total(answers[0]), _hits(answers[len(counts) :]), facets)

    def _page(self, found: _Found, query: Query, empty: Results) -> Results:
        offset, limit = (empty.page - 1) * empty.per_page, empty.per_page
        scored: Sequence[tuple[str, float]] = ()
        if found.total and offset + limit <= MAX_DEPTH:
            scored = (
                self._sorted(found, query, offset, limit) if query.sort else self._best(found, offset, limit)
            )
        ids = tuple(one for one, _ in scored)
        return replace(
            empty,
            ids=ids,
            scores=tuple(score for _, score in scored),
            total=found.total,
            facets=found.facets,
            highlights=self._highlights(ids, query.highlight, found.question.marks),
        )

    def _best(self, found: _Found, offset: int, limit: int) -> Sequence[tuple[str, float]]:
        """A page of the ranked candidates, and of the rest behind them."""
        hits = list(found.hits)
        if len(hits) < min(WINDOW, found.total):  # the rest says only what many say
            others = self._others(found, [str(hit["id"]) for hit in hits])
            hits += self.words.ask([{**others, "limit": WINDOW - len(hits), **self._coded()}])[0]["hits"]
        question = found.question
        frequencies = self.words.frequencies(question.words)
        ranking = Ranking(question, self.description, self.words.size(), frequencies, self.week)
        ranked = ranking.ranked(hits)
        page = ranked[offset : offset + limit]
        if len(page) < limit and found.total > len(ranked) and offset + limit > len(ranked):
            others = self._others(found, [one for one, _ in ranked])
            skipped = max(0, offset - len(ranked))
            rest = {**others, "offset": skipped, "limit": limit - len(page), "attributesToRetrieve": ["id"]}
            page += [(str(hit["id"]), 0.0) for hit in self.words.ask([rest])[0]["hits"]]
        return page

    def _others(self, found: _Found, ids: Sequence[str]) -> dict[str, Any]:
        inside = filters.all_of([found.filter, f"NOT ({filters.ids(ids)})"] if ids else [found.filter])
        return {"q": found.question.sequences, "filter": inside, "sort": sort_rules(self.week)}

    def _sorted(self, found: _Found, query: Query, offset: int, limit: int) -> Sequence[tuple[str, float]]:
        inside = found.filter
        if found.question.phrases:
            # The order of words would come before the order asked for: first find, then sort.
            holding = {"q": found.question.sequences, "filter": inside, "limit": _MAX_SORTED}
            hits = self.words.ask([{**holding, "attributesToRetrieve": ["id"]}])[0]["hits"]
            inside = filters.ids([str(hit["id"]) for hit in hits])
        answer = self.words.ask([self._ordered(query, inside, offset, limit)])[0]
        return [(str(hit["id"]), 0.0) for hit in answer["hits"]]

    def _leading(self, question: Question, inside: str, least: int) -> list[dict[str, Any]]:
        each = {"filter": inside, "matchingStrategy": "last", "sort": sort_rules(self.week), **self._coded()}
        leads = question.leads(self.words, least)
        return [{"q": text, "limit": WINDOW // (number + 1), **each} for number, text in enumerate(leads)]

    def _coded(self) -> dict[str, Any]:
        return {"attributesToRetrieve": ["id", *(codes_of(field.name) for field in self.description.texts)]}

    # No question

    def _listed(self, query: Query, empty: Results) -> Results:
        inside = filters.all_of(filters.restrictions(self.description, query.filters))
        counts, groups = self._counting("", "", query)
        offset = (empty.page - 1) * empty.per_page
        limit = empty.per_page if offset + empty.per_page <= MAX_DEPTH else 0
        page = self._ordered(query, inside, offset if limit else 0, limit)
        answers = self.words.ask([page, *counts])
        ids = tuple(str(hit["id"]) for hit in answers[0]["hits"])
        return replace(
            empty,
            ids=ids,
            scores=(0.0,) * len(ids),
            total=_total(answers[1]),
            facets=self._counted(query.facets, groups, answers[1:]),
        )

    def _ordered(self, query: Query, inside: str, offset: int, limit: int) -> dict[str, Any]:
        by = sort_rules(self.week, query.sort.field, descending=query.sort.descending) if query.sort else None
        rest = {"offset": offset, "limit": limit, "attributesToRetrieve": ["id"]}
        return {"filter": inside, "sort": by or sort_rules(self.week), **rest}

    # Facets

    def _counting(
        self, sequences: str, said: str, query: Query
    ) -> tuple[list[dict[str, Any]], list[list[str]]]:
        """Searches that count: facets without a filter together, the others each without its own."""
        own = {one.field for one in query.filters}
        groups = [[name for name in query.facets if name not in own]]
        groups += [[name] for name in dict.fromkeys(query.facets) if name in own]
        queries = []
        for number, names in enumerate(groups):
            without = names[0] if number else ""
            inside = filters.all_of([said, *filters.restrictions(self.description, query.filters, without)])
            queries.append({"q": sequences, "filter": inside, "facets": names, "limit": 0})
        return queries, groups

    def _counted(
        self, wanted: Sequence[str], groups: Sequence[Sequence[str]], answers: Sequence[dict[str, Any]]
    ) -> dict[str, tuple[FacetCount, ...]]:
        counts: dict[str, tuple[FacetCount, ...]] = {}
        for names, answer in zip(groups, answers, strict=True):
            found = answer.get("facetDistribution") or {}
            for name in names:
                flag = self.description.field(name).kind is Kind.FLAG
                each = [
                    FacetCount(value == "true" if flag else from_keyword(value), int(count))
                    for value, count in (found.get(name) or {}).items()
                ]
                counts[name] = tuple(sorted(each, key=lambda one: (-one.count, str(one.value))))
        return {name: counts[name] for name in wanted}

    # Texts

    def _highlights(self, ids: Sequence[str], fields: Sequence[str], marks: frozenset[str]) -> dict[str, Any]:
        if not ids or not fields or not marks:
            return {}
        found = {}
        texts = self._texts(ids)
        for one in ids:
            each = {name: excerpt(texts[one][name], marks) for name in fields if texts.get(one, {}).get(name)}
            marked = {name: parts for name, parts in each.items() if any(part.marked for part in parts)}
            if marked:
                found[one] = marked
        return found

    def _texts(self, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """The texts of documents as they were written, by id and field."""
        names = [field.name for field in self.description.texts]
        body = {"filter": filters.ids(ids), "limit": len(ids), "fields": ["id", *map(text_of, names)]}
        rows = self.words.call("POST", f"/indexes/{self.words.uid}/documents/fetch", body)["results"]
        return {str(row["id"]): {name: str(row.get(text_of(name), "")) for name in names} for row in rows}

    def _like(self, texts: Mapping[str, str]) -> Question:
        """Whatever shares the rarest words of `texts`."""
        words = {field.name: terms(texts.get(field.name, "")) for field in self.description.texts}
        self.words.learn(word for some in words.values() for word in sorted(some))
        documents = self.words.size().documents
        weights: dict[str, float] = {}
        for field in self.description.texts:
            for word in words[field.name]:
                found = self.words.frequency(word)
                if found > 1:
                    weight = field.boost * math.log(1 + documents / found)
                    weights[word] = max(weight, weights.get(word, 0.0))
        best = sorted(weights, key=lambda word: (-weights[word], word))[:_MAX_LIKE]
        return Question(tuple(Clause((Option((word,)),)) for word in best))

    def _check(self, query: Query) -> None:
        """The field allow-list: a name that the description does not know is refused."""
        for name in query.facets:
            if not self.description.field(name).facet:
                raise SearchError(f"Field {name} is not counted.")
        for name in query.highlight:
            self.description.field(name, Kind.TEXT)
        if query.sort and not self.description.field(query.sort.field).sort:
            raise SearchError(f"Field {query.sort.field} is not sorted by.")


def per_page(asked_for: int) -> int:
    return max(1, min(asked_for, MAX_PER_PAGE))


def _hits(answers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The hits of several answers, each document once."""
    found = {str(hit["id"]): hit for answer in answers for hit in answer["hits"]}
    return list(found.values())


def _total(answer: Mapping[str, Any]) -> int:
    return int(answer["estimatedTotalHits"])
