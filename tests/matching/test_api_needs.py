"""Needs and rankings of the API: who sees which, and what of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.indexing import all_documents
from marketplace import outbox
from marketplace.models import Event
from matching import needs, runs
from matching.api.needs import MOVES
from matching.models import MatchRun, Need
from search.engine import get_engine
from tests import factories
from tests.callers import Caller, asks_data, ids, refused
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

CITY = {"id", "name_th", "name_en", "kind", "province_code", "dla_code"}
ROW = {
    "id", "title", "slug", "city", "state", "dimensions", "capabilities", "budget_amount", "budget_state",
    "fiscal_year", "deadline", "published_at", "is_example",
}  # fmt: skip
DETAIL = {
    "id", "title", "slug", "city", "state", "version", "content", "deadline", "published_at", "is_example",
}  # fmt: skip
CONTENT = {
    "title", "problem", "success", "dimensions", "capabilities", "budget_amount", "budget_state",
    "fiscal_year", "money_source", "start_by", "criteria",
}  # fmt: skip
CRITERION = {"id", "kind", "level", "value", "text", "words"}
WORK_ROW = {
    "id", "title", "city", "state", "state_since", "visibility", "deadline", "published_at",
    "newest_version", "public_version", "waits_for_confirmation", "is_example",
}  # fmt: skip
WORK = WORK_ROW | {"state_reason", "content", "moves"}
RUN_PAGE = {
    "count", "next", "previous", "results", "notice", "run", "waiting", "kept", "left_out",
}  # fmt: skip
RUN = {
    "id", "number", "need_version", "computed_at", "considered", "weight_version", "rule_version",
    "result_hash",
}  # fmt: skip
FIT = {
    "kept", "words", "band", "score", "low", "high", "questions", "left_out_by", "reasons",
}  # fmt: skip
MATCH = FIT | {"id", "service", "service_version", "tier", "rank_from", "rank_to"}
OWN = FIT | {"id", "need", "service_version", "computed_at"}
REASON = {
    "criterion", "kind", "level", "status", "points", "max_points", "estimated", "words", "status_words",
    "facts", "question",
}  # fmt: skip
SAID = {"title": "แจ้งขยะตกค้าง", "problem": "ชาวบ้านร้องเรียนขยะตกค้าง"}
MUST_BE_SOFTWARE = {"kind": "category", "level": "must", "value": {"codes": ["software"]}, "text": ""}
NICE_PRICE = {"kind": "price", "level": "nice", "value": {"max": "20000", "unit": "month"}, "text": ""}


@pytest.fixture(autouse=True)
def index() -> None:
    get_engine("services").rebuild([])


def queries(caller: Caller, path: str, **query: str) -> int:
    caller.get(path, **query)
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(path, **query).status_code == 200
    return sum(asks_data(query["sql"]) for query in captured.captured_queries)


def test_public_needs_are_listed_and_read_by_anyone(cast: Cast) -> None:
    need = factories.need(cast.official, state="published", dimensions=["environment"], criteria=[NICE_PRICE])
    factories.need(cast.official, title="ลับ")
    factories.need(cast.official, state="published", visibility="private", title="ส่วนตัว")
    [row] = Caller().get("needs/").json()["results"]
    assert set(row) == ROW
    assert set(row["city"]) == CITY
    found = (
        {"q": "ขยะ"}, {"dimension": "environment"}, {"province": "90"}, {"region": "LS"},
        {"city": row["city"]["id"]}, {"state": "published"},
    )  # fmt: skip
    for query in found:
        assert ids(Caller().get("needs/", **query)) == [need.public_id]
    for query in ({"q": "ลับ"}, {"dimension": "energy"}, {"dimension": '"'}, {"state": "closed"}):
        assert ids(Caller().get("needs/", **query)) == []
    refused(Caller().get("needs/", state="draft"), 400, "state")
    detail = Caller().get(f"needs/{need.public_id}/").json()
    assert set(detail) == DETAIL
    assert set(detail["content"]) == CONTENT
    [criterion] = detail["content"]["criteria"]
    assert set(criterion) == CRITERION
    assert (criterion["id"], criterion["value"]) == ("c1", {"max": "20000.00", "unit": "month"})
    assert cast.official.user.email not in str(detail)


def test_what_is_not_public_does_not_exist_for_others(cast: Cast) -> None:
    draft = factories.need(cast.official)
    private = factories.need(cast.official, state="published", visibility="private")
    outbox.drain()
    run = MatchRun.objects.filter(need=draft).get()
    for caller in (Caller(), Caller(cast.stranger), Caller(cast.owner)):
        query = {"organisation": caller.organisation} if caller.actor else {}
        for path in ("", "work/", "matches/", "runs/", f"runs/{run.public_id}/"):
            unknown = caller.get(f"needs/000000000000/{path}", **query)
            for need in (draft, private):
                answer = caller.get(f"needs/{need.public_id}/{path}", **query)
                assert answer.status_code in (403, 404)
                assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
    stranger = Caller(cast.stranger)
    for send, path, body in (
        (stranger.put, "", {**SAID, "seen": 1}),
        (stranger.post, "moves/", {"move": "publish"}),
        (stranger.post, "matches/", {}),
    ):
        foreign, unknown = (send(f"needs/{i}/{path}", **body) for i in (draft.public_id, "000000000000"))
        refused(foreign, 404)
        assert foreign.content == unknown.content
    own = Caller(cast.colleague)
    assert ids(own.mine("needs/work/")) == [private.public_id, draft.public_id]
    assert ids(own.mine("needs/work/", state="draft")) == [draft.public_id]
    assert ids(stranger.mine("needs/work/")) == []
    assert ids(Caller(cast.broker).mine("needs/work/")) == [private.public_id]


def test_a_secret_draft_changes_no_public_answer(cast: Cast) -> None:
    factories.need(cast.official, state="published")
    before = Caller().get("needs/").content
    factories.need(cast.stranger)
    factories.need(cast.stranger, state="published", visibility="private")
    assert Caller().get("needs/").content == before


def test_a_need_is_drafted_saved_and_published(cast: Cast) -> None:
    caller = Caller(cast.official)
    made = caller.post(
        "needs/", **SAID, dimensions=["environment"], budget_amount="1200000.00", budget_state="planned",
        fiscal_year=2027, criteria=[MUST_BE_SOFTWARE, NICE_PRICE], visibility="private",
        start_by="2026-12-01", deadline="2099-01-31T16:30:00+07:00",
    )  # fmt: skip
    assert made.status_code == 201, made.content.decode()
    need = made.json()
    assert set(need) == WORK
    assert set(need["content"]) == CONTENT
    assert (need["state"], need["visibility"], need["newest_version"]) == ("draft", "private", 1)
    assert [m["name"] for m in need["moves"]] == ["publish", "withdraw"]
    path = f"needs/{need['id']}/"
    saved = caller.put(path, **SAID, seen=1, visibility="public").json()
    assert (saved["newest_version"], saved["visibility"]) == (2, "public")
    stale = refused(Caller(cast.colleague).put(path, **SAID, seen=1), 409)
    assert stale["changed"]
    refused(caller.post(f"{path}moves/", move="publish", seen=1), 409)
    assert caller.post(f"{path}moves/", move="publish", seen=2).json()["state"] == "published"
    refused(caller.post(f"{path}moves/", move="publish"), 409)
    refused(caller.post(f"{path}moves/", move="withdraw"), 400, "note")
    refused(Caller(cast.stranger).post(f"{path}moves/", move="close"), 403)
    assert caller.post(f"{path}moves/", move="withdraw", note="ได้แล้ว").json()["state"] == "withdrawn"
    refused(Caller().get(path), 410)


def test_only_declared_fields_are_taken(cast: Cast) -> None:
    caller = Caller(cast.official)
    events = Event.objects.count()
    for body, fields in (
        ({**SAID, "state": "published", "is_example": True}, ("state", "is_example")),
        ({"title": " "}, ("title", "problem")),
        ({**SAID, "title": "x" * 201}, ("title",)),
        ({**SAID, "start_by": "2569-12-01"}, ("start_by",)),
        ({**SAID, "start_by": "1/12/2026"}, ("start_by",)),
        ({**SAID, "deadline": "9999-12-31T23:59:59-12:00"}, ("deadline",)),
        ({**SAID, "fiscal_year": 2570}, ("fiscal_year",)),
        ({**SAID, "budget_amount": "-1"}, ("budget_amount",)),
        ({**SAID, "budget_amount": "1e99"}, ("budget_amount",)),
        ({**SAID, "dimensions": ["happiness"]}, ("dimensions",)),
        ({**SAID, "criteria": [{"kind": "price", "level": "nice", "value": {"max": "x"}}]},
         ("criteria.0.value.max",)),
        ({**SAID, "criteria": [{"kind": "colour", "weight": 9}]},
         ("criteria.0.kind", "criteria.0.level", "criteria.0.weight")),
        ({**SAID, "criteria": [{**MUST_BE_SOFTWARE, "value": {"codes": ["tea"]}}]}, ("criteria",)),
        ({**SAID, "criteria": [MUST_BE_SOFTWARE] * 31}, ("criteria",)),
    ):  # fmt: skip
        refused(caller.post("needs/", **body), 400, *fields)
    refused(Caller(cast.owner).post("needs/", **SAID), 403)
    refused(Caller(cast.reviewer).post("needs/", **SAID), 403)
    assert (Need.objects.count(), Event.objects.count()) == (0, events)


def test_a_broker_drafts_for_a_city_that_confirms(cast: Cast) -> None:
    broker = Caller(cast.broker)
    city = cast.official.organisation.city
    refused(broker.post("needs/", **SAID), 400, "city")
    refused(broker.post("needs/", **SAID, city="000000000000"), 400, "city")
    refused(broker.post("needs/", **SAID, city=city.public_id), 400, "confirm_email")
    made = broker.post("needs/", **SAID, city=city.public_id, confirm_email="mayor@example.com").json()
    assert made["waits_for_confirmation"] is True
    refused(Caller(cast.official).post(f"needs/{made['id']}/moves/", move="publish"), 409)


def test_a_ranking_says_why_and_what_was_left_out(cast: Cast) -> None:
    kept = factories.published(cast.owner, cast.reviewer, kind="software")
    removed = factories.published(cast.rival, cast.reviewer)
    need = factories.need(cast.official, criteria=[MUST_BE_SOFTWARE, NICE_PRICE])
    caller = Caller(cast.official)
    path = f"needs/{need.public_id}/"
    waiting = caller.mine(f"{path}matches/").json()
    assert (waiting["run"], waiting["waiting"], waiting["results"]) == (None, True, [])
    outbox.drain()
    page = caller.mine(f"{path}matches/").json()
    assert set(page) == RUN_PAGE
    assert set(page["run"]) == RUN
    assert (page["kept"], page["count"], page["run"]["considered"]) == (1, 2, 2)
    assert page["left_out"] == [{"criterion": "c1", "words": "Kind: software", "count": 1}]
    first, last = page["results"]
    assert set(first) == set(last) == MATCH
    assert (first["service"]["id"], last["service"]["id"]) == (kept.public_id, removed.public_id)
    assert (last["left_out_by"], last["score"]) == ("c1", None)
    assert {frozenset(reason) for reason in first["reasons"]} == {frozenset(REASON)}
    graded = [float(r["points"]) for r in first["reasons"] if r["level"] != "must"]
    assert round(sum(graded), 1) == float(first["score"])
    price = next(r for r in first["reasons"] if r["criterion"] == "c2")
    assert (price["status"], price["estimated"]) == ("unknown", True)
    assert 0 < float(price["points"]) < float(price["max_points"])
    assert price["question"]
    for query, expected in (({"kept": "true"}, [first]), ({"kept": "false"}, [last])):
        assert caller.mine(f"{path}matches/", **query).json()["results"] == expected
    assert caller.mine(f"{path}matches/", per_page="1", page="2").json()["results"] == [last]
    refused(caller.mine(f"{path}matches/", page="3"), 404)
    # A newer ranking leaves the stored one as it was.
    stored = caller.mine(f"{path}runs/{page['run']['id']}/").content
    assert caller.post(f"{path}matches/").status_code == 202
    outbox.drain()
    assert caller.mine(f"{path}runs/{page['run']['id']}/").content == stored
    assert [run["number"] for run in caller.mine(f"{path}runs/").json()["results"]] == [2, 1]


def test_a_vendor_sees_its_own_match_only(cast: Cast) -> None:
    mine = factories.published(cast.owner, cast.reviewer)
    other = factories.published(cast.rival, cast.reviewer)
    need = factories.need(cast.official, state="published")
    factories.need(cast.official, title="ร่าง")
    factories.need(cast.official, state="published", visibility="private", title="ส่วนตัว")
    outbox.drain()
    runs.again(need, by=cast.official)
    outbox.drain()
    vendor = Caller(cast.owner)
    [match] = vendor.mine(f"services/{mine.public_id}/matches/").json()["results"]
    assert set(match) == OWN
    assert match["need"] == {"id": need.public_id, "title": need.title}
    text = vendor.mine(f"services/{mine.public_id}/matches/").content.decode()
    assert other.public_id not in text
    assert "rank" not in text
    foreign = vendor.mine(f"services/{other.public_id}/matches/")
    refused(foreign, 404)
    assert foreign.content == vendor.mine("services/000000000000/matches/").content
    refused(vendor.mine(f"needs/{need.public_id}/matches/"), 403)
    refused(Caller(cast.official).mine(f"services/{mine.public_id}/matches/"), 403)


def test_a_sentence_finds_services_with_reasons(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    secret = factories.draft(cast.rival)
    get_engine("services").rebuild(all_documents())
    answer = Caller().get("fits/", q="ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้").json()
    assert set(answer) == {"q", "notice", "simplified", "results"}
    [fit] = answer["results"]
    assert set(fit) == FIT | {"service"}
    assert fit["service"]["id"] == service.public_id
    assert secret.public_id not in str(answer)
    refused(Caller().get("fits/"), 400, "q")
    refused(Caller().get("fits/", q="ก" * 1001), 400, "q")
    assert Caller().get("fits/", q="\x00\x00 zzz").json()["results"] == []


def test_every_move_of_the_lifecycle_can_be_made_here() -> None:
    assert set(MOVES) == set(needs.LIFE.moves)


def test_lists_and_details_ask_as_often_for_twenty_as_for_one(cast: Cast) -> None:
    factories.published(cast.owner, cast.reviewer)
    need = factories.need(cast.official, state="published", criteria=[NICE_PRICE])
    outbox.drain()
    official, vendor = Caller(cast.official), Caller(cast.owner)
    city, firm = {"organisation": official.organisation}, {"organisation": vendor.organisation}
    own = f"services/{cast.owner.organisation.services.get().public_id}/matches/"
    lists = [(official, "needs/", {}), (official, "needs/work/", city), (vendor, own, firm)]
    details = [(f"needs/{need.public_id}/{rest}", city) for rest in ("", "work/", "matches/", "runs/")]
    before = [queries(caller, path, **given) for caller, path, given in lists]
    matches_before = queries(official, details[2][0], **city)
    for number in range(19):
        factories.published(cast.rival, cast.reviewer, name_th=f"บริการ {number}")
        factories.need(cast.official, state="published", title=f"ความต้องการ {number}", criteria=[NICE_PRICE])
    runs.again(need, by=cast.official)
    outbox.drain()
    assert len(ids(vendor.mine(own))) == 20
    assert len(ids(official.mine(details[2][0]))) == 20
    assert [queries(caller, path, **given) for caller, path, given in lists] == before
    assert queries(official, details[2][0], **city) == matches_before
    assert max(before) <= 8
    assert max(queries(official, path, **given) for path, given in details) <= 10
