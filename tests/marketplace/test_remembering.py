"""What is remembered is never shown for anything but the same values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, override

from marketplace import remembering
from marketplace.models import City


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    remembering.forget()
    yield
    remembering.forget()


def notice(**values: Any) -> str:
    return remembering.rendered("components/facts.html", {"facts": [{"label": "A", **values}]})


def test_the_same_values_are_rendered_once() -> None:
    first = notice(text="one")
    assert notice(text="one") is first
    assert "<dd>one" in first


def test_text_is_escaped_even_after_safe_html_of_the_same_characters() -> None:
    assert "<b>x</b>" in notice(text=format_html("<b>{}</b>", "x"))
    assert "&lt;b&gt;x&lt;/b&gt;" in notice(text="<b>x</b>")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        (1, 1.0),
        (1, "1"),
        (Decimal("1.0"), Decimal("1.00")),
        (None, "None"),
        (date(2026, 1, 2), "2026-01-02"),
        (["a", "b"], ("a", "b")),
        (["a", ["b"]], ["a", "b"]),
        ({"a": 1}, {"a": 1, "b": None}),
        ({"a": "b"}, [["a", "b"]]),
        ("<b>x", format_html("<b>{}", "x")),
    ],
)
def test_values_that_may_look_different_are_kept_apart(one: Any, other: Any) -> None:
    assert remembering.frozen(one) != remembering.frozen(other)
    assert hash(remembering.frozen(one)) == hash(remembering.frozen(one))


def test_each_language_has_its_own() -> None:
    with override("th"):
        thai = remembering.rendered("components/trust.html", {"level": 1})
    with override("en"):
        english = remembering.rendered("components/trust.html", {"level": 1})
    assert thai != english
    assert "stated by the vendor" in english


def test_a_lazy_text_counts_as_what_it_says_now() -> None:
    with override("en"):
        assert remembering.frozen(gettext_lazy("Home")) == "Home"


@pytest.mark.parametrize("value", [object(), City(), lambda: 1, {1, 2}])
def test_what_is_no_plain_value_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no plain value"):
        notice(text=value)


def test_nothing_of_the_page_gets_in() -> None:
    page = Template('{% remembered "components/notice.html" text=said %}')
    assert page.render(Context({"said": "here", "title": "of the page", "tone": "risk"})).count("page") == 0


def test_while_developing_nothing_is_remembered(settings: Any) -> None:
    settings.DEBUG = True
    assert notice(text="one") is not notice(text="one")
