"""Vendors in the API, and a vendor's own claims."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue import claims
from marketplace import organisations
from marketplace.models import Organisation
from tests import factories
from tests.callers import Caller, asks_data, ids, refused
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

VENDOR = {
    "id", "name_th", "name_en", "verified", "verified_at", "claimed", "source", "tax_id", "about_th",
    "about_en", "province_code", "services", "is_example", "website",
    "sales_phone", "sales_email", "sales_line",
}  # fmt: skip
CLAIM = {"id", "imported", "state", "state_since", "note"}
TAX_ID = "0994000617721"


def own(actor: object) -> Organisation:
    organisation = actor.organisation  # type: ignore[attr-defined]
    assert isinstance(organisation, Organisation)
    return organisation


def queries(caller: Caller, path: str, **query: str) -> int:
    caller.get(path, **query)
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(path, **query).status_code == 200
    return sum(asks_data(query["sql"]) for query in captured.captured_queries)


def test_a_vendor_is_read_with_what_its_page_says(cast: Cast) -> None:
    province = factories.CityFactory().province
    vendor = own(cast.owner)
    organisations.edit_profile(
        vendor,
        by=cast.owner,
        name_th="บริษัท ทะเลดี จำกัด",
        about_th="ทำระบบเมือง",
        sales_phone="02-000-0000",
        province=province,
    )
    organisations.verify(vendor, by=cast.reviewer)
    factories.published(cast.owner, cast.reviewer)
    factories.draft(cast.owner)
    row = Caller().get(f"vendors/{vendor.public_id}/").json()
    assert set(row) == VENDOR
    assert (row["services"], row["verified"], row["about_th"]) == (1, True, "ทำระบบเมือง")
    assert (row["sales_phone"], row["province_code"]) == ("02-000-0000", province.code)
    page = Caller().get("vendors/").json()
    assert page["count"] == 2
    assert {r["id"]: r["services"] for r in page["results"]} == {
        vendor.public_id: 1,
        own(cast.rival).public_id: 0,
    }
    assert [set(r) for r in page["results"]] == [VENDOR, VENDOR]
    assert ids(Caller().get("vendors/", q="ทะเลดี")) == [vendor.public_id]
    assert ids(Caller().get("vendors/", province=province.code)) == [vendor.public_id]
    assert ids(Caller().get("vendors/", q="ทะเลดี", province="99")) == []
    assert len(Caller().get("vendors/", per_page="1").json()["results"]) == 1
    refused(Caller().get("vendors/", q="x" * 81), 400, "q")


def test_what_is_not_public_is_not_there_whoever_asks(cast: Cast) -> None:
    """A suspended vendor, a city, an imported vendor that another has taken over."""
    vendor = own(cast.owner)
    organisations.suspend(vendor, by=cast.reviewer, note="ตรวจสอบ")
    for caller in (Caller(), Caller(cast.owner), Caller(cast.rival)):
        unknown = caller.get("vendors/000000000000/")
        assert ids(caller.get("vendors/")) == [own(cast.rival).public_id]
        for hidden in (vendor, own(cast.official), own(cast.reviewer)):
            answer = caller.get(f"vendors/{hidden.public_id}/")
            assert (answer.status_code, answer.content) == (404, unknown.content)


def test_an_imported_vendor_is_there_until_it_is_taken_over(cast: Cast) -> None:
    vendor = own(cast.owner)
    Organisation.objects.filter(pk=vendor.pk).update(tax_id=TAX_ID)
    vendor.refresh_from_db()
    imported = factories.OrganisationFactory(claimed=False, source="test", source_id="1", tax_id=TAX_ID)
    assert Caller().get(f"vendors/{imported.public_id}/").json()["claimed"] is False
    claim = claims.ask(vendor, imported, by=cast.owner)
    [row] = Caller(cast.teammate).get("claims/", organisation=vendor.public_id).json()["results"]
    assert set(row) == CLAIM
    assert (row["id"], row["imported"]["id"], row["state"]) == (
        claim.public_id,
        imported.public_id,
        "requested",
    )
    assert ids(Caller(cast.rival).get("claims/", organisation=own(cast.rival).public_id)) == []
    claims.approve(claim, by=cast.reviewer, note="ตรงกับทะเบียน")
    assert Caller().get(f"vendors/{imported.public_id}/").status_code == 404
    [row] = Caller(cast.owner).get("claims/", organisation=vendor.public_id).json()["results"]
    assert (row["state"], row["note"]) == ("approved", "ตรงกับทะเบียน")


def test_claims_are_for_a_vendors_people(cast: Cast) -> None:
    vendor = own(cast.owner).public_id
    refused(Caller().get("claims/", organisation=vendor), 403)
    refused(Caller(cast.rival).get("claims/", organisation=vendor), 404)
    refused(Caller(cast.official).get("claims/", organisation=own(cast.official).public_id), 403)


def test_a_list_asks_the_same_number_of_queries_with_one_row_and_with_twenty(cast: Cast) -> None:
    vendor = own(cast.owner)
    Organisation.objects.filter(pk=vendor.pk).update(tax_id=TAX_ID)
    vendor.refresh_from_db()
    counts = []
    for start, end in ((0, 1), (1, 20)):
        for number in range(start, end):
            row = factories.OrganisationFactory(
                claimed=False, source="test", source_id=str(number), tax_id=TAX_ID
            )
            claims.ask(vendor, row, by=cast.owner)
        per_page = str(end)
        assert len(Caller().get("vendors/", per_page=per_page).json()["results"]) == end
        assert len(Caller(cast.owner).mine("claims/").json()["results"]) == end
        counts.append(
            (
                queries(Caller(), "vendors/", per_page=per_page),
                queries(Caller(cast.owner), "claims/", organisation=vendor.public_id),
            )
        )
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 8
