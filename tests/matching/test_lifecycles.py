"""Every lifecycle, from every wrong state and by every wrong person: refused, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue import services
from catalogue.models import Service
from marketplace.errors import Conflict, NotAllowed
from marketplace.models import Consent, Event, Outbox
from matching import introductions, needs
from matching.models import Introduction, Need
from tests import factories
from tests.conftest import Cast

PEOPLE = (
    "owner",
    "teammate",
    "rival",
    "official",
    "colleague",
    "stranger",
    "reviewer",
    "broker",
    "administrator",
)
PARTIES = {
    "vendor": {"owner", "teammate"},
    "city": {"official", "colleague"},
    "reviewer": {"reviewer", "administrator"},
    "broker": {"broker", "administrator"},
    "system": set(),
}
CONSENTS = {"accept", "take_up"}


def may(who: tuple[str, ...]) -> set[str]:
    return set().union(*(PARTIES[party] for party in who))


def call(verb: Callable[..., Any], row: Any, name: str, by: Any) -> None:
    if name in CONSENTS:
        verb(row, by=by, consent=True)
    elif name == "confirm":
        verb(row, by=by)
    else:
        try:
            verb(row, by=by, note="เหตุผล")
        except TypeError:
            verb(row, by=by)


def snapshot() -> tuple[Any, ...]:
    rows = [list(model.objects.order_by("pk").values()) for model in (Service, Need, Introduction, Consent)]
    return (*rows, Event.objects.count(), Outbox.objects.count())


@pytest.fixture
def service(cast: Cast) -> Service:
    return factories.published(cast.owner, cast.reviewer)


@pytest.fixture
def introduction(cast: Cast, service: Service) -> Introduction:
    return introductions.request(service, by=cast.official, consent=True)


def put_in_state(row: Any, state: str) -> None:
    """Past the verbs, for the test only. Columns that a constraint ties to the state stay satisfied."""
    type(row).objects.filter(pk=row.pk).update(state=state)


@pytest.mark.parametrize("name", services.LIFE.moves)
def test_moves_of_a_service(cast: Cast, service: Service, name: str) -> None:
    move = services.LIFE.moves[name]
    verb = getattr(services, name)
    for state in Service.State.values:
        put_in_state(service, state)
        before = snapshot()
        for person in PEOPLE:
            if state in move.from_states and person in may(move.who):
                continue
            expected = Conflict if person in may(move.who) else NotAllowed
            with pytest.raises(expected):
                call(verb, service, name, getattr(cast, person))
            assert snapshot() == before, (state, person)


@pytest.mark.parametrize("name", needs.LIFE.moves)
def test_moves_of_a_need(cast: Cast, name: str) -> None:
    need = factories.need(cast.official, state="published")
    move = needs.LIFE.moves[name]
    for state in Need.State.values:
        put_in_state(need, state)
        before = snapshot()
        for person in PEOPLE:
            if state in move.from_states and person in may(move.who):
                continue
            expected = Conflict if person in may(move.who) else NotAllowed
            with pytest.raises(expected):
                call(getattr(needs, name), need, name, getattr(cast, person))
            assert snapshot() == before, (state, person)


PUBLIC_MOVES = [name for name, move in introductions.LIFE.moves.items() if move.who != ("system",)]


@pytest.mark.parametrize("name", PUBLIC_MOVES)
def test_moves_of_an_introduction(cast: Cast, introduction: Introduction, name: str) -> None:
    move = introductions.LIFE.moves[name]
    introductions.forward(introduction, by=cast.broker)
    introductions.accept(introduction, by=cast.owner, consent=True)
    # Only what somebody suggested can stand as suggested.
    Introduction.objects.filter(pk=introduction.pk).update(origin="broker", suggested_by=cast.broker.user)
    for state in Introduction.State.values:
        put_in_state(introduction, state)
        before = snapshot()
        for person in PEOPLE:
            if state in move.from_states and person in may(move.who):
                continue
            expected = Conflict if person in may(move.who) else NotAllowed
            with pytest.raises(expected):
                call(getattr(introductions, name), introduction, name, getattr(cast, person))
            assert snapshot() == before, (state, person)


@pytest.mark.parametrize("life", [services.LIFE, needs.LIFE, introductions.LIFE])
def test_every_state_of_a_table_is_a_state_of_its_rows(life: Any) -> None:
    states = {services.LIFE: Service, needs.LIFE: Need, introductions.LIFE: Introduction}[life].State.values
    for move in life.moves.values():
        assert {*move.from_states, move.to_state} <= set(states), move.name
