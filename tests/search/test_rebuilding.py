"""A rebuild asks the new index before it is used; what fails leaves the old one answering."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from search import canary
from search.checks import indexes_are_as_the_code_wants
from search.documents import Document, Field, IndexDescription, Kind, SearchError
from search.engine import Query, Results, get_engine, register
from search.rebuilding import rebuild
from tests.search.conftest import DOCUMENTS, SERVICES


@pytest.fixture
def world(registry, settings, tmp_path) -> list[Document]:
    """The documents that the database has; the index is built of the first three."""
    settings.SEARCH_URL, settings.SEARCH_DIR = "", tmp_path
    documents = list(DOCUMENTS)
    register(SERVICES, lambda: list(documents), lambda ids: [one for one in documents if one.id in set(ids)])
    get_engine().rebuild(DOCUMENTS[:2])
    return documents


def run(command: str, *args: str, **options: object) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def test_reindex_and_back(world):
    assert run("reindex") == f"services: {len(DOCUMENTS)} documents\n"
    assert get_engine().count() == len(DOCUMENTS)
    assert run("reindex", "services", roll_back=True) == "services: back to the index before, 2 documents\n"
    assert get_engine().count() == 2


def test_nothing_to_go_back_to_is_said(registry, settings, tmp_path):
    settings.SEARCH_URL, settings.SEARCH_DIR = "", tmp_path
    register(SERVICES, list)
    with pytest.raises(CommandError):
        run("reindex", roll_back=True)


def test_a_new_index_that_lost_documents_is_not_used(world):
    asked = canary.Canaries(SERVICES)
    list(asked.watch(world))
    with pytest.raises(SearchError, match="where"):
        asked.ask(lambda query: Results(total=1))


def test_a_new_index_that_does_not_find_words_is_not_used(world, monkeypatch):
    deaf = canary.Canaries(SERVICES)

    def search(query: Query) -> Results:
        found = Results(ids=("camera",), total=len(world))
        return replace(found, ids=()) if query.text else found

    list(deaf.watch(world))
    with pytest.raises(SearchError, match="own words"):
        deaf.ask(search)
    ask = canary.Canaries.ask
    monkeypatch.setattr(canary.Canaries, "ask", lambda self, _search: ask(self, search))
    with pytest.raises(SearchError):
        rebuild("services")
    assert get_engine().count() == 2


def test_a_source_that_breaks_off_leaves_the_old_index(world):
    def broken():
        yield DOCUMENTS[0]
        raise RuntimeError("the database went away")

    register(SERVICES, broken)
    with pytest.raises(RuntimeError):
        rebuild("services")
    assert get_engine().count() == 2


def test_check_says_what_differs(world):
    assert run("search_check") == "services: 2 documents, as the code wants it\n"
    assert indexes_are_as_the_code_wants(None) == []
    register(IndexDescription("services", (*SERVICES.fields[:-1], Field("colour", Kind.KEYWORD))))
    with pytest.raises(CommandError, match="reindex"):
        run("search_check")
    assert [one.id for one in indexes_are_as_the_code_wants(None)] == ["search.W001"]


def test_check_says_that_an_index_is_missing(registry, settings, tmp_path):
    settings.SEARCH_URL, settings.SEARCH_DIR = "", tmp_path
    register(SERVICES, list)
    with pytest.raises(CommandError):
        run("search_check")


def test_reconcile_repairs_or_only_says(world):
    missing = len(DOCUMENTS) - 2
    with pytest.raises(CommandError, match=f"{missing} documents differ"):
        run("search_reconcile", dry_run=True)
    assert get_engine().count() == 2
    assert run("search_reconcile") == f"services: {missing} missing; now no difference\n"
    assert run("search_reconcile") == "services: no difference; now no difference\n"
    assert get_engine().count() == len(DOCUMENTS)
