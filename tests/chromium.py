"""Debian's Chromium for tests: pages of the site as people see them.

Tests that ask for `page` are marked `browser`; without Chromium they are skipped, and counted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from marketplace import fonts

FLAGS = (
    # CI is root, for whom Chromium's sandbox does not start.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # No request of the browser's own: tests count requests, and CI has no network.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = {"width": 1366, "height": 900}
NARROW = {"width": 320, "height": 640}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
# Only what is wrong leaves the browser: all that is right would be megabytes a page.
FIND = """async options => (await axe.run(document, options)).violations.flatMap(one =>
    one.nodes.map(node => `${one.id} (${one.help}): ${node.html.slice(0, 160)}`))"""
MAY_FAIL = "Failed to load resource"


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses the browser is a browser test, whether or not its author said so."""
    missing = pytest.mark.skip(reason="no Chromium on this machine (apt install chromium)")
    for item in items:
        if {"page", "browser", "new_page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            if chromium() is None:
                item.add_marker(missing)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file.

    Playwright keeps an event loop running in this thread, at whose sight Django refuses to touch the
    database; so the permission to do it ends with the browser.
    """
    fonts.build(settings.FONTS_DIR / "fonts")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield opened
        opened.close()


class Visit:
    """A browser window of one person, and what went wrong in it."""

    def __init__(self, browser: Browser, base_url: str, tolerate: str = "", **options: Any) -> None:
        options = {"viewport": WIDE, "locale": "th-TH", "timezone_id": "Asia/Bangkok", **options}
        self.base_url = base_url
        self.tolerate = tolerate
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(base_url=base_url, **options)
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", self.note_message)
        self.page.on("request", self.note_request)

    def note_message(self, message: Any) -> None:
        # A 404 that a test asks for is reported like a fault; refused styles and scripts are faults.
        tolerated = message.text.startswith(MAY_FAIL) or (self.tolerate and self.tolerate in message.text)
        if message.type == "error" and not tolerated:
            self.faults.append(f"console: {message.text}")

    def note_request(self, request: Any) -> None:
        host = urlsplit(request.url)
        if host.scheme in {"http", "https"} and host.netloc != urlsplit(self.base_url).netloc:
            self.faults.append(f"foreign request: {request.url}")


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open a window: new_page(user=None, viewport=NARROW, locale="en-GB", java_script_enabled=False).

    Each has its own cookies, so a story can have several people. A script error, a refusal of the
    content policy or a request to another host fails the test; tolerate="…" lets a message with that
    text pass.
    """
    # The cache is a table that no model knows, so nothing else empties it between tests.
    cache.clear()
    visits: list[Visit] = []

    def open_page(user: Any = None, **options: Any) -> Page:
        visit = Visit(browser, live_server.url, **options)
        visits.append(visit)
        if user is not None:
            sign_in(visit.page, user, live_server.url)
        return visit.page

    yield open_page
    faults = [fault for visit in visits for fault in visit.faults]
    for visit in visits:
        visit.context.close()
    assert faults == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A window of a visitor who is not signed in."""
    return new_page()


def sign_in(page: Page, user: Any, url: str) -> None:
    """Give the window a session, without walking through the form."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds on the page, one line an element; empty if nothing."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: list[str] = page.evaluate(FIND, options)
    return found


def sticks_out(page: Page) -> list[str]:
    """Elements that make the page wider than its window, so that people must scroll sideways."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const wide = [...document.querySelectorAll('body *')]
                .filter(element => element.getBoundingClientRect().right > width + 1)
                .map(element => `${element.tagName.toLowerCase()}.${element.className}`);
            return wide.length ? wide.slice(0, 5) : ['text that does not wrap'];
        }"""
    )


if os.environ.get("CI") == "true" and chromium() is None:
    raise RuntimeError("CI never skips the browser tests: .ci/run installs Chromium first")
