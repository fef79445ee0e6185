"""Every engine that the site can run on, with the same small catalogue in it."""

from datetime import date
from decimal import Decimal

import pytest

from search import engine as engines
from search.documents import Document, Field, IndexDescription, Kind
from search.engine import get_engine, register

# The addresses of all engines; whatever joins here has to pass every test of tests/search/test_engine.py.
ENGINES = {"tantivy": "tantivy://{folder}"}

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


@pytest.fixture(params=ENGINES)
def empty_engine(request, registry, settings, tmp_path):
    """An engine that has never been built."""
    settings.SEARCH_URL = ENGINES[request.param].format(folder=tmp_path / "index")
    register(SERVICES, lambda: DOCUMENTS)
    return get_engine()


@pytest.fixture
def engine(empty_engine):
    """An engine with the four documents."""
    empty_engine.rebuild(DOCUMENTS)
    return empty_engine
