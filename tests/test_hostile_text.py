"""Hostile text in every field: nothing of it becomes markup, in no page, mail or answer of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail

from marketplace import outbox
from marketplace.models import Outbox
from tests.hostile import MARKUP, SHORT, STRANGE, faults_of, spoil
from tests.policy import ADDRESSES, TABLE, Row, address
from tests.world import AUDIENCES, World

pytestmark = pytest.mark.django_db

BEGINNING = "<script>evil()"
READERS = [audience for audience in AUDIENCES if audience not in ("teammate", "colleague", "unready")]


@pytest.fixture(scope="module")
def spoiled(world: World) -> World:
    """The world after everybody has written what they should not. Modules undo their worlds."""
    mail.outbox.clear()
    spoil(world)
    outbox.drain()
    # The box is emptied before each test.
    world.mails = list(mail.outbox)
    return world


def asked(row: Row, method: str = "GET") -> Iterator[str]:
    """Who gets something to read there, each kind of answer once."""
    seen = set()
    for audience in READERS:
        answer = row.answer(audience, method)
        key = (answer, audience) if answer == 200 else answer
        if isinstance(answer, int) and answer not in (301, 302) and key not in seen:
            seen.add(key)
            yield audience


def test_no_page_runs_it(spoiled: World, settings: Any) -> None:
    settings.ROOT_URLCONF = ADDRESSES
    faults, shown = [], set()
    for row in TABLE:
        if row.is_api or row.name in ("stored_file", "gallery", "api_docs"):
            continue
        for audience in asked(row):
            response = spoiled.ask(audience, "GET", address(row, spoiled, audience))
            if response.status_code >= 500:
                faults.append(f"{row} {audience}: {response.status_code}")
                continue
            found, text = faults_of(response.content.decode())
            faults += [f"{row} {audience}: {fault}" for fault in found]
            if BEGINNING in text:
                shown.add(row.name)
    assert not faults, "\n".join(faults)
    pages = {
        "service",
        "vendor",
        "need",
        "introduction",
        "work_service",
        "work_need",
        "review_service",
        "team",
    }
    assert pages | {"city", "match_latest", "account", "profile", "confirm_need", "affiliation_list"} <= shown


def test_nor_does_the_api(spoiled: World) -> None:
    shown = set()
    for row in TABLE:
        for audience in asked(row) if row.is_api else ():
            response = spoiled.ask(audience, "GET", address(row, spoiled, audience))
            assert response.status_code < 500, row
            assert response["X-Content-Type-Options"] == "nosniff"
            if "json" in response["Content-Type"] and BEGINNING in str(response.json()):  # type: ignore[attr-defined]  # the test client's
                shown.add(row.name)
    assert {"api_service", "api_services", "api_need", "api_introduction", "api_city"} <= shown


def test_nor_do_mails(spoiled: World) -> None:
    assert not Outbox.objects.filter(state="pending", attempts__gt=0).exists()
    assert len(spoiled.mails) > 20
    for message in spoiled.mails:
        assert message.content_subtype == "plain"
        assert not getattr(message, "alternatives", [])
        assert "\n" not in message.subject
        assert "\r" not in message.subject
        # Half of a mail that escapes what it should not is as wrong as markup.
        assert "&lt;" not in message.body + message.subject
        message.message().as_bytes()
    assert any(BEGINNING in message.body for message in spoiled.mails)


SEARCHES = (
    *("/services/", "/needs/", "/cities/", "/suggest/", "/try/", "/join/city/"),
    *("/api/v1/services/", "/api/v1/fits/"),
)


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize("text", [MARKUP, SHORT, STRANGE, "\x00", "ﷺ" * 200, "่" * 50, "ก" * 5000], ids=repr)
def test_nor_what_is_searched_for(world: World, path: str, text: str) -> None:
    response = world.ask(
        "newcomer", "GET", f"{path}?q={quote(text)}&dimension={quote(text)}&page={quote(text)}"
    )
    assert response.status_code in (200, 400, 404)
    if "html" in response["Content-Type"]:
        assert faults_of(response.content.decode())[0] == []


FORMS = (
    ("owner", "/o/{owner.org}/services/new/", 400),
    ("owner", "/o/{owner.org}/profile/", 400),
    ("owner", "/o/{owner.org}/team/", 400),
    ("owner", "/o/{owner.org}/services/{service.published}/certificates/", 400),
    ("official", "/o/{official.org}/needs/new/", 400),
    ("official", "/o/{official.org}/introductions/new/?service={service.rival}", 400),
    ("reviewer", "/o/{reviewer.org}/reviews/services/{service.published}/account/", 400),
    ("newcomer", "/join/vendor/", 400),
    ("newcomer", "/join/city/missing/", 400),
    ("newcomer", "/account/", 400),
    ("anonymous", "/accounts/signup/", 200),
    ("anonymous", "/accounts/login/", 200),
    # Signed out: the page that keeps what was typed.
    ("anonymous", "/o/{owner.org}/profile/", 403),
)
NAMES = """
name name_th name_en about_th about_en sales_phone sales_email website sales_line tax_id email role phone
language title problem success money_source budget_amount fiscal_year start_by deadline visibility message
note kind number valid_from valid_to position letter_number letter_date body_name_th body_dla_code
body_district summary_th description_th functions_th setup_weeks login prices-0-amount prices-0-note
references-0-place references-0-since_year criteria-0-kind criteria-0-text register_number item_group
seen once q
"""
FIELDS = NAMES.split()


@pytest.mark.parametrize(("audience", "path", "status"), FORMS)
@pytest.mark.parametrize("text", [MARKUP, STRANGE + "\x00", "ก" * 5_000], ids=["markup", "strange", "long"])
def test_nor_what_a_form_gives_back(world: World, audience: str, path: str, status: int, text: str) -> None:
    for name, public_id in world.ids.items():
        path = path.replace(f"{{{name}}}", public_id)
    counts = {f"{rows}-TOTAL_FORMS": "1" for rows in ("prices", "references", "criteria")}
    counts |= {name.replace("TOTAL", "INITIAL"): "0" for name in counts}
    response = world.ask(audience, "POST", path, data=dict.fromkeys(FIELDS, text) | counts)
    assert response.status_code == status
    assert faults_of(response.content.decode())[0] == []
