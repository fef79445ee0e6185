"""Visitors of the pages, and an index to find services in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from marketplace import outbox
from marketplace.permissions import Actor
from tests import factories

SignIn = Callable[[Actor | None], Client]


@pytest.fixture
def index(db: None) -> None:
    """An empty index, as on a fresh site, and nothing remembered."""
    factories.empty_indexes()
    cache.clear()


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A client for a person, or for nobody; depa's people have their second factor."""

    def signed_in(actor: Actor | None) -> Client:
        client = Client()
        if actor is not None:
            if actor.user.is_depa:
                Authenticator.objects.get_or_create(user=actor.user, type="totp", defaults={"data": {}})
            client.force_login(actor.user)
        return client

    return signed_in


@pytest.fixture
def thai() -> None:
    """Addresses are made in Thai, whatever the last request spoke."""
    translation.activate("th")


def page(client: Client, path: str, status: int = 200) -> str:
    """The text of a page that must answer with ``status``."""
    response = client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    return response.content.decode()


def queries(client: Client, path: str) -> int:
    """How many queries a page takes when nothing waits in the worker."""
    outbox.drain()
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def org(actor: Actor) -> str:
    """Public id of the organisation that somebody acts for."""
    assert actor.organisation is not None
    return actor.organisation.public_id
