"""Effects: once written never lost, tried again, given up visibly, taken over from dead workers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from marketplace import outbox
from marketplace.models import Outbox, database_now

done: list[Any] = []


def remember(payload: dict[str, Any]) -> None:
    if payload.get("fails"):
        raise RuntimeError("the engine is away")
    done.append(payload)


@pytest.fixture(autouse=True)
def handler(db: None) -> Iterator[None]:
    outbox.register("test.remember", remember)
    done.clear()
    yield
    outbox._handlers.pop("test.remember")


def test_effects_are_carried_out_once_in_order() -> None:
    for number in range(3):
        outbox.put("test.remember", {"n": number})
    assert outbox.drain() == 3
    assert outbox.drain() == 0
    assert done == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert set(Outbox.objects.values_list("state", "attempts")) == {("done", 1)}


def test_an_effect_of_a_change_that_is_rolled_back_never_happens() -> None:
    class Stop(Exception):
        pass

    def put_and_fail() -> None:
        with transaction.atomic():
            outbox.put("test.remember", {})
            raise Stop

    with pytest.raises(Stop):
        put_and_fail()
    assert outbox.drain() == 0
    assert done == []


def test_an_unknown_handler_is_refused_when_it_is_written() -> None:
    with pytest.raises(KeyError):
        outbox.put("test.nobody", {})
    assert Outbox.objects.count() == 0


def test_a_failing_effect_backs_off_and_is_given_up_with_its_error() -> None:
    row = outbox.put("test.remember", {"fails": True})
    for attempt in range(1, outbox.MAX_ATTEMPTS + 1):
        Outbox.objects.update(available_at=database_now())
        assert outbox.drain() == 0
        row.refresh_from_db()
        assert row.attempts == attempt
        assert row.available_at > database_now()
        assert outbox.drain() == 0  # not due yet: no attempt
    row.refresh_from_db()
    assert (row.state, row.leased_until) == ("dead", None)
    assert "the engine is away" in row.last_error

    Outbox.objects.update(payload={"n": 1})
    outbox.retry(row)
    assert outbox.drain() == 1
    assert done == [{"n": 1}]


def test_one_failing_effect_does_not_hold_up_the_others() -> None:
    outbox.put("test.remember", {"fails": True})
    outbox.put("test.remember", {"n": 1})
    assert outbox.drain() == 1
    assert done == [{"n": 1}]


def test_an_effect_of_a_killed_worker_is_taken_over_when_its_lease_ends() -> None:
    row = outbox.put("test.remember", {"n": 1})
    outbox._take()  # the worker that takes it is killed here
    assert outbox.drain() == 0
    Outbox.objects.filter(pk=row.pk).update(leased_until=database_now() - timedelta(seconds=1))
    assert outbox.drain() == 1
    assert done == [{"n": 1}]


@pytest.mark.django_db(transaction=True)
def test_the_worker_reaps_tasks_that_a_killed_worker_left_running() -> None:
    result = outbox.drain_soon.enqueue()
    DBTaskResult.objects.filter(id=result.id).update(
        status=TaskResultStatus.RUNNING, started_at=database_now() - timedelta(minutes=6)
    )
    fresh = outbox.drain_soon.enqueue()
    DBTaskResult.objects.filter(id=fresh.id).update(
        status=TaskResultStatus.RUNNING, started_at=database_now()
    )
    outbox.put("test.remember", {"n": 1})
    call_command("work", "--once")
    assert done == [{"n": 1}]
    statuses = {str(r.id): r.status for r in DBTaskResult.objects.all()}
    assert statuses[str(result.id)] == TaskResultStatus.FAILED
    assert statuses[str(fresh.id)] == TaskResultStatus.RUNNING


@pytest.fixture
def together() -> Iterator[list[list[Any]]]:
    calls: list[list[Any]] = []

    def remember_all(payloads: list[dict[str, Any]]) -> None:
        calls.append([payload["n"] for payload in payloads])
        if any(payload.get("fails") for payload in payloads):
            raise RuntimeError("the engine is away")

    outbox.register_together("test.together", remember_all, 3)
    yield calls
    outbox._handlers.pop("test.together")


def test_effects_that_go_together_are_carried_out_in_one_call(together: list[list[Any]]) -> None:
    for number in (0, 1, 0, 2):
        outbox.put("test.together", {"n": number})
    outbox.put("test.remember", {"n": 9})
    assert outbox.drain() == 5
    assert together == [[0, 1], [2]]
    assert done == [{"n": 9}]
    assert set(Outbox.objects.values_list("state", "attempts")) == {("done", 1)}


def test_one_that_fails_does_not_keep_back_those_beside_it(together: list[list[Any]]) -> None:
    outbox.put("test.together", {"n": 0})
    outbox.put("test.together", {"n": 1, "fails": True})
    outbox.put("test.together", {"n": 2})
    assert outbox.drain() == 2
    assert together == [[0, 1, 2], [0], [1], [2]]
    assert list(Outbox.objects.order_by("pk").values_list("state", flat=True)) == ["done", "pending", "done"]
    assert "the engine is away" in Outbox.objects.get(state="pending").last_error


def test_effects_that_a_killed_worker_took_together_are_taken_up_again(together: list[list[Any]]) -> None:
    outbox.put("test.together", {"n": 0})
    outbox.put("test.together", {"n": 1})
    outbox._take()  # the worker that takes them is killed here
    assert outbox.drain() == 0
    Outbox.objects.update(leased_until=database_now() - timedelta(seconds=1))
    assert outbox.drain() == 2
    assert together == [[0, 1]]


def test_a_worker_that_is_told_to_stop_takes_up_nothing_more() -> None:
    for number in range(3):
        outbox.put("test.remember", {"n": number})
    assert outbox.drain(wanted=lambda: len(done) < 2) == 2
    assert done == [{"n": 0}, {"n": 1}]
    assert Outbox.objects.get(state="pending").attempts == 0
