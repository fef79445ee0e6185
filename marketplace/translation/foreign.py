"""Texts of the libraries that people meet on our pages, where the library's Thai will not do.

They are required in marketplace/locale like our own, which comes first when Django looks for a text.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from marketplace.translation.extraction import singular, texts_of


@dataclass(frozen=True)
class Library:
    """Where a library's texts are; `thai` is its own catalogue, None if it is not to be trusted."""

    package: str
    files: tuple[str, ...]
    without: tuple[str, ...] = ()
    thai: str | None = None


LIBRARIES = (
    # allauth's Thai is complete but was joined by machine: "Add" is "แอป", "Enter your password:" asks
    # whether it was forgotten. All texts of the pages that the site mounts are therefore ours.
    Library(
        "allauth",
        files=(
            "account/adapter.py",
            "account/fields.py",
            "account/forms.py",
            "mfa/adapter.py",
            "mfa/base/*.py",
            "mfa/models.py",
            "mfa/recovery_codes/*.py",
            "mfa/totp/*.py",
            "templates/account/**/*.*",
            "templates/mfa/**/*.*",
        ),
        # Signing in by code, phone or passkey, trusted browsers and social accounts are not switched on.
        without=(
            "phone",
            "passkey",
            "webauthn",
            "trust",
            "login_code",
            "verification_code",
            "confirm_code",
            "reset_code",
        ),
    ),
    Library(
        "rest_framework",
        files=("exceptions.py", "fields.py", "relations.py", "serializers.py", "validators.py"),
        thai="locale",
    ),
    Library("django", files=("forms/fields.py", "forms/models.py", "core/validators.py"), thai="conf/locale"),
    Library("django.contrib.auth", files=("password_validation.py",), thai="locale"),
)

# Texts of those same files for what is not switched on: sign-in by username, phone, code or passkey.
NEVER_SHOWN = frozenset(
    """
A user is already registered with this phone number.
Backup key
Email or phone
Enter a phone number including country code (e.g. +1 for the US).
IPv4
IPv4 or IPv6
IPv6
Key nr. {number}
Master key
No security keys have been added.
Phone
Security Keys
Send me a sign-in code
Sign in with a passkey
Sign up using a passkey
The phone number and/or password you specified are not correct.
The phone number is not assigned to any user account.
The username and/or password you specified are not correct.
Use a security key
Username
Username (optional)
Username can not be used. Please use other username.
Username or email
Username or phone
Username, email or phone
WebAuthn
You have added %(count)s security key.
""".strip().splitlines()
)


def texts_to_own() -> Iterator[Message]:
    """The texts of libraries that our catalogue must hold."""
    for library in LIBRARIES:
        folder = folder_of(library.package)
        owned = thai_of(folder / library.thai) if library.thai else {}
        for message in texts_of(files_of(folder, library)):
            if message.id and singular(message) not in NEVER_SHOWN and not is_in(owned, message):
                yield message


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"The package {package} is not installed")
    return Path(spec.origin).parent


def files_of(folder: Path, library: Library) -> list[Path]:
    found = {path for pattern in library.files for path in folder.glob(pattern) if path.is_file()}
    return sorted(
        path for path in found if not any(part in str(path.relative_to(folder)) for part in library.without)
    )


def thai_of(locale: Path) -> dict[object, str]:
    with (locale / "th" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        # The dictionary that GNUTranslations looks things up in has no public name.
        return dict(vars(gettext.GNUTranslations(file))["_catalog"])


def is_in(owned: dict[object, str], message: Message) -> bool:
    key = f"{message.context}\x04{singular(message)}" if message.context else singular(message)
    return key in owned or (key, 0) in owned


def merge_into(catalog: Catalog) -> None:
    for message in texts_to_own():
        catalog.add(message.id, context=message.context)
