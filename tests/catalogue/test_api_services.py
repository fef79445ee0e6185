"""Services of the API: the search, one service, and the work on it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue import certificates, services
from catalogue.api.work import MOVES
from catalogue.indexing import all_documents
from catalogue.models import AccountStatus, Service, ServiceVersion
from catalogue.questions import questions
from marketplace import outbox
from marketplace.models import Event, database_now
from search.engine import get_engine
from tests import factories
from tests.callers import Caller, asks_data, ids, refused
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

BRIEF = {"id", "name_th", "name_en"}
VENDOR = BRIEF | {"verified"}
PRICE = {"amount", "unit", "vat_included", "note"}
CERTIFICATE = {"id", "kind", "number", "valid_from", "valid_to", "verified"}
ACCOUNT = {"listed", "register_number", "item_group", "valid_from", "valid_to", "checked_at"}
REFERENCE = {"city", "name", "since_year", "scale"}
ROW = BRIEF | {
    "vendor", "summary_th", "summary_en", "kind", "dimensions", "regions", "prices", "certificates",
    "account", "published_at", "is_example",
}  # fmt: skip
DETAIL = BRIEF | {
    "slug", "vendor", "version", "version_id", "answers", "prices", "references", "certificates", "account",
    "published_at", "is_example",
}  # fmt: skip
WORK_ROW = BRIEF | {
    "vendor", "state", "state_since", "state_reason", "published_at", "newest_version", "public_version",
    "version_in_review", "is_example",
}  # fmt: skip
VERSION = {"id", "number", "created_at", "answers", "prices", "references"}
ANSWERS = {k: v for k, v in factories.ANSWERS.items() if k != "regions"} | {"regions": ["*"]}


@pytest.fixture(autouse=True)
def index() -> None:
    get_engine("services").rebuild([])


def indexed() -> None:
    outbox.drain()
    get_engine("services").rebuild(all_documents())


def full(cast: Cast, **answers: object) -> Service:
    """A published service with a price, a reference, a certificate and an entry in the account."""
    city = cast.official.organisation.city
    service = factories.published(
        cast.owner,
        cast.reviewer,
        prices=[{"amount": "12000", "unit": "month", "vat_included": False, "note": ""}],
        references=[{"city": city, "name": "", "since_year": 2024, "scale": ""}],
        **answers,
    )
    certificates.state(service, kind="iso27001", number="X-1", by=cast.owner)
    AccountStatus.objects.create(
        service=service, listed=True, register_number="R-1", valid_from="2026-01-01",
        checked_by=cast.reviewer.user, checked_at=database_now(),
    )  # fmt: skip
    return service


def queries(caller: Caller, path: str, **query: str) -> int:
    caller.get(path, **query)
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(path, **query).status_code == 200
    return sum(asks_data(query["sql"]) for query in captured.captured_queries)


def test_published_services_are_found_with_their_facts(cast: Cast) -> None:
    service = full(cast)
    factories.draft(cast.owner, name_th="ขยะลับ")
    indexed()
    page = Caller().get("services/", q="ขยะ", facets=["dimension", "kind"]).json()
    assert set(page) == {"count", "next", "previous", "results", "simplified", "relaxed", "facets"}
    assert (page["count"], page["simplified"]) == (1, False)
    assert page["facets"] == {
        "dimension": [{"value": "environment", "count": 1}],
        "kind": [{"value": "saas", "count": 1}],
    }
    [row] = page["results"]
    assert set(row) == ROW
    assert set(row["vendor"]) == VENDOR
    assert [set(price) for price in row["prices"]] == [PRICE]
    assert (row["prices"][0]["amount"], row["prices"][0]["vat_included"]) == ("12000.00", False)
    assert [set(c) for c in row["certificates"]] == [CERTIFICATE]
    assert set(row["account"]) == ACCOUNT
    assert row["id"] == service.public_id
    for none in ({"q": "ไม่มีคำนี้เลย"}, {"kind": "hardware"}, {"dimension": "energy"}, {"q": "' OR 1=1 --"}):
        assert ids(Caller().get("services/", **none)) == []
    assert ids(Caller().get("services/", dimension=["energy", "environment"], region="LS"))
    refused(Caller().get("services/", sort="price"), 400, "sort")
    refused(Caller().get("services/", facets="vendor"), 400, "facets")
    refused(Caller().get("services/", kind="x" * 50), 400, "kind")
    refused(Caller().get("services/", page="2"), 404)


def test_with_the_index_gone_the_database_answers(cast: Cast, settings: object) -> None:
    full(cast)
    settings.SEARCH_URL = "tantivy:///nowhere/at/all"  # type: ignore[attr-defined]  # pytest-django's
    page = Caller().get("services/", q="ขยะ", facets="kind").json()
    assert (page["simplified"], page["count"]) == (True, 1)
    assert page["facets"] == {"kind": [{"value": "saas", "count": 1}]}


def test_a_published_service_says_everything_public_and_no_more(cast: Cast) -> None:
    service = full(cast)
    detail = Caller().get(f"services/{service.public_id}/").json()
    assert set(detail) == DETAIL
    assert set(detail["answers"]) == set(questions())
    assert detail["answers"]["setup_weeks"] is None
    assert set(detail["vendor"]) == VENDOR | {"website", "sales_phone", "sales_email", "sales_line"}
    [reference] = detail["references"]
    assert set(reference) == REFERENCE
    assert set(reference["city"]) == BRIEF | {"kind", "province_code", "dla_code"}
    text = str(detail)
    assert cast.owner.user.email not in text
    assert cast.owner.user.phone not in text


def test_drafts_exist_for_their_vendor_and_depa_only(cast: Cast) -> None:
    draft = factories.draft(cast.owner)
    for caller in (Caller(), Caller(cast.rival), Caller(cast.official)):
        for path in ("", "work/", "versions/", "versions/1/"):
            query = {"organisation": caller.organisation} if caller.actor else {}
            foreign = caller.get(f"services/{draft.public_id}/{path}", **query)
            unknown = caller.get(f"services/000000000000/{path}", **query)
            assert foreign.status_code in (403, 404)
            assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    for path, body in (("moves/", {"move": "submit"}), ("", {"answers": ANSWERS, "seen": 1})):
        send = Caller(cast.rival).post if path else Caller(cast.rival).put
        foreign, unknown = (send(f"services/{i}/{path}", **body) for i in (draft.public_id, "000000000000"))
        refused(foreign, 404)
        assert foreign.content == unknown.content
    work = Caller(cast.teammate).mine(f"services/{draft.public_id}/work/").json()
    assert set(work) == WORK_ROW | {"head", "certificates", "account", "moves"}
    assert set(work["head"]) == VERSION
    assert [m["name"] for m in work["moves"]] == ["submit"]
    assert set(work["moves"][0]) == {"name", "label", "needs_note"}
    assert Caller(cast.reviewer).mine(f"services/{draft.public_id}/work/").json()["moves"] == []
    [row] = Caller(cast.teammate).mine("services/work/").json()["results"]
    assert set(row) == WORK_ROW
    assert ids(Caller(cast.rival).mine("services/work/")) == []
    assert ids(Caller(cast.reviewer).mine("services/work/", state="submitted")) == []
    assert ids(Caller(cast.reviewer).mine("services/work/", state="draft")) == [draft.public_id]


def test_a_secret_draft_changes_no_public_answer(cast: Cast) -> None:
    full(cast)
    indexed()
    paths = [
        ("services/", {"facets": ["dimension", "kind", "region", "certificate", "account"]}),
        ("services/", {"q": "ขยะ"}),
        ("categories/", {}),
    ]
    before = [Caller().get(path, **query).content for path, query in paths]
    secret = factories.draft(cast.rival, name_th="ขยะตกค้างลับ")
    services.submit(secret, by=cast.rival)
    indexed()
    assert [Caller().get(path, **query).content for path, query in paths] == before


def test_a_withdrawn_service_is_gone_with_its_reason(cast: Cast) -> None:
    service = full(cast)
    services.withdraw(service, by=cast.owner, note="เลิกให้บริการ")
    assert refused(Caller().get(f"services/{service.public_id}/"), 410)["detail"] == "เลิกให้บริการ"
    suspended = factories.published(cast.owner, cast.reviewer)
    services.suspend(suspended, by=cast.reviewer, note="ตรวจสอบ")
    refused(Caller().get(f"services/{suspended.public_id}/"), 404)


def test_only_declared_fields_are_taken(cast: Cast) -> None:
    caller = Caller(cast.owner)
    events = Event.objects.count()
    refused(
        caller.post("services/", answers=ANSWERS, state="published", vendor="x", lot=1),
        400, "state", "vendor", "lot",
    )  # fmt: skip
    refused(caller.post("services/", answers={**ANSWERS, "rank": 1}), 400, "answers.rank")
    bad = {"amount": "-1", "unit": "week", "vat_included": "perhaps", "currency": "THB"}
    refused(
        caller.post("services/", answers=ANSWERS, prices=[bad]), 400,
        "prices.0.amount", "prices.0.unit", "prices.0.vat_included", "prices.0.currency",
    )  # fmt: skip
    refused(
        caller.post("services/", answers=ANSWERS, references=[{"city": "000000000000"}]),
        400, "references.0.city",
    )  # fmt: skip
    refused(caller.post("services/", answers={"name_en": "x"}), 400, "answers.name_th")
    refused(caller.post("services/", answers={**ANSWERS, "kind": "spaceship"}), 400, "answers.kind")
    refused(caller.post("services/", answers={"name_th": "ก\x00"}), 400, "answers.name_th")
    refused(Caller(cast.official).post("services/", answers=ANSWERS), 403)
    assert (Service.objects.count(), Event.objects.count()) == (0, events)


def test_two_editors_cannot_overwrite_each_other(cast: Cast) -> None:
    first, second = Caller(cast.owner), Caller(cast.teammate)
    made = first.post("services/", answers=ANSWERS)
    assert made.status_code == 201
    path = f"services/{made.json()['id']}/"
    saved = first.put(path, answers={**ANSWERS, "name_en": "Better"}, seen=1)
    assert (saved.status_code, saved.json()["newest_version"]) == (200, 2)
    stale = refused(second.put(path, answers=ANSWERS, seen=1), 409)
    assert [change["value"] for change in stale["changed"]] == ["Better"]
    assert ServiceVersion.objects.count() == 2
    assert ids(first.mine(f"{path}versions/")) == [
        v.public_id for v in ServiceVersion.objects.order_by("-number")
    ]
    assert first.mine(f"{path}versions/1/").json()["answers"]["name_en"] == ANSWERS["name_en"]
    refused(first.mine(f"{path}versions/3/"), 404)
    refused(first.mine(f"{path}versions/99999999999999999999/"), 404)


def test_moves_are_those_of_the_lifecycle(cast: Cast) -> None:
    vendor, reviewer = Caller(cast.owner), Caller(cast.reviewer)
    service = factories.draft(cast.owner)
    path = f"services/{service.public_id}/moves/"
    refused(vendor.post(path, move="fly"), 400, "move")
    refused(vendor.post(path, move="publish"), 403)
    refused(reviewer.post(path, move="publish"), 409)
    assert vendor.post(path, move="submit").json()["state"] == "submitted"
    refused(vendor.post(path, move="submit"), 409)
    refused(reviewer.post(path, move="request_changes"), 400, "note")
    refused(reviewer.post(path, move="publish", seen=7), 409)
    refused(Caller(cast.broker).post(path, move="publish"), 403)
    events = Event.objects.count()
    answered = reviewer.post(path, move="publish", seen=1).json()
    assert (answered["state"], answered["public_version"]) == ("published", 1)
    assert Event.objects.count() == events + 1
    refused(Caller(cast.rival).post(path, move="withdraw", note="x"), 403)


def test_an_incomplete_draft_says_which_answers_are_missing(cast: Cast) -> None:
    service = factories.draft(cast.owner, kind=None, dimensions=None)
    refused(
        Caller(cast.owner).post(f"services/{service.public_id}/moves/", move="submit"),
        400, "answers.kind", "answers.dimensions",
    )  # fmt: skip


def test_every_move_of_the_lifecycle_can_be_made_here(cast: Cast) -> None:
    assert set(MOVES) == set(services.LIFE.moves)


def test_lists_and_details_ask_as_often_for_twenty_as_for_one(cast: Cast) -> None:
    service = full(cast)
    indexed()
    owner, anyone = Caller(cast.owner), Caller()
    query = {"organisation": owner.organisation}
    lists = [(anyone, "services/", {}), (owner, "services/", {}), (owner, "services/work/", query)]
    before = [queries(caller, path, **given) for caller, path, given in lists]
    for number in range(19):
        full(cast, name_th=f"บริการ {number}")
    indexed()
    assert len(ids(anyone.get("services/"))) == 20
    assert [queries(caller, path, **given) for caller, path, given in lists] == before
    assert max(before) <= 8
    assert queries(owner, f"services/{service.public_id}/") <= 10
    assert queries(owner, f"services/{service.public_id}/work/", **query) <= 10


def test_categories_are_the_official_lists(cast: Cast) -> None:
    rows = Caller().get("categories/", axis="dimension").json()["results"]
    assert [row["code"] for row in rows] == list(factories.CATEGORIES["dimension"])
    assert set(rows[0]) == {"axis", "code", "name_th", "name_en", "note_th", "note_en"}
    refused(Caller().get("categories/", axis="colour"), 400, "axis")
