"""Every engine that the site can run on, with the same small catalogue in it."""

import secrets
from datetime import date
from decimal import Decimal

import pytest

from search import engine as engines
from search.documents import Document, Field, IndexDescription, Kind
from search.engine import get_engine, register
from tests.search.meilisearch_server import MeilisearchServer, why_not

# Whatever joins here has to pass every test of tests/search/engine_contract.py.
ENGINES = ("tantivy", "meilisearch")

SERVICES = IndexDescription(
    "services",
    (
        Field("name", Kind.TEXT, boost=4),
        Field("body", Kind.TEXT),
        Field("kind", Kind.KEYWORD, facet=True),
        Field("dimension", Kind.KEYWORD, facet=True),
        Field("price", Kind.NUMBER, sort=True),
        Field("since", Kind.DATE, sort=True),
        Field("in_account", Kind.FLAG, facet=True),
        Field("sort_key", Kind.KEYWORD, sort=True),
    ),
)

DOCUMENTS = (
    Document(
        "camera",
        {
            "name": ["กล้องวงจรปิดอัจฉริยะ", "Smart surveillance"],
            "body": "นับรถและคนจากภาพของเทศบาล",
            "kind": "device",
            "dimension": ["mobility", "living"],
            "price": Decimal("120000.50"),
            "since": date(2024, 3, 1),
            "in_account": True,
            "sort_key": "c",
        },
    ),
    Document(
        "waste",
        {
            "name": ["ติดตามรถเก็บขยะ", "Waste truck tracking"],
            "body": "เห็นเส้นทางและเวลา ลดเรื่องร้องเรียนขยะตกค้าง",
            "kind": "saas",
            "dimension": ["environment"],
            "price": 9000,
            "since": date(2025, 1, 15),
            "in_account": False,
            "sort_key": "a",
        },
    ),
    Document(
        "flood",
        {
            "name": ["เตือนภัยน้ำท่วม", "Flood warning"],
            "body": "วัดระดับน้ำทุก ๕ นาที แจ้งผ่านไลน์",
            "kind": "saas",
            "dimension": ["environment", "living"],
            "price": None,
            "sort_key": "b",
        },
    ),
    Document(
        "tourist",
        {
            "name": "คู่มือนักท่องเที่ยว",
            "body": "แผนที่และคำแนะนำสำหรับผู้มาเยือน ตลาดข้าว",
            "kind": "content",
            "dimension": ["economy"],
            "price": 9000,
            "in_account": True,
        },
    ),
)


@pytest.fixture
def registry(monkeypatch):
    """No index registered but those of the test."""
    monkeypatch.setattr(engines, "_registered", {})
    engines._engine.cache_clear()
    yield
    engines._engine.cache_clear()


@pytest.fixture(scope="session")
def meilisearch():
    """A server for all tests of this process."""
    if reason := why_not():
        pytest.skip(reason)
    server = MeilisearchServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(params=ENGINES)
def engine_url(request, tmp_path):
    """SEARCH_URL of an engine with nothing in it, once for each engine."""
    if request.param == "tantivy":
        return f"tantivy://{tmp_path / 'index'}"
    return request.getfixturevalue("meilisearch").url(f"t{secrets.token_hex(6)}")


@pytest.fixture
def make_engine(engine_url, registry, settings, tmp_path):
    """Makes the engine of the test for a description; `documents` are the source of its `reindex`."""
    settings.SEARCH_URL, settings.SEARCH_DIR = engine_url, tmp_path

    def make(description=SERVICES, documents=DOCUMENTS):
        register(description, lambda: documents)
        return get_engine(description.name)

    return make


@pytest.fixture
def empty_engine(make_engine):
    """An engine that has never been built."""
    return make_engine()


@pytest.fixture
def engine(empty_engine):
    """An engine with the four documents."""
    empty_engine.rebuild(DOCUMENTS)
    return empty_engine
