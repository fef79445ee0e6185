"""The contract on a real Meilisearch, and what is particular to a server."""

from __future__ import annotations

import secrets

import pytest

from tests.search.engine_contract import EngineContract


@pytest.fixture
def engine_url(meilisearch):
    return meilisearch.url(f"t{secrets.token_hex(6)}")


class TestContract(EngineContract):
    """The class that every engine passes."""
