"""The invented people of the demo, one a role, with what is needed to sign in as them."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils.translation import get_language

PEOPLE = Path(__file__).parent / "people.json"
# How long a code of an authenticator app lasts.
PERIOD = 30


@dataclass(frozen=True)
class Login:
    """`totp_secret` is None for people who sign in with the password alone."""

    email: str
    password: str
    name_th: str
    name_en: str
    what_for_th: str
    what_for_en: str
    totp_secret: str | None

    @property
    def what_for(self) -> str:
        return self.what_for_en if get_language() == "en" else self.what_for_th

    @property
    def code(self) -> str | None:
        """The code that an authenticator app shows at this moment."""
        if not self.totp_secret:
            return None
        code: str = format_hotp_value(hotp_value(self.totp_secret, int(time.time()) // PERIOD))
        return code


def logins() -> list[Login]:
    """One person for each role, in the order in which the story meets them."""
    data = json.loads(PEOPLE.read_text(encoding="utf-8"))
    return [
        Login(
            email=person["email"],
            password=data["password"],
            name_th=person["name"],
            name_en=person["name_en"],
            what_for_th=person["what_for_th"],
            what_for_en=person["what_for_en"],
            totp_secret=person["totp_secret"],
        )
        for person in data["people"]
        if person["shown_at_start"]
    ]
