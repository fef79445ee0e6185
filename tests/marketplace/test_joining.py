"""How people come to act for a body: vendors by tax ID, officials by letter or invitation, hand-over."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace import affiliations, events, organisations, outbox, people
from marketplace.errors import Conflict, Invalid, NotAllowed
from marketplace.models import AffiliationRequest, City, Event, Membership, Organisation, StoredFile
from marketplace.permissions import Actor
from tests import factories
from tests.conftest import Cast

TAX_ID = "0994000617721"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def newcomer(db: None) -> Actor:
    return Actor(factories.UserFactory(email="new@example.com"))


def as_user(client: Client, actor: Actor) -> Client:
    client.force_login(actor.user)
    return client


def letter(name: str = "letter.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_person_edits_the_own_account_only(client: Client, cast: Cast) -> None:
    before = cast.rival.user.name
    answer = as_user(client, cast.owner).post("/account/", {"name": "คุณใหม่", "phone": "", "language": "en"})
    assert answer.status_code == 302
    cast.owner.user.refresh_from_db()
    assert (cast.owner.user.name, cast.owner.user.language) == ("คุณใหม่", "en")
    assert [e.data for e in events.of(cast.owner.user)] == [{"fields": ["language", "name", "phone"]}]
    assert client.post("/account/", {"name": "ก" * 121, "phone": "", "language": "th"}).status_code == 400
    with pytest.raises(NotAllowed):
        people.edit(cast.rival.user, by=cast.owner, name="x", phone="", language="th")
    cast.rival.user.refresh_from_db()
    assert cast.rival.user.name == before


def test_a_vendor_opens_its_account_with_its_tax_id(client: Client, newcomer: Actor) -> None:
    answer = as_user(client, newcomer).post(
        "/join/vendor/", {"tax_id": "๐-9940-00617-72-1", "name_th": "บริษัท ตัวอย่าง จำกัด"}
    )
    vendor = Organisation.objects.get(tax_id=TAX_ID)
    assert (answer.status_code, answer["Location"]) == (302, f"/o/{vendor.public_id}/")
    assert [(m.user, m.role) for m in vendor.memberships.all()] == [(newcomer.user, "owner")]
    assert [e.move for e in events.of(vendor)] == ["add"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("099400061772", "ที่กรอกมี 12 หลัก"),
        ("0994000617722", "0994000617722"),
        ("abc", "ที่กรอกมี 0 หลัก"),
    ],
)
def test_a_wrong_tax_id_says_what_is_wrong_and_keeps_what_was_typed(
    client: Client, newcomer: Actor, typed: str, said: str
) -> None:
    answer = as_user(client, newcomer).post("/join/vendor/", {"tax_id": typed, "name_th": "บริษัท ตัวอย่าง จำกัด"})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "บริษัท ตัวอย่าง จำกัด" in answer.content.decode()
    assert (Organisation.objects.count(), Event.objects.count()) == (0, 0)


def test_a_second_account_for_a_tax_id_is_refused(newcomer: Actor) -> None:
    organisations.add_vendor(by=newcomer, tax_id=TAX_ID, name_th="บริษัท ตัวอย่าง จำกัด")
    other = Actor(factories.UserFactory())
    with pytest.raises(Invalid) as refusal:
        organisations.add_vendor(by=other, tax_id=TAX_ID, name_th="บริษัท สมมติ จำกัด")
    assert list(refusal.value.message_dict) == ["tax_id"]
    assert Organisation.objects.count() == 1
    assert Membership.objects.filter(user=other.user).count() == 0


def test_an_official_sends_a_letter_and_staff_approve_it(client: Client, cast: Cast, newcomer: Actor) -> None:
    city = factories.CityFactory(name_th="เทศบาลนครหาดใหญ่")
    found = as_user(client, newcomer).get("/join/city/", {"q": "หาดใหญ่"})
    assert f"/join/city/{city.public_id}/" in found.content.decode()
    answer = client.post(
        f"/join/city/{city.public_id}/",
        {"letter_number": "สข 52001/123", "letter_date": "๒๒/๑๑/๒๕๖๘", "letter_scan": letter()},
    )
    assert answer["Location"] == "/start/"
    request = AffiliationRequest.objects.get()
    assert request.letter_date.isoformat() == "2025-11-22"
    assert newcomer.user.active_memberships == []

    with pytest.raises(NotAllowed):
        affiliations.approve(request, by=cast.owner)
    affiliations.approve(request, by=cast.broker)
    city.refresh_from_db()
    assert Membership.objects.get(user=newcomer.user).organisation == city.organisation
    outbox.drain()
    assert mail.outbox[-1].to == ["new@example.com"]
    with pytest.raises(Conflict):
        affiliations.refuse(request, by=cast.broker, note="too late")
    assert [e.move for e in events.of(request)] == ["ask", "approve"]


def test_a_body_that_is_not_listed_is_made_when_its_letter_holds(
    client: Client, cast: Cast, newcomer: Actor
) -> None:
    before = City.objects.count()
    answer = as_user(client, newcomer).post(
        "/join/city/missing/",
        {
            "body_name_th": "องค์การบริหารส่วนตำบลตัวอย่าง",
            "body_kind": "sao",
            "body_district": "9001",
            "letter_number": "1/2568",
            "letter_date": "2025-11-22",
            "letter_scan": letter(),
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    assert City.objects.count() == before
    affiliations.approve(AffiliationRequest.objects.get(), by=cast.broker)
    city = City.objects.get(name_th="องค์การบริหารส่วนตำบลตัวอย่าง")
    assert (city.province_id, city.kind, city.dla_code) == ("90", "sao", None)
    assert Membership.objects.get(user=newcomer.user).organisation == city.organisation


@pytest.mark.parametrize(
    "content", [b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ", b""]
)
def test_a_letter_is_a_pdf_or_a_picture(client: Client, newcomer: Actor, content: bytes) -> None:
    city = factories.CityFactory()
    answer = as_user(client, newcomer).post(
        f"/join/city/{city.public_id}/",
        {
            "letter_number": "สข 52001/123",
            "letter_date": "22/11/2568",
            "letter_scan": letter(content=content),
        },
    )
    assert answer.status_code == 400
    assert "สข 52001/123" in answer.content.decode()
    assert (AffiliationRequest.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_refusal_needs_a_reason_that_the_person_reads(client: Client, cast: Cast, newcomer: Actor) -> None:
    city = factories.CityFactory()
    as_user(client, newcomer).post(
        f"/join/city/{city.public_id}/",
        {"letter_number": "1", "letter_date": "22/11/2568", "letter_scan": letter()},
    )
    request = AffiliationRequest.objects.get()
    with pytest.raises(Invalid):
        affiliations.refuse(request, by=cast.broker, note=" ")
    affiliations.refuse(request, by=cast.broker, note="หนังสือไม่มีลายมือชื่อ")
    assert "หนังสือไม่มีลายมือชื่อ" in client.get("/start/").content.decode()
    assert Membership.objects.filter(user=newcomer.user).count() == 0


def test_a_letter_is_read_by_its_sender_and_depa_only(client: Client, cast: Cast, newcomer: Actor) -> None:
    city = factories.CityFactory()
    as_user(client, newcomer).post(
        f"/join/city/{city.public_id}/",
        {"letter_number": "1", "letter_date": "22/11/2568", "letter_scan": letter()},
    )
    path = f"/files/{StoredFile.objects.get().public_id}/"
    own = client.get(path)
    assert (own.status_code, b"".join(own.streaming_content)) == (200, PDF)  # type: ignore[attr-defined]
    assert own["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert own["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in own["Content-Disposition"]
    foreign = as_user(client, cast.stranger).get(path)
    unknown = client.get("/files/000000000000/")
    assert foreign.status_code == unknown.status_code == 404


def invite(by: Actor, email: str, **more: object) -> str:
    """Send an invitation and return the secret of the mailed link."""
    organisations.invite(email, by=by, organisation=by.organisation, **more)  # type: ignore[arg-type]
    outbox.drain()
    found = re.search(r"/invitations/(\S+)/", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_an_owner_invites_a_colleague(client: Client, cast: Cast, newcomer: Actor) -> None:
    secret = invite(cast.owner, "new@example.com", role="member")
    page = f"/invitations/{secret}/"
    assert client.get(page).status_code == 200
    assert as_user(client, cast.stranger).post(page).status_code == 403
    answer = as_user(client, newcomer).post(page)
    assert cast.owner.organisation is not None
    assert answer["Location"] == f"/o/{cast.owner.organisation.public_id}/"
    assert Membership.objects.get(user=newcomer.user).role == "member"
    assert client.get(page).status_code == 404


def test_a_member_cannot_invite(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        organisations.invite(
            "x@example.com", by=cast.teammate, organisation=cast.teammate.organisation, role="owner"
        )
    assert Event.objects.count() == 0


def test_a_membership_is_handed_over(client: Client, cast: Cast, newcomer: Actor) -> None:
    secret = invite(cast.official, "new@example.com", role="official", replaces=cast.official.membership)
    assert Membership.objects.get(user=cast.official.user).ended_at is None
    as_user(client, newcomer).post(f"/invitations/{secret}/")
    assert Membership.objects.get(user=cast.official.user).ended_at is not None
    assert Membership.objects.get(user=newcomer.user).organisation == cast.official.organisation


def test_the_last_owner_stays(client: Client, cast: Cast) -> None:
    membership = cast.owner.membership
    assert membership is not None
    path = f"/o/{membership.organisation.public_id}/team/{membership.public_id}/end/"
    assert as_user(client, cast.owner).post(path).status_code == 409
    assert Membership.objects.get(pk=membership.pk).ended_at is None


def test_a_vendor_is_suspended_and_restored(cast: Cast) -> None:
    vendor = cast.owner.organisation
    assert vendor is not None
    service = factories.published(cast.owner, cast.reviewer)
    from_outside = type(service).objects.visible_to(None)
    with pytest.raises(Invalid):
        organisations.suspend(vendor, by=cast.reviewer, note="")
    with pytest.raises(NotAllowed):
        organisations.suspend(vendor, by=cast.rival, note="ก")
    organisations.suspend(vendor, by=cast.reviewer, note="ข้อมูลไม่ตรงกับทะเบียน")
    assert from_outside.count() == 0
    with pytest.raises(Conflict):
        organisations.suspend(vendor, by=cast.reviewer, note="อีกครั้ง")
    organisations.restore(vendor, by=cast.reviewer)
    assert from_outside.count() == 1
