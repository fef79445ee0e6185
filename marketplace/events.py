"""The audit log: one event for each move, chained by hashes, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from marketplace.models import Event, EventHead, PublicModel, database_now

if TYPE_CHECKING:
    from marketplace.permissions import Actor


_told_at: ContextVar[datetime | None] = ContextVar("told_at", default=None)


@contextmanager
def told_at(moment: datetime) -> Iterator[None]:
    """Events inside carry ``moment`` instead of the database's clock.

    Only for the demo's world, whose past is told afterwards; a test refuses any other use.
    """
    token = _told_at.set(moment)
    try:
        yield
    finally:
        _told_at.reset(token)


def subject_kind(subject: models.Model) -> str:
    """The name under which events and consents refer to a row, such as ``introduction``."""
    return str(subject._meta.model_name)


def digest(event: Event) -> str:
    """SHA-256 over every field of the event and the hash before it."""
    content = [
        event.number,
        event.at.isoformat(timespec="milliseconds"),
        event.actor_id,
        event.actor_organisation_id,
        event.actor_role,
        event.subject_kind,
        event.subject_id,
        event.move,
        event.from_state,
        event.to_state,
        event.note,
        event.data,
        event.previous_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    subject: PublicModel,
    move: str,
    *,
    by: Actor | None,
    from_state: str = "",
    to_state: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Append one event. Must run inside the transaction of the change it tells of."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is written in the transaction of its change.")
    head, _new = EventHead.objects.select_for_update().get_or_create(pk=1)
    now = _told_at.get() or database_now()
    event = Event(
        number=head.last_number + 1,
        # Milliseconds: what SQLite's clock gives and what the digest covers.
        at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        actor_id=by.user.public_id if by else "",
        actor_organisation_id=by.organisation.public_id if by and by.organisation else "",
        actor_role=by.role if by else "",
        subject_kind=subject_kind(subject),
        subject_id=subject.public_id,
        move=move,
        from_state=from_state,
        to_state=to_state,
        note=note,
        data=data or {},
        previous_hash=head.last_hash,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    EventHead.objects.filter(pk=1).update(last_number=event.number, last_hash=event.hash)
    return event


def of(subject: PublicModel) -> models.QuerySet[Event]:
    """The events of one row, oldest first."""
    return Event.objects.filter(subject_kind=subject_kind(subject), subject_id=subject.public_id)


def broken_links() -> Iterator[int]:
    """Numbers of events whose hash or place in the chain is wrong; none when the log is whole."""
    previous, number = "0" * 64, 0
    for event in Event.objects.order_by("number").iterator():
        number += 1
        if event.number != number or event.previous_hash != previous or event.hash != digest(event):
            yield event.number
        previous, number = event.hash, event.number
    head = EventHead.objects.filter(pk=1).first() or EventHead()
    if (head.last_number, head.last_hash) != (number, previous):
        yield head.last_number
