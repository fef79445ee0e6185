"""People of the story, each with a window: how they sign up, sign in, fill in forms and press buttons."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from marketplace import outbox
from marketplace.models import Organisation
from marketplace.permissions import Actor
from tests.factories import PASSWORD

PERIOD = 30  # seconds that a code of the second factor lasts


@dataclass
class Person:
    """Somebody with a window; ``organisation`` is empty until they act for one."""

    page: Page
    email: str
    organisation: Organisation | None = None
    secret: str = ""

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def work(self, path: str = "") -> None:
        """Open a page of work for the person's organisation."""
        assert self.organisation is not None
        self.visit(f"/o/{self.organisation.public_id}/{path}")

    def visit(self, path: str, status: int = 200) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path} answers {answer.status}"

    def fill(self, **values: str) -> None:
        """Type into fields by their names."""
        for name, value in values.items():
            self.main.locator(f"[name='{name}']").fill(value)

    def tick(self, name: str, *values: str) -> None:
        """Choose boxes or one of several, by name and value."""
        for value in values:
            self.main.locator(f"input[name='{name}'][value='{value}']").check()

    def press(self, label: str) -> None:
        self.main.get_by_role("button", name=label, exact=True).click()

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    def does_not_see(self, *texts: str) -> None:
        """Only after something that is there has been waited for."""
        for text in texts:
            expect(self.main).not_to_contain_text(text)

    def arrives(self, pattern: str) -> str:
        """Wait for an address; return what its first group holds, such as an id."""
        self.page.wait_for_url(re.compile(pattern))
        found = re.search(pattern, self.page.url)
        assert found is not None
        return found.group(1) if found.groups() else ""

    def sign_up(self, name: str) -> None:
        """Through the form and the link that is mailed, as far as the page where work begins."""
        self.visit("/accounts/signup/")
        self.fill(name=name, email=self.email, password1=PASSWORD, password2=PASSWORD)
        self.main.locator("form button[type=submit]").click()
        self.arrives("/accounts/confirm-email/$")
        self.visit(link_mailed_to(self.email, "/accounts/confirm-email/"))
        self.main.locator("form button[type=submit]").click()
        self.page.wait_for_url(re.compile("/(start|accounts/login)/"))
        if "/accounts/login/" in self.page.url:
            self.sign_in()

    def sign_in(self) -> None:
        """With the password, and with a code where the person has a second factor."""
        self.visit("/accounts/login/")
        self.fill(login=self.email, password=PASSWORD)
        self.main.locator("form:has([name=password]) button[type=submit]").click()
        if self.secret:
            self.arrives("/accounts/2fa/authenticate/")
            self.fill(code=format_hotp_value(hotp_value(self.secret, int(time.time()) // PERIOD)))
            self.main.locator("form:has([name=code]) button[type=submit]").first.click()
        self.page.wait_for_url(re.compile("/(start|o/[a-z0-9]+)/"))


def person(page: Page, actor: Actor) -> Person:
    """A member who has confirmed the e-mail, not signed in yet; those of depa get their second factor."""
    EmailAddress.objects.create(user=actor.user, email=actor.user.email, verified=True, primary=True)
    secret = ""
    if actor.user.is_depa:
        secret = generate_totp_secret()
        TOTP.activate(actor.user, secret)
        RecoveryCodes.activate(actor.user)
    return Person(page, actor.user.email, actor.organisation, secret)


def link_mailed_to(email: str, beginning: str) -> str:
    """The path of the newest link of this kind that was mailed to somebody."""
    outbox.drain()
    bodies = [str(message.body) for message in mail.outbox if email in message.to]
    links = re.findall(rf"https?://[^/\s]+({re.escape(beginning)}[^\s]+)", "\n".join(bodies))
    assert links, f"no link {beginning} was mailed to {email}"
    return str(links[-1])
