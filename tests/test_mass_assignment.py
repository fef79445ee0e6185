"""Only the declared fields of a form or a body change anything; whatever else is sent changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.forms.models import model_to_dict

from marketplace.models import Event, Organisation, User
from tests import factories
from tests.callers import Caller, refused
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

# Columns that decide who may see or do what, or what something is worth.
FORBIDDEN = (
    *("id", "pk", "public_id", "state", "state_since", "vendor", "vendor_id", "created_by", "created_at"),
    *("head", "current", "revision", "published_at", "slug", "lot", "is_example", "source", "verified_at"),
    *("verified_by", "city_person", "vendor_consent", "city_consent", "forwarded_at", "introduced_at"),
    *("broker", "score", "confirmed_at", "drafted_by", "role", "by", "actor", "number", "origin"),
)
ANSWERS = {"name_th": "บริการ", "kind": "saas", "dimensions": ["environment"], "summary_th": "สรุป"}


def everything() -> dict[str, Any]:
    """All rows of our tables, as they stand."""
    return {
        model._meta.label: sorted(str(model_to_dict(row)) for row in model._default_manager.all())
        for model in apps.get_models()
        if model._meta.app_label in ("marketplace", "catalogue", "matching")
    }


def test_no_write_of_the_api_takes_them(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    draft = factories.draft(cast.owner)
    need = factories.need(cast.official, state="published")
    owner, official, broker = Caller(cast.owner), Caller(cast.official), Caller(cast.broker)
    suggestion = {"service": service.public_id, "need": need.public_id, "message": "ก"}
    writes: tuple[tuple[Caller, str, str, dict[str, Any]], ...] = (
        (owner, "post", "services/", {"answers": ANSWERS}),
        (owner, "put", f"services/{draft.public_id}/", {"answers": ANSWERS, "seen": 1}),
        (owner, "post", f"services/{draft.public_id}/moves/", {"move": "submit"}),
        (official, "post", "needs/", {"title": "ก", "problem": "ข"}),
        (official, "put", f"needs/{need.public_id}/", {"title": "ก", "problem": "ข", "seen": 1}),
        (official, "post", "introductions/", {"service": service.public_id, "consent": True}),
        (broker, "post", "introductions/suggest/", suggestion),
        (official, "post", f"needs/{need.public_id}/moves/", {"move": "close"}),
    )
    before = everything()
    for caller, method, path, body in writes:
        answer = getattr(caller, method)(path, **(dict.fromkeys(FORBIDDEN, "1") | body))
        refused(answer, 400, *FORBIDDEN)
    assert everything() == before
    # Without them the same bodies are taken, so it was those that were refused.
    for caller, method, path, body in writes:
        answer = getattr(caller, method)(path, **body)
        assert answer.status_code in (200, 201), (path, answer.content.decode())


@pytest.mark.parametrize("inside", ["answers", "prices", "references", "criteria"])
def test_nor_inside_of_what_it_takes(cast: Cast, inside: str) -> None:
    whole: dict[str, Any] = {"answers": ANSWERS, "prices": [], "references": []}
    parts: dict[str, Any] = {
        "answers": {**ANSWERS, "state": "published"},
        "prices": [{"amount": "1", "unit": "once", "vat_included": True, "version": 1}],
        "references": [{"name": "ก", "version": 1}],
    }
    if inside == "criteria":
        criterion = {"kind": "account", "level": "nice", "value": {}, "text": "", "version": 1}
        body = {"title": "ก", "problem": "ข", "criteria": [criterion]}
        answer = Caller(cast.official).post("needs/", **body)
    else:
        answer = Caller(cast.owner).post("services/", **{**whole, inside: parts[inside]})
    assert answer.status_code == 400
    assert Event.objects.count() == 0


def test_nor_does_a_page(cast: Cast) -> None:
    vendor = cast.owner.organisation
    assert vendor is not None
    client = Caller(cast.owner).client
    client.handler.enforce_csrf_checks = False
    extra = {
        "tax_id": "0994000617721", "kind": "depa", "verified_at": "2026-01-01", "suspended_at": "2026-01-01",
        "claimed": "", "sort_key": "x", "public_id": "000000000000", "is_active": "", "password": "x",
        "email": "x@example.com",
    }  # fmt: skip
    said = ("name_th", "name_en", "sales_phone", "sort_key")
    before = model_to_dict(Organisation.objects.get(pk=vendor.pk), exclude=said)
    answer = client.post(f"/o/{vendor.public_id}/profile/", {"name_th": "ชื่อใหม่", **extra})
    assert answer.status_code == 302
    after = Organisation.objects.get(pk=vendor.pk)
    assert after.name_th == "ชื่อใหม่"
    assert (after.kind, after.tax_id, after.verified_at) == ("vendor", "", None)
    assert {**model_to_dict(after, exclude=said), "sales_email": ""} == {**before, "sales_email": ""}
    person = User.objects.get(pk=cast.owner.user.pk)
    client.post("/account/", {"name": "คุณใหม่", "language": "en", **extra})
    changed = User.objects.get(pk=person.pk)
    assert (changed.name, changed.language) == ("คุณใหม่", "en")
    assert (changed.email, changed.password, changed.is_active) == (person.email, person.password, True)
