"""Pages that only the demo has: who can sign in, and the mails that were sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from marketplace.demo import mails
from marketplace.demo.logins import logins

ADDRESSES = ("/demo/", "/demo/mail/", "/demo/mail/20260101-000000-1-0/", "/en/demo/", "/en/demo/mail/")


@pytest.fixture
def demo(db: None, settings: Any, tmp_path: Path) -> None:
    settings.ROOT_URLCONF = "tests.marketplace.demo_urls"
    settings.DEMO = True
    settings.MAIL_DIR = settings.EMAIL_FILE_PATH = tmp_path


def send(subject: str, body: str, to: str = "somebody@example.com", **connection: Any) -> None:
    backend = connection.get("connection") or get_connection(
        "django.core.mail.backends.filebased.EmailBackend"
    )
    EmailMessage(subject, body, to=[to], connection=backend).send()


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_the_demo_there_is_nothing(db: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_there_is_one_login_a_role_with_the_code_of_this_moment(demo: None, client: Client) -> None:
    page = client.get("/demo/").content.decode()
    for login in logins():
        assert login.email in page
        assert login.password in page
    assert sum(login.code is not None for login in logins()) == 3
    # The code can change between the page and this line.
    shown = [page.count(login.code) for login in logins() if login.code]
    assert shown == [1, 1, 1] or client.get("/demo/").content.decode() != page
    assert client.get("/demo/")["Cache-Control"].startswith("max-age=0")


def test_a_folder_that_is_not_there_holds_no_mail(
    demo: None, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MAIL_DIR = tmp_path / "later"
    assert mails.newest() == []
    assert client.get("/demo/mail/").status_code == 200


def test_mails_stand_newest_first_and_open(demo: None, client: Client) -> None:
    send("ฉบับแรก", "สวัสดี")
    send("Second", "Read http://localhost:8000/en/start/?a=1&b=2 today.\n\nBye")
    found = mails.newest()
    assert {mail.subject for mail in found} == {"ฉบับแรก", "Second"}
    assert all(mail.at and mail.at.utcoffset() is not None for mail in found)
    assert [mail.at for mail in found] == sorted((mail.at for mail in found), reverse=True)  # type: ignore[type-var]  # Django dates every mail
    listing = client.get("/en/demo/mail/").content.decode()
    [second] = [mail for mail in found if mail.subject == "Second"]
    assert f"/en/demo/mail/{second.id}/" in listing
    page = client.get(f"/en/demo/mail/{second.id}/").content.decode()
    assert 'href="http://localhost:8000/en/start/?a=1&amp;b=2"' in page
    assert "somebody@example.com" in page


def test_mails_of_one_connection_are_told_apart(demo: None) -> None:
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    for number in range(3):
        send(f"Mail {number}", "text\n-- \nnot the end", connection=connection)
    found = mails.newest()
    assert [mail.subject for mail in found] == ["Mail 2", "Mail 1", "Mail 0"]
    assert len({mail.id for mail in found}) == 3
    assert all("not the end" in mail.body for mail in found)


def test_what_a_mail_says_cannot_become_markup(demo: None, client: Client) -> None:
    send("<b>Subject</b>", '<script>alert(1)</script> javascript:alert(1) http://a.example/"><img src=x>')
    [mail] = mails.newest()
    for address in ("/demo/", "/demo/mail/", f"/demo/mail/{mail.id}/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Subject" not in page
        assert 'href="javascript' not in page


def test_mails_can_be_narrowed_to_an_address(demo: None, client: Client) -> None:
    send("To one", "text", to="one@example.com")
    send("To two", "text", to="two@example.com")
    page = client.get("/demo/mail/", {"to": "TWO@"}).content.decode()
    assert "To two" in page
    assert "To one" not in page


@pytest.mark.parametrize("mail_id", ["unknown", "..%2f..%2fdb.sqlite3", "20260101-000000-1-0", "%00"])
def test_an_unknown_mail_is_not_there(demo: None, client: Client, mail_id: str) -> None:
    send("A mail", "text")
    assert client.get(f"/demo/mail/{mail_id}/").status_code == 404
