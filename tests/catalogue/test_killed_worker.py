"""kill -9 of the worker in the middle of indexing: nothing acknowledged is lost, nothing hidden is shown."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from catalogue import indexing, services
from catalogue.models import Service
from marketplace import outbox
from marketplace.models import Outbox, database_now
from search.engine import Query, get_engine
from search.reconciliation import Difference, compare
from tests import factories
from tests.conftest import Cast
from tests.repository.tree import ROOT

KILLS, SERVICES = 2, 8


def address() -> str:
    """The DATABASE_URL of the database of this very test."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    password = f":{told['PASSWORD']}" if told["PASSWORD"] else ""
    return f"postgres://{told['USER']}{password}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A real worker beside the test, killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work", "--interval", "0.01"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address(), "VAR_DIR": str(settings.VAR_DIR)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(60)


def held() -> bool:
    return Outbox.objects.filter(state="pending", leased_until__isnull=False).exists()


def wait_until_it_holds_something(process: subprocess.Popen[bytes]) -> None:
    # A limit only for a worker that never gets so far; a slow machine may take its time.
    ends = time.monotonic() + 120
    while not held() and time.monotonic() < ends and process.poll() is None:
        if not Outbox.objects.filter(state="pending").exists():
            return
        time.sleep(0.001)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_again_and_again_loses_nothing(cast: Cast) -> None:
    for name in ("services", "vendors", "cities", "needs"):
        get_engine(name).rebuild([])
    made = [factories.published(cast.owner, cast.reviewer) for _number in range(SERVICES)]
    outbox.drain()
    hidden = made[: SERVICES // 3]
    for number in range(KILLS):
        services.suspend(hidden[number], by=cast.reviewer, note="ตรวจสอบ")
        factories.published(cast.owner, cast.reviewer)
        with worker() as process:
            wait_until_it_holds_something(process)
        # Rows are read through the database: what is hidden is shown by no stale index.
        found = get_engine("services").search(Query(per_page=100)).ids
        public = set(Service.objects.public().values_list("public_id", flat=True))
        assert not {one.public_id for one in hidden[: number + 1]} & public
        assert public - set(found) <= {s.public_id for s in Service.objects.order_by("-pk")[: number + 1]}
        # Half a minute later the lease is over.
        Outbox.objects.filter(state="pending").update(leased_until=database_now() - timedelta(seconds=1))
    outbox.drain()
    assert not Outbox.objects.filter(state="pending", handler="catalogue.index_service").exists()
    assert compare(get_engine("services"), indexing.all_documents()) == Difference()
    assert get_engine("services").count() == SERVICES


def test_what_a_killed_worker_held_is_free_within_half_a_minute() -> None:
    assert outbox.LEASE.total_seconds() <= 25
