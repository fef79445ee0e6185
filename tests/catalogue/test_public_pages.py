"""The public pages: what anyone reads of services and vendors."""

from __future__ import annotations

import re
import shutil
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from catalogue import accounts, certificates, services
from catalogue.models import Service
from marketplace import organisations, outbox
from search.engine import get_engine
from tests import factories
from tests.conftest import Cast

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def index(db: None) -> None:
    """An empty index, as on a fresh site."""
    get_engine("services").rebuild([])


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = client.get(address, follow=True)
    assert response.status_code == 200
    return len(caught)


def text_of(response: Any) -> str:
    return response.content.decode()


def page_of(service: Service) -> str:
    """The Thai address; the language of the request before it would decide otherwise."""
    with translation.override("th"):
        return reverse("service", args=[service.public_id, service.slug])


def test_a_published_service_is_found_when_the_worker_has_run(
    client: Client, cast: Cast, index: None
) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    assert "แจ้งขยะตกค้าง" not in text_of(client.get("/services/"))
    outbox.drain()
    listed = text_of(client.get("/services/?q=ขยะ"))
    assert page_of(service) in listed
    assert "<mark>ขยะ</mark>" in listed
    assert "Waste report" in text_of(client.get("/en/services/"))


def test_lists_need_the_same_few_queries_with_few_and_with_many_rows(
    client: Client, cast: Cast, index: None
) -> None:
    def add() -> Service:
        return factories.published(
            cast.owner, cast.reviewer, prices=[{"amount": "10", "unit": "once", "vat_included": True}]
        )

    service = add()
    certificates.state(service, by=cast.owner, kind="dsure")
    add()  # Django leaves out the query for similar services where the engine knows of none.
    outbox.drain()
    vendor = reverse("vendor", args=[service.vendor.public_id])
    client.get("/services/")
    one = queries(client, "/services/"), queries(client, vendor), queries(client, page_of(service))
    for _n in range(18):
        add()
    outbox.drain()
    many = queries(client, "/services/"), queries(client, vendor), queries(client, page_of(service))
    assert one == many
    assert one[0] <= 5
    assert one[1] <= 8
    assert one[2] <= 8
    client.force_login(cast.official.user)
    assert queries(client, "/services/") <= 8
    assert queries(client, page_of(service)) <= 10


def test_filters_count_what_choosing_them_finds(
    client: Client, cast: Cast, index: None, settings: Any
) -> None:
    factories.published(cast.owner, cast.reviewer)
    factories.published(cast.owner, cast.reviewer, name_th="ไฟถนน", dimensions=["energy"], regions=["LS"])
    outbox.drain()
    for address in ("/services/?dimension=energy", "/services/?region=LS&dimension=energy"):
        response = client.get(address)
        facets = {
            f["name"]: {o["value"]: o["count"] for o in f["options"]} for f in response.context["facets"]
        }
        # Its own filter left aside, a facet still counts what the others leave.
        assert facets["dimension"] == {"environment": 1, "energy": 1}
        assert response.context["results"].total == 1
    found = client.get("/services/?region=LS").context
    assert found["results"].total == 2
    [regions] = [facet["options"] for facet in found["facets"] if facet["name"] == "region"]
    said = {option["value"]: option["count"] for option in regions}
    assert said == {"*": 1, "LS": 2}
    # The API says the same, with the engine and without it.
    for url in (settings.SEARCH_URL, "tantivy:///nowhere/at/all"):
        settings.SEARCH_URL = url
        [counted] = client.get("/api/v1/services/?facets=region").json()["facets"].values()
        assert {one["value"]: one["count"] for one in counted} == said
    chips = client.get("/services/?q=ไฟ&dimension=energy&dimension=nonsense").context["chips"]
    assert [chip["value"] for chip in chips] == ["ไฟ", "energy"]


def test_parts_for_htmx_are_parts_of_the_page(client: Client, cast: Cast, index: None) -> None:
    part = text_of(client.get("/services/", headers={"HX-Request": "true"}))
    assert part.strip().startswith('<div id="catalogue"')
    assert "<html" not in part
    whole = client.get("/services/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in text_of(whole)
    assert "HX-Request" in whole["Vary"]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=99999999999999999999", "sort=x", "q=%00", "q=" + "ก" * 5000],
)
def test_a_wrong_address_is_no_error(client: Client, cast: Cast, index: None, query: str) -> None:
    assert client.get(f"/services/?{query}").status_code == 200


@pytest.mark.parametrize("broken", [True, False])
def test_without_its_index_the_database_answers_and_says_so(
    client: Client, cast: Cast, index: None, broken: bool
) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    certificates.state(service, by=cast.owner, kind="dsure")
    outbox.drain()
    folder = settings.SEARCH_DIR
    if broken:
        for path in folder.rglob("*"):
            if path.is_file():
                path.write_bytes(b"no index")
    else:
        shutil.rmtree(folder)
    try:
        response = client.get("/en/services/?q=ขยะ&certificate=dsure")
        assert response.context["results"].degraded
        assert "Results are simplified" in text_of(response)
        assert page_of(service) in text_of(response)
        assert {f["name"] for f in response.context["facets"]} >= {"dimension", "kind", "certificate"}
        assert client.get(page_of(service), follow=True).status_code == 200
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        get_engine("services").rebuild([])


def test_addresses_with_an_old_or_no_name_lead_to_the_present_one(
    client: Client, cast: Cast, index: None
) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    bare = reverse("service", args=[service.public_id])
    for address in (bare, f"{bare}old-name/"):
        response = client.get(address + "?from=line")
        assert response.status_code == 302
        assert response["Location"] == page_of(service) + "?from=line"


