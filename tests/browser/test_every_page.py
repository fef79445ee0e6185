"""Every page that the policy table lets somebody open: accessible, within its window, without a fault.

In Thai and English, at 1366 and 320 px. The same pages without JavaScript and by keyboard, the main ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from tests.chromium import NARROW, WIDE, accessibility_faults, sticks_out
from tests.conftest import Cast
from tests.policy import ADDRESSES, TABLE, Row, address
from tests.world import World, build

# Each page is looked at by the first of these who may open it.
READERS = ("anonymous", "owner", "official", "administrator", "newcomer")
# A download, and Swagger's own page, which tests/browser/test_api_docs.py looks at.
NOT_OURS = {"stored_file", "api_docs", "schema"}


def pages() -> dict[str, list[Row]]:
    """Rows by reader."""
    found: dict[str, list[Row]] = {reader: [] for reader in READERS}
    for row in TABLE:
        if row.is_api or row.name in NOT_OURS:
            continue
        reader = next((one for one in READERS if row.answer(one, "GET") == 200), None)
        if reader is not None:
            found[reader].append(row)
    return found


PAGES = pages()


@pytest.fixture
def live(live_server: Any, settings: Any) -> World:
    """The world behind a real server, with the pages of the demo and of DEBUG."""
    settings.ROOT_URLCONF = ADDRESSES
    return build(Cast.new())


def window(new_page: Callable[..., Page], world: World, reader: str, **options: Any) -> Page:
    page = new_page(**options)
    if reader in world.sessions:
        name, value = django_settings.SESSION_COOKIE_NAME, world.sessions[reader]
        page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])
    return page


def faults_of(page: Page) -> list[str]:
    """What is wrong with the page as it stands, wide and narrow."""
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        found += [f"at {size['width']} px: {fault}" for fault in accessibility_faults(page)]
        found += [f"at {size['width']} px sticks out: {element}" for element in sticks_out(page)]
    return found


def visits(reader: str) -> list[tuple[str, Row]]:
    """In Thai every row, in English every route."""
    routes = {row.name: row for row in reversed(PAGES[reader])}
    return [("th", row) for row in PAGES[reader]] + [("en", row) for row in routes.values()]


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_pages(live: World, new_page: Callable[..., Page], reader: str) -> None:
    page = window(new_page, live, reader)
    faults = []
    for language, row in visits(reader):
        path = address(row, live, reader, language)
        answer = page.goto(path, wait_until="load")
        assert answer is not None
        found = [f"answers {answer.status}"] if answer.status != 200 else faults_of(page)
        if page.evaluate("document.documentElement.lang") != language:
            found.append("is in another language")
        faults += [f"{path} ({row.name}) {fault}" for fault in found]
    assert not faults, "\n".join(faults)


ANSWERS_THAT_REFUSE = (
    ("anonymous", "/nothing/", 404),
    ("anonymous", "/services/{service.withdrawn}/", 410),
    ("teammate", "/o/{owner.org}/profile/", 403),
)
FORMS = (
    ("anonymous", "/accounts/signup/"),
    ("anonymous", "/accounts/login/"),
    ("newcomer", "/join/vendor/"),
    ("newcomer", "/join/city/missing/"),
    ("owner", "/o/{owner.org}/services/new/"),
    ("owner", "/o/{owner.org}/services/{service.published}/certificates/"),
    ("official", "/o/{official.org}/needs/new/"),
    ("official", "/o/{official.org}/introductions/new/?service={service.rival}"),
)


def filled(path: str, world: World) -> str:
    for name, public_id in world.ids.items():
        path = path.replace(f"{{{name}}}", public_id)
    return path


@pytest.mark.slow
def test_pages_that_refuse_and_forms_with_mistakes(live: World, new_page: Callable[..., Page]) -> None:
    faults = []
    for number, (reader, path, status) in enumerate(ANSWERS_THAT_REFUSE):
        page = window(new_page, live, reader)
        answer = page.goto(("", "/en")[number % 2] + filled(path, live))
        assert answer is not None
        assert answer.status == status
        faults += [f"{path} {fault}" for fault in faults_of(page)]
    for number, (reader, path) in enumerate(FORMS):
        page = window(new_page, live, reader)
        page.goto(("", "/en")[number % 2] + filled(path, live))
        # Past the browser's own checks, which not every browser makes.
        page.evaluate("document.querySelectorAll('main form').forEach(form => form.noValidate = true)")
        page.locator("main form[method=post] button[type=submit]:visible").last.click()
        expect(page.locator("main [aria-invalid=true]").first).to_be_visible()
        faults += [f"{path} with mistakes {fault}" for fault in faults_of(page)]
    assert not faults, "\n".join(faults)


MAIN = (
    "/",
    "/services/",
    "/needs/",
    "/cities/",
    "/services/{service.published}/",
    "/needs/{need.published}/",
)


def test_main_pages_work_without_javascript(live: World, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    for path in MAIN:
        answer = page.goto(filled(path, live))
        assert answer is not None
        assert answer.ok
        expect(page.locator("h1")).to_have_count(1)
    page.goto("/")
    page.locator("main form [name=q]").first.fill("ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้")
    page.locator("main form:has([name=q]) button").first.click()
    expect(page.locator("main")).to_contain_text("บริการ published")
    page.goto("/services/")
    page.locator("main [name=q]").first.fill("คู่แข่ง")
    page.locator("main [name=q]").first.press("Enter")
    page.wait_for_url("**q=*")
    expect(page.locator("main")).to_contain_text("บริการของคู่แข่ง")
    expect(page.locator("main")).not_to_contain_text("บริการ published")


FOCUS = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const ring = outline || style.boxShadow !== 'none';
    return {name: one.tagName + '.' + one.className + ' ' + (one.textContent || '').trim().slice(0, 30),
            ring, shown: box.width > 1 && box.height > 1, id: one.id, body: one === document.body};
}"""


def test_main_pages_work_by_keyboard(live: World, new_page: Callable[..., Page]) -> None:
    page = new_page()
    faults = []
    for path in MAIN:
        page.goto(filled(path, live))
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUS)
        expect(page.locator("a.skip")).to_be_focused()
        expect(page.locator("a.skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", path
        page.goto(filled(path, live))
        for _stop in range(25):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUS)
            if not at["body"] and not (at["ring"] and at["shown"]):
                faults.append(f"{path}: {at}")
        assert first["ring"], path
    assert faults == []
