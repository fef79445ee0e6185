"""Effects outside the database: written with the change, carried out by the worker, at least once."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django_tasks import task

from marketplace.models import Outbox, database_now

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=120)


def register(name: str, handler: Handler) -> None:
    """Name a handler. Handlers get the payload and must bear being called twice with it."""
    _handlers[name] = handler


def put(handler: str, payload: dict[str, Any]) -> Outbox:
    """Write an effect in the present transaction and wake the worker when it commits.

    Raises:
        KeyError: nobody registered ``handler``.
    """
    _handlers[handler]
    row = Outbox.objects.create(handler=handler, payload=payload)
    # Once a transaction: an import writes thousands of effects, and one look finds them all.
    if not any(entry[1] is wake for entry in connection.run_on_commit):
        transaction.on_commit(wake)
    return row


def wake() -> None:
    """Ask the worker to look now. Losing this loses nothing: the worker also looks by itself."""
    try:
        drain_soon.enqueue()
    except OperationalError:
        logger.warning("The worker could not be woken; it looks by itself.", exc_info=True)


@task()
def drain_soon() -> int:
    """The task that a commit enqueues. Returns how many effects were carried out."""
    return drain()


def _take() -> Outbox | None:
    """Lease the next due effect, so that no other worker takes it while it runs."""
    with transaction.atomic():
        now = database_now()
        row = (
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(
                Q(leased_until__isnull=True) | Q(leased_until__lt=now), state="pending", available_at__lte=now
            )
            .order_by("pk")
            .first()
        )
        if row is None:
            return None
        row.leased_until = now + LEASE
        row.attempts += 1
        row.save(update_fields=["leased_until", "attempts"])
        return row


def drain(limit: int = 1000) -> int:
    """Carry out due effects, oldest first, at most ``limit``. Returns how many succeeded."""
    done = 0
    for _round in range(limit):
        row = _take()
        if row is None:
            break
        done += _carry_out(row)
    return done


def _carry_out(row: Outbox) -> int:
    try:
        _handlers[row.handler](row.payload)
    except Exception:
        _put_off(row, traceback.format_exc(limit=8)[-4000:])
        return 0
    Outbox.objects.filter(pk=row.pk).update(
        state="done", done_at=database_now(), leased_until=None, last_error=""
    )
    return 1


def _put_off(row: Outbox, error: str) -> None:
    """Back off 2, 4, 8 … seconds; after the last attempt leave the effect to staff."""
    logger.warning("Effect %s failed, attempt %s", row.handler, row.attempts, exc_info=True)
    dead = row.attempts >= MAX_ATTEMPTS
    Outbox.objects.filter(pk=row.pk).update(
        state="dead" if dead else "pending",
        available_at=database_now() + timedelta(seconds=min(2**row.attempts, 600)),
        leased_until=None,
        last_error=error,
    )


def retry(row: Outbox) -> None:
    """Give a dead effect another round of attempts."""
    Outbox.objects.filter(pk=row.pk, state="dead").update(
        state="pending", attempts=0, available_at=database_now()
    )
    transaction.on_commit(wake)


def release_expired() -> int:
    """Give back leases of workers that died. Returns how many; expired leases are taken up even without."""
    return Outbox.objects.filter(state="pending", leased_until__lt=database_now()).update(
        leased_until=None, available_at=F("available_at")
    )
