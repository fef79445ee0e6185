"""Signed-in visitors of the pages, and an index to find services in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import translation

from marketplace.permissions import Actor
from tests import factories

SignIn = Callable[[Actor], Client]


@pytest.fixture
def index(db: None) -> None:
    """An empty index, as on a fresh site."""
    factories.empty_indexes()


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A client for a person; depa's people have their second factor."""

    def signed_in(actor: Actor) -> Client:
        if actor.user.is_depa:
            Authenticator.objects.get_or_create(user=actor.user, type="totp", defaults={"data": {}})
        client = Client()
        client.force_login(actor.user)
        return client

    return signed_in


@pytest.fixture(autouse=True)
def thai() -> None:
    """Addresses are made in Thai, whatever the last request spoke."""
    translation.activate("th")
