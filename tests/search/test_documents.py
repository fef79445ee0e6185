import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from search.documents import DIGEST, Document, Field, IndexDescription, Kind, SearchError
from tests.search.conftest import DOCUMENTS, SERVICES


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)
def test_json_and_back(document):
    again = Document.from_json(json.loads(json.dumps(document.as_json())), SERVICES)
    assert again == document.checked(SERVICES)


def test_values_are_normalised():
    bangkok = datetime.fromisoformat("2026-11-22T07:00:00+07:00")
    checked = Document("x", {"price": Decimal("1.50"), "since": bangkok, "name": "ก\ud800"}).checked(SERVICES)
    told = {name: values for name, values in checked.fields.items() if name != DIGEST}
    assert told == {"price": [1.5], "since": [datetime(2026, 11, 22, tzinfo=UTC)], "name": ["ก?"]}


@pytest.mark.parametrize(
    ("public_id", "fields"),
    [
        ("x", {"secret": "draft"}),  # not on the list
        ("x", {"price": "12"}),
        ("x", {"price": float("nan")}),
        ("x", {"price": True}),
        ("x", {"in_account": 1}),
        ("x", {"since": "2026-01-01"}),
        ("x", {"kind": "ก" * 100}),  # 300 bytes
        ("", {}),
        ("a b", {}),
        ("x" * 65, {}),
    ],
)
def test_what_is_no_document_is_refused(public_id, fields):
    with pytest.raises(SearchError):
        Document(public_id, fields).checked(SERVICES)


@pytest.mark.parametrize(
    "data",
    [{}, {"id": "x"}, {"id": 3, "fields": {}}, {"id": "x", "fields": {"price": "abc"}}, [], "x",
     {"id": "x", "fields": {"since": "22/11/2569"}}, {"id": "x", "fields": {"name": 5}}],
)  # fmt: skip
def test_what_is_no_json_document_is_refused(data):
    with pytest.raises(SearchError):
        Document.from_json(data, SERVICES)


def test_descriptions_are_checked():
    with pytest.raises(SearchError):
        Field("name; drop", Kind.TEXT)
    with pytest.raises(SearchError):
        Field("name", Kind.TEXT, facet=True)
    with pytest.raises(SearchError):
        Field("name", Kind.TEXT, sort=True)
    with pytest.raises(SearchError):
        IndexDescription("services", (Field("name", Kind.TEXT), Field("name", Kind.KEYWORD)))
    assert SERVICES.field("name").boost == 4


def test_dates_of_any_zone_and_century():
    for value in (date.min, date.max, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        Document("x", {"since": value}).checked(SERVICES)
