"""A vendor's work: drafting, submitting, revising, evidence, claims."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue import services
from catalogue.models import Service, ServiceVersion
from marketplace.models import Event
from tests import factories
from tests.catalogue.conftest import SignIn
from tests.conftest import Cast

HOSTILE = "<script>alert(1)</script>"
PDF = b"%PDF-1.4 test"


def work(cast: Cast, rest: str = "") -> str:
    return f"/o/{cast.owner.organisation.public_id}/services/{rest}"


def form(**changed: Any) -> dict[str, Any]:
    """What a browser sends of the form: everything empty but the required answers."""
    return {
        "name_th": "แจ้งไฟดับ",
        "summary_th": "แจ้งไฟถนนดับผ่านมือถือ",
        "kind": "saas",
        "dimensions": ["energy"],
        "prices-TOTAL_FORMS": "1",
        "prices-INITIAL_FORMS": "0",
        "prices-0-unit": "once",
        "prices-0-vat_included": "yes",
        "references-TOTAL_FORMS": "1",
        "references-INITIAL_FORMS": "0",
        "once": "abc",
    } | changed


def body(response: Any) -> str:
    return str(response.content.decode())


def test_a_draft_may_be_incomplete_and_sent_twice_is_one(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    typed = form(summary_th="", kind="", dimensions=[])
    first = client.post(work(cast, "new/"), typed)
    second = client.post(work(cast, "new/"), typed)
    service = Service.objects.get()
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] == work(cast, f"{service.public_id}/")
    assert service.head is not None
    assert service.head.answers == {"name_th": "แจ้งไฟดับ"}
    assert client.get(first["Location"]).status_code == 200


def test_everything_that_is_typed_is_stored(cast: Cast, sign_in: SignIn) -> None:
    city = factories.CityFactory(name_th="เทศบาลนครหาดใหญ่")
    typed = form(
        **{
            "standards": ["none_of_these"],
            "regions": ["*", "LS"],
            "setup_weeks": "๖",
            "functions_th": "แจ้งเหตุ\n\nติดตาม",
            "prices-0-amount": "๑,๒๐๐,๐๐๐.๕๐ บาท",
            "prices-0-vat_included": "no",
            "references-TOTAL_FORMS": "2",
            "references-0-place": "เทศบาลนครหาดใหญ่ (สงขลา)",
            "references-0-since_year": "2568",
            "references-1-place": "หน่วยงานอื่น",
            "references-1-scale": "20 คัน",
        }
    )
    assert sign_in(cast.teammate).post(work(cast, "new/"), typed).status_code == 302
    version = ServiceVersion.objects.get()
    assert version.answers["standards"] == []
    assert version.answers["regions"] == ["*"]
    assert version.answers["setup_weeks"] == 6
    assert version.answers["functions_th"] == ["แจ้งเหตุ", "ติดตาม"]
    price = version.prices.get()
    assert (str(price.amount), price.unit, price.vat_included) == ("1200000.50", "once", False)
    known, named = version.references.all()
    assert (known.city, known.name, known.since_year) == (city, "", 2025)
    assert (named.city, named.name, named.scale) == (None, "หน่วยงานอื่น", "20 คัน")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name_th": ""}, "name_th"),
        ({"summary_th": "ก" * 301}, "301"),
        ({"kind": "castle"}, "kind"),
        ({"setup_weeks": "หก"}, "setup_weeks"),
        ({"prices-0-amount": "แพง"}, "แพง"),
        ({"prices-0-amount": "-5"}, "prices-0-amount"),
        ({"prices-0-note": "ค่าติดตั้ง"}, "prices-0-amount"),
        ({"references-0-scale": "20 คัน"}, "references-0-place"),
        ({"references-0-place": "ที่ใด", "references-0-since_year": "25xx"}, "25xx"),
        ({"prices-TOTAL_FORMS": "x"}, "error-summary"),
        ({"description_th": "ก" * 6001}, "6001"),
    ],
)
def test_wrong_input_keeps_what_was_typed_and_writes_nothing(
    cast: Cast, sign_in: SignIn, changed: dict[str, str], says: str
) -> None:
    response = sign_in(cast.owner).post(work(cast, "new/"), form(support_th=HOSTILE, **changed))
    assert response.status_code == 400
    assert says in body(response)
    assert "error-summary" in body(response)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body(response)
    assert HOSTILE not in body(response)
    assert not Service.objects.exists()
    assert not Event.objects.exists()


def test_saving_and_submitting_with_a_gap_does_neither(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.owner).post(work(cast, "new/"), form(kind="", submit="1"))
    assert response.status_code == 400
    assert 'id="id_kind"' in body(response)
    assert response.context["form"].errors.keys() == {"kind"}
    assert not Service.objects.exists()
    both = sign_in(cast.owner).post(
        work(cast, "new/"), form(kind="", submit="1", **{"prices-0-amount": "แพง"})
    )
    assert both.context["form"].errors.keys() == {"kind"}
    assert both.context["row_forms"][0].errors.keys() == {"amount"}
    assert sign_in(cast.owner).post(work(cast, "new/"), form(submit="1")).status_code == 302
    assert Service.objects.get().state == "submitted"


def test_rows_are_added_without_script_and_nothing_is_judged(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.owner).post(work(cast, "new/"), form(name_th="", add_prices="1"))
    assert response.status_code == 200
    assert len(response.context["prices"].forms) == 2
    assert "error-summary" not in body(response)
    assert not Service.objects.exists()


def test_two_editors_the_second_is_told_what_changed(cast: Cast, sign_in: SignIn) -> None:
    service = factories.draft(cast.owner)
    address = work(cast, f"{service.public_id}/edit/")
    assert sign_in(cast.owner).post(address, form(name_th="ของคนแรก", seen="1")).status_code == 302
    late = sign_in(cast.teammate).post(address, form(name_th="ของคนที่สอง", seen="1"))
    assert late.status_code == 409
    assert "ของคนแรก" in body(late)
    assert 'value="ของคนที่สอง"' in body(late)
    assert 'name="seen" value="2"' in body(late)
    service.refresh_from_db()
    assert (service.head.number, service.name_th) == (2, "ของคนแรก")
    assert sign_in(cast.teammate).post(address, form(name_th="ของคนที่สอง", seen="2")).status_code == 302
    service.refresh_from_db()
    assert service.name_th == "ของคนที่สอง"


def test_editing_shows_what_is_stored_and_saving_it_again_changes_nothing(
    cast: Cast, sign_in: SignIn
) -> None:
    service = factories.draft(
        cast.owner,
        standards=[],
        functions_th=["หนึ่ง", "สอง"],
        prices=[{"amount": "1200.50", "unit": "month", "vat_included": False, "note": "ค่าเช่า"}],
        references=[{"name": "ที่หนึ่ง", "since_year": 2025}],
    )
    client = sign_in(cast.owner)
    page = client.get(work(cast, f"{service.public_id}/edit/"))
    typed = {
        f.html_name: f.value() for part in ("prices", "references") for row in page.context[part] for f in row
    }
    typed |= {f.html_name: f.value() for f in page.context["form"]} | {"seen": "1"}
    for part in ("prices", "references"):
        typed |= {f.html_name: f.value() for f in page.context[part].management_form}
    client.post(work(cast, f"{service.public_id}/edit/"), {k: v for k, v in typed.items() if v is not None})
    service.refresh_from_db()
    old, new = service.versions.all()
    assert new.number == 2
    assert services.changes(old, new) == []


def test_moves_are_buttons_and_a_missing_answer_leads_to_its_question(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    service = factories.draft(cast.owner, kind=None)
    page = client.get(work(cast, f"{service.public_id}/"))
    assert [move["name"] for move in page.context["moves"]] == ["submit"]
    refused = client.post(work(cast, f"{service.public_id}/move/"), {"move": "submit"}, follow=True)
    assert refused.context["form"].errors.keys() == {"kind"}
    service.refresh_from_db()
    assert service.state == "draft"


def test_the_public_version_stays_until_the_new_one_is_approved(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    client, address = sign_in(cast.owner), work(cast, f"{service.public_id}/")
    client.post(f"{address}edit/", form(name_th="ชื่อใหม่", seen="1"))
    page = client.get(address)
    assert ["ชื่อบริการ (ภาษาไทย)", "แจ้งขยะตกค้าง", "ชื่อใหม่"] in page.context["differences"]
    assert [m["name"] for m in page.context["moves"]] == ["submit_revision", "withdraw"]
    client.post(f"{address}move/", {"move": "submit_revision"})
    public = client.get(f"/services/{service.public_id}/", follow=True)
    assert "แจ้งขยะตกค้าง" in body(public)
    assert "ชื่อใหม่" not in body(public)
    assert client.post(f"{address}move/", {"move": "submit_revision"}).status_code == 409


def test_withdrawing_needs_a_reason_and_keeps_what_else_was_there(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    client, address = sign_in(cast.owner), work(cast, f"{service.public_id}/move/")
    before = Event.objects.count()
    empty = client.post(address, {"move": "withdraw", "note": "  "})
    assert empty.status_code == 400
    assert "note-withdraw-error" in body(empty)
    assert Event.objects.count() == before
    assert client.post(address, {"move": "withdraw", "note": "เลิกขาย"}).status_code == 302
    assert client.post(address, {"move": "withdraw", "note": "เลิกขาย"}).status_code == 409
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize("move", ["publish", "approve_revision", "nonsense", ""])
def test_moves_of_others_do_not_exist_here(cast: Cast, sign_in: SignIn, move: str) -> None:
    service = services.submit(factories.draft(cast.owner), by=cast.owner)
    answer = sign_in(cast.owner).post(work(cast, f"{service.public_id}/move/"), {"move": move})
    assert answer.status_code == 404
    service.refresh_from_db()
    assert service.state == "submitted"


def test_foreign_is_unknown(cast: Cast, sign_in: SignIn) -> None:
    foreign = factories.draft(cast.rival)
    client = sign_in(cast.owner)
    rests = ("{}/", "{}/edit/", "{}/move/", "{}/certificates/", "{}/certificates/x/remove/")
    for rest in rests:
        for method in ("get", "post"):
            answers = [
                getattr(client, method)(work(cast, rest.format(id_)), {"move": "submit"})
                for id_ in (foreign.public_id, "000000000000")
            ]
            seen, unknown = (
                re.sub(r'token" value="\w+', "", body(a)).replace(foreign.public_id, "000000000000")
                for a in answers
            )
            assert answers[0].status_code == answers[1].status_code
            assert answers[0].status_code in (404, 405)
            assert seen == unknown


@pytest.mark.parametrize("who", ["rival", "official", "broker", "reviewer"])
def test_strangers_find_no_work_pages(cast: Cast, sign_in: SignIn, who: str) -> None:
    service = factories.draft(cast.owner)
    client = sign_in(getattr(cast, who))
    for rest in ("", "new/", f"{service.public_id}/", f"{service.public_id}/edit/"):
        assert client.get(work(cast, rest)).status_code == 404
    assert Client().get(work(cast)).status_code == 302


def test_work_pages_need_the_same_queries_with_1_and_with_20(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    price = {"amount": "10", "unit": "once", "vat_included": True}
    service = factories.published(cast.owner, cast.reviewer, prices=[price], references=[{"name": "ก"}])
    services.save(
        service, factories.content(prices=[price] * 9, references=[{"name": "ก"}] * 9), by=cast.owner, seen=1
    )
    one = count(work(cast)), count(work(cast, f"{service.public_id}/"))
    for _n in range(19):
        factories.draft(cast.owner)
    assert (count(work(cast)), count(work(cast, f"{service.public_id}/"))) == one
    assert one[0] <= 8
    assert one[1] <= 10
