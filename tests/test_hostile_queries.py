"""Generated searches: no error, and no thing that is not public, whatever is typed where."""

from __future__ import annotations

import random
from urllib.parse import urlencode

import pytest

from catalogue import browsing
from catalogue.indexing import FACETS
from catalogue.models import Service
from matching.models import Need
from tests.hostile import strings
from tests.world import World

pytestmark = pytest.mark.django_db

LISTS = (
    *("/services/", "/needs/", "/cities/", "/suggest/", "/try/"),
    *("/api/v1/services/", "/api/v1/needs/", "/api/v1/fits/"),
)
KEYS = (*FACETS, "sort", "page", "per_page", "facets", "state", "budget", "certificate", "designation")


def hidden(world: World) -> list[str]:
    """Ids that no stranger may meet."""
    services = Service.objects.exclude(pk__in=Service.objects.public()).values_list("public_id", flat=True)
    needs = Need.objects.exclude(pk__in=Need.objects.public()).values_list("public_id", flat=True)
    assert len(services) > 5
    assert len(needs) > 5
    return [*services, *needs]


def search(world: World, count: int, seed: int) -> None:
    public = set(Service.objects.public().values_list("public_id", flat=True))
    chance = random.Random(seed)
    for text in strings(count, seed):
        facet = chance.choice(FACETS)
        results = browsing.find(
            text,
            filters={facet: [text[:40], "environment"]},
            facets=[facet],
            page=chance.choice((1, 2, 10**6)),
        )
        assert set(results.ids) <= public, text
        assert not results.degraded, f"the engine gave up on {text!r}"
        found = browsing.find(
            text, sort=chance.choice(("", "name", "newest")), sentence=chance.random() < 0.5
        )
        assert set(found.ids) <= public, text


def ask(world: World, count: int, seed: int) -> None:
    secret = hidden(world)
    chance = random.Random(seed)
    for text in strings(count, seed):
        path = chance.choice(LISTS)
        query = {
            "q": text,
            chance.choice(KEYS): text,
            chance.choice(KEYS): chance.choice((text, "1", "name")),
        }
        response = world.ask("rival", "GET", f"{path}?{urlencode(query)}")
        assert response.status_code in (200, 400, 404), (path, query)
        body = response.content.decode()
        assert not [one for one in secret if one in body], (path, query)


def test_a_few(world: World) -> None:
    search(world, 300, seed=1)
    ask(world, 60, seed=2)


@pytest.mark.slow
def test_ten_thousand(world: World) -> None:
    search(world, 10_000, seed=3)
    ask(world, 500, seed=4)
