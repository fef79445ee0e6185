"""Effects outside the database: written with the change, carried out by the worker, at least once."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django_tasks import task

from marketplace.models import Outbox, database_now

logger = logging.getLogger(__name__)

Payload = dict[str, Any]
Handler = Callable[[list[Payload]], None]
# Handlers with how many effects of theirs may be carried out in one call.
_handlers: dict[str, tuple[Handler, int]] = {}

MAX_ATTEMPTS = 8
# Long enough for any effect; short enough that what a killed worker held is taken up within half a minute.
LEASE = timedelta(seconds=20)


def register(name: str, handler: Callable[[Payload], None]) -> None:
    """Name a handler. Handlers get the payload and must bear being called twice with it."""

    def each(payloads: list[Payload]) -> None:
        for payload in payloads:
            handler(payload)

    _handlers[name] = (each, 1)


def register_together(name: str, handler: Handler, at_most: int) -> None:
    """Name a handler that gets up to ``at_most`` different payloads at once, all of them due.

    For effects such as indexing, where a hundred cost hardly more than one. Must bear being called twice.
    """
    _handlers[name] = (handler, at_most)


def put(handler: str, payload: Payload) -> Outbox:
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
    """The task that a commit enqueues. Returns how many effects were carried out.

    It takes up nothing after a second: the worker's own round goes on, and can be told to stop.
    """
    ends = time.monotonic() + 1
    return drain(wanted=lambda: time.monotonic() < ends)


def _take() -> list[Outbox]:
    """Lease what is due next, so that no other worker takes it while it runs: effects of one handler."""
    with transaction.atomic():
        now = database_now()
        due = (
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(
                Q(leased_until__isnull=True) | Q(leased_until__lt=now), state="pending", available_at__lte=now
            )
            .order_by("pk")
        )
        first = due.first()
        if first is None:
            return []
        at_most = _handlers[first.handler][1] if first.handler in _handlers else 1
        rows = [first]
        if at_most > 1:
            rows += due.filter(handler=first.handler, pk__gt=first.pk)[: at_most - 1]
        Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(
            leased_until=now + LEASE, attempts=F("attempts") + 1
        )
        for row in rows:
            row.attempts += 1
        return rows


def drain(limit: int = 1000, *, wanted: Callable[[], bool] = lambda: True) -> int:
    """Carry out due effects, oldest first, in at most ``limit`` calls. Returns how many succeeded.

    ``wanted`` is asked before each call: a worker that is told to stop takes up nothing more.
    """
    done = 0
    for _round in range(limit):
        rows = _take() if wanted() else []
        if not rows:
            break
        done += _carry_out(rows)
    return done


def _carry_out(rows: list[Outbox]) -> int:
    try:
        different = {json.dumps(row.payload, sort_keys=True): row.payload for row in rows}
        _handlers[rows[0].handler][0](list(different.values()))
    except Exception:
        if len(rows) > 1:
            # One that can't be carried out must not keep back those beside it.
            return sum(_carry_out([row]) for row in rows)
        _put_off(rows[0], traceback.format_exc(limit=8)[-4000:])
        return 0
    return Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="done", done_at=database_now(), leased_until=None, last_error=""
    )


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
