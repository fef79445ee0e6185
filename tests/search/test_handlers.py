import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from search.documents import SearchError
from search.engine import Query, register
from search.handlers import index_documents, remove_documents
from tests.search.conftest import DOCUMENTS, SERVICES


def test_index_and_remove_through_json(engine):
    engine.rebuild([])
    payload = json.loads(json.dumps({"index": "services", "documents": [one.as_json() for one in DOCUMENTS]}))
    index_documents(payload)
    index_documents(payload)
    assert (engine.count(), engine.search(Query("ขยะ")).ids) == (4, ("waste",))
    remove_documents({"index": "services", "ids": ["waste"]})
    remove_documents({"index": "services", "ids": ["waste"]})
    assert (engine.count(), engine.search(Query("ขยะ")).ids) == (3, ())


@pytest.mark.parametrize("payload", [{}, {"documents": 3}, {"index": "none", "documents": []}, {"index": 1}])
def test_a_wrong_payload_is_an_error_of_search(engine, payload):
    with pytest.raises(SearchError):
        index_documents(payload)


@pytest.mark.parametrize("payload", [{}, {"ids": "waste"}, {"ids": [1]}, {"index": "none", "ids": []}])
def test_a_wrong_removal_is_an_error_of_search(engine, payload):
    with pytest.raises(SearchError):
        remove_documents(payload)
    assert engine.count() == 4


def test_reindex_builds_every_registered_index(empty_engine):
    output = StringIO()
    call_command("reindex", stdout=output)
    assert output.getvalue() == "services: 4 documents\n"
    assert empty_engine.count() == 4


def test_reindex_says_what_it_cannot(registry):
    with pytest.raises(CommandError):
        call_command("reindex", "none")
    register(SERVICES)
    with pytest.raises(CommandError):
        call_command("reindex")
