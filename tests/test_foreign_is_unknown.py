"""What one may not see answers as what does not exist: the same status and the same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.policy import ADDRESSES, TABLE, Row, address
from tests.sameness import essence
from tests.world import AUDIENCES, UNKNOWN, World

pytestmark = pytest.mark.django_db

# Decoration, or a number: not what names a thing.
NO_IDS = {"slug", "move", "rule", "number"}


# They see what their colleagues see; the permission matrix asks them all.
TWINS = {"teammate", "colleague", "administrator"}


def hidden(row: Row) -> list[tuple[str, str]]:
    """(method, audience) that the table answers with 404."""
    return [
        (method, audience)
        for method in row.methods
        for audience in AUDIENCES
        if audience not in TWINS
        and row.answer(audience, method) == 404
        and (method == "GET" or row.serves(method))
    ]


ROWS = [row for row in TABLE if set(row.arguments) - NO_IDS and hidden(row)]


def without(row: Row, argument: str) -> Row:
    """The row about an id that nothing has."""
    about = row.about.replace(f"{argument}={row.arguments[argument]}", f"{argument}={UNKNOWN}")
    return replace(row, about=about)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_foreign_id_is_an_unknown_id(row: Row, world: World, settings: Any) -> None:
    settings.ROOT_URLCONF = ADDRESSES
    differ = []
    for argument in set(row.arguments) - NO_IDS:
        stranger = without(row, argument)
        ids = (*world.fill(row.arguments).values(), UNKNOWN)
        for method, audience in hidden(row):
            if argument == "org" and world.ids[row.arguments["org"]] == world.own(audience):
                continue  # The own organisation is no secret; the head of the page names it.
            foreign = world.ask(audience, method, address(row, world, audience))
            unknown = world.ask(audience, method, address(stranger, world, audience))
            if essence(foreign, *ids) != essence(unknown, *ids):
                differ.append(f"{method} {row}: {audience} can tell by {argument}")
    assert not differ, "\n".join(differ)


def test_the_test_above_looks_at_every_kind_of_thing() -> None:
    """Otherwise it could pass on nothing."""
    kinds = {value.split(".")[0] for row in ROWS for value in row.arguments.values()}
    assert {"service", "need", "introduction", "affiliation", "claim", "certificate", "file", "run"} <= kinds
    assert sum(row.is_api for row in ROWS) > 10


# Things that are named inside of what is sent: who, page, field, a foreign thing.
IN_PAGES = (
    ("official", "introduction_new org=official.org ?service=service.published", "need", "need.stranger"),
    ("stranger", "introduction_new org=stranger.org ?service=service.published", "need", "need.draft"),
    ("stranger", "introduction_new org=stranger.org", "match", "match"),
    ("rival", "work_claims org=rival.org", "vendor", "vendor.claimable"),
    ("owner", "team org=owner.org", "replaces", "rival.membership"),
)
IN_QUERIES = (
    ("official", "introduction_new org=official.org", "service", "service.draft"),
    ("official", "introduction_new org=official.org", "match", "need.stranger"),
    ("rival", "introduction_suggest org=rival.org", "need", "need.draft"),
    ("rival", "introduction_suggest org=rival.org", "need", "need.private"),
    ("rival", "introduction_suggest org=rival.org", "service", "service.draft"),
)
IN_BODIES = (
    ("stranger", "api_introductions", "service", "service.draft", {}),
    ("stranger", "api_introductions", "need", "need.draft", {"service": "service.published"}),
    ("stranger", "api_introductions", "match", "match", {"service": "service.published"}),
    ("rival", "api_introductions_suggest", "need", "need.private", {"service": "service.rival"}),
    ("rival", "api_introductions_suggest", "service", "service.draft", {"need": "need.published"}),
    ("rival", "api_introductions_suggest", "need", "need.stranger", {"service": "service.rival"}),
)


def row_of(text: str) -> Row:
    name, _space, about = text.partition(" ")
    return Row(name, about, ("",) * 5)


def same(world: World, field: str, thing: str, foreign: Any, unknown: Any) -> bool:
    ids = (world.ids[thing], UNKNOWN)
    assert foreign.status_code in (400, 404), foreign.status_code
    return essence(foreign, *ids) == essence(unknown, *ids)


@pytest.mark.parametrize(("audience", "page", "field", "thing"), IN_PAGES)
def test_in_a_form(world: World, audience: str, page: str, field: str, thing: str) -> None:
    path = address(row_of(page), world, audience)
    fields = {"message": "ก", "consent": "on", "email": "a@example.com", "role": "member"}
    answers = [
        world.ask(audience, "POST", path, data=fields | {field: value})
        for value in (world.ids[thing], UNKNOWN)
    ]
    assert same(world, field, thing, *answers)


@pytest.mark.parametrize(("audience", "page", "field", "thing"), IN_QUERIES)
def test_in_a_query(world: World, audience: str, page: str, field: str, thing: str) -> None:
    path = address(row_of(page), world, audience)
    answers = [world.ask(audience, "GET", f"{path}?{field}={v}") for v in (world.ids[thing], UNKNOWN)]
    assert same(world, field, thing, *answers)


@pytest.mark.parametrize(("audience", "page", "field", "thing", "more"), IN_BODIES)
def test_in_a_body(
    world: World, audience: str, page: str, field: str, thing: str, more: dict[str, str]
) -> None:
    path = address(row_of(page), world, audience)
    body: dict[str, Any] = {key: world.ids[value] for key, value in more.items()}
    if page == "api_introductions":
        body["consent"] = True
    answers = [
        world.ask(audience, "POST", path, data=body | {field: value}) for value in (world.ids[thing], UNKNOWN)
    ]
    assert same(world, field, thing, *answers)


@pytest.mark.parametrize("name", ["api_services_work", "api_needs_work", "api_introductions"])
def test_the_organisation_that_an_api_call_acts_for(world: World, name: str) -> None:
    path = address(row_of(name), world, "rival")
    foreign = world.ask("rival", "GET", path.replace(world.own("rival"), world.own("owner")))
    unknown = world.ask("rival", "GET", path.replace(world.own("rival"), UNKNOWN))
    assert foreign.status_code == 404
    assert essence(foreign) == essence(unknown)
