"""The window that browser tests look through: it sees the real site, and it sees what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page

from marketplace.models import Event
from tests import factories
from tests.chromium import NARROW, Visit, accessibility_faults, sticks_out


def test_it_sees_the_typeface_and_the_styles(page: Page) -> None:
    answer = page.goto("/accounts/login/")
    assert answer is not None
    assert answer.ok
    loaded = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(f => f.status))")
    assert "loaded" in loaded
    assert "Sarabun" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_it_signs_people_in(new_page: Callable[..., Page]) -> None:
    actor = factories.city_with_official()
    page = new_page(actor.user)
    page.goto("/accounts/login/")
    page.goto("/accounts/password/change/")
    assert page.url.endswith("/accounts/password/change/")


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.goto("/accounts/login/")
    page.evaluate("document.body.insertAdjacentHTML('afterbegin', '<img src=\"/favicon.ico\"><input>')")
    found = "\n".join(accessibility_faults(page))
    assert "image-alt" in found
    assert "label" in found


def test_what_sticks_out_is_found(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport=NARROW)
    page.goto("/accounts/login/")
    assert sticks_out(page) == []
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<pre class=wide>x</pre>')")
    page.evaluate("document.querySelector('.wide').style.width = '900px'")
    assert sticks_out(page) == ["pre.wide"]


def test_a_refused_script_and_a_foreign_request_are_faults(browser: Browser, live_server: Any) -> None:
    visit = Visit(browser, live_server.url)
    visit.page.goto("/accounts/login/")
    assert visit.faults == []
    visit.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'x'}))")
    visit.page.evaluate("fetch('http://elsewhere.invalid/').catch(() => null)")
    visit.page.wait_for_timeout(200)
    visit.context.close()
    assert {fault.split(":")[0] for fault in visit.faults} == {"console"}
    assert any("script-src" in fault for fault in visit.faults)
    assert any("elsewhere.invalid" in fault for fault in visit.faults)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tables_that_refuse_deletion_are_empty_for_the_next_test(turn: int) -> None:
    assert Event.objects.count() == 0
    factories.published(*owner_and_reviewer())
    assert Event.objects.count() > 0
    assert mail.outbox == []


def owner_and_reviewer() -> tuple[object, object]:
    factories.categories()
    return factories.member(factories.OrganisationFactory(), "owner"), factories.member(
        factories.OrganisationFactory(kind="depa"), "reviewer"
    )
