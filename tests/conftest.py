"""The cast. Every test of who may do what draws from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection

from marketplace import triggers
from marketplace.permissions import Actor
from tests import factories

pytest_plugins = ["tests.chromium", "tests.world"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two writers at once are a matter of PostgreSQL; SQLite lets them queue."""
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL in DATABASE_URL, as in .ci/run"))


@dataclass(frozen=True)
class Cast:
    """owner and teammate act for one vendor, rival for another; official and colleague for one city,
    stranger for another; reviewer, broker and administrator for depa."""

    owner: Actor
    teammate: Actor
    rival: Actor
    official: Actor
    colleague: Actor
    stranger: Actor
    reviewer: Actor
    broker: Actor
    administrator: Actor

    @classmethod
    def new(cls) -> Cast:
        """Everybody, in an empty database."""
        factories.categories()
        vendor, other = factories.OrganisationFactory(), factories.OrganisationFactory()
        official = factories.city_with_official()
        depa = factories.OrganisationFactory(kind="depa", name_th="ดีป้า", name_en="depa")
        assert official.organisation is not None
        return cls(
            owner=factories.member(vendor, "owner"),
            teammate=factories.member(vendor, "member"),
            rival=factories.member(other, "owner"),
            official=official,
            colleague=factories.member(official.organisation, "official"),
            stranger=factories.city_with_official(),
            reviewer=factories.member(depa, "reviewer"),
            broker=factories.member(depa, "broker"),
            administrator=factories.member(depa, "administrator"),
        )


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_the_log() -> Iterator[None]:
    """Tests with real transactions end by emptying every table, which the log of events refuses on SQLite."""
    handle = flush.Command.handle
    guards = [guard for guard in triggers.RECORDS if guard.operation == "DELETE"]

    def lifted(command: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            return handle(command, **options)
        with connection.cursor() as cursor:
            for guard in guards:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
        try:
            return handle(command, **options)
        finally:
            with connection.cursor() as cursor:
                for guard in guards:
                    cursor.execute(triggers.statements(guard, connection.vendor)[-1])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", lifted)
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast.new()
