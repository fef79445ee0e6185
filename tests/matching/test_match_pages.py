"""The page of a ranking: words first, reasons, ties, what was left out, and the record unchanged."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.http import HttpResponse

from catalogue import services
from marketplace import outbox
from matching import runs
from matching.models import Match, MatchRun, Need
from tests import factories
from tests.conftest import Cast
from tests.matching.conftest import SignIn, org, page, queries

pytestmark = pytest.mark.usefixtures("thai", "index")
MUST_SAAS = [{"kind": "category", "level": "must", "value": {"codes": ["saas"]}}]


def matches(cast: Cast, need: Need, rest: str = "") -> str:
    return f"/o/{org(cast.official)}/needs/{need.public_id}/matches/{rest}"


def ranked(cast: Cast, **fields: object) -> Need:
    """A need whose ranking is ready."""
    need = factories.need(cast.official, dimensions=["environment"], **fields)  # type: ignore[arg-type]
    outbox.drain()
    return need


def test_a_draft_shows_its_matches_to_its_city_at_once(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    need = ranked(cast)
    text = page(sign_in(cast.official), matches(cast, need))
    assert "ไม่ใช่คะแนนประเมินข้อเสนอ" in text
    match = Match.objects.get(service=service)
    assert re.search(r"สอดคล้อง(มาก|ปานกลาง|น้อย)", text)
    assert f'<b class="num">{match.score.normalize():f}</b>' in text
    assert service.name_th in text
    assert f"?match={match.public_id}" in text
    assert match.run.public_id in text
    english = page(sign_in(cast.official), "/en" + matches(cast, need))
    assert "Not an evaluation of offers." in english
    assert service.name_en in english


def test_reasons_say_each_status_and_the_question_to_ask(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer, languages=["th"])
    criteria = [
        {"kind": "language", "level": "nice", "value": {"codes": ["th", "en"]}},
        {"kind": "standard", "level": "nice", "value": {"codes": ["ckan"]}},
    ]
    need = ranked(cast, criteria=criteria, budget_amount=Decimal("1200000.00"))
    text = page(sign_in(cast.official), matches(cast, need))
    assert "ระบุว่ามี ไทย ไม่ได้ระบุ อังกฤษ" in text
    assert "รองรับ ckan ไทย หรือไม่" in text
    assert "ราคารวมทั้งหมดพร้อมภาษีมูลค่าเพิ่มเท่าใด" in text
    assert "state-unknown" in text
    reasons = Match.objects.get().reasons
    assert {reason["status"] for reason in reasons} >= {"met", "partly", "unknown"}


def test_while_the_first_ranking_is_computed_the_page_says_so(cast: Cast, sign_in: SignIn) -> None:
    need = factories.need(cast.official)
    client = sign_in(cast.official)
    text = page(client, matches(cast, need))
    assert "กำลังคำนวณผลการจับคู่รอบแรก" in text
    assert 'http-equiv="refresh"' in text
    polled = client.get(matches(cast, need, "?poll"), headers={"hx-request": "true"})
    assert polled.status_code == 204
    outbox.drain()
    polled = client.get(matches(cast, need, "?poll"), headers={"hx-request": "true"})
    assert polled.headers["HX-Refresh"] == "true"


def test_equals_stand_in_one_group_by_lot(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer, name_th="บริการหนึ่ง")
    factories.published(cast.rival, cast.reviewer, name_th="บริการหนึ่ง")
    text = page(sign_in(cast.official), matches(cast, ranked(cast)))
    assert text.count('class="tie"') == 1
    assert "1–2" in text
    assert "จับสลากใหม่ทุกสัปดาห์" in text


def test_what_is_left_out_stands_with_its_rule_and_fact(cast: Cast, sign_in: SignIn) -> None:
    out = factories.published(cast.owner, cast.reviewer, kind="hardware", name_th="เครื่องวัดฝุ่น")
    factories.published(cast.rival, cast.reviewer)
    need = ranked(cast, criteria=MUST_SAAS)
    run = runs.latest(need)
    assert run is not None
    client = sign_in(cast.official)
    text = page(client, matches(cast, need))
    assert "ไม่อยู่ในรายการ 1 บริการ" in text
    assert "ประเภทที่ระบุ: hardware ไทย" in text
    assert "เหลือ 1 ราย: เสี่ยงล็อกสเปก" in text
    listed = page(client, matches(cast, need, f"{run.public_id}/left-out/c1/"))
    assert out.name_th in listed
    assert "ประเภทที่ระบุ: hardware ไทย" in listed
    assert client.get(matches(cast, need, f"{run.public_id}/left-out/c9/")).status_code == 404


def test_musts_that_nobody_knows_make_a_tier_of_their_own(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer)
    criteria = [{"kind": "account", "level": "must", "value": {}}]
    text = page(sign_in(cast.official), matches(cast, ranked(cast, criteria=criteria)))
    assert "ต้องยืนยันเงื่อนไขบังคับก่อน 1 บริการ" in text
    assert "อยู่ในบัญชีบริการดิจิทัลหรือไม่ เลขทะเบียนใด" in text


def test_a_stored_ranking_is_shown_unchanged(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(
        cast.owner, cast.reviewer, prices=[{"amount": "900000.00", "unit": "once", "vat_included": True}]
    )
    need = ranked(cast)
    run = runs.latest(need)
    assert run is not None
    client = sign_in(cast.official)
    before = page(client, matches(cast, need, f"{run.public_id}/"))
    saved = services.save(service, factories.content(name_th="ชื่อใหม่ของบริการ"), by=cast.owner, seen=1)
    services.approve_revision(services.submit_revision(saved, by=cast.owner), by=cast.reviewer)
    client.post(matches(cast, need, "again/"))
    outbox.drain()
    assert "ชื่อใหม่ของบริการ" in page(client, matches(cast, need))
    after = page(client, matches(cast, need, f"{run.public_id}/"))
    assert _work(after) == _work(before)
    assert "900,000 บาท" in after
    assert MatchRun.objects.filter(need=need, state="ready").count() == 2


def _work(text: str) -> str:
    """The page without tokens, and links whose slug follows the service's name of today."""
    main = text[text.index("<main") : text.index("</main>")]
    main = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", main)
    main = re.sub(r'<ul class="messages".*?</ul>', "", main, flags=re.DOTALL)
    return re.sub(r'href="/services/[^"]+"', "", main)


