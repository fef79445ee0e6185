"""The shared look: safe text, drawings that say what the numbers say, marks that exist."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from marketplace import drawing, formats, prose
from marketplace import map as country
from marketplace.templatetags import marketplace_tags as tags

BASE = Path(settings.BASE_DIR)
STATIC = BASE / "marketplace" / "static" / "marketplace"


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = {node.get("id", "").removeprefix("i-") for node in ElementTree.parse(STATIC / "icons.svg").iter()}
    named = {picture for picture, _word in tags.STATES.values()}
    for page in (BASE / "templates").rglob("*.html"):
        named.update(re.findall(r'{% icon "([a-z]+)"', page.read_text(encoding="utf-8")))
    assert named - drawn == set()


def test_no_template_carries_a_style_or_a_script_that_the_policy_would_refuse() -> None:
    refused = re.compile(r'\sstyle="|<style|\son[a-z]+="|<script(?![^>]*\ssrc=)(?![^>]*application/json)')
    found = [
        str(page.relative_to(BASE))
        for page in (BASE / "templates").rglob("*.html")
        if refused.search(page.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "![x](https://example.com/x.png)",
        "<svg onload=alert(1)>",
        "[x](data:text/html,<script>alert(1)</script>)",
    ],
)
def test_written_text_brings_no_script_no_picture_no_odd_address(hostile: str) -> None:
    html = prose.to_html(hostile)
    assert not re.search(r"<(script|img|svg|iframe)|href=\"(javascript|data)", html)


def test_written_headings_do_not_enter_the_outline_of_the_page() -> None:
    assert prose.to_html("# เรื่อง") == "<p><strong>เรื่อง</strong></p>\n"


def test_parts_of_a_fit_bar_end_where_the_score_stands() -> None:
    nices = [
        {"number": 1, "points": 40, "estimated": False},
        {"number": 2, "points": 0, "estimated": False},
        {"number": 3, "points": 2.5, "estimated": True},
    ]
    bar = drawing.fit_bar({"score": 42.5, "low": 40, "high": 50, "nices": nices})
    assert [(part["number"], part["x"], part["width"]) for part in bar["parts"]] == [
        (1, "0%", "40%"),
        (3, "40%", "2.5%"),
    ]
    assert (bar["score"], bar["low"], bar["high"], bar["sure"]) == ("42.5%", "40%", "50%", False)


def test_lanes_put_every_matter_on_one_scale_and_count_the_late() -> None:
    plot = drawing.lanes([{"limit": 3, "ages": [0, 4]}, {"limit": 5, "ages": []}])
    assert [(row["total"], row["late"], row["oldest"]) for row in plot["rows"]] == [(2, 1, 4), (0, 0, 0)]
    assert [dot["late"] for dot in plot["rows"][0]["dots"]] == [False, True]


def test_a_width_stays_inside_the_drawing() -> None:
    assert [drawing.percent(*pair) for pair in ((5, 0), (-1, 10), (20, 10), (1, 3))] == [
        "0%",
        "0%",
        "100%",
        "33.33%",
    ]


def test_the_same_points_draw_the_same_map() -> None:
    points = (country.Point(18.8, 98.9, "UN", True), country.Point(7.0, 100.4, "LS", True))
    first = country.draw(points)
    country.draw.cache_clear()
    assert country.draw(points) == first
    assert {shape.region for shape in first.shapes} == {"UN", "LS"}


def test_dates_and_sums_follow_the_language_of_the_reader() -> None:
    moment = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
    with override("en"):
        assert formats.thai_datetime(moment) == "22 Nov 2026, 09:40"
        assert formats.baht(Decimal("1200000.00")) == "THB 1,200,000"
        assert formats.year(2027) == "2027"
    with override("th"):
        assert formats.thai_date(date(2026, 11, 22)) == "22 พ.ย. 2569"
        assert formats.year(2027) == "2570"
    assert formats.baht(None) == ""


def test_filters_in_the_query_are_added_and_taken_out_one_by_one() -> None:
    request = RequestFactory().get("/services/?region=LS&region=UN&page=3&q=a")
    page = Template('{% drop_query "region" "LS" %} {% add_query page=4 %} {% add_query q="" %}')
    assert page.render(Context({"request": request}, autoescape=False)).split() == [
        "?q=a&region=UN",
        "?region=LS&region=UN&page=4&q=a",
        "?region=LS&region=UN",
    ]


def test_pages_of_a_long_list_show_the_ends_and_the_neighbours() -> None:
    assert tags.page_numbers(Paginator(range(200), 20).page(5)) == [1, None, 4, 5, 6, None, 10]
    assert tags.page_numbers(Paginator(range(60), 20).page(1)) == [1, 2, 3]