def test_what_is_not_public_is_unknown(client: Client, cast: Cast, index: None) -> None:
    draft = factories.draft(cast.owner, name_th="ความลับ")
    suspended = services.suspend(
        factories.published(cast.owner, cast.reviewer), by=cast.reviewer, note="ตรวจสอบ"
    )
    unknown = client.get("/services/000000000000/")
    for who in (None, cast.rival, cast.owner, cast.reviewer):
        if who:
            client.force_login(who.user)
            unknown = client.get("/services/000000000000/")
        for service in (draft, suspended):
            answer = client.get(f"/services/{service.public_id}/")
            assert answer.status_code == unknown.status_code in (404, 302)
            assert same(answer, service.public_id) == same(unknown, "000000000000")


def same(response: Any, public_id: str) -> str:
    """The bytes without what every page has of its own: the id asked for and the form tokens."""
    body = response.content.decode().replace(public_id, "ID")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)


def test_a_withdrawn_service_says_why(client: Client, cast: Cast, index: None) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    services.withdraw(service, by=cast.owner, note="เลิกให้บริการ & <b>ปิด</b>")
    answer = client.get(page_of(service))
    assert answer.status_code == 410
    assert "เลิกให้บริการ &amp; &lt;b&gt;ปิด&lt;/b&gt;" in text_of(answer)


def test_a_draft_changes_nothing_that_others_read(client: Client, cast: Cast, index: None) -> None:
    factories.published(cast.owner, cast.reviewer)
    outbox.drain()
    pages = ("/services/", "/services/?q=ความลับ", f"/vendors/{cast.owner.organisation.public_id}/")
    before = [text_of(client.get(page)) for page in pages]
    secret = factories.draft(cast.owner, name_th="ความลับ", dimensions=["energy"])
    services.submit(secret, by=cast.owner)
    outbox.drain()
    assert [text_of(client.get(page)) for page in pages] == before
    shutil.rmtree(settings.SEARCH_DIR)
    try:
        assert "ความลับ</a>" not in text_of(client.get("/services/?q=ความลับ"))
        assert "energy" not in str(client.get("/services/").context["facets"])
    finally:
        get_engine("services").rebuild([])


def test_hostile_text_stays_text(client: Client, cast: Cast, index: None) -> None:
    texts = {
        f"{field}_{language}": HOSTILE
        for field in ("name", "summary", "description", "support")
        for language in ("th", "en")
    } | {"description_en": f"# {HOSTILE}\n[go](javascript:alert(1)) **bold**\n\n<iframe src=//x></iframe>"}
    service = factories.published(
        cast.owner,
        cast.reviewer,
        **texts,
        functions_th=[HOSTILE],
        keywords=[HOSTILE],
        prices=[{"amount": "1", "unit": "once", "vat_included": True, "note": HOSTILE}],
        references=[{"name": HOSTILE, "scale": HOSTILE}],
    )
    certificates.state(service, by=cast.owner, kind="dsure", number=HOSTILE)
    accounts.record_status(
        service,
        by=cast.reviewer,
        listed=True,
        register_number=HOSTILE[:60],
        item_group=HOSTILE,
        valid_from=date(2025, 1, 1),
    )
    organisations.edit_profile(
        cast.owner.organisation,
        by=cast.owner,
        about_th=HOSTILE,
        name_en=HOSTILE,
        sales_line=HOSTILE,
        sales_phone=HOSTILE[:40],
    )
    outbox.drain()
    pages = (f"/services/?q={HOSTILE}", page_of(service), f"/vendors/{cast.owner.organisation.public_id}/")
    for page in (*pages, *(f"/en{page}" for page in pages)):
        body = text_of(client.get(page, follow=True))
        assert "alert(1)" in body
        assert "<script>alert" not in body
        assert not re.search(r"<img[^>]*onerror", body)
        assert 'href="javascript:' not in body
        assert "<iframe" not in body


def test_both_languages_with_what_is_missing_marked(client: Client, cast: Cast, index: None) -> None:
    service = factories.published(cast.owner, cast.reviewer, name_en=None, summary_en=None)
    assert '<h1 lang="th">แจ้งขยะตกค้าง</h1>' in text_of(client.get(f"/en{page_of(service)}"))
    assert "<h1>แจ้งขยะตกค้าง</h1>" in text_of(client.get(page_of(service)))


def test_the_account_is_a_fact_of_its_own(client: Client, cast: Cast, index: None) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    address = f"/en{page_of(service)}"
    assert "Account status unknown" in text_of(client.get(address))
    accounts.record_status(service, by=cast.reviewer, listed=False)
    assert "Not in the digital services account" in text_of(client.get(address))
    entry = {"register_number": "A-1", "valid_from": date(2020, 1, 1)}
    accounts.record_status(service, by=cast.reviewer, listed=True, valid_to=date(2021, 1, 1), **entry)
    assert "Account entry has expired" in text_of(client.get(address))
    accounts.record_status(service, by=cast.reviewer, listed=True, **entry)
    assert "In the digital services account" in text_of(client.get(address))


def test_who_may_ask_for_an_introduction(client: Client, cast: Cast, index: None) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    address = page_of(service)
    assert f"/accounts/login/?next={address.split('/')[0]}" in text_of(client.get(address))
    client.force_login(cast.official.user)
    body = text_of(client.get(address))
    assert f"?service={service.public_id}" in body
    assert cast.official.organisation.public_id in body
    client.force_login(cast.rival.user)
    assert f"?service={service.public_id}" not in text_of(client.get(address))
