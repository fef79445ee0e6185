"""The story through the API, after sign-up, with its wrong turns; docs/api.md has its examples from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail

from catalogue import reference_data
from catalogue.models import Service
from marketplace import events, outbox
from marketplace.models import Event, Organisation
from marketplace.permissions import Actor
from marketplace.thai.sorting import sort_key
from matching.models import Introduction
from tests import factories
from tests.callers import Caller, ids
from tests.journeys.examples import Examples, Narrator

pytestmark = pytest.mark.django_db

SENTENCE = "ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้"
ANSWERS = {
    "name_th": "แจ้งขยะ",
    "name_en": "Waste Report",
    "kind": "saas",
    "dimensions": ["environment"],
    "summary_th": "ประชาชนแจ้งขยะตกค้างผ่านมือถือ เจ้าหน้าที่ติดตามจนปิดเรื่อง",
    "summary_en": "Residents report uncollected waste by phone and follow it until it is closed",
    "regions": ["*"],
}
PRICES = [{"amount": "12000.00", "unit": "month", "vat_included": True, "note": ""}]
CRITERIA = [
    {"kind": "category", "level": "must", "value": {"codes": ["saas"]}, "text": ""},
    {"kind": "price", "level": "nice", "value": {"max": "15000.00", "unit": "month"}, "text": ""},
    {"kind": "standard", "level": "nice", "value": {"codes": ["line_oa"]}, "text": ""},
]
NEED = {
    "title": "ให้ประชาชนแจ้งขยะตกค้าง",
    "problem": SENTENCE,
    "success": "ปิดเรื่องได้ภายใน 3 วัน",
    "dimensions": ["environment"],
    "budget_amount": "180000.00",
    "budget_state": "planned",
    "fiscal_year": 2027,
    "money_source": "ข้อบัญญัติงบประมาณ",
    "start_by": "2027-01-15",
}


@dataclass
class People:
    """Who appears in the story. Their names are fixed, because the document shows them."""

    vendor: Narrator
    rival: Narrator
    official: Narrator
    reviewer: Narrator
    broker: Narrator
    anyone: Narrator


def body(kind: str, name_th: str, name_en: str) -> Organisation:
    return factories.OrganisationFactory(
        kind=kind, name_th=name_th, name_en=name_en, sort_key=sort_key(name_th),
        sales_email="sales@example.com", sales_phone="02-000-0000",
    )  # fmt: skip


@pytest.fixture
def examples() -> Examples:
    return Examples()


@pytest.fixture
def people(db: None, examples: Examples) -> People:
    factories.RegionFactory()
    # The real lists, so that the examples show names where reasons speak of codes.
    reference_data.load()
    factories.empty_indexes()
    vendor = body("vendor", "บริษัท สายลมสะอาด จำกัด", "Clean Wind Co., Ltd.")
    rival = body("vendor", "บริษัท อีกเจ้า จำกัด", "Another Co., Ltd.")
    city = factories.CityFactory(
        name_th="เทศบาลนครหาดใหญ่", name_en="Hat Yai City Municipality", dla_code="03901102",
        organisation=body("city", "เทศบาลนครหาดใหญ่", "Hat Yai City Municipality"),
    )  # fmt: skip
    depa = body("depa", "ดีป้า", "depa")

    def told(organisation: Organisation, role: str, name: str, email: str) -> Narrator:
        actor: Actor = factories.member(organisation, role, name=name, email=email, phone="081-000-0001")
        return Narrator(Caller(actor), examples)

    return People(
        vendor=told(vendor, "owner", "Napa", "napa@example.com"),
        rival=told(rival, "owner", "Rawi", "rawi@example.com"),
        official=told(city.organisation, "official", "Ying", "ying@example.com"),
        reviewer=told(depa, "reviewer", "Rin", "rin@example.com"),
        broker=told(depa, "broker", "Boon", "boon@example.com"),
        anyone=Narrator(Caller(), examples),
    )


def listed(people: People) -> str:
    """Step 1: a service is drafted, submitted, published and found."""
    vendor, reviewer, anyone = people.vendor, people.reviewer, people.anyone
    vendor.get("me/", "me")
    vendor.post("services/", "service-wrong", 400, answers={**ANSWERS, "kind": "spaceship"}, rank=1)
    made = vendor.post("services/", "service-draft", 201, answers=ANSWERS, prices=PRICES)
    path = f"services/{made['id']}/"
    vendor.put(path, answers={**ANSWERS, "languages": ["th"]}, prices=PRICES, seen=1)
    vendor.put(path, "service-stale", 409, answers=ANSWERS, prices=PRICES, seen=1)
    # Nobody else knows of it, and nobody can publish it yet, least of all its vendor.
    anyone.caller.get(path)
    assert anyone.caller.get(path).content == anyone.caller.get("services/000000000000/").content
    assert people.rival.caller.mine(f"{path}work/").status_code == 404
    reviewer.post(f"{path}moves/", status=409, move="publish")
    vendor.post(f"{path}moves/", status=403, move="publish")
    vendor.post(f"{path}moves/", "service-submit:id,state,newest_version,moves", move="submit")
    outbox.drain()
    assert ids(anyone.caller.get("services/", q="ขยะ")) == []
    assert [row["id"] for row in reviewer.mine("services/work/", state="submitted")["results"]] == [
        made["id"]
    ]
    reviewer.post(f"{path}moves/", status=409, move="publish", seen=1)
    reviewer.post(
        f"{path}moves/",
        "service-publish:id,state,newest_version,public_version,moves",
        move="publish",
        seen=2,
    )
    outbox.drain()
    found = anyone.get("services/", "service-search", q="ขยะ", facets="kind")
    assert [row["id"] for row in found["results"]] == [made["id"]]
    assert found["results"][0]["account"] is None, "published here is not listed in the account"
    return str(made["id"])


def needed(people: People, service: str) -> tuple[str, dict[str, Any]]:
    """Steps 2 and 3: a need is drafted with private matches, published, and ranked with reasons."""
    official, anyone = people.official, people.anyone
    other = factories.published(
        _actor(people.rival), _actor(people.reviewer), name_th="เซนเซอร์ถังขยะ", name_en="Bin Sensor",
        kind="hardware", summary_th="วัดระดับขยะในถังทุกชั่วโมง", summary_en="Measures how full bins are",
    )  # fmt: skip
    outbox.drain()
    fits = anyone.get("fits/", "fits", q=SENTENCE)
    assert fits["results"][0]["service"]["id"] == service
    official.post("needs/", status=400, **{**NEED, "start_by": "2570-01-15"})
    need = official.post("needs/", "need-draft", 201, **NEED, criteria=CRITERIA)
    path = f"needs/{need['id']}/"
    outbox.drain()
    private = official.mine(f"{path}matches/")
    assert (private["kept"], private["run"]["need_version"]) == (1, 1)
    # The draft is the city's own: not for the vendor that fits, nor for anyone.
    assert people.vendor.mine(f"services/{service}/matches/")["results"] == []
    assert anyone.caller.get(path).content == anyone.caller.get("needs/000000000000/").content
    assert anyone.get("needs/")["count"] == 0
    people.vendor.post(f"{path}moves/", status=404, move="publish")
    official.post(
        f"{path}moves/", "need-publish:id,state,visibility,public_version,moves", move="publish", seen=1
    )
    official.post(f"{path}moves/", status=409, move="publish")
    assert anyone.get("needs/", "need-list")["count"] == 1
    outbox.drain()
    ranked = official.mine(f"{path}matches/", "need-matches")
    kept, left_out = ranked["results"]
    assert (kept["service"]["id"], left_out["service"]["id"]) == (service, other.public_id)
    assert (left_out["left_out_by"], ranked["left_out"][0]["count"]) == ("c1", 1)
    assert official.mine(f"{path}runs/{ranked['run']['id']}/")["results"] == ranked["results"]
    own = people.vendor.mine(f"services/{service}/matches/", "own-matches")
    assert own["results"][0]["reasons"] == kept["reasons"]
    assert people.vendor.caller.mine(f"services/{other.public_id}/matches/").status_code == 404
    return str(need["id"]), kept


def introduced(people: People, service: str, need: str, match: dict[str, Any]) -> None:
    """Step 4: asked for, checked, accepted; contacts appear and disappear with consent."""
    official, vendor, broker = people.official, people.vendor, people.broker
    asked = {"service": service, "need": need, "match": match["id"]}
    official.post("introductions/", "introduction-without-consent", 400, **asked, consent=False)
    vendor.post("introductions/", status=403, **asked, consent=True)
    made = official.post(
        "introductions/", "introduction-request", 201, **asked, consent=True, message="ขอดูตัวอย่างการใช้งาน"
    )
    official.post("introductions/", status=409, **asked, consent=True)
    path = f"introductions/{made['id']}/"
    assert vendor.caller.mine(path).status_code == 404, "the vendor knows of it once a broker forwarded it"
    official.post(f"{path}moves/", status=403, move="forward")
    broker.post(f"{path}moves/", status=400, move="stop")
    broker.post(f"{path}moves/", "introduction-forward:id,state,contact,moves,history", move="forward")
    people.rival.post(f"{path}moves/", status=404, move="accept", consent=True)
    assert vendor.mine(path)["contact"] is None
    vendor.post(f"{path}moves/", status=400, move="accept")
    done = vendor.post(
        f"{path}moves/", "introduction-accept:id,state,contact,my_consent,moves", move="accept", consent=True
    )
    assert (done["state"], done["contact"]["email"]) == ("introduced", "ying@example.com")
    assert official.mine(path)["contact"]["email"] == "napa@example.com"
    assert broker.mine(path)["contact"] is None
    broker.post(f"{path}withdraw_consent/", status=403)
    official.post(f"{path}withdraw_consent/", "consent-withdrawn:id,state,my_consent")
    gone = vendor.mine(path)
    assert gone["contact"] is None
    assert "ying@example.com" not in str(gone)
    official.post(f"{path}moves/", move="close", note="ได้นัดดูงานแล้ว")


def _actor(narrator: Narrator) -> Actor:
    assert narrator.caller.actor is not None
    return narrator.caller.actor


def test_the_story_through_the_api(people: People, examples: Examples) -> None:
    service = listed(people)
    need, match = needed(people, service)
    introduced(people, service, need, match)
    told = Introduction.objects.get()
    assert [e.move for e in events.of(told)] == ["request", "forward", "accept", "introduce", "close"]
    published = events.of(Service.objects.get(public_id=service))
    assert [e.move for e in published] == ["add", "save", "submit", "publish"]
    assert list(events.broken_links()) == []
    outbox.drain()
    assert {address for m in mail.outbox for address in m.to} >= {"napa@example.com", "ying@example.com"}
    examples.compare()


@pytest.mark.parametrize("drawn", ["sgggxswvckdh", "c1x9fvg58gz4", "000000000000"])
def test_an_id_in_an_example_is_replaced_whether_it_has_a_digit_or_not(drawn: str) -> None:
    settled = Examples()._settled
    assert settled(f'{{"id": "{drawn}"}}') == '{"id": "7m4k2q9x0t01"}'
    assert settled(f"needs/{drawn}/matches/?organisation={drawn} ") == (
        "needs/7m4k2q9x0t01/matches/?organisation=7m4k2q9x0t01 "
    )
    assert settled("advertisement of standards") == "advertisement of standards"


def test_a_wrong_turn_writes_nothing(people: People) -> None:
    before = Event.objects.count()
    for narrator, path, sent in (
        (people.vendor, "services/", {"answers": {}}),
        (people.vendor, "needs/", NEED),
        (people.official, "services/", {"answers": ANSWERS}),
        (people.official, "introductions/", {"service": "000000000000", "consent": True}),
        (people.anyone, "services/", {"answers": ANSWERS}),
    ):
        assert narrator.caller.post(path, **sent).status_code in (400, 403)
    assert Event.objects.count() == before
