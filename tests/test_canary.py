"""A secret changes nothing that others read: each answer is the same in a world with it and without it.

Not in lists, counts, facets, scores, suggestions, matches or headers, with the search engine and without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from catalogue import certificates, services
from marketplace import affiliations, files, organisations, outbox
from marketplace.permissions import Actor
from matching import introductions, needs, overview
from search.engine import SearchError
from search.tantivy_engine.engine import TantivyEngine
from tests import factories
from tests.policy import TABLE, address
from tests.sameness import essence
from tests.world import PDF, World

pytestmark = pytest.mark.django_db

# Words, a dimension, a kind and a name that nothing else in the world has.
WORDS = "กังหันลมลอยน้ำ windturbine"
SECRET = {
    "name_th": "กังหันลมลอยน้ำ",
    "name_en": "Windturbine afloat",
    "summary_th": "กังหันลมลอยน้ำสำหรับเกาะ",
    "dimensions": ["energy", "environment"],
    "kind": "hardware",
    "regions": ["LS"],
    "standards": ["open_api"],
}
QUERIES = (
    *("services", "needs", "cities", "suggest", "try", "api_services", "api_fits", "api_needs", "api_cities"),
    *("introduction_suggest", "board"),
)
MORE = (
    "/services/?dimension=energy",
    "/services/?kind=hardware&standard=open_api",
    "/services/?certificate=dsure&sort=newest",
    "/services/?page=2",
    "/needs/?dimension=energy&budget=funded",
    "/needs/?state=closed",
    "/api/v1/services/?facets=dimension&facets=kind&facets=region&facets=certificate&facets=standard",
    "/api/v1/services/?per_page=1",
    "/api/v1/needs/?per_page=1",
)


def made_by_vendor(world: World) -> None:
    """A draft with a certificate, one in review, one suspended, one taken off, and a suspended vendor."""
    owner, reviewer = actor(world, "owner"), actor(world, "reviewer")
    draft = factories.draft(owner, **SECRET)
    certificates.state(draft, by=owner, kind="iso29110")
    services.submit(factories.draft(owner, **SECRET), by=owner)
    hidden = factories.published(owner, reviewer, **SECRET)
    outbox.drain()
    services.suspend(hidden, by=reviewer, note="ตรวจสอบ")
    other = factories.member(factories.OrganisationFactory(), "owner")
    factories.published(other, reviewer, **SECRET)
    outbox.drain()
    assert other.organisation is not None
    organisations.suspend(other.organisation, by=reviewer, note="ข้อมูลไม่ตรง")


def made_by_city(world: World) -> None:
    """A draft, a private need, a broker's draft, requests that no broker forwarded, and a letter."""
    official, broker, rival = actor(world, "official"), actor(world, "broker"), actor(world, "rival")
    fields = {"title": "กังหันลมลอยน้ำสำหรับเกาะ", "problem": WORDS, "dimensions": ["energy"]}
    factories.need(official, **fields)
    private = factories.need(
        official, state="published", visibility="private", budget_state="funded", **fields
    )
    assert official.organisation is not None
    city = official.organisation.city
    needs.add(city, factories.need_content(**fields), by=broker, confirm_email="x@example.com")
    outbox.drain()
    assert rival.organisation is not None
    service = rival.organisation.services.get(state="published")
    introductions.request(service, by=official, consent=True, need=private, message=WORDS)
    other = actor(world, "owner").organisation
    assert other is not None
    published = other.services.filter(state="published")[0]
    introductions.suggest(published, official.organisation, by=broker, need=private, message=WORDS)
    person = Actor(factories.UserFactory(name=WORDS))
    letter = files.store(SimpleUploadedFile("x.pdf", PDF), by=person, field="letter_scan")
    affiliations.ask(by=person, city=city, letter_scan=letter, letter_number=WORDS, letter_date="2025-11-22")


def introduced_in_private(world: World) -> None:
    """A city and a vendor met over a need that nobody else knows of."""
    official, broker, owner = actor(world, "official"), actor(world, "broker"), actor(world, "owner")
    private = factories.need(official, state="published", visibility="private", title=WORDS)
    assert owner.organisation is not None
    service = owner.organisation.services.filter(state="published")[0]
    row = introductions.request(service, by=official, consent=True, need=private, message=WORDS)
    introductions.accept(introductions.forward(row, by=broker), by=owner, consent=True)


def actor(world: World, audience: str) -> Actor:
    found = world.people[audience]
    assert found is not None
    return found


def addresses(world: World, audience: str) -> Iterator[str]:
    """Everything that the audience may read, and everything that it can search."""
    for row in TABLE:
        if row.answer(audience, "GET") == 200 and row.name not in (
            "gallery",
            "demo",
            "demo_mail_list",
            "schema",
        ):
            yield address(row, world, audience)
            if row.name in QUERIES and not row.query:
                path = address(row, world, audience)
                for text in (WORDS, "กังหัน", "windturb"):
                    yield f"{path}{'&' if '?' in path else '?'}q={quote(text)}"
    yield from MORE


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The home page says when it counted."""
    moment = datetime(2026, 11, 22, 3, tzinfo=UTC)
    monkeypatch.setattr(overview, "database_now", lambda: moment)


def readings(world: World, audience: str) -> dict[str, tuple[object, ...]]:
    # Counts that were made before the secret would hide it.
    cache.clear()
    return {path: essence(world.ask(audience, "GET", path)) for path in addresses(world, audience)}


CASES = [
    *((made_by_vendor, reader) for reader in ("anonymous", "newcomer", "rival", "stranger")),
    *((made_by_city, reader) for reader in ("anonymous", "newcomer", "rival", "owner", "stranger")),
    *((introduced_in_private, reader) for reader in ("anonymous", "rival", "stranger")),
]


def differences(world: World, secret: Callable[[World], None], reader: str) -> list[str]:
    before = readings(world, reader)
    with transaction.atomic():
        secret(world)
        outbox.drain()
        after = readings(world, reader)
        transaction.set_rollback(True)
    assert before.keys() == after.keys()
    assert len(before) > 30
    return [path for path in before if before[path] != after[path]]


@pytest.mark.parametrize(("secret", "reader"), CASES)
def test_a_secret_changes_nothing(
    world: World, secret: Callable[[World], None], reader: str, settings: Any
) -> None:
    assert differences(world, secret, reader) == []


@pytest.mark.parametrize("secret", [made_by_vendor, made_by_city])
def test_nor_while_the_search_engine_is_away(
    world: World, secret: Callable[[World], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise SearchError("away")

    for name in ("search", "similar"):
        monkeypatch.setattr(TantivyEngine, name, away)
    assert differences(world, secret, "rival") == []


def test_what_is_public_does_change_them(world: World) -> None:
    """Otherwise the tests above would compare nothing."""

    def publish(world: World) -> None:
        factories.published(actor(world, "owner"), actor(world, "reviewer"), **SECRET)
        factories.need(actor(world, "official"), state="published", title=WORDS, dimensions=["energy"])

    changed = " ".join(differences(world, publish, "anonymous"))
    for path in (
        "/services/ ",
        "/needs/ ",
        "/api/v1/services/?facets",
        "/try/?q=",
        "/services/?dimension=energy",
    ):
        assert path in changed + " "
