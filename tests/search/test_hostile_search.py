"""Ten thousand generated queries and filters, for every engine: an answer each time, and a right one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.engine import OneOf, Query, Results
from tests.search.conftest import DOCUMENTS
from tests.search.hostile_queries import EXTREMES, queries

EVERYTHING = {document.id for document in DOCUMENTS}


def ask(engine, asked: Query) -> None:
    results = engine.search(asked)
    assert isinstance(results, Results)
    assert set(results.ids) <= EVERYTHING
    assert (
        len(results.ids) == len(set(results.ids)) == len(results.scores) <= results.total <= len(EVERYTHING)
    )
    assert set(results.facets) == set(asked.facets)
    # One more filter never finds more.
    narrowed = engine.search(replace(asked, filters=[*asked.filters, OneOf("id", ["waste"])], tolerant=False))
    assert set(narrowed.ids) <= {"waste"}
    for marked in results.highlights.values():
        assert all("".join(one.text for one in segments).strip() for segments in marked.values())


class TestHostileSearch:
    def test_a_few(self, engine):
        for asked in queries(300, seed=11):
            ask(engine, asked)

    @pytest.mark.slow
    def test_ten_thousand(self, engine):
        for asked in queries(10_000, seed=12):
            ask(engine, asked)

    @pytest.mark.parametrize("text", EXTREMES, ids=lambda text: repr(text[:6]))
    def test_an_extreme_value_is_a_value(self, engine, text):
        for asked in (OneOf("kind", [text]), OneOf("id", [text]), OneOf("kind", [text, "saas"])):
            assert set(engine.search(Query(filters=[asked])).ids) <= {"waste", "flood"}
        assert engine.similar(text).ids == ()
