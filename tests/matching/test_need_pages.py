"""Pages of needs: public, at work, the form, and the page behind a mailed link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from marketplace import outbox
from marketplace.models import Event, database_now
from matching import needs
from matching.models import Criterion, Need, NeedVersion
from tests import factories
from tests.conftest import Cast
from tests.matching.conftest import SignIn, org, page, queries

pytestmark = pytest.mark.usefixtures("thai", "index")


def work(cast: Cast, rest: str = "") -> str:
    return f"/o/{org(cast.official)}/needs/{rest}"


def typed(*rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """What the form sends: ``rows`` of criteria, and the fields of a complete need."""
    data: dict[str, Any] = {
        "title": "แจ้งไฟถนนดับ",
        "problem": "ไฟถนนดับหลายจุด ไม่มีใครแจ้ง",
        "visibility": "public",
        "criteria-TOTAL_FORMS": str(len(rows)),
        "criteria-INITIAL_FORMS": "0",
        "then": "need",
    }
    for number, row in enumerate(rows):
        data |= {f"criteria-{number}-{key}": value for key, value in row.items()}
    return data | fields


def test_the_sentence_becomes_the_beginning_of_a_need(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast.official), work(cast, "new/?sentence=ขยะตกค้าง อยากให้แจ้งผ่านมือถือ"))
    assert text.count("ขยะตกค้าง อยากให้แจ้งผ่านมือถือ") == 2
    assert not Need.objects.exists()


def test_every_kind_of_criterion_can_be_said(cast: Cast, sign_in: SignIn) -> None:
    rows = [
        {"kind": "category", "level": "must", "codes": ["saas"]},
        {"kind": "dimension", "level": "must", "codes": ["environment", "energy"]},
        {"kind": "region", "level": "must", "codes": ["LS"]},
        {"kind": "price", "level": "nice", "max": "๑,๒๐๐,๐๐๐", "unit": "any"},
        {"kind": "certificate", "level": "nice", "codes": ["dsure"]},
        {"kind": "account", "level": "nice"},
        {"kind": "standard", "level": "nice", "codes": ["ckan"]},
        {"kind": "language", "level": "nice", "codes": ["th"]},
        {"kind": "deployment", "level": "nice", "codes": ["cloud"]},
        {"kind": "reference", "level": "nice"},
        {"kind": "free_text", "level": "nice", "text": "ใช้ได้เมื่อสัญญาณอ่อน"},
        {"kind": "account", "level": "must", "remove": "on"},
    ]
    answer = sign_in(cast.official).post(
        work(cast, "new/"),
        typed(
            *rows,
            budget_amount="๑,๕๐๐,๐๐๐",
            fiscal_year="๒๕๗๐",
            budget_state="planned",
            start_by="22/11/2570",
            deadline="1/12/2571",
        ),
    )
    need = Need.objects.get()
    assert answer.headers["Location"] == work(cast, f"{need.public_id}/")
    version = need.head
    assert version is not None
    assert (str(version.budget_amount), version.fiscal_year) == ("1500000.00", 2027)
    assert (version.start_by.isoformat(), need.deadline.date().isoformat()) == ("2027-11-22", "2028-12-01")  # type: ignore[union-attr]
    stored = [(c.kind, c.level) for c in Criterion.objects.filter(version=version)]
    assert stored == [(row["kind"], row["level"]) for row in rows[:-1]]
    assert version.criteria.get(kind="price").value == {"max": "1200000.00", "unit": "any"}
    again = page(sign_in(cast.official), work(cast, f"{need.public_id}/edit/"))
    assert 'value="1,200,000"' in again
    assert 'value="22/11/2570"' in again


def test_a_row_is_added_without_script_and_nothing_is_saved(cast: Cast, sign_in: SignIn) -> None:
    data = typed({"kind": "region", "level": "must", "codes": ["LS"]}, add="price", title="พิมพ์ไว้แล้ว")
    answer = sign_in(cast.official).post(work(cast, "new/"), data)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="criteria-1-max"' in text
    # The count of rows travels with the part that htmx puts in place.
    assert text.index('id="criteria"') < text.index('name="criteria-TOTAL_FORMS" value="2"')
    assert 'value="พิมพ์ไว้แล้ว"' in text
    assert re.search(r'value="LS"[^>]* checked', text)
    assert not Need.objects.exists()


def test_what_is_left_is_counted_before_saving(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer)
    factories.published(cast.rival, cast.reviewer, kind="hardware")
    data = typed({"kind": "category", "level": "must", "codes": ["hardware"]}, count="1")
    answer = sign_in(cast.official).post(work(cast, "new/"), data)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="supply-total"><b>1</b>' in text
    assert not Need.objects.exists()


WRONG = [
    ({"title": ""}, "id_title"),
    ({"budget_amount": "ประมาณล้าน"}, "ประมาณล้าน"),
    ({"fiscal_year": "69"}, "69"),
    ({"deadline": "31/2/2570"}, "31/2/2570"),
    ({"deadline": "22/11/2560"}, "วันนี้ผ่านไปแล้ว"),
    ({"visibility": "everyone"}, "everyone"),
    ({"dimensions": ["space"]}, "space"),
    ({"title": "ย" * 201}, "201"),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG, ids=[str(list(w)) for w, _t in WRONG])
def test_wrong_input_keeps_what_was_typed(
    cast: Cast, sign_in: SignIn, wrong: dict[str, Any], told: str
) -> None:
    before = Event.objects.count()
    answer = sign_in(cast.official).post(work(cast, "new/"), typed(**({"problem": "พิมพ์ไว้แล้ว"} | wrong)))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "พิมพ์ไว้แล้ว" in text
    assert told in text
    assert "error-summary" in text
    assert (Need.objects.count(), Event.objects.count()) == (0, before)


BAD_ROWS = [
    {"kind": "region", "level": "must"},
    {"kind": "price", "level": "must", "max": "แพง", "unit": "any"},
    {"kind": "free_text", "level": "nice", "text": ""},
    {"kind": "category", "level": "maybe", "codes": ["saas"]},
    {"kind": "teleport", "level": "must"},
]


@pytest.mark.parametrize("row", BAD_ROWS, ids=[row["kind"] for row in BAD_ROWS])
def test_a_wrong_criterion_is_refused_beside_it(cast: Cast, sign_in: SignIn, row: dict[str, Any]) -> None:
    answer = sign_in(cast.official).post(work(cast, "new/"), typed(row))
    assert answer.status_code == 400
    assert not Need.objects.exists()


def test_a_stale_version_says_what_changed_and_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    need = factories.need(cast.official)
    needs.save(need, factories.need_content(title="เรื่องของเพื่อนร่วมงาน"), by=cast.colleague, seen=1)
    answer = sign_in(cast.official).post(
        work(cast, f"{need.public_id}/edit/"), typed(title="เรื่องของฉัน", seen="1")
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "เรื่องของเพื่อนร่วมงาน" in text
    assert 'value="เรื่องของฉัน"' in text
    assert NeedVersion.objects.filter(need=need).count() == 2
    # The page carries the version that is there now, so that the next save is a decision.
    assert 'name="seen" value="2"' in text


def test_publishing_is_a_step_that_says_what_becomes_public(cast: Cast, sign_in: SignIn) -> None:
    need = factories.need(cast.official)
    client, address = sign_in(cast.official), work(cast, f"{need.public_id}/publish/")
    assert "สิ่งที่จะเผยแพร่" in page(client, address)
    need.refresh_from_db()
    assert need.state == "draft"
    assert client.get(f"/needs/{need.public_id}/", follow=True).status_code == 200
    assert Client().get(f"/needs/{need.public_id}/").status_code == 404
    assert client.post(address, {"version": "1"}).status_code == 302
    assert client.post(address, {"version": "1"}).status_code == 409
    assert Client().get(f"/needs/{need.public_id}/", follow=True).status_code == 200
    assert Event.objects.filter(subject_id=need.public_id, move="publish").count() == 1


def test_a_passed_deadline_is_told_and_the_need_closes(cast: Cast, sign_in: SignIn) -> None:
    need = factories.need(cast.official)
    Need.objects.filter(pk=need.pk).update(deadline=database_now() - timedelta(hours=1))
    answer = sign_in(cast.official).post(work(cast, f"{need.public_id}/publish/"), {"version": "1"})
    assert answer.status_code == 400
    assert "เลยวันรับคำตอบแล้ว" in answer.content.decode()
    need.refresh_from_db()
    assert need.state == "draft"


def test_withdrawing_needs_a_reason_and_the_address_says_gone(cast: Cast, sign_in: SignIn) -> None:
    need = factories.need(cast.official, state="published")
    client = sign_in(cast.official)
    refused = client.post(work(cast, f"{need.public_id}/withdraw/"), {"note": " "})
    assert refused.status_code == 400
    need.refresh_from_db()
    assert need.state == "published"
    assert client.post(work(cast, f"{need.public_id}/withdraw/"), {"note": "เปลี่ยนแผน"}).status_code == 302
    gone = Client().get(f"/needs/{need.public_id}/x/")
    assert (gone.status_code, "เปลี่ยนแผน" in gone.content.decode()) == (410, False)


def test_private_needs_and_drafts_are_nowhere_in_public(cast: Cast, sign_in: SignIn) -> None:
    factories.need(cast.official, state="published", dimensions=["environment"])
    seen = page(Client(), "/needs/")
    home = page(Client(), "/")
    secret = factories.need(cast.stranger, dimensions=["energy"], title="ร่างลับ")
    private = factories.need(
        cast.stranger, state="published", visibility="private", dimensions=["energy"], title="เรื่องไม่เผยแพร่"
    )
    assert page(Client(), "/needs/") == seen
    assert page(Client(), "/") == home
    unknown = Client().get(f"/needs/{'0' * 12}/")
    for need in (secret, private):
        answer = Client().get(f"/needs/{need.public_id}/")
        assert answer.status_code == unknown.status_code == 404
        assert answer.content.decode().replace(need.public_id, "0" * 12) == unknown.content.decode()


def test_the_list_is_narrowed_and_counted(cast: Cast) -> None:
    factories.need(cast.official, state="published", dimensions=["environment"], title="เรื่องขยะ")
    factories.need(cast.official, state="published", dimensions=["energy"], title="เรื่องไฟฟ้า")
    closed = factories.need(cast.stranger, state="published", dimensions=["energy"], title="เรื่องที่ปิดแล้ว")
    needs.close(closed, by=cast.stranger)
    text = page(Client(), "/needs/?dimension=energy&state=published")
    assert ("เรื่องไฟฟ้า" in text, "เรื่องขยะ" in text, "เรื่องที่ปิดแล้ว" in text) == (True, False, False)
    assert ">1 ความต้องการ<" in text
    # A facet's own choice does not narrow its counts.
    counted = dict(
        re.findall(r'value="(\w+)"[^>]*><span>[^<]*</span><span class="num">.*?(\d+)</span>', text)
    )
    assert (counted["energy"], counted["environment"]) == ("1", "1")
    assert (counted["published"], counted["closed"]) == ("1", "1")
    assert "ไม่พบความต้องการตามตัวกรอง" in page(Client(), "/needs/?region=XX")


def test_a_need_shows_its_facts_and_its_card(cast: Cast) -> None:
    need = factories.need(
        cast.official,
        state="published",
        criteria=[{"kind": "region", "level": "must", "value": {"codes": ["LS"]}}],
        budget_state="funded",
        fiscal_year=2027,
    )
    Need.objects.filter(pk=need.pk).update(is_example=True)
    text = page(Client(), f"/needs/{need.public_id}/{need.slug}/")
    for words in ("ส่งมอบในภาคใต้ตอนล่าง", "มีงบแล้ว", "ปีงบประมาณ 2570", "ตัวอย่าง", "social-plugins.line.me"):
        assert words in text
    assert f'<meta property="og:title" content="{need.title}">' in text
    moved = Client().get(f"/needs/{need.public_id}/wrong-slug/")
    assert (moved.status_code, moved.headers["Location"].startswith(f"/needs/{need.public_id}/")) == (
        301,
        True,
    )


def test_a_vendor_sees_its_own_services_only(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer, name_th="บริการของเรา")
    factories.published(cast.owner, cast.reviewer, name_th="เครื่องของเรา", kind="hardware")
    factories.published(cast.rival, cast.reviewer, name_th="บริการของคู่แข่ง")
    must = [{"kind": "category", "level": "must", "value": {"codes": ["saas"]}}]
    need = factories.need(cast.official, state="published", criteria=must)
    outbox.drain()
    address = f"/needs/{need.public_id}/{need.slug}/"
    text = page(sign_in(cast.owner), address)
    assert ("บริการของเรา" in text, "เครื่องของเรา" in text, "คู่แข่ง" in text) == (True, True, False)
    assert "ประเภทที่ระบุ: hardware ไทย" in text
    assert 'class="match-rank"' not in text
    assert "บริการของเรา" not in page(Client(), address)
    assert "บริการของเรา" not in page(sign_in(cast.stranger), address)


def test_a_broker_drafts_and_the_city_confirms_by_link(cast: Cast, sign_in: SignIn) -> None:
    city = cast.official.organisation.city  # type: ignore[union-attr]
    broker = sign_in(cast.broker)
    base = f"/o/{org(cast.broker)}/needs/"
    assert broker.post(base + "new/", typed()).status_code == 400
    made = broker.post(base + "new/", typed(city=city.public_id, confirm_email="head@example.com"))
    need = Need.objects.get()
    assert made.status_code == 302
    outbox.drain()
    letter = mail.outbox[-1]
    assert letter.to == ["head@example.com"]
    link = re.search(r"http://\S+?(/confirm/\S+/)", letter.body)
    assert link is not None
    nobody = Client()
    assert need.title in page(nobody, link[1])
    need.refresh_from_db()
    assert need.confirmed_at is None
    official = sign_in(cast.official)
    assert official.post(work(cast, f"{need.public_id}/publish/"), {"version": "1"}).status_code == 409
    assert nobody.post(link[1]).status_code == 302
    assert nobody.post(link[1]).status_code == 302
    assert Event.objects.filter(subject_id=need.public_id, move="confirm").count() == 1
    assert official.post(work(cast, f"{need.public_id}/publish/"), {"version": "1"}).status_code == 302
    assert nobody.get(link[1]).status_code == 404
    assert nobody.get("/confirm/guessed/").status_code == 404


def test_one_need_costs_as_many_queries_as_twenty(cast: Cast, sign_in: SignIn) -> None:
    first = factories.need(cast.official, state="published", dimensions=["environment"])
    client, nobody = sign_in(cast.official), Client()
    paths = [work(cast), work(cast, f"{first.public_id}/")]
    public = ["/needs/", f"/needs/{first.public_id}/{first.slug}/"]
    one = [queries(client, path) for path in paths] + [queries(nobody, path) for path in public]
    for number in range(19):
        factories.need(cast.official, state="published", dimensions=["energy"], title=f"เรื่องที่ {number}")
    twenty = [queries(client, path) for path in paths] + [queries(nobody, path) for path in public]
    assert one == twenty
    assert max(one[0], one[2]) <= 8
    assert max(one[1], one[3]) <= 10
