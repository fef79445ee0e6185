"""The log of events: chained, append-only, and written with its change or not at all."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from marketplace import events, organisations
from marketplace.models import Event, EventHead
from matching import runs
from tests import factories
from tests.conftest import Cast


def three_events(cast: Cast) -> list[Event]:
    service = factories.draft(cast.owner)
    return [events.record(service, move, by=cast.owner, note="ก่อน") for move in ("one", "two", "three")]


def test_each_event_carries_who_for_whom_and_the_hash_before(cast: Cast) -> None:
    first, second, _third = three_events(cast)
    assert cast.owner.organisation is not None
    assert (second.actor_id, second.actor_organisation_id, second.actor_role) == (
        cast.owner.user.public_id,
        cast.owner.organisation.public_id,
        "owner",
    )
    assert second.previous_hash == first.hash
    assert list(events.broken_links()) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE marketplace_event SET note = 'x'", "DELETE FROM marketplace_event"]
)
def test_the_database_refuses_to_change_the_log(cast: Cast, statement: str) -> None:
    three_events(cast)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(events.broken_links()) == []


def test_a_change_behind_the_triggers_is_found(cast: Cast) -> None:
    _first, second, third = three_events(cast)
    EventHead.objects.update(last_hash="0" * 64)
    assert list(events.broken_links()) == [third.number]
    EventHead.objects.update(last_hash=third.hash)
    forged = Event.objects.get(pk=second.pk)
    forged.note = "หลัง"
    assert events.digest(forged) != second.hash


def test_what_is_rolled_back_leaves_no_event(cast: Cast) -> None:
    before = Event.objects.count()

    class Stop(Exception):
        pass

    def verify_and_fail() -> None:
        with transaction.atomic():
            organisations.verify(factories.OrganisationFactory(), by=cast.reviewer)
            raise Stop

    with pytest.raises(Stop):
        verify_and_fail()
    assert Event.objects.count() == before
    assert list(events.broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_mistake() -> None:
    organisation = factories.OrganisationFactory()
    with pytest.raises(transaction.TransactionManagementError):
        events.record(organisation, "add", by=None)


@pytest.mark.parametrize(
    "table",
    [
        "catalogue_serviceversion",
        "matching_needversion",
        "matching_match",
        "matching_matchrun",
        "matching_criterion",
    ],
)
def test_versions_and_runs_stay_as_they_were(cast: Cast, table: str) -> None:
    factories.published(cast.owner, cast.reviewer)
    need = factories.need(cast.official, criteria=[{"kind": "account", "level": "nice"}])
    runs.execute({"run": need.runs.get().public_id})
    columns = {
        "matching_match": "position = 99",
        "matching_criterion": "text = 'x'",
        "matching_matchrun": "considered = 9",
    }
    change = columns.get(table, "number = 99")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")


@pytest.mark.django_db(transaction=True)
def test_transactional_tests_can_empty_the_log(cast: Cast) -> None:
    factories.draft(cast.owner)
    assert Event.objects.count() > 0
