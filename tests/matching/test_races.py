"""What happens at the same moment, on PostgreSQL: SQLite lets only one writer in and hides every race."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from marketplace import events, outbox
from marketplace.errors import Conflict, NotAllowed
from marketplace.models import Consent, Event, Outbox
from matching import introductions
from matching.models import Introduction
from tests import factories
from tests.conftest import Cast

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _on_postgresql(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together. Returns each result or exception."""
    gate = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            results[place] = call()
        except Exception as problem:
            results[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture
def forwarded(cast: Cast) -> Introduction:
    service = factories.published(cast.owner, cast.reviewer)
    asked = introductions.request(service, by=cast.official, consent=True)
    return introductions.forward(asked, by=cast.broker)


def shown_to_vendor(introduction: Introduction, cast: Cast) -> bool:
    fresh = Introduction.objects.select_related("city_consent", "city_person").get(pk=introduction.pk)
    return introductions.contact_for(fresh, cast.owner) is not None


@contextmanager
def without_locks() -> Iterator[None]:
    """The negative control: the same code, with select_for_update doing nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda self, *a, **k: self.all())
        yield


def accept_and_withdraw(forwarded: Introduction, cast: Cast) -> list[Any]:
    return at_once(
        lambda: introductions.accept(forwarded, by=cast.owner, consent=True),
        lambda: introductions.withdraw_consent(forwarded, by=cast.official),
    )


def test_no_contact_after_a_withdrawal_whatever_comes_first(cast: Cast) -> None:
    for _round in range(5):
        service = factories.published(cast.owner, cast.reviewer)
        asked = introductions.request(service, by=cast.official, consent=True)
        row = introductions.forward(asked, by=cast.broker)
        _accepted, withdrawn = accept_and_withdraw(row, cast)
        assert not isinstance(withdrawn, Exception), withdrawn
        assert not shown_to_vendor(row, cast)
    assert list(events.broken_links()) == []


def test_two_colleagues_accept_once(cast: Cast, forwarded: Introduction) -> None:
    results = at_once(
        lambda: introductions.accept(forwarded, by=cast.owner, consent=True),
        lambda: introductions.accept(forwarded, by=cast.teammate, consent=True),
    )
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "Introduction"]
    assert Consent.objects.filter(organisation=cast.owner.organisation).count() == 1
    assert [e.move for e in events.of(forwarded)] == ["request", "forward", "accept", "introduce"]


def test_without_the_lock_two_colleagues_would_accept_twice(cast: Cast, forwarded: Introduction) -> None:
    """If this ever fails, the test above proves nothing."""
    both_have_read = threading.Barrier(2)
    check = introductions.LIFE.check

    def slow_check(row: Any, name: str, **options: Any) -> Any:
        move = check(row, name, **options)
        if name == "accept":
            both_have_read.wait(10)
        return move

    with without_locks(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(introductions.LIFE, "check", slow_check)
        # The log's own lock is off as well, so one may trip over the other's number; the consents tell.
        patch.setattr(events, "record", lambda *a, **k: None)
        at_once(
            lambda: introductions.accept(forwarded, by=cast.owner, consent=True),
            lambda: introductions.accept(forwarded, by=cast.teammate, consent=True),
        )
    assert Consent.objects.filter(organisation=cast.owner.organisation).count() == 2


def test_a_double_click_asks_once(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    results = at_once(
        *[lambda: introductions.request(service, by=cast.official, consent=True) for _click in range(4)]
    )
    assert sorted(type(r).__name__ for r in results) == ["Conflict"] * 3 + ["Introduction"]
    assert Introduction.objects.count() == 1
    assert Consent.objects.count() == 1


def test_broker_and_city_cannot_both_win(cast: Cast) -> None:
    service = factories.published(cast.owner, cast.reviewer)
    asked = introductions.request(service, by=cast.official, consent=True)
    results = at_once(
        lambda: introductions.stop(asked, by=cast.broker, note="ซ้ำกับเรื่องเดิม"),
        lambda: introductions.withdraw(asked, by=cast.official, note="ไม่ต้องการแล้ว"),
    )
    assert sorted(isinstance(r, Conflict | NotAllowed) for r in results) == [False, True]
    asked.refresh_from_db()
    assert [e.to_state for e in events.of(asked)] == ["requested", asked.state]


def test_the_log_stays_one_chain_under_many_writers(cast: Cast) -> None:
    services = [factories.draft(cast.owner) for _n in range(8)]
    before = Event.objects.count()

    def write(service: Any) -> None:
        for _n in range(5):
            with transaction.atomic():
                events.record(service, "note", by=cast.owner)

    results = at_once(*[lambda s=service: write(s) for service in services])
    assert results == [None] * 8
    assert Event.objects.count() == before + 40
    assert list(events.broken_links()) == []


def test_two_workers_never_carry_out_one_effect_twice(cast: Cast) -> None:
    Outbox.objects.all().delete()
    seen: list[int] = []
    outbox.register("test.count", lambda payload: seen.append(payload["n"]))
    for number in range(40):
        outbox.put("test.count", {"n": number})
    done = at_once(*[outbox.drain for _worker in range(4)])
    assert sum(done) == 40
    assert sorted(seen) == list(range(40))
