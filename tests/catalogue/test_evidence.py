"""A vendor's certificates, and its claims on what was imported under its tax ID."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue import claims
from catalogue.models import Certificate, Claim
from marketplace import events
from tests import factories
from tests.catalogue.conftest import SignIn
from tests.catalogue.test_work_pages import PDF, body, work
from tests.conftest import Cast


def test_certificates_are_stated_with_a_document_and_taken_off(cast: Cast, sign_in: SignIn) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    client, address = sign_in(cast.owner), work(cast, f"{service.public_id}/certificates/")
    upload = SimpleUploadedFile("ใบรับรอง.pdf", PDF)
    typed = {"kind": "dsure", "number": "D-1", "valid_to": "30/9/2570", "evidence": upload}
    assert client.post(address, typed).status_code == 302
    certificate = Certificate.objects.get()
    assert (str(certificate.valid_to), certificate.evidence.content_type) == ("2027-09-30", "application/pdf")
    assert "ใบรับรอง.pdf" in body(client.get(address))
    for wrong in (
        {"kind": "", "number": "X-9"},
        {"kind": "dsure", "valid_to": "31/2/2570", "number": "X-9"},
        {"kind": "dsure", "valid_from": "2/1/2570", "valid_to": "1/1/2570", "number": "X-9"},
        {"kind": "dsure", "evidence": SimpleUploadedFile("x.pdf", b"<html>"), "number": "X-9"},
    ):
        answer = client.post(address, wrong)
        assert answer.status_code == 400
        assert "X-9" in body(answer)
    assert Certificate.objects.count() == 1
    assert client.post(f"{address}{certificate.public_id}/remove/").status_code == 302
    assert not Certificate.objects.exists()
    assert [e.move for e in events.of(certificate)] == ["state", "remove"]


def test_an_owner_claims_what_was_imported_under_the_tax_id(cast: Cast, sign_in: SignIn) -> None:
    vendor = cast.owner.organisation
    vendor.tax_id = "0105536112014"
    vendor.save()
    imported = factories.OrganisationFactory(claimed=False, tax_id=vendor.tax_id, source="s", source_id="1")
    other = factories.OrganisationFactory(claimed=False, source="s", source_id="2")
    client, address = sign_in(cast.owner), f"/o/{vendor.public_id}/claims/"
    assert imported.name_th in body(client.get(address))
    assert other.name_th not in body(client.get(address))
    assert client.post(address, {"vendor": other.public_id}).status_code == 404
    assert sign_in(cast.teammate).post(address, {"vendor": imported.public_id}).status_code == 403
    assert client.post(address, {"vendor": imported.public_id}).status_code == 302
    assert client.post(address, {"vendor": imported.public_id}).status_code == 409
    claim = Claim.objects.get()
    claims.approve(claim, by=cast.reviewer)
    assert client.get(f"/vendors/{imported.public_id}/")["Location"] == f"/vendors/{vendor.public_id}/"
    assert claims.claimable(vendor) == []
