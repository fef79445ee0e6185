"""Suggestions under the search field, one page that searches everything, needs and cities as lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue import claims, services
from catalogue.indexing import cities, vendors
from marketplace import organisations, outbox
from marketplace.models import Organisation
from matching import indexing, needs
from matching.views.suggest import suggesting
from search.engine import Query, SearchError, get_engine, registered, source_of
from search.tantivy_engine.engine import TantivyEngine
from tests import factories
from tests.conftest import Cast
from tests.matching.conftest import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thai")]
WORD = "กังหันลม"


@pytest.fixture(autouse=True)
def indexes(db: None) -> None:
    """Every index, empty: what a test makes reaches them through the worker."""
    for name in registered():
        get_engine(name).rebuild([])


def indexed(name: str) -> list[str]:
    """Ids of all documents of an index, after the worker has caught up."""
    outbox.drain()
    return sorted(get_engine(name).search(Query(per_page=100)).ids)


def typed(text: str, client: Client | None = None) -> str:
    """The list that htmx puts under the field."""
    outbox.drain()
    answer = (client or Client()).get("/suggest/", {"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "HX-Request" in answer.headers["Vary"]
    return answer.content.decode()


def away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any, **_options: Any) -> None:
        raise SearchError("away")

    monkeypatch.setattr(TantivyEngine, "search", fails)


def test_the_index_of_needs_holds_what_is_public_and_follows_it(cast: Cast) -> None:
    factories.need(cast.official)
    factories.need(cast.official, state="published", visibility="private")
    need = factories.need(cast.official, state="published")
    assert indexed("needs") == [need.public_id]
    needs.save(need, factories.need_content(title=WORD), by=cast.official, seen=1)
    outbox.drain()
    assert get_engine("needs").search(Query(text=WORD)).ids == (need.public_id,)
    needs.save(need, factories.need_content(), by=cast.official, seen=2, visibility="private")
    assert indexed("needs") == []
    needs.save(need, factories.need_content(), by=cast.official, seen=3, visibility="public")
    assert indexed("needs") == [need.public_id]
    needs.close(need, by=cast.official)
    outbox.drain()
    assert [str(c.value) for c in get_engine("needs").search(Query(facets=("state",))).facets["state"]] == [
        "closed"
    ]
    needs.withdraw(need, by=cast.official, note="เปลี่ยนแผน")
    assert indexed("needs") == []


def test_the_index_of_vendors_follows_good_standing_names_and_claims(cast: Cast) -> None:
    vendor = cast.owner.organisation
    assert vendor is not None
    organisations.edit_profile(vendor, by=cast.owner, name_th=WORD)
    assert indexed("vendors") == [vendor.public_id]
    organisations.suspend(vendor, by=cast.reviewer, note="ตรวจสอบ")
    assert indexed("vendors") == []
    organisations.restore(vendor, by=cast.reviewer)
    assert indexed("vendors") == [vendor.public_id]
    Organisation.objects.filter(pk=vendor.pk).update(tax_id="0994000617721")
    vendor.refresh_from_db()
    imported = factories.OrganisationFactory(claimed=False, source="t", source_id="1", tax_id="0994000617721")
    get_engine("vendors").rebuild(vendors.all_documents())
    assert imported.public_id in indexed("vendors")
    claims.approve(claims.ask(vendor, imported, by=cast.owner), by=cast.reviewer)
    assert imported.public_id not in indexed("vendors")
    assert vendor.public_id in indexed("vendors")


def test_every_index_can_be_built_from_the_database(cast: Cast) -> None:
    need = factories.need(cast.official, state="published")
    service = factories.published(cast.owner, cast.reviewer)
    outbox.drain()
    for name in registered():
        get_engine(name).rebuild([])
    outbox.put("catalogue.reindex", {})
    assert indexed("needs") == [need.public_id]
    assert indexed("services") == [service.public_id]
    assert len(indexed("vendors")) == 2
    assert len(indexed("cities")) == 2


def test_an_index_is_the_same_in_a_world_with_a_secret(cast: Cast) -> None:
    factories.need(cast.official, state="published")
    factories.published(cast.owner, cast.reviewer)

    def documents() -> dict[str, list[Any]]:
        return {name: [d.as_json() for d in source()] for name in registered() if (source := source_of(name))}

    before, seen = documents(), {name: indexed(name) for name in registered()}
    factories.need(cast.official, title=WORD)
    factories.need(cast.official, state="published", visibility="private", title=WORD)
    factories.draft(cast.owner, name_th=WORD)
    hidden = factories.published(cast.rival, cast.reviewer, name_th=WORD)
    services.suspend(hidden, by=cast.reviewer, note="ตรวจสอบ")
    assert documents() == before
    assert {name: indexed(name) for name in registered()} == seen
    assert all(get_engine(name).search(Query(text=WORD)).ids == () for name in registered())


def test_suggestions_are_of_every_kind_with_what_was_typed_marked(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer, name_th=f"{WORD}ลอยน้ำ")
    need = factories.need(cast.official, state="published", title=f"{WORD}บนเกาะ")
    assert cast.owner.organisation is not None
    organisations.edit_profile(cast.owner.organisation, by=cast.owner, name_th=f"บริษัท {WORD} จำกัด")
    city = factories.CityFactory(name_th=f"เทศบาลเมือง{WORD}")
    outbox.put("marketplace.city_changed", {"city": city.public_id})
    text = typed(WORD)
    for href in (
        *(f"/services/{service.public_id}/", f"/needs/{need.public_id}/"),
        *(f"/vendors/{cast.owner.organisation.public_id}/", f"/cities/{city.public_id}/"),
    ):
        assert f'role="option" aria-selected="false" tabindex="-1" href="{href}' in text
    assert text.count('role="option"') == 4
    assert text.count("<mark>") == 4
    assert "<html" not in text
    # While somebody types, the word is unfinished.
    assert typed(WORD[:4]).count('role="option"') == 4
    assert typed("ก") == typed("") == typed("   ")
    assert 'role="option"' not in typed("ก")


def test_suggestions_hold_nothing_that_is_not_public(cast: Cast, sign_in: Callable[..., Client]) -> None:
    before = typed(WORD)
    factories.need(cast.official, title=WORD)
    factories.need(cast.official, state="published", visibility="private", title=WORD)
    factories.draft(cast.owner, name_th=WORD)
    withdrawn = factories.published(cast.rival, cast.reviewer, name_th=WORD)
    outbox.drain()
    services.withdraw(withdrawn, by=cast.rival, note="เลิก")
    # Not even while the index is behind, and not even to those who may see it elsewhere.
    outbox_is_behind = Client().get("/suggest/", {"q": WORD}, headers={"HX-Request": "true"})
    assert WORD not in outbox_is_behind.content.decode()
    assert typed(WORD, sign_in(cast.official)) == before
    assert typed(WORD) == before
    assert WORD not in page(Client(), f"/suggest/?q={WORD}").replace(f'value="{WORD}"', "").split("<main")[0]


def test_the_page_searches_everything_without_script(cast: Cast) -> None:
    for number in range(7):
        factories.published(cast.owner, cast.reviewer, name_th=f"{WORD} รุ่น {number}")
    factories.need(cast.official, state="published", title=f"{WORD}บนเกาะ")
    outbox.drain()
    text = page(Client(), f"/suggest/?q={WORD}")
    assert text.count("<h3>") == 6
    assert "ดูทั้งหมด 7 รายการ" in text
    assert 'href="/services/?q=' in text
    assert "ไม่พบรายการที่ค้นหา" in page(Client(), "/suggest/?q=zzzzzzzz")
    assert page(Client(), "/suggest/").count("<h3>") == 0


def test_without_the_engine_the_page_is_simplified_and_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = factories.need(cast.official, state="published", title=f"{WORD} บนเกาะ")
    service = factories.published(cast.owner, cast.reviewer, name_th=f"{WORD} ลอยน้ำ")
    secret = factories.need(cast.official, state="published", visibility="private", title=f"{WORD} ลับ")
    away(monkeypatch)
    outbox.drain()
    text = page(Client(), f"/suggest/?q={WORD}")
    assert "ผลการค้นแบบย่อ" in text
    assert need.public_id in text
    assert service.public_id in text
    assert secret.public_id not in text
    assert 'role="option"' not in typed(WORD)
    for path in (f"/needs/?q={WORD}", "/cities/?q=สงขลา"):
        assert "ผลการค้นแบบย่อ" in page(Client(), path)
    assert need.public_id in page(Client(), f"/needs/?q={WORD}")
    assert secret.public_id not in page(Client(), f"/needs/?q={WORD}")
    assert "เทศบาลตัวอย่าง" in page(Client(), "/cities/?q=สงขลา")


def test_needs_are_searched_narrowed_and_counted(cast: Cast) -> None:
    wind = factories.need(cast.official, state="published", dimensions=["energy"], title="กังหันลมบนเกาะ")
    waste = factories.need(
        cast.official, state="published", dimensions=["environment"], budget_state="funded", title="ขยะบนเกาะ"
    )
    outbox.drain()
    text = page(Client(), "/needs/?q=เกาะ&budget=funded")
    assert (waste.public_id in text, wind.public_id in text) == (True, False)
    assert ">1 ความต้องการ<" in text
    assert "<mark>เกาะ</mark>" in text
    # The chip takes the words out and keeps the filter.
    assert 'href="?budget=funded"' in text
    assert "ไม่พบความต้องการตามตัวกรอง" in page(Client(), "/needs/?q=zzzzzzzz")


def test_cities_are_searched_narrowed_and_counted(cast: Cast) -> None:
    factories.CityFactory(name_th="เทศบาลนครหาดใหญ่", name_en="Hat Yai", kind="city_municipality")
    factories.CityFactory(name_th="เทศบาลเมืองคลองแห", kind="town_municipality")
    get_engine("cities").rebuild(cities.all_documents())
    for query in ("q=หาดใหญ่", "q=hat+yai", "q=หาดใหญ่&kind=city_municipality&region=LS"):
        text = page(Client(), f"/cities/?{query}")
        assert ">1 เมือง<" in text, query
        assert "หาดใหญ่" in text
    assert ">1 เมือง<" in page(Client(), "/cities/?kind=town_municipality")
    assert "ไม่พบเมือง" in page(Client(), "/cities/?designation=zone")


@pytest.mark.parametrize(
    "path", ["/suggest/?q=เรื่อง", "/needs/?q=เรื่อง", "/cities/?q=สงขลา", "/cities/", "/needs/"]
)
@pytest.mark.parametrize("typing", [False, True])
def test_one_row_costs_as_many_queries_as_twenty(cast: Cast, path: str, typing: bool) -> None:
    headers = {"HX-Request": "true"} if typing else {}

    def asked() -> int:
        outbox.drain()
        get_engine("cities").rebuild(cities.all_documents())
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path, headers=headers).status_code == 200
        return len(seen)

    factories.need(cast.official, state="published", title="เรื่องแรก")
    factories.published(cast.owner, cast.reviewer, name_th="เรื่องแรก")
    one = asked()
    for number in range(19):
        factories.need(cast.official, state="published", title=f"เรื่องที่ {number}")
        factories.published(cast.owner, cast.reviewer, name_th=f"เรื่องที่ {number}")
        factories.CityFactory()
    assert asked() == one
    assert one <= 8


def test_a_source_names_fields_that_its_index_has() -> None:
    descriptions = {"services": "name", "vendors": "name", "needs": "title", "cities": "name"}
    assert {source.index: source.names for source in suggesting.SOURCES} == descriptions
    assert indexing.INDEX.field("title").boost > indexing.INDEX.field("problem").boost
