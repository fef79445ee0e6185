"""Whatever goes wrong in the API is one shape, in the caller's language, and never a 5xx."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.api import throttling
from marketplace.api.parsing import MAX_BYTES
from tests.callers import Caller, refused
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_an_address_that_does_not_exist_is_a_problem_too() -> None:
    for path in ("nothing/", "services/x/nothing/", "services/000000000000/"):
        refused(Caller().get(path), 404)
    assert Caller().get("nothing/").content == Caller().get("services/000000000000/").content


def test_methods_and_media_types_that_are_not_served(cast: Cast) -> None:
    caller = Caller(cast.owner)
    assert "GET" in caller.client.get("/api/v1/regions/")["Allow"]
    refused(caller.raw("delete", "services/", {}), 405)
    refused(caller.raw("options", "services/", {}), 405)
    refused(caller.raw("post", "services/", "a=1", "application/x-www-form-urlencoded"), 415)
    refused(caller.client.get("/api/v1/regions/", headers={"accept": "text/csv"}), 406)


BROKEN = [
    b"", b"{", b"[]", b"null", b'"text"', b"1", b"\xff\xfe", b'{"answers": NaN}', b'{"a": 1e999}',
    b'{"answers": {"name_th": "\\ud800"}}', b'{"\\ud800": 1}', b"[" * 100_000, b'{"a":' * 50_000,
    b"9" * 10_000, b'{"organisation": {"a": 1}}', b'{"organisation": 5}', b'{"organisation": "\\u0000"}',
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: body[:24].decode(errors="replace"))
@pytest.mark.parametrize("path", ["services/", "needs/", "introductions/"])
def test_broken_bodies_are_refused(cast: Cast, path: str, body: bytes) -> None:
    response = Caller(cast.owner).raw("post", path, body)
    assert response.status_code in (400, 404)
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_of_more_than_a_megabyte_is_not_read(cast: Cast) -> None:
    refused(Caller(cast.owner).raw("post", "services/", b'"' + b"a" * MAX_BYTES + b'"'), 413)


def test_writing_needs_a_session_and_its_token(cast: Cast) -> None:
    refused(Caller().post("services/", answers={}), 403)
    caller = Caller(cast.owner)
    del caller.client.cookies["csrftoken"]
    refused(caller.post("services/", answers={}), 403)


def test_an_organisation_must_be_named_and_be_ones_own(cast: Cast) -> None:
    caller = Caller(cast.owner)
    refused(caller.raw("post", "services/", {"answers": {}}), 400, "organisation")
    strange = caller.post("services/", organisation=Caller(cast.rival).organisation, answers={})
    unknown = caller.post("services/", organisation="000000000000", answers={})
    refused(strange, 404)
    assert strange.content == unknown.content


def test_problems_speak_the_callers_language(cast: Cast) -> None:
    assert refused(Caller(cast.owner, "en").get("nothing/"), 404)["title"] == "Not found"
    assert Caller(cast.owner, "th").get("nothing/").json()["title"] == "ไม่พบ"
    assert Caller(cast.owner, "en").get("nothing/")["Content-Language"] == "en"
    for language in ("th", "fr", ""):
        assert Caller(cast.owner, language).get("nothing/")["Content-Language"] == "th"


def test_staff_without_a_second_factor_are_told_so(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.reviewer.user)
    refused(client.get("/api/v1/me/"), 403)


def test_who_is_signed_in(cast: Cast) -> None:
    refused(Caller().get("me/"), 403)
    me = Caller(cast.owner).get("me/").json()
    assert set(me) == {"id", "name", "email", "memberships"}
    [membership] = me["memberships"]
    assert set(membership) == {"role", "organisation", "kind"}
    assert set(membership["organisation"]) == {"id", "name_th", "name_en"}


def test_limits_hold_across_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling.Anonymous, "THROTTLE_RATES", {"anon": "40/hour"})
    monkeypatch.setattr(throttling.Anonymous, "_windows", {})
    cache.clear()
    answers = [Caller().get("regions/").status_code for _n in range(41)]
    assert answers == [200] * 40 + [429]
    # Another process knows nothing of its own, and reads the shared count.
    monkeypatch.setattr(throttling.Anonymous, "_windows", {})
    response = Caller().get("regions/")
    refused(response, 429)
    assert 0 < int(response["Retry-After"]) <= 3600
    # An address that somebody only claims to come from changes nothing.
    forged = Client().get("/api/v1/regions/", headers={"x-forwarded-for": "203.0.113.9"})
    assert forged.status_code == 429


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = """
answers prices references name_th kind dimensions amount unit city title problem criteria value text
budget_amount fiscal_year start_by deadline visibility service need match consent message move note seen
"""
FIELDS = st.sampled_from(NAMES.split())


@pytest.fixture
def callers(cast: Cast) -> tuple[Caller, Caller]:
    return Caller(cast.owner), Caller(cast.official)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(FIELDS, ANYTHING | st.dictionaries(FIELDS, ANYTHING, max_size=4), max_size=5))
def test_no_body_is_an_error_of_ours(callers: tuple[Caller, Caller], body: dict[str, object]) -> None:
    vendor, official = callers
    for caller, path in ((vendor, "services/"), (official, "needs/"), (official, "introductions/")):
        sent = json.dumps({"organisation": caller.organisation, **body})
        assert caller.raw("post", path, sent).status_code < 500
