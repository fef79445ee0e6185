"""Introductions of the API: who may ask, who sees which, and when a person's contact is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from marketplace import outbox
from marketplace.models import Event
from matching import introductions, runs
from matching.api.introductions import MOVES
from matching.models import Introduction
from search.engine import get_engine
from tests import factories
from tests.callers import Caller, asks_data, ids, refused
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

ROW = {
    "id", "state", "state_words", "state_since", "origin", "city", "service", "need", "created_at",
    "forwarded_at", "introduced_at",
}  # fmt: skip
DETAIL = ROW | {
    "vendor", "message", "state_reason", "outcome", "contact", "my_consent", "moves", "history",
}  # fmt: skip


@pytest.fixture(autouse=True)
def index() -> None:
    get_engine("services").rebuild([])


@pytest.fixture
def service(cast: Cast) -> Service:
    return factories.published(cast.owner, cast.reviewer)


def ask(cast: Cast, service: Service, **more: Any) -> str:
    answer = Caller(cast.official).post("introductions/", service=service.public_id, consent=True, **more)
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.json()["id"])


def move(caller: Caller, public_id: str, name: str, **more: Any) -> dict[str, Any]:
    answer = caller.post(f"introductions/{public_id}/moves/", move=name, **more)
    assert answer.status_code == 200, answer.content.decode()
    return dict(answer.json())  # type: ignore[attr-defined]  # the test client's


def test_asking_names_a_service_and_perhaps_a_need_or_its_match(cast: Cast, service: Service) -> None:
    official = Caller(cast.official)
    need = factories.need(cast.official, state="published")
    strange = factories.need(cast.stranger, state="published")
    outbox.drain()
    match, foreign = (runs.latest(n).matches.get() for n in (need, strange))
    sid, given = service.public_id, {"service": service.public_id, "consent": True}
    events = Event.objects.count()
    refused(official.post("introductions/", service=sid), 400, "consent")
    refused(official.post("introductions/", service=sid, consent=False), 400, "consent")
    refused(official.post("introductions/", service="000000000000", consent=True), 400, "service")
    refused(official.post("introductions/", **given, need="000000000000"), 400, "need")
    refused(official.post("introductions/", **given, need=strange.public_id), 400, "need")
    refused(official.post("introductions/", **given, match=foreign.public_id), 400, "match")
    refused(official.post("introductions/", **given, match=match.public_id), 400, "match")
    refused(official.post("introductions/", **given, state="introduced"), 400, "state")
    refused(Caller(cast.owner).post("introductions/", **given), 403)
    refused(Caller(cast.broker).post("introductions/", **given), 403)
    assert (Introduction.objects.count(), Event.objects.count()) == (0, events)
    asked = Caller(cast.official).post(
        "introductions/", **given, need=need.public_id, match=match.public_id, message="สวัสดี"
    )
    assert set(asked.json()) == DETAIL
    assert (asked.json()["origin"], asked.json()["my_consent"]) == ("match", "given")
    refused(official.post("introductions/", **given, need=need.public_id), 409)


def test_each_side_sees_it_from_when_it_concerns_them(cast: Cast, service: Service) -> None:
    public_id = ask(cast, service)
    everyone = {
        name: Caller(getattr(cast, name))
        for name in ("owner", "rival", "official", "stranger", "reviewer", "broker")
    }

    def statuses() -> dict[str, int]:
        return {
            name: caller.mine(f"introductions/{public_id}/").status_code for name, caller in everyone.items()
        }

    seen = {"owner": 404, "rival": 404, "official": 200, "stranger": 404, "reviewer": 403, "broker": 200}
    assert statuses() == seen
    refused(Caller().get(f"introductions/{public_id}/"), 403)
    for caller in (everyone["owner"], everyone["rival"]):
        assert ids(caller.mine("introductions/")) == []
        foreign = caller.mine(f"introductions/{public_id}/")
        assert foreign.content == caller.mine("introductions/000000000000/").content
        body = {"move": "accept", "consent": True}
        foreign = caller.post(f"introductions/{public_id}/moves/", **body)
        assert foreign.content == caller.post("introductions/000000000000/moves/", **body).content
    refused(everyone["official"].post(f"introductions/{public_id}/moves/", move="forward"), 403)
    assert move(everyone["broker"], public_id, "forward")["state"] == "forwarded"
    assert statuses() == seen | {"owner": 200}
    [row] = everyone["owner"].mine("introductions/").json()["results"]
    assert set(row) == ROW


def test_a_persons_contact_is_shown_with_consent_only(cast: Cast, service: Service) -> None:
    public_id = ask(cast, service)
    official, owner, broker = Caller(cast.official), Caller(cast.owner), Caller(cast.broker)
    path = f"introductions/{public_id}/"

    def texts(*callers: Caller) -> str:
        return "".join(c.mine(p).content.decode() for c in callers for p in (path, "introductions/"))

    move(broker, public_id, "forward", note="ตรวจแล้ว")
    refused(owner.post(f"{path}moves/", move="accept"), 400, "consent")
    refused(owner.post(f"{path}moves/", move="introduce"), 400, "move")
    for person in (cast.owner.user, cast.official.user):
        assert person.email not in texts(official, owner, broker)
    done = move(owner, public_id, "accept", consent=True)
    assert done["state"] == "introduced"
    assert done["contact"] == {
        "name": cast.official.user.name, "phone": cast.official.user.phone, "email": cast.official.user.email,
    }  # fmt: skip
    assert official.mine(path).json()["contact"]["email"] == cast.owner.user.email
    assert broker.mine(path).json()["contact"] is None
    assert cast.owner.user.email not in texts(owner, broker)
    refused(owner.post(f"{path}moves/", move="accept", consent=True), 409)
    refused(broker.post(f"{path}withdraw_consent/"), 403)
    gone = official.post(f"{path}withdraw_consent/").json()
    assert gone["my_consent"] == "withdrawn"
    assert owner.mine(path).json()["contact"] is None
    assert cast.official.user.email not in texts(owner, broker)
    assert official.mine(path).json()["contact"]["email"] == cast.owner.user.email
    history = owner.mine(path).json()["history"]
    assert [line["move"] for line in history] == ["request", "forward", "accept", "introduce"]
    assert set(history[0]) == {"at", "move", "from_state", "to_state", "who", "note"}
    assert cast.official.user.name not in str(history)


def test_endings_need_a_reason(cast: Cast, service: Service) -> None:
    for ending, who in (("stop", cast.broker), ("withdraw", cast.official)):
        public_id = ask(cast, service)
        path = f"introductions/{public_id}/moves/"
        refused(Caller(who).post(path, move=ending), 400, "note")
        assert move(Caller(who), public_id, ending, note="เหตุผล")["state_reason"] == "เหตุผล"
        refused(Caller(who).post(path, move=ending, note="อีกครั้ง"), 409)


def test_a_suggestion_waits_for_the_city(cast: Cast, service: Service) -> None:
    need = factories.need(cast.official, state="published")
    private = factories.need(cast.official, state="published", visibility="private")
    given = {"service": service.public_id, "need": need.public_id}
    refused(Caller(cast.rival).post("introductions/suggest/", **given), 403)
    refused(Caller(cast.official).post("introductions/suggest/", **given), 403)
    refused(
        Caller(cast.owner).post("introductions/suggest/", **given | {"need": private.public_id}), 400, "need"
    )
    made = Caller(cast.owner).post("introductions/suggest/", **given)
    assert (made.status_code, made.json()["state"]) == (201, "suggested")
    public_id = made.json()["id"]
    refused(Caller(cast.broker).post(f"introductions/{public_id}/moves/", move="forward"), 409)
    refused(Caller(cast.official).post(f"introductions/{public_id}/moves/", move="take_up"), 400, "consent")
    assert move(Caller(cast.official), public_id, "take_up", consent=True)["state"] == "requested"
    refused(Caller(cast.broker).post("introductions/suggest/", **given), 409)


def test_a_broker_names_a_city_instead_of_a_need(cast: Cast, service: Service) -> None:
    official = cast.official.organisation
    assert official is not None
    need = factories.need(cast.official, state="published")
    given = {"service": service.public_id, "city": official.city.public_id}
    alone = factories.CityFactory()
    broker, path = Caller(cast.broker), "introductions/suggest/"
    refused(Caller(cast.owner).post(path, **given), 400, "need")
    refused(broker.post(path, service=service.public_id), 400, "need")
    refused(broker.post(path, **given, need=need.public_id), 400, "city")
    without_account = refused(broker.post(path, **given | {"city": alone.public_id}), 400, "city")
    assert without_account == refused(broker.post(path, **given | {"city": "000000000000"}), 400, "city")
    assert not Introduction.objects.exists()
    made = broker.post(path, **given)
    assert (made.status_code, made.json()["state"], made.json()["need"]) == (201, "suggested", None)
    refused(broker.post(path, **given), 409)
    public_id = made.json()["id"]
    assert ids(Caller(cast.owner).mine("introductions/")) == []
    assert move(Caller(cast.official), public_id, "take_up", consent=True)["state"] == "requested"


def test_every_move_of_the_lifecycle_can_be_made_here() -> None:
    assert set(MOVES) == {n for n, m in introductions.LIFE.moves.items() if m.who != ("system",)}


def test_lists_and_details_ask_as_often_for_twenty_as_for_one(cast: Cast, service: Service) -> None:
    public_id = ask(cast, service)
    callers = [Caller(actor) for actor in (cast.official, cast.broker)]

    def counted(path: str) -> list[int]:
        found = []
        for caller in callers:
            caller.mine(path)
            with CaptureQueriesContext(connection) as captured:
                assert caller.mine(path).status_code == 200
            found.append(sum(asks_data(query["sql"]) for query in captured.captured_queries))
        return found

    before = counted("introductions/")
    for number in range(19):
        ask(cast, factories.published(cast.owner, cast.reviewer, name_th=f"บริการ {number}"))
    assert len(ids(callers[0].mine("introductions/"))) == 20
    assert counted("introductions/") == before
    assert max(before) <= 8
    assert max(counted(f"introductions/{public_id}/")) <= 10
