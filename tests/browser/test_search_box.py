"""The search field in a browser: suggestions by keyboard and pointer, the slash, chips, no script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marketplace import outbox
from search.engine import get_engine, registered
from tests import factories
from tests.chromium import NARROW, accessibility_faults, sticks_out
from tests.conftest import Cast

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
WORD = "กังหันลม"


@pytest.fixture
def made(live_server: Any) -> dict[str, str]:
    """Two services and a need about the same thing; ids by name."""
    cast = Cast.new()
    for name in registered():
        get_engine(name).rebuild([])
    rows = {
        "first": factories.published(cast.owner, cast.reviewer, name_th=f"{WORD}ลอยน้ำ"),
        "second": factories.published(
            cast.rival, cast.reviewer, name_th=f"{WORD} สำหรับเกาะ", kind="hardware"
        ),
        "need": factories.need(cast.official, state="published", title=f"อยากได้{WORD}"),
    }
    factories.need(cast.official, state="published", visibility="private", title=f"{WORD}ลับ")
    outbox.drain()
    return {name: row.public_id for name, row in rows.items()}


def typed(page: Page, text: str = WORD) -> None:
    page.locator("#q").press_sequentially(text, delay=10)
    expect(page.locator("#q-list [role=option]")).to_have_count(3)


def test_a_suggestion_is_chosen_by_keyboard(made: dict[str, str], new_page: NewPage) -> None:
    page = new_page()
    page.goto("/services/")
    field, options = page.locator("#q"), page.locator("#q-list [role=option]")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    typed(page)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-search-box] [role=status]")).to_contain_text("3")
    assert accessibility_faults(page) == []
    assert "ลับ" not in page.locator("#q-list").inner_text()
    # What was typed is marked, and nothing is chosen yet.
    expect(options.first.locator("mark")).to_have_text(WORD)
    expect(page.locator("#q-list [aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.nth(2).get_attribute("id")
    expect(field).to_have_value(WORD)
    # Past the last stands the field itself.
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q-list [aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#q-list")).to_be_hidden()
    expect(field).to_have_value(WORD)
    page.keyboard.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/needs/{made['need']}/**")


def test_enter_without_a_choice_searches_and_chips_take_filters_out(
    made: dict[str, str], new_page: NewPage
) -> None:
    page = new_page()
    page.goto("/services/")
    page.locator("#q").focus()
    typed(page)
    page.keyboard.press("Enter")
    rows = page.locator("#catalogue .rows > li")
    expect(rows).to_have_count(2)
    page.locator("input[name=kind][value=hardware]").check()
    expect(rows).to_have_count(1)
    expect(page.locator("#q")).to_have_value(WORD)
    assert "kind=hardware" in page.url
    # The address alone brings the same list to somebody else.
    other = new_page()
    other.goto(page.url)
    expect(other.locator("#catalogue .rows > li")).to_have_count(1)
    expect(other.locator(".chosen li")).to_have_count(3)
    other.locator(".chosen a", has_text="hardware").click()
    expect(other.locator("#catalogue .rows > li")).to_have_count(2)
    assert "kind=" not in other.url
    # The field still suggests after htmx has replaced it.
    page.locator("#q").fill("")
    typed(page)
    expect(page.locator("#q")).to_have_attribute("role", "combobox")
    page.locator("#q-list [role=option]").first.click()
    page.wait_for_url("**/services/*/*/")


def test_the_slash_is_a_letter_while_somebody_writes(made: dict[str, str], new_page: NewPage) -> None:
    page = new_page()
    page.goto("/try/")
    box = page.locator("main [name=q]").first
    box.focus()
    page.keyboard.type("ก/ข")
    expect(box).to_have_value("ก/ข")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#site-q")).to_be_focused()


def test_narrow_and_without_script_the_search_still_works(made: dict[str, str], new_page: NewPage) -> None:
    page = new_page(viewport=NARROW)
    for path in ("/services/", "/needs/", "/cities/", "/suggest/"):
        page.goto(path)
        page.locator("#q").focus()
        typed(page)
        assert sticks_out(page) == [], path
    plain = new_page(java_script_enabled=False)
    plain.goto("/suggest/")
    expect(plain.locator("#q")).not_to_have_attribute("role", "combobox")
    plain.locator("#q").fill(WORD)
    plain.locator("#q").press("Enter")
    expect(plain.locator("main .rows > li")).to_have_count(3)
    plain.locator("main .rows a", has_text="อยากได้").click()
    # Opening it was noted, and the address is plain again.
    plain.wait_for_url(f"**/needs/{made['need']}/*/")
    assert "?" not in plain.url
