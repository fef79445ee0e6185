"""Services are tagged with what they do: suggested by their words, confirmed by their author, found by it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from catalogue import questions, services
from catalogue.documents import facet_values, texts
from catalogue.importing.columns import understand
from catalogue.importing.reading import Line
from catalogue.models import Service
from catalogue.presentation.listing import facets
from catalogue.presentation.narrowing import MOST_SHOWN
from catalogue.services.changes import changes
from catalogue.wording import Wording
from marketplace import outbox
from marketplace.errors import Invalid
from search.engine import FacetCount, get_engine
from search.thesaurus import capabilities
from tests import factories
from tests.catalogue.conftest import SignIn
from tests.catalogue.test_work_pages import body, form, work
from tests.conftest import Cast

CODES = list(capabilities())


def boxes(page: str) -> dict[str, bool]:
    """Code → whether it is ticked, of every capability that can be chosen, in the order of the page."""
    ticks = re.findall(r'<input[^>]* name="capabilities" value="([^"]+)"[^>]*?( checked)?>', page)
    return {code: bool(checked) for code, checked in ticks}


def test_at_most_eight_known_ones_in_the_order_of_the_list(cast: Cast) -> None:
    said = questions.clean(
        factories.ANSWERS | {"capabilities": ["complaint", "waste-report", "complaint"]}, complete=True
    )
    assert said["capabilities"] == ["waste-report", "complaint"]
    assert questions.clean(factories.ANSWERS | {"capabilities": CODES[:8]}, complete=False)
    for wrong in (CODES[:9], ["flying-carpets"], "complaint", [7]):
        with pytest.raises(Invalid) as refused:
            questions.clean(factories.ANSWERS | {"capabilities": wrong}, complete=False)
        assert set(refused.value.message_dict) == {"capabilities"}
    # Nobody has to know: a service without them is complete.
    assert "capabilities" not in questions.clean(factories.ANSWERS, complete=True)


def test_the_form_suggests_and_the_author_decides(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    typed = form(name_th="แจ้งขยะตกค้าง", summary_th="ชาวบ้านแจ้งขยะตกค้าง", suggest="1")
    shown = client.post(work(cast, "new/"), typed)
    offered = boxes(body(shown))
    assert shown.status_code == 200
    assert not Service.objects.exists()
    assert sorted(offered) == sorted(CODES)
    assert not any(offered.values())
    assert next(iter(offered)) == "waste-report"
    assert "แนะนำจากคำว่า แจ้งขยะตกค้าง" in body(shown)
    typed.pop("suggest")
    client.post(work(cast, "new/"), typed)
    service = Service.objects.get()
    assert service.head is not None
    assert "capabilities" not in service.head.answers
    address = work(cast, f"{service.public_id}/edit/")
    client.post(address, typed | {"seen": "1", "capabilities": ["complaint"]})
    service.refresh_from_db()
    assert service.head is not None
    assert service.head.answers["capabilities"] == ["complaint"]
    offered = boxes(body(client.get(address)))
    assert [code for code, ticked in offered.items() if ticked] == ["complaint"]
    assert list(offered)[:2] == ["complaint", "waste-report"]


def test_too_many_are_refused_beside_the_field_and_stay_ticked(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post(work(cast, "new/"), form(capabilities=CODES[:9]))
    assert answer.status_code == 400
    assert 'href="#id_capabilities"' in body(answer)
    assert "8" in answer.context["form"].errors["capabilities"][0]
    assert [code for code, ticked in boxes(body(answer)).items() if ticked] == CODES[:9]
    assert not Service.objects.exists()


def test_what_was_not_in_the_form_is_refused(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post(work(cast, "new/"), form(capabilities=["<script>"]))
    assert answer.status_code == 400
    assert "<script>" not in body(answer)
    assert not Service.objects.exists()


def test_the_page_and_the_differences_name_them(client: Client, cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer, capabilities=["waste-report", "complaint"])
    page = unescape(client.get(f"/services/{service.public_id}/", follow=True).content.decode())
    assert "แจ้งขยะตกค้าง, รับเรื่องร้องเรียน" in page
    saved = services.save(
        service,
        services.Content(factories.ANSWERS | {"capabilities": ["complaint"]}),
        by=cast.owner,
        seen=1,
    )
    [change] = [one for one in changes(service.head, saved.head) if one.label == "ความสามารถ"]
    assert (change.before, change.after) == ("แจ้งขยะตกค้าง, รับเรื่องร้องเรียน", "รับเรื่องร้องเรียน")


def test_broader_ones_find_it_and_the_names_are_searched() -> None:
    pairs = set(facet_values({"capabilities": ["waste-bank"]}))
    assert pairs == {("capability", "waste-bank"), ("capability", "recycle"), ("capability", "waste")}
    assert set(facet_values({})) == set()
    assert texts({"name_th": "สมุดเงิน", "capabilities": ["waste-bank"]})["body"].split("\n")[-2:] == [
        "ธนาคารขยะ",
        "Waste bank",
    ]


def test_lists_are_narrowed_and_counted_by_them(
    client: Client, cast: Cast, index: None, settings: Any
) -> None:
    bank = factories.published(cast.owner, cast.reviewer, name_th="สมุดเงิน", capabilities=["waste-bank"])
    factories.published(cast.owner, cast.reviewer, name_th="อีกอย่าง")
    draft = factories.draft(cast.owner, name_th="ลับ", capabilities=["telemedicine"])
    outbox.drain()
    for url in (settings.SEARCH_URL, "tantivy:///nowhere/at/all"):
        settings.SEARCH_URL = url
        found = client.get("/api/v1/services/?capability=waste&facets=capability").json()
        assert [row["id"] for row in found["results"]] == [bank.public_id]
        counted = {one["value"]: one["count"] for one in found["facets"]["capability"]}
        assert counted == {"waste-bank": 1, "recycle": 1, "waste": 1}
        none = client.get("/api/v1/services/?capability=telemedicine").json()
        assert none["count"] == 0
    assert draft.current is None
    listed = client.get("/services/?capability=waste-bank")
    [facet] = [one for one in listed.context["facets"] if one["name"] == "capability"]
    assert facet["options"][0] == {"value": "waste-bank", "label": "ธนาคารขยะ", "count": 1, "chosen": True}


def test_a_query_finds_a_service_by_what_it_was_tagged_with(cast: Cast, index: None) -> None:
    service = factories.published(cast.owner, cast.reviewer, name_th="สมุดเงิน", capabilities=["telemedicine"])
    outbox.drain()
    results = client_ids("หมอออนไลน์")
    assert results == [service.public_id]


def client_ids(text: str) -> list[str]:
    found = Client().get("/api/v1/services/", {"q": text}).json()
    return [row["id"] for row in found["results"]]


def test_a_filter_of_hundreds_shows_the_fullest(cast: Cast) -> None:
    counts = {"capability": [FacetCount(code, number) for number, code in enumerate(CODES[:40], 1)]}
    [shown] = facets(counts, {"capability": [CODES[0]]}, Wording())
    assert [option["value"] for option in shown["options"]] == [
        CODES[0],
        *reversed(CODES[40 - MOST_SHOWN + 1 : 40]),
    ]


def test_an_import_confirms_nothing(cast: Cast) -> None:
    columns = ["id", "name_th", "summary_th"]
    line = Line(2, {"id": "1", "name_th": "ธนาคารขยะ", "summary_th": "ระบบธนาคารขยะชุมชน"})
    [entry], faults = understand(columns, [line])
    assert faults == []
    assert "capabilities" not in entry.answers


@pytest.fixture
def index() -> None:
    get_engine("services").rebuild([])
