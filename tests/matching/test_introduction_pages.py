"""Pages of introductions: asking, each side's view, the moves, contacts by consent, and the board."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from marketplace import consents, outbox
from marketplace.errors import Invalid, NotAllowed
from marketplace.models import Consent, Event, database_now
from matching import introductions
from matching.models import Introduction, Match
from tests import factories
from tests.conftest import Cast
from tests.matching.conftest import SignIn, org, page, queries

pytestmark = pytest.mark.usefixtures("thai", "index")


def inbox(actor: object, rest: str = "") -> str:
    return f"/o/{org(actor)}/introductions/{rest}"  # type: ignore[arg-type]


def asked(cast: Cast, **need: object) -> Introduction:
    """An introduction that a broker has to check."""
    service = factories.published(cast.owner, cast.reviewer)
    row = factories.need(cast.official, **({"state": "published"} | need))  # type: ignore[arg-type]
    return introductions.request(service, by=cast.official, consent=True, need=row, message="ขอดูระบบจริงก่อน")


def person(actor: object) -> tuple[str, str, str]:
    user = actor.user  # type: ignore[attr-defined]
    return user.name, user.phone, user.email


def shows(text: str, actor: object) -> bool:
    return any(words in text for words in person(actor))


def test_the_official_asks_from_a_match_and_consents(cast: Cast, sign_in: SignIn) -> None:
    factories.published(cast.owner, cast.reviewer)
    factories.need(cast.official, budget_amount=Decimal("1200000.00"))
    outbox.drain()
    match = Match.objects.get()
    client, address = sign_in(cast.official), inbox(cast.official, f"new/?match={match.public_id}")
    text = page(client, address)
    # The consent says what will be shown, to whom, and until when.
    assert all(words in text for words in person(cast.official))
    assert match.service.vendor.name_th in text
    assert "จนกว่าคุณจะถอนความยินยอม" in text

    # What the ranking left open is the beginning of the message.
    assert "- ราคารวมทั้งหมดพร้อมภาษีมูลค่าเพิ่มเท่าใด" in text

    without = client.post(address, {"message": "ขอดูระบบ"})
    assert without.status_code == 400
    assert "ขอดูระบบ" in without.content.decode()
    assert (Introduction.objects.count(), Consent.objects.count()) == (0, 0)

    assert client.post(address, {"message": "ขอดูระบบ", "consent": "on"}).status_code == 302
    row = Introduction.objects.get()
    assert (row.state, row.origin, row.match, row.message) == ("requested", "match", match, "ขอดูระบบ")
    assert Consent.objects.get().text_version == consents.TEXT_VERSION
    again = client.post(address, {"message": "ขอดูระบบ", "consent": "on"})
    assert again.status_code == 409
    assert Introduction.objects.count() == 1


def test_the_official_asks_from_the_catalogue_for_a_need_or_none(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    mine, foreign = factories.need(cast.official), factories.need(cast.stranger)
    client = sign_in(cast.official)
    address = inbox(cast.official, f"new/?service={service.public_id}")
    assert mine.title in page(client, address)
    assert client.post(address, {"consent": "on", "need": foreign.public_id}).status_code == 404
    assert client.post(address, {"consent": "on", "need": mine.public_id}).status_code == 302
    assert client.post(address, {"consent": "on"}).status_code == 302
    assert [row.need for row in Introduction.objects.order_by("pk")] == [mine, None]


def test_the_whole_way_and_who_sees_whose_contact(cast: Cast, sign_in: SignIn) -> None:
    row = asked(cast)
    city, vendor, broker = sign_in(cast.official), sign_in(cast.owner), sign_in(cast.broker)
    assert vendor.get(inbox(cast.owner, f"{row.public_id}/")).status_code == 404
    seen = page(broker, inbox(cast.broker, f"{row.public_id}/"))
    assert ("ขอดูระบบจริงก่อน" in seen, "ส่งต่อให้ผู้ให้บริการ" in seen) == (True, True)
    assert not shows(seen, cast.official)

    forward = inbox(cast.broker, f"{row.public_id}/forward/")
    assert broker.post(forward, {"note": "ตรวจแล้ว"}).status_code == 302
    assert broker.post(forward, {"note": "ตรวจแล้ว"}).status_code == 409
    assert Event.objects.filter(subject_id=row.public_id, move="forward").count() == 1

    before = page(vendor, inbox(cast.owner, f"{row.public_id}/"))
    assert "แสดงเมื่อคุณตอบรับการแนะนำ" in before
    assert not shows(before, cast.official)
    assert "เจ้าหน้าที่ของเมือง" in before
    without = vendor.post(inbox(cast.owner, f"{row.public_id}/accept/"), {"note": "ยินดี"})
    assert without.status_code == 400
    assert "ยินดี" in without.content.decode()
    accepted = vendor.post(inbox(cast.owner, f"{row.public_id}/accept/"), {"consent": "on"})
    assert accepted.status_code == 302

    assert all(
        words in page(vendor, inbox(cast.owner, f"{row.public_id}/")) for words in person(cast.official)
    )
    assert all(words in page(city, inbox(cast.official, f"{row.public_id}/")) for words in person(cast.owner))
    assert not shows(page(broker, inbox(cast.broker, f"{row.public_id}/")), cast.owner)

    gone = city.post(inbox(cast.official, f"{row.public_id}/withdraw-consent/"))
    assert gone.status_code == 302
    after = page(vendor, inbox(cast.owner, f"{row.public_id}/"))
    assert not shows(after, cast.official)
    assert "เจ้าตัวถอนความยินยอมแล้ว" in after
    assert "ตรวจแล้ว" in after

    assert city.post(inbox(cast.official, f"{row.public_id}/close/"), {"note": ""}).status_code == 400
    assert city.post(inbox(cast.official, f"{row.public_id}/close/"), {"note": "พบกัน"}).status_code == 302
    assert "พบกัน" in page(vendor, inbox(cast.owner, f"{row.public_id}/"))


@pytest.mark.parametrize(
    ("who", "move", "state"), [("broker", "stop", "requested"), ("official", "withdraw", "requested")]
)
def test_a_move_with_a_reason_asks_for_it(
    cast: Cast, sign_in: SignIn, who: str, move: str, state: str
) -> None:
    row, actor = asked(cast), getattr(cast, who)
    client, address = sign_in(actor), inbox(actor, f"{row.public_id}/{move}/")
    assert client.post(address, {"note": "  "}).status_code == 400
    row.refresh_from_db()
    assert row.state == state
    assert client.post(address, {"note": "ไม่ตรงกับงาน"}).status_code == 302
    assert "ไม่ตรงกับงาน" in page(sign_in(cast.official), inbox(cast.official, f"{row.public_id}/"))


def test_a_vendor_suggests_for_a_public_need_and_the_city_decides(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    need = factories.need(cast.official, state="published")
    client = sign_in(cast.owner)
    assert f"?need={need.public_id}" in page(client, f"/needs/{need.public_id}/{need.slug}/")
    assert service.name_th in page(client, inbox(cast.owner, f"suggest/?need={need.public_id}"))
    address = inbox(cast.owner, f"suggest/?need={need.public_id}&service={service.public_id}")
    assert client.post(address, {"message": ""}).status_code == 400
    assert client.post(address, {"message": "ติดตั้งได้ภายในเดือน"}).status_code == 302
    row = Introduction.objects.get()
    assert (row.state, row.origin) == ("suggested", "vendor")
    city = sign_in(cast.official)
    assert "ติดตั้งได้ภายในเดือน" in page(city, inbox(cast.official, f"{row.public_id}/"))
    assert city.post(inbox(cast.official, f"{row.public_id}/take_up/"), {}).status_code == 400
    assert city.post(inbox(cast.official, f"{row.public_id}/take_up/"), {"consent": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "requested"


def test_a_broker_finds_a_service_and_suggests_it(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    need = factories.need(cast.official, state="published", visibility="private")
    outbox.drain()
    client = sign_in(cast.broker)
    found = page(client, inbox(cast.broker, f"suggest/?need={need.public_id}&q=ขยะ"))
    assert f"service={service.public_id}" in found
    address = inbox(cast.broker, f"suggest/?need={need.public_id}&service={service.public_id}")
    assert client.post(address, {"message": "ตรงกับงาน"}).status_code == 302
    assert Introduction.objects.get().origin == "broker"


def test_mails_lead_to_the_page_and_carry_no_contact(cast: Cast, sign_in: SignIn) -> None:
    row = asked(cast)
    outbox.drain()
    introductions.forward(row, by=cast.broker, note="ตรวจแล้ว")
    introductions.accept(row, by=cast.owner, consent=True)
    introductions.withdraw_consent(row, by=cast.official)
    introductions.close(row, by=cast.owner, note="พบกัน")
    outbox.drain()
    sent = [m for m in mail.outbox if "/introductions/" in m.body]
    assert {m.to[0] for m in sent} >= {
        cast.broker.user.email,
        cast.owner.user.email,
        cast.official.user.email,
    }
    for letter in sent:
        assert letter.subject
        assert f"/introductions/{row.public_id}/" in letter.body
        for actor in (cast.official, cast.owner):
            if letter.to != [actor.user.email]:
                assert not shows(letter.body, actor)


def test_the_board_sorts_by_what_is_most_overdue(cast: Cast, sign_in: SignIn) -> None:
    fresh, old = asked(cast, title="เรื่องใหม่"), asked(cast, title="เรื่องเก่า")
    Introduction.objects.filter(pk=old.pk).update(state_since=database_now() - timedelta(days=20))
    client = sign_in(cast.broker)
    board = f"/o/{org(cast.broker)}/board/"
    text = page(client, board)
    assert text.index("เรื่องเก่า") < text.index("เรื่องใหม่")
    assert "เกินกำหนด 1 เรื่อง" in text
    narrowed = page(client, board + "?age=5")
    assert ("เรื่องเก่า" in narrowed, "เรื่องใหม่" in narrowed) == (True, False)
    assert "ไม่มีเรื่องที่รอ" in page(client, board + "?waits=vendor")
    assert "เรื่องใหม่" in page(client, board + f"?q={fresh.public_id}")
    assert page(client, board + "?waits=x&age=x&region=x&q=%00x&page=x", 200)


def test_foreign_introductions_are_unknown(cast: Cast, sign_in: SignIn) -> None:
    row = introductions.forward(asked(cast), by=cast.broker)
    for actor in (cast.rival, cast.stranger):
        client = sign_in(actor)
        for path in (f"{row.public_id}/", f"{'0' * 12}/"):
            assert client.get(inbox(actor, path)).status_code == 404
        assert client.post(inbox(actor, f"{row.public_id}/accept/"), {"consent": "on"}).status_code == 404
    assert Client().get(inbox(cast.owner, f"{row.public_id}/")).status_code == 302


def test_one_introduction_costs_as_many_queries_as_twenty(cast: Cast, sign_in: SignIn) -> None:
    row = introductions.forward(asked(cast), by=cast.broker)
    visits = [
        (sign_in(cast.official), inbox(cast.official)),
        (sign_in(cast.owner), inbox(cast.owner)),
        (sign_in(cast.broker), f"/o/{org(cast.broker)}/board/"),
        (sign_in(cast.official), inbox(cast.official, f"{row.public_id}/")),
    ]
    one = [queries(client, path) for client, path in visits]
    for number in range(19):
        introductions.forward(asked(cast, title=f"เรื่องที่ {number}"), by=cast.broker)
    assert [queries(client, path) for client, path in visits] == one
    assert max(one[:3]) <= 8
    assert one[3] <= 10


def test_a_broker_suggests_to_a_city_without_a_need_and_nothing_happens_before_it_agrees(
    cast: Cast, sign_in: SignIn
) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    official = cast.official.organisation
    assert official is not None
    client, city = sign_in(cast.broker), official.city
    lonely = factories.CityFactory(name_th="เทศบาลไม่มีบัญชี")
    door = inbox(cast.broker, f"suggest/?service={service.public_id}")
    assert door in page(client, f"/services/{service.public_id}/{service.slug}/")
    assert f"city={city.public_id}" in page(client, f"{door}&body={city.name_th}")
    assert f"city={lonely.public_id}" not in page(client, f"{door}&body={lonely.name_th}")
    assert client.get(f"{door}&city={lonely.public_id}").status_code == 404
    refused = client.post(door, {"message": "ตรงกับงาน"})
    assert refused.status_code == 400
    assert "ตรงกับงาน" in refused.content.decode()
    assert not Introduction.objects.exists()
    # The note may stay empty.
    assert client.post(f"{door}&city={city.public_id}", {"message": ""}).status_code == 302
    row = Introduction.objects.get()
    assert (row.state, row.origin, row.need, row.city_organisation) == ("suggested", "broker", None, official)
    assert client.post(f"{door}&city={city.public_id}", {"message": ""}).status_code == 409
    for wrong in (cast.owner, cast.stranger):
        assert sign_in(wrong).get(inbox(wrong, f"{row.public_id}/")).status_code == 404
    assert client.post(inbox(cast.broker, f"{row.public_id}/forward/"), {"note": ""}).status_code == 409
    address = inbox(cast.official, f"{row.public_id}/take_up/")
    assert sign_in(cast.official).post(address, {"consent": "on"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.city_person) == ("requested", cast.official.user)


def test_a_vendor_suggests_for_a_need_and_to_no_city(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    official = cast.official.organisation
    assert official is not None
    client = sign_in(cast.owner)
    door = inbox(cast.owner, f"suggest/?service={service.public_id}")
    assert door in page(client, f"/services/{service.public_id}/{service.slug}/")
    assert door not in page(sign_in(cast.rival), f"/services/{service.public_id}/{service.slug}/")
    assert 'name="body"' not in page(client, f"{door}&body={official.city.name_th}")
    for address in (door, f"{door}&city={official.city.public_id}"):
        assert client.post(address, {"message": "ตรงกับงาน"}).status_code == 400
    with pytest.raises(Invalid) as refused:
        introductions.suggest(service, official, by=cast.owner)
    assert set(refused.value.message_dict) == {"need"}
    with pytest.raises(NotAllowed):
        introductions.suggest(service, official, by=cast.rival)
    assert not Introduction.objects.exists()
    assert not Event.objects.filter(move="suggest").exists()


@pytest.mark.parametrize(
    "wrong", [{"origin": "catalogue"}, {"suggested_by": None}, {"origin": "vendor", "need": None}]
)
def test_the_database_keeps_no_suggestion_of_nobody(cast: Cast, wrong: dict[str, object]) -> None:
    service, official = factories.published(cast.owner, cast.reviewer), cast.official.organisation
    assert official is not None
    row = introductions.suggest(service, official, by=cast.broker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.filter(pk=row.pk).update(**wrong)
