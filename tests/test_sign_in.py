"""Signing in tells nobody who has an account, guessing ends, and staff need a second factor."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from marketplace import outbox
from marketplace.models import User
from tests import factories
from tests.conftest import Cast
from tests.repository.tree import ROOT
from tests.sameness import essence

CORRECT = {"password": factories.PASSWORD}
NOBODY = "nobody@example.com"


@pytest.fixture(autouse=True)
def _no_limits_yet(db: None) -> None:
    cache.clear()


def confirmed(person: User) -> User:
    """The person has followed the link in the mail."""
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def signs_in(person: User, **headers: str) -> bool:
    """Whether the right password opens the person's pages."""
    client = Client(headers=headers)
    client.post("/accounts/login/", CORRECT | {"login": person.email})
    return client.get("/account/").status_code == 200


def test_cookies(client: Client, cast: Cast) -> None:
    client.get("/accounts/login/")
    client.post("/accounts/login/", CORRECT | {"login": confirmed(cast.owner.user).email})
    session, token = client.cookies[settings.SESSION_COOKIE_NAME], client.cookies["csrftoken"]
    assert session["httponly"] is True
    assert (session["samesite"], token["samesite"]) == ("Lax", "Lax")


def same(known: HttpResponse, unknown: HttpResponse, *emails: str) -> bool:
    return essence(known, *emails) == essence(unknown, *emails)


def test_a_wrong_password_says_nothing_about_the_account(cast: Cast) -> None:
    wrong = {"password": "not this one"}
    known = Client().post("/accounts/login/", wrong | {"login": cast.owner.user.email})
    unknown = Client().post("/accounts/login/", wrong | {"login": NOBODY})
    assert known.status_code == 200
    assert same(known, unknown, cast.owner.user.email, NOBODY)


def test_signing_up_says_nothing_about_other_accounts(cast: Cast) -> None:
    fields = {"name": "ก", "password1": factories.PASSWORD, "password2": factories.PASSWORD}
    answers = []
    for email in (cast.owner.user.email, NOBODY):
        browser = Client()
        answer = browser.post("/accounts/signup/", fields | {"email": email})
        assert answer.status_code == 302
        answers += [answer, browser.get(answer["Location"])]
    assert same(answers[0], answers[2], cast.owner.user.email, NOBODY)
    assert same(answers[1], answers[3], cast.owner.user.email, NOBODY)
    outbox.drain()
    # Whoever owns the address learns it, and nobody else.
    assert sorted(message.to[0] for message in mail.outbox) == sorted([cast.owner.user.email, NOBODY])


def test_a_new_password_says_nothing_about_the_account(cast: Cast) -> None:
    known = Client().post("/accounts/password/reset/", {"email": cast.owner.user.email})
    unknown = Client().post("/accounts/password/reset/", {"email": NOBODY})
    assert known.status_code == 302
    assert same(known, unknown, cast.owner.user.email, NOBODY)


def tries(count: int, email: str) -> list[int]:
    """Wrong passwords, each from an address that it only claims to come from."""
    wrong = {"login": email, "password": "not this one"}
    return [
        Client().post("/accounts/login/", wrong, headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code
        for n in range(count)
    ]


def test_guessing_ends_and_a_forged_address_does_not_help(cast: Cast) -> None:
    person = confirmed(cast.owner.user)
    assert signs_in(person)
    tries(6, person.email)
    assert not signs_in(person, **{"x-forwarded-for": "203.0.113.99"})
    cache.clear()
    assert signs_in(person)


ELSEWHERE = """
import sys, django
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
for _n in range(6):
    Client().post("/accounts/login/", {"login": sys.argv[1], "password": "not this one"})
"""


@pytest.mark.django_db(transaction=True)
def test_guesses_of_another_process_count() -> None:
    person = confirmed(factories.UserFactory())
    database = connection.settings_dict
    url = (
        f"sqlite:///{database['NAME']}"
        if connection.vendor == "sqlite"
        else "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    command = [sys.executable, "-c", ELSEWHERE, person.email]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not signs_in(person)
    cache.clear()
    assert signs_in(person)


def test_a_password_alone_opens_nothing_to_staff(cast: Cast) -> None:
    person = confirmed(cast.reviewer.user)
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    client = Client()
    answer = client.post("/accounts/login/", CORRECT | {"login": person.email})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/start/")["Location"].startswith("/accounts/login/")
    assert client.get("/api/v1/me/").status_code == 403
    counter = next(iter(yield_hotp_counters_from_time()))
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert client.get("/api/v1/me/").status_code == 403
    client.post("/accounts/2fa/authenticate/", {"code": format_hotp_value(hotp_value(secret, counter))})
    assert client.get("/api/v1/me/").status_code == 200


def test_staff_without_a_second_factor_only_get_to_set_it_up(cast: Cast) -> None:
    client = Client()
    client.post("/accounts/login/", CORRECT | {"login": confirmed(cast.broker.user).email})
    for path in ("/", "/start/", f"/o/{cast.broker.organisation.public_id}/board/"):  # type: ignore[union-attr]
        assert client.get(path)["Location"] == "/accounts/2fa/totp/activate/"
    # The password was typed a moment ago.
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    # Whoever finds the browser open later cannot tie it to an own device: the password comes first.
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", CORRECT)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    assert client.get("/api/v1/services/").status_code == 403
