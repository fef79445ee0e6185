"""The list of services: bands of prices, chips, what was meant, ways on where nothing was found."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue import browsing, offered, price_bands
from marketplace import outbox
from search.engine import Results, SearchError
from search.tantivy_engine.engine import TantivyEngine
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index", "thai")]


def page(path: str) -> str:
    outbox.drain()
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def price(unit: str, amount: int) -> dict[str, Any]:
    return {"unit": unit, "amount": amount, "vat_included": True}


@pytest.mark.parametrize(
    ("prices", "codes"),
    [
        ([], ["unknown"]),
        ([("month", 0)], ["month_5k"]),
        ([("month", 5_000)], ["month_5k"]),
        ([("month", "5000.01")], ["month_20k"]),
        ([("month", 100_000)], ["month_100k"]),
        ([("month", 100_001)], ["month_more"]),
        ([("once", 100_000)], ["once_100k"]),
        ([("once", 500_000)], ["once_500k"]),
        ([("once", "500000.01")], ["once_more"]),
        # The lowest of a unit decides; units are not put beside each other.
        ([("month", 90_000), ("month", 4_000), ("once", 700_000)], ["month_5k", "once_more"]),
        ([("user", 50), ("device", 900_000)], ["per_unit"]),
    ],
)
def test_a_price_falls_into_the_band_of_its_unit(prices: list[tuple[str, Any]], codes: list[str]) -> None:
    assert price_bands.bands((unit, Decimal(amount)) for unit, amount in prices) == codes


def test_every_band_has_its_words() -> None:
    codes = [code for bands in price_bands.BANDS.values() for code, _highest in bands]
    assert list(price_bands.words()) == [*codes, price_bands.PER_UNIT, price_bands.UNKNOWN]


@pytest.mark.parametrize("away", [False, True])
def test_services_are_narrowed_and_counted_by_price(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    cheap = factories.published(cast.owner, cast.reviewer, prices=[price("month", 4_000)])
    both = factories.published(
        cast.owner, cast.reviewer, prices=[price("month", 3_000), price("once", 600_000)]
    )
    silent = factories.published(cast.owner, cast.reviewer)
    factories.draft(cast.owner, prices=[price("once", 50_000)])
    outbox.drain()
    if away:

        def fails(*_args: Any, **_options: Any) -> Results:
            raise SearchError("away")

        monkeypatch.setattr(TantivyEngine, "search", fails)

    def found(*codes: str) -> set[str]:
        return set(browsing.find(filters={"price": list(codes)}).ids)

    assert found("month_5k") == {cheap.public_id, both.public_id}
    assert found("once_more") == {both.public_id}
    assert found("unknown") == {silent.public_id}
    assert found("once_more", "unknown") == {both.public_id, silent.public_id}
    counts = browsing.find(filters={"price": ["unknown"]}, facets=("price",)).facets["price"]
    assert {str(one.value): one.count for one in counts} == {"month_5k": 2, "once_more": 1, "unknown": 1}


def test_each_choice_is_a_chip_that_takes_only_itself_out(cast: Cast) -> None:
    factories.published(cast.owner, cast.reviewer, prices=[price("month", 4_000)])
    text = page("/services/?q=ขยะ&price=month_5k&kind=saas&sort=newest")
    chips = re.search(r'<ul class="chosen".*?</ul>', text, re.DOTALL)
    assert chips is not None
    assert re.findall(r'<a href="([^"]*)"', chips[0].replace("&amp;", "&")) == [
        "?price=month_5k&kind=saas&sort=newest",
        *("?q=%E0%B8%82%E0%B8%A2%E0%B8%B0&price=month_5k&sort=newest",),
        "?q=%E0%B8%82%E0%B8%A2%E0%B8%B0&kind=saas&sort=newest",
        "/services/",
    ]
    assert "รายเดือน: ไม่เกิน 5,000 บาท" in chips[0]


def answering(monkeypatch: pytest.MonkeyPatch, **said: Any) -> None:
    """The engine's own answer, with something more in it."""
    find = browsing.find

    def answered(*args: Any, **options: Any) -> Results:
        results = find(*args, **options)
        return Results(ids=results.ids, scores=results.scores, total=results.total, **said)

    monkeypatch.setattr(browsing, "find", answered)


def test_a_mended_word_is_offered_as_a_link(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.published(cast.owner, cast.reviewer)
    outbox.drain()
    answering(monkeypatch, suggestion="ขยะ <b>")
    text = page("/services/?q=ขยา&kind=saas")
    assert "หมายถึงคำนี้หรือไม่" in text
    assert 'href="?q=%E0%B8%82%E0%B8%A2%E0%B8%B0+%3Cb%3E&amp;kind=saas"' in text
    assert "<b>ขยะ &lt;b&gt;</b>" in text


def test_what_no_word_found_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    outbox.drain()
    assert "พบจากความหมาย" not in page("/services/?q=ขยะ")
    answering(monkeypatch, by_meaning=frozenset({service.public_id}))
    assert page("/services/?q=ขยะ").count("พบจากความหมาย") == 1


def test_where_nothing_was_found_there_are_ways_on(cast: Cast) -> None:
    factories.published(cast.owner, cast.reviewer, capabilities=["flood-warning"])
    text = page("/services/?q=เตือนภัยน้ำท่วม&kind=hardware")
    assert ">0 บริการ<" in text
    assert "ค้นหาโดยไม่ใช้ “" in text
    assert 'href="/services/?capability=flood-warning"' in text
    assert 'href="/suggest/?q=' in text
    assert 'href="/try/?q=' in text
    # A capability that no public service has leads nowhere.
    assert "capability=waste" not in page("/services/?q=รถขยะ&kind=hardware")


def test_capabilities_are_offered_where_a_service_has_them(cast: Cast) -> None:
    factories.draft(cast.owner, capabilities=["flood-warning"])
    outbox.drain()
    assert offered.capabilities("เตือนภัยน้ำท่วม", 3) == []
    factories.published(cast.owner, cast.reviewer, capabilities=["flood-warning"])
    outbox.drain()
    [narrow] = [one for one in offered.capabilities("เตือนภัยน้ำท่วม", 3) if one.href.endswith("flood-warning")]
    assert (narrow.name, narrow.count) == ("เตือนภัยน้ำท่วม", 1)
    assert offered.capabilities("เตือนภัยน", 3) == []
    assert narrow in offered.capabilities("เตือนภัยน", 3, unfinished=True)


@pytest.mark.parametrize("path", ["/services/?q=แจ้ง&price=unknown", "/services/?q=zzzz&kind=saas"])
def test_one_service_costs_as_many_queries_as_twenty(cast: Cast, path: str) -> None:
    def asked() -> int:
        outbox.drain()
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path).status_code == 200
        return len(seen)

    factories.published(cast.owner, cast.reviewer)
    one = asked()
    for _number in range(19):
        factories.published(cast.owner, cast.reviewer)
    assert asked() == one
    assert one <= 8
