"""Whatever differs between an index and the database is found, and repaired to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import DIGEST, Document, SearchError
from search.engine import Engine, Query, get_engine, register
from search.reconciliation import Difference, compare, reconcile
from tests.search.conftest import DOCUMENTS, SERVICES


@pytest.fixture
def world(registry, settings, tmp_path) -> dict[str, Document]:
    """What the database would say, changed by the tests."""
    settings.SEARCH_URL, settings.SEARCH_DIR = "", tmp_path
    documents = {one.id: one for one in DOCUMENTS}

    def fetch(ids: Sequence[str]) -> list[Document]:
        return [documents[one] for one in ids if one in documents]

    register(SERVICES, lambda: list(documents.values()), fetch)
    get_engine().rebuild(DOCUMENTS)
    return documents


def renamed(document: Document, name: str) -> Document:
    return replace(document, fields={**document.fields, "name": name})


def test_equal_is_no_difference(world):
    assert compare(get_engine(), world.values()) == Difference()
    assert reconcile("services") == (Difference(), Difference())


def test_missing_changed_and_surplus_are_found_and_repaired(world):
    first, second, third = DOCUMENTS[:3]
    get_engine().remove([first.id])
    world[second.id] = renamed(second, "ชื่อใหม่")
    del world[third.id]
    before, after = reconcile("services")
    assert (before.missing, before.stale, before.extra) == ((first.id,), (second.id,), (third.id,))
    assert len(before) == 3
    assert after == Difference()
    assert get_engine().search(Query("ชื่อใหม่")).ids == (second.id,)
    assert get_engine().count() == len(world)


def test_a_missing_index_is_said_and_not_made_empty(registry, settings, tmp_path):
    settings.SEARCH_URL, settings.SEARCH_DIR = "", tmp_path
    register(SERVICES, list, lambda ids: [])
    with pytest.raises(SearchError):
        reconcile("services")


def test_an_index_without_a_source_is_refused(registry, settings, tmp_path):
    settings.SEARCH_URL, settings.SEARCH_DIR = "", tmp_path
    register(SERVICES)
    with pytest.raises(SearchError, match="no source"):
        reconcile("services")


def test_the_digest_is_of_what_is_said_and_not_of_how():
    one = Document("x", {"name": "a", "dimension": ["living"], "kind": None}).checked(SERVICES)
    same = Document("x", {"dimension": "living", "name": ["a"]}).checked(SERVICES)
    other = Document("x", {"dimension": "living", "name": ["b"]}).checked(SERVICES)
    assert one.fields[DIGEST] == same.fields[DIGEST] != other.fields[DIGEST]
    assert one.checked(SERVICES).fields[DIGEST] == one.fields[DIGEST]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(st.sampled_from(["same", "missing", "changed", "surplus"]), min_size=1, max_size=8))
def test_any_difference_ends_at_nothing(world, fates):
    engine: Engine = get_engine()
    world.clear()
    stored = []
    for number, fate in enumerate(fates):
        document = Document(f"d{number}", {"name": f"บริการ {number}"})
        if fate != "surplus":
            world[document.id] = document
        if fate != "missing":
            stored.append(renamed(document, "เดิม") if fate == "changed" else document)
    engine.rebuild(stored)
    before, after = reconcile("services")
    assert len(before) == sum(fate != "same" for fate in fates)
    assert len(after) == 0
    assert engine.count() == len(world)
