"""Every route × every role × every method, held to the table in tests/policy.txt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import get_resolver

from marketplace.models import Event
from tests.policy import ADDRESSES, TABLE, Row, address
from tests.world import AUDIENCES, World

pytestmark = pytest.mark.django_db

# The resolver's own: an address without a name could be in no table.
ROUTES = dict.fromkeys(row.name for row in TABLE)
NAMED = {
    "/accounts/login/": "login",
    "/accounts/2fa/totp/activate/": "enrol",
    "/accounts/reauthenticate/": "confirm",
    "/accounts/2fa/reauthenticate/": "confirm",
}


def routes(patterns: Any, prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern.name


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    found = dict(routes(get_resolver(ADDRESSES).url_patterns))
    assert [path for path, name in found.items() if not name] == []
    assert sorted(set(found.values()) - set(ROUTES)) == [], "say in tests/policy.txt who may open these"
    assert sorted(set(ROUTES) - set(found.values())) == [], "these rows are about routes that are gone"


def test_the_demo_and_the_gallery_are_not_on_a_real_site() -> None:
    everywhere = {name for _path, name in routes(get_resolver(ADDRESSES).url_patterns)}
    real = {name for _path, name in routes(get_resolver("marketplace.urls").url_patterns)}
    assert sorted(everywhere - real) == ["demo", "demo_mail", "demo_mail_list", "gallery"]


def told(response: HttpResponse) -> int | str:
    """A status, or the name of where a redirect leads."""
    target = response.headers.get("Location", "").split("?")[0].removeprefix("/en")
    return NAMED.get(target, response.status_code)


def asked(row: Row) -> Iterator[tuple[str, str, str]]:
    """(method, audience, language): everybody reads and writes in Thai; where a page has no such method,
    and in English, one of each audience that is answered alike is enough."""
    for method in row.methods:
        alike: dict[object, str] = {}
        for audience in AUDIENCES:
            alike.setdefault(row.answer(audience, method), audience)
        everybody = row.serves(method)
        yield from ((method, audience, "th") for audience in (AUDIENCES if everybody else alike.values()))
        if method == "GET" and not row.is_api:
            yield from ((method, audience, "en") for audience in alike.values())


@pytest.mark.parametrize("name", ROUTES)
def test_the_site_does_what_the_table_says(name: str, world: World, settings: Any) -> None:
    settings.ROOT_URLCONF = ADDRESSES
    wrong = []
    written = Event.objects.count()
    for row in TABLE:
        if row.name != name:
            continue
        for method, audience, language in asked(row):
            expected = row.answer(audience, method)
            got = told(world.ask(audience, method, address(row, world, audience, language)))
            if got != expected:
                wrong.append(f"{method} {row} {language} {audience}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)
    assert Event.objects.count() == written
