"""What depa's reviewers read and decide."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue import certificates, claims, services, waiting
from catalogue.models import AccountStatus, Service
from marketplace import files
from marketplace.models import Event, Organisation
from marketplace.permissions import Actor
from tests import factories
from tests.catalogue.conftest import SignIn
from tests.conftest import Cast

PDF = b"%PDF-1.4 test"


def reviews(cast: Cast, rest: str = "") -> str:
    return f"/o/{cast.reviewer.organisation.public_id}/reviews/{rest}"


def body(response: Any) -> str:
    return str(response.content.decode())


def claim_of(cast: Cast) -> claims.Claim:
    vendor = cast.owner.organisation
    Organisation.objects.filter(pk=vendor.pk).update(tax_id="0105536112014")
    vendor.refresh_from_db()
    imported = factories.OrganisationFactory(
        claimed=False, tax_id=vendor.tax_id, source="s", source_id=str(Organisation.objects.count())
    )
    return claims.ask(vendor, imported, by=cast.owner)


def evidenced(cast: Cast, service: Service) -> certificates.Certificate:
    document = files.store(
        SimpleUploadedFile("doc.pdf", PDF),
        by=cast.owner,
        organisation=cast.owner.organisation,
        field="evidence",
    )
    return certificates.state(service, by=cast.owner, kind="dsure", evidence=document)


def test_the_queue_shows_everything_that_waits_and_no_draft(cast: Cast, sign_in: SignIn) -> None:
    factories.draft(cast.owner, name_th="ร่างลับ")
    services.submit(factories.draft(cast.owner, name_th="บริการใหม่"), by=cast.owner)
    revised = factories.published(cast.owner, cast.reviewer, name_th="บริการเดิม")
    services.save(revised, factories.content(name_th="รุ่นใหม่"), by=cast.owner, seen=1)
    services.submit_revision(revised, by=cast.owner)
    evidenced(cast, revised)
    claim_of(cast)
    page = sign_in(cast.reviewer).get(reviews(cast))
    counts = {part["id"]: len(part["rows"]) for part in page.context["parts"]}
    assert counts == {"submitted": 1, "revisions": 1, "certificates": 1, "vendors": 2, "claims": 1}
    assert "บริการใหม่" in body(page)
    assert "ร่างลับ" not in body(page)
    lines = {line.label: line.count for line in waiting.for_actor(cast.reviewer)}
    assert sorted(lines.values()) == [1, 1, 1, 1, 2]
    assert waiting.for_actor(cast.broker) == []
    assert [line.count for line in waiting.for_actor(cast.owner)] == [1, 1]


@pytest.mark.parametrize(
    ("move", "state"),
    [("publish", "published"), ("request_changes", "changes_requested"), ("refuse", "refused")],
)
def test_decisions(cast: Cast, sign_in: SignIn, move: str, state: str) -> None:
    service = services.submit(factories.draft(cast.owner), by=cast.owner)
    client, address = sign_in(cast.reviewer), reviews(cast, f"services/{service.public_id}/")
    page = client.get(address)
    assert [m["name"] for m in page.context["moves"]] == ["publish", "request_changes", "refuse"]
    typed = {"move": move, "seen": "1", "note": "เพิ่มราคา"}
    assert client.post(f"{address}move/", typed).status_code == 302
    assert client.post(f"{address}move/", typed).status_code == 409
    service.refresh_from_db()
    assert service.state == state


def test_a_reason_is_needed_where_somebody_reads_it(cast: Cast, sign_in: SignIn) -> None:
    service = services.submit(factories.draft(cast.owner), by=cast.owner)
    before = Event.objects.count()
    answer = sign_in(cast.reviewer).post(
        reviews(cast, f"services/{service.public_id}/move/"), {"move": "refuse", "note": ""}
    )
    assert answer.status_code == 400
    assert "note-refuse-error" in body(answer)
    assert Event.objects.count() == before


def test_only_the_version_that_was_read_is_published(cast: Cast, sign_in: SignIn) -> None:
    service = services.submit(factories.draft(cast.owner), by=cast.owner)
    services.take_back(service, by=cast.owner)
    services.save(service, factories.content(name_th="เปลี่ยนแล้ว"), by=cast.owner, seen=1)
    services.submit(service, by=cast.owner)
    address = reviews(cast, f"services/{service.public_id}/move/")
    client = sign_in(cast.reviewer)
    for seen in ("1", "", "x", "99999999999999"):
        assert client.post(address, {"move": "publish", "seen": seen}).status_code == 409
    service.refresh_from_db()
    assert (service.state, service.current) == ("submitted", None)
    assert client.post(address, {"move": "publish", "seen": "2"}).status_code == 302


def test_a_revision_is_compared_with_what_is_public(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    services.save(service, factories.content(name_th="รุ่นใหม่"), by=cast.owner, seen=1)
    services.submit_revision(service, by=cast.owner)
    # A still newer draft is the vendor's own: the reviewer reads what was submitted.
    services.save(service, factories.content(name_th="ร่างถัดไป"), by=cast.owner, seen=2)
    client, address = sign_in(cast.reviewer), reviews(cast, f"services/{service.public_id}/")
    page = client.get(address)
    assert ["ชื่อบริการ (ภาษาไทย)", "แจ้งขยะตกค้าง", "รุ่นใหม่"] in page.context["differences"]
    assert "ร่างถัดไป" not in body(page)
    assert client.post(f"{address}move/", {"move": "approve_revision", "seen": "2"}).status_code == 302
    service.refresh_from_db()
    assert (service.name_th, service.current.number) == ("รุ่นใหม่", 2)


def test_suspending_and_restoring(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    client, address = sign_in(cast.administrator), reviews(cast, f"services/{service.public_id}/move/")
    assert client.post(address, {"move": "suspend", "note": "ข้อมูลไม่ตรง"}).status_code == 302
    assert Client().get(f"/services/{service.public_id}/").status_code == 404
    assert client.post(address, {"move": "restore"}).status_code == 302
    assert Client().get(f"/services/{service.public_id}/", follow=True).status_code == 200


def test_the_account_is_recorded_from_the_register(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    client, address = sign_in(cast.reviewer), reviews(cast, f"services/{service.public_id}/account/")
    for wrong in (
        {},
        {"listed": "yes", "register_number": "<b>A</b>"},
        {"listed": "yes", "register_number": "<b>A</b>", "valid_from": "1/1/2570", "valid_to": "1/1/2569"},
        {"listed": "yes", "register_number": "<b>A</b>", "valid_from": "๓๒/๑/๒๕๗๐"},
    ):
        answer = client.post(address, wrong)
        assert answer.status_code == 400
        assert "error-summary" in body(answer)
        assert "<b>A</b>" not in body(answer)
        assert not AccountStatus.objects.exists()
    right = {
        "listed": "yes",
        "register_number": "A-1",
        "valid_from": "๑/๑๐/๒๕๖๘",
        "evidence": SimpleUploadedFile("a.pdf", PDF),
    }
    assert client.post(address, right).status_code == 302
    status = AccountStatus.objects.get()
    assert (status.register_number, status.valid_from) == ("A-1", date(2025, 10, 1))
    assert client.post(address, {"listed": "no"}).status_code == 302
    assert AccountStatus.objects.get().listed is False


def test_certificates_are_checked_once(cast: Cast, sign_in: SignIn) -> None:
    certificate = evidenced(cast, factories.published(cast.owner, cast.reviewer))
    client, address = sign_in(cast.reviewer), reviews(cast, f"certificates/{certificate.public_id}/verify/")
    assert client.post(address).status_code == 302
    certificate.refresh_from_db()
    assert certificate.verified_by == cast.reviewer.user
    assert client.post(address).status_code == 409


def test_vendors_are_checked_suspended_and_restored(cast: Cast, sign_in: SignIn) -> None:
    vendor = cast.owner.organisation
    client, address = sign_in(cast.reviewer), reviews(cast, f"vendors/{vendor.public_id}/")
    assert cast.owner.user.email in body(client.get(address))
    assert client.post(f"{address}move/", {"move": "verify"}).status_code == 302
    assert client.post(f"{address}move/", {"move": "verify"}).status_code == 409
    assert client.post(f"{address}move/", {"move": "suspend"}).status_code == 400
    assert client.post(f"{address}move/", {"move": "suspend", "note": "หมดอายุ"}).status_code == 302
    assert Client().get(f"/vendors/{vendor.public_id}/").status_code == 404
    assert client.post(f"{address}move/", {"move": "restore"}).status_code == 302
    assert client.post(f"{address}move/", {"move": "delete"}).status_code == 404


def test_a_claim_moves_the_services(cast: Cast, sign_in: SignIn) -> None:
    claim = claim_of(cast)
    client, address = sign_in(cast.reviewer), reviews(cast, f"claims/{claim.public_id}/")
    assert "0105536112014" in body(client.get(address))
    assert client.post(f"{address}move/", {"move": "refuse"}).status_code == 400
    assert client.post(f"{address}move/", {"move": "approve"}).status_code == 302
    assert client.post(f"{address}move/", {"move": "approve"}).status_code == 409


@pytest.mark.parametrize("who", ["owner", "rival", "official"])
def test_reviews_do_not_exist_for_others(cast: Cast, sign_in: SignIn, who: str) -> None:
    service = services.submit(factories.draft(cast.owner), by=cast.owner)
    actor: Actor = getattr(cast, who)
    for org in (cast.reviewer.organisation, actor.organisation):
        for rest in ("", f"services/{service.public_id}/"):
            assert sign_in(actor).get(f"/o/{org.public_id}/reviews/{rest}").status_code == 404


def test_brokers_may_not_review(cast: Cast, sign_in: SignIn) -> None:
    service = services.submit(factories.draft(cast.owner), by=cast.owner)
    client = sign_in(cast.broker)
    for rest in ("", f"services/{service.public_id}/", f"vendors/{service.vendor.public_id}/"):
        assert client.get(reviews(cast, rest)).status_code == 403
    assert client.post(reviews(cast, f"services/{service.public_id}/move/")).status_code == 403


def test_a_draft_is_as_unknown_to_reviewers_as_nothing(cast: Cast, sign_in: SignIn) -> None:
    draft = factories.draft(cast.owner)
    certificate = certificates.state(draft, by=cast.owner, kind="dsure")
    client = sign_in(cast.reviewer)
    for rest, id_ in (
        ("services/{}/", draft.public_id),
        ("services/{}/move/", draft.public_id),
        ("services/{}/account/", draft.public_id),
        ("certificates/{}/verify/", certificate.public_id),
        ("vendors/{}/", draft.public_id),
        ("claims/{}/", draft.public_id),
    ):
        # The pages that only read are read.
        send = client.post if rest.endswith(("move/", "account/", "verify/")) else client.get
        answers = [send(reviews(cast, rest.format(one)), {"move": "publish"}) for one in (id_, "0" * 12)]
        seen, unknown = (
            re.sub(r'token" value="\w+', "", body(answer)).replace(id_, "0" * 12) for answer in answers
        )
        assert [answer.status_code for answer in answers] == [404, 404]
        assert seen == unknown


def test_review_pages_need_the_same_queries_with_1_and_with_20(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.reviewer)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    service = factories.published(cast.owner, cast.reviewer, references=[{"name": "ก"}])
    evidenced(cast, service)
    services.save(service, factories.content(references=[{"name": "ข"}]), by=cast.owner, seen=1)
    services.submit_revision(service, by=cast.owner)
    services.submit(factories.draft(cast.owner), by=cast.owner)
    claim_of(cast)
    pages = reviews(cast), reviews(cast, f"services/{service.public_id}/")
    one = [count(page) for page in pages]
    for _n in range(5):
        factories.OrganisationFactory()
        services.submit(factories.draft(cast.owner), by=cast.owner)
        evidenced(cast, service)
        claim_of(cast)
    assert [count(page) for page in pages] == one
    assert one[0] <= 8
    assert one[1] <= 10


def test_a_certificate_without_evidence_is_not_checked(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    certificate = certificates.state(service, by=cast.owner, kind="dsure", number="D-1")
    client, address = sign_in(cast.reviewer), reviews(cast, f"certificates/{certificate.public_id}/verify/")
    events = Event.objects.count()
    link = "https://register.example.org/d-1"
    for typed, wrong in (
        ({}, {"register_link", "note"}),
        ({"register_link": link}, {"note"}),
        ({"note": "ตรงกับทะเบียน"}, {"register_link"}),
        ({"register_link": "javascript:alert(1)", "note": "ตรงกับทะเบียน"}, {"register_link"}),
    ):
        answer = client.post(address, typed)
        assert answer.status_code == 400
        [form] = [row["form"] for row in answer.context["certificates"]]
        assert set(form.errors) == wrong
        assert typed.get("note", "") in body(answer)
    certificate.refresh_from_db()
    assert (certificate.verified_at, Event.objects.count()) == (None, events)
    with pytest.raises(IntegrityError), transaction.atomic():
        certificates.Certificate.objects.filter(pk=certificate.pk).update(
            verified_at="2026-01-01T00:00Z", verified_by=cast.reviewer.user
        )
    assert client.post(address, {"register_link": link, "note": "ตรงกับทะเบียน"}).status_code == 302
    certificate.refresh_from_db()
    assert (certificate.verified_by, certificate.register_link) == (cast.reviewer.user, link)
    assert link in body(client.get(reviews(cast, f"services/{service.public_id}/")))
    last = Event.objects.get(subject_id=certificate.public_id, move="verify")
    assert (last.note, last.data["register_link"]) == ("ตรงกับทะเบียน", link)
