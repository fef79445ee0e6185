"""Home, the sentence, and the start page of each role."""

from __future__ import annotations

from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue import browsing
from marketplace import outbox
from matching import introductions
from matching.models import MatchRun, Need
from search.engine import SearchError, get_engine
from tests import factories
from tests.conftest import Cast
from tests.matching.conftest import SignIn, org, page, queries

pytestmark = pytest.mark.usefixtures("thai", "index")


def test_home_counts_what_is_public(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer, dimensions=["environment", "energy"])
    factories.draft(cast.owner, dimensions=["energy"])
    need = factories.need(cast.official, state="published", dimensions=["environment"])
    factories.need(cast.official, dimensions=["environment"])
    outbox.drain()
    row = introductions.request(service, by=cast.official, consent=True, need=need)
    introductions.accept(introductions.forward(row, by=cast.broker), by=cast.owner, consent=True)
    response = Client().get("/")
    counts = response.context["counts"]
    expected = {"services": 1, "vendors": 1, "needs": 1, "cities": 1, "introduced": 1, "unserved": 0}
    assert {key: counts[key] for key in expected} == expected
    measured = {d["code"]: (d["services"], d["needs"]) for d in response.context["dimensions"]}
    assert len(measured) == 7
    assert (measured["environment"], measured["energy"]) == ((1, 1), (1, 0))
    text = response.content.decode()
    assert "นับจากข้อมูลในระบบ" in text
    assert 'action="/try/"' in text
    assert 'action="/en/try/"' in page(Client(), "/en/")


def test_home_costs_the_same_for_one_and_for_twenty_and_is_kept_a_minute(cast: Cast) -> None:
    def fresh() -> int:
        cache.clear()
        outbox.drain()
        with CaptureQueriesContext(connection) as seen:
            assert Client().get("/").status_code == 200
        return sum("cache" not in query["sql"].lower() and "SAVEPOINT" not in query["sql"] for query in seen)

    factories.need(cast.official, state="published")
    one = fresh()
    for number in range(19):
        factories.need(cast.official, state="published", title=f"เรื่องที่ {number}")
    assert fresh() == one <= 10
    with CaptureQueriesContext(connection) as seen:
        Client().get("/")
    assert len(seen) <= 1


SENTENCE = "ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้"


def test_a_sentence_finds_services_with_reasons_and_leaves_no_trace(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    outbox.drain()
    text = page(Client(), f"/try/?q={SENTENCE}")
    assert service.name_th in text
    assert "ไม่ใช่คะแนนประเมินข้อเสนอ" in text
    assert "เนื้อความตรงกัน" in text
    assert "/accounts/login/?next=" in text
    assert service.name_en in page(Client(), f"/en/try/?q={SENTENCE}")
    assert (Need.objects.count(), MatchRun.objects.count()) == (0, 0)


def test_a_sentence_without_a_match_helps_on(cast: Cast) -> None:
    factories.published(cast.owner, cast.reviewer)
    outbox.drain()
    assert "ไม่พบบริการที่มีคำตรงกับประโยคนี้" in page(Client(), "/try/?q=qqqzzz")
    for typed in ("", "%00", "   ", "ก" * 3000, "(((\"'*", "<script>alert(1)</script>"):
        assert "<script>alert" not in page(Client(), f"/try/?q={typed}")


def test_without_the_search_engine_the_sentence_is_answered_and_says_so(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    outbox.drain()
    with mock.patch.object(type(get_engine(browsing.NAME)), "search", side_effect=SearchError("away")):
        text = page(Client(), f"/try/?q={SENTENCE}")
    assert service.name_th in text
    assert "ระบบค้นหาใช้ไม่ได้ชั่วคราว" in text


def test_the_sentence_leads_on_to_the_own_city(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer)
    outbox.drain()
    text = page(sign_in(cast.official), f"/try/?q={SENTENCE}")
    assert f"/o/{org(cast.official)}/needs/new/?sentence=" in text
    on = sign_in(cast.official).get(f"/try/need/?sentence={SENTENCE}")
    assert on.headers["Location"].startswith(f"/o/{org(cast.official)}/needs/new/?sentence=")
    assert "คุณยังไม่ได้ปฏิบัติงานในนามเมือง" in page(sign_in(cast.owner), f"/try/need/?sentence={SENTENCE}")


def test_start_pages_say_what_waits_and_for_how_long(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    need = factories.need(cast.official, state="published")
    factories.need(cast.official)
    row = introductions.request(service, by=cast.official, consent=True, need=need)
    assert "ความต้องการที่ยังเป็นร่าง" in page(sign_in(cast.official), f"/o/{org(cast.official)}/")
    assert "ขณะนี้ไม่มีงานที่รอคุณ" in page(sign_in(cast.owner), f"/o/{org(cast.owner)}/")
    assert "คำขอแนะนำที่รอตรวจและส่งต่อ" in page(sign_in(cast.broker), f"/o/{org(cast.broker)}/")
    assert "คำขอแนะนำที่รอตรวจและส่งต่อ" not in page(sign_in(cast.reviewer), f"/o/{org(cast.reviewer)}/")
    introductions.forward(row, by=cast.broker)
    assert "เมืองที่ขอให้แนะนำ รอคำตอบ" in page(sign_in(cast.owner), f"/o/{org(cast.owner)}/")
    assert "เมืองที่ขอให้แนะนำ รอคำตอบ" not in page(sign_in(cast.rival), f"/o/{org(cast.rival)}/")
    for actor in (cast.official, cast.owner, cast.broker, cast.reviewer, cast.administrator):
        client = sign_in(actor)
        assert queries(client, f"/o/{org(actor)}/") <= 13
        assert 'aria-labelledby="places"' in page(client, f"/en/o/{org(actor)}/")


def test_a_suspended_vendor_reads_why(cast: Cast, sign_in: SignIn) -> None:
    vendor = cast.owner.organisation
    assert vendor is not None
    vendor.suspended_reason = "เอกสารหมดอายุ"
    vendor.suspended_at = cast.owner.user.created_at
    vendor.save()
    assert "เอกสารหมดอายุ" in page(sign_in(cast.owner), f"/o/{org(cast.owner)}/")
