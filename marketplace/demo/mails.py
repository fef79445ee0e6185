"""The mails that the demo "sent": files in ``settings.MAIL_DIR``, read as they are and never changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

# Django's file backend puts this line under every message; mails of one connection share a file.
BETWEEN = re.compile(rb"^-{79}\r?\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. ``id`` is the name of its file and its place in it."""

    id: str
    at: datetime | None
    to: str
    subject: str
    body: str


def newest(limit: int = 100) -> list[Mail]:
    """The mails of the newest files, newest first."""
    found: list[Mail] = []
    for path in _paths():
        found += reversed(_read(path))
        if len(found) >= limit:
            break
    # Names hold seconds only; of the mails of one second the higher place came later.
    return sorted(found[:limit], key=lambda mail: mail.at.timestamp() if mail.at else 0, reverse=True)


def find(mail_id: str) -> Mail | None:
    """The mail with this id. Only names that stand in the folder are opened."""
    for path in _paths():
        if mail_id.startswith(path.stem):
            for mail in _read(path):
                if mail.id == mail_id:
                    return mail
    return None


def _paths() -> list[Path]:
    folder = Path(settings.MAIL_DIR)
    return sorted(folder.glob("*.log"), reverse=True) if folder.is_dir() else []


def _read(path: Path) -> list[Mail]:
    parts = [part for part in BETWEEN.split(path.read_bytes()) if part.strip()]
    return [_mail(f"{path.stem}-{number}", part) for number, part in enumerate(parts)]


def _mail(mail_id: str, content: bytes) -> Mail:
    message = message_from_bytes(content.lstrip(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    text = message.get_body(preferencelist=("plain",))
    return Mail(
        mail_id,
        _moment(message["Date"]),
        str(message["To"] or "").strip(),
        str(message["Subject"] or "").strip(),
        str(text.get_content()) if text else "",
    )


def _moment(text: str | None) -> datetime | None:
    """Django writes UTC as "-0000", which Python reads as a time without zone."""
    if not text:
        return None
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
