"""The page of the API works under the site's content policy, and asks nobody else for anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.chromium import NARROW, accessibility_faults, sticks_out


@pytest.mark.parametrize("options", [{}, {"viewport": NARROW}], ids=["wide", "narrow"])
def test_a_request_can_be_tried(new_page: Callable[..., Page], options: dict[str, object]) -> None:
    factories.RegionFactory()
    page = new_page(**options)
    page.goto("/api/docs/")
    page.click("#operations-regions-regions_list .opblock-summary-control")
    page.click("text=Try it out")
    page.click("button.execute")
    page.wait_for_selector(".live-responses-table")
    assert '"code": "LS"' in page.inner_text(".live-responses-table")
    assert sticks_out(page) == []


def test_the_page_around_it_is_accessible(new_page: Callable[..., Page]) -> None:
    """Swagger UI itself is a library's: docs/api.md says the same in plain text."""
    page = new_page()
    page.goto("/api/docs/")
    page.wait_for_selector(".opblock")
    page.evaluate("document.getElementById('swagger-ui').remove()")
    assert accessibility_faults(page) == []