def test_computing_again_is_asked_for_once(cast: Cast, sign_in: SignIn) -> None:
    need = ranked(cast)
    client = sign_in(cast.official)
    for _twice in range(2):
        assert client.post(matches(cast, need, "again/")).status_code == 302
    assert MatchRun.objects.filter(need=need, state="waiting").count() == 1
    assert "กำลังคำนวณรอบใหม่" in page(client, matches(cast, need))


def test_matches_are_paged_ten_by_ten(cast: Cast, sign_in: SignIn) -> None:
    for number in range(12):
        factories.published(cast.owner, cast.reviewer, name_th=f"บริการที่ {number}")
    need = ranked(cast)
    client = sign_in(cast.official)
    first, second = page(client, matches(cast, need)), page(client, matches(cast, need, "?page=2"))
    assert (first.count('<article class="match"'), second.count('<article class="match"')) == (10, 2)
    assert first.count('<li class="tied">') == 12


def test_one_match_costs_as_many_queries_as_twenty(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer)
    need = ranked(cast, criteria=MUST_SAAS)
    client = sign_in(cast.official)
    client.get(matches(cast, need))
    one = queries(client, matches(cast, need))
    for number in range(19):
        kind = "saas" if number % 2 else "hardware"
        factories.published(cast.owner, cast.reviewer, name_th=f"บริการที่ {number}", kind=kind)
    runs.again(need, by=cast.official)
    assert queries(client, matches(cast, need)) == one <= 10


def test_nobody_else_reads_a_ranking(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer)
    need = ranked(cast, state="published")
    run = runs.latest(need)
    assert run is not None
    for actor in (cast.owner, cast.stranger):
        client = sign_in(actor)
        mine = f"/o/{org(actor)}/needs/{need.public_id}/matches/"
        unknown = f"/o/{org(actor)}/needs/{'0' * 12}/matches/"
        for rest in ("", f"{run.public_id}/"):
            seen, none = client.get(mine + rest), client.get(unknown + rest)
            assert (seen.status_code, none.status_code) == (404, 404)
            assert alike(seen, need) == alike(none, need)


def alike(response: HttpResponse, need: Need) -> str:
    """The page without the token of its session, and with the unknown id for the need's."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return text.replace(need.public_id, "0" * 12)
