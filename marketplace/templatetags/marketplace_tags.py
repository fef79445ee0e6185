"""Filters and tags of every page. A builtin library: templates need no ``{% load %}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from marketplace import drawing, formats, prose, reference_data, remembering
from marketplace.thai import text as thai_text

register = template.Library()

# status: (icon, word). A state is never colour alone.
STATES = {
    "met": ("check", gettext_lazy("Met")),
    "partly": ("half", gettext_lazy("Partly met")),
    "unmet": ("x", gettext_lazy("Not met")),
    "unknown": ("ask", gettext_lazy("Unknown")),
    "info": ("info", gettext_lazy("Note")),
    "plain": ("doc", gettext_lazy("Draft")),
}
STATE_CLASS = {"partly": "info"}

TRUST_LEVELS = (
    gettext_lazy("stated by the vendor"),
    gettext_lazy("document attached"),
    gettext_lazy("checked by depa"),
    gettext_lazy("confirmed by a city"),
)

# Text


@register.filter
def localized(obj: Any, field: str) -> Any:
    """``{{ city|localized:"name" }}``: the field in the reader's language, else in the other one."""
    return thai_text.localized(obj, field)


@register.filter
def markdown(text: str | None) -> SafeString:
    """What people wrote, as safe HTML of a short allow-list."""
    # nh3 has cleaned it: see marketplace.prose.
    return mark_safe(prose.to_html(text)) if text else mark_safe("")


# Dates and numbers

for _format in (
    formats.thai_date,
    formats.thai_datetime,
    formats.year,
    formats.working_age,
    formats.number,
    formats.baht,
    formats.price_unit,
    formats.points,
):
    register.filter(_format)


@register.filter
def percent(value: Any, largest: Any = 100) -> str:
    """``{{ 14|percent:28 }}`` → ``50%``, for widths in drawings."""
    return drawing.percent(value or 0, largest or 0)


@register.filter
def largest(rows: Sequence[Any], keys: str) -> float:
    """The largest value of these keys over all rows: one scale for what is compared."""
    return max((float(_get(row, key) or 0) for row in rows for key in keys.split(",")), default=0)


def _get(row: Any, key: str) -> Any:
    return row.get(key) if isinstance(row, Mapping) else getattr(row, key, None)


@register.filter
def item(values: Sequence[Any], index: int) -> Any:
    """``{{ columns|item:2 }}``; nothing where there is none."""
    return values[index] if index < len(values) else ""


@register.filter
def in_list(value: Any) -> list[Any]:
    """A list of one, for components that take a list."""
    return [value]


@register.filter
def partial_date(text: str) -> str:
    """A date as exact as its source says: ``2023-11-23``, ``2023-11`` or ``2023``, in the reader's way."""
    return formats.partial_date(text)


@register.filter
def source_names(keys: str) -> str:
    """Titles of a row's sources, for their keys; a source that is no key stands as it is."""
    return "; ".join(source["title"] for source in reference_data.sources_of(keys)) or keys


@register.filter
def plain(value: Any) -> Any:
    """A cell that is text; a mapping without words is an empty cell."""
    return "" if isinstance(value, Mapping) else value


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """First, last and the pages around this one; None stands for a gap."""
    last = page.paginator.num_pages
    shown = sorted({1, last, *range(max(1, page.number - 1), min(last, page.number + 1) + 1)})
    entries: list[int | None] = []
    for before, current in zip([0, *shown], shown, strict=False):
        if current - before == 2:
            entries.append(current - 1)
        elif current - before > 2:
            entries.append(None)
        entries.append(current)
    return entries


# Components


@register.simple_tag
def remembered(template_name: str, **values: Any) -> SafeString:
    """``{% remembered "components/x.html" a=1 %}``: an include with only these, which are plain values.

    The same values give the same HTML without rendering again: see marketplace.remembering.
    """
    return remembering.rendered(template_name, values)


# Drawings


@register.simple_tag
def fit_bar(match: Mapping[str, Any]) -> dict[str, Any]:
    """``{% fit_bar match as bar %}``: see marketplace.drawing."""
    return drawing.fit_bar(match)


@register.simple_tag
def lane_plot(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """``{% lane_plot lanes as plot %}``: see marketplace.drawing."""
    return drawing.lanes(rows)


# Marks


@cache
def _sprite() -> str:
    return static("marketplace/icons.svg")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A decorative picture of ours; the word beside it carries the meaning."""
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        _sprite(),
        name,
    )


@register.simple_tag
def state(status: str, label: Any = "", picture: str = "") -> SafeString:
    """``{% state "unknown" %}``: icon, word and tint. Status: met partly unmet unknown info plain."""
    drawn, word = STATES[status]
    return format_html(
        '<span class="state state-{}">{}<span>{}</span></span>',
        STATE_CLASS.get(status, status),
        icon(picture or drawn),
        label or word,
    )


@register.simple_tag
def trust_word(level: int) -> str:
    """Level 1–4 of where a fact comes from, in words."""
    return str(TRUST_LEVELS[int(level) - 1])


# Addresses


@register.simple_tag(takes_context=True)
def url_in_language(context: Context, language: str) -> str:
    """This page, with its query, in the other language."""
    request = context.get("request")
    if request is None:
        return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
    path = request.get_full_path()
    if request.resolver_match is not None:
        return translate_url(path, language)
    for code, _name in settings.LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path[len(code) + 1 :] or "/"
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def add_query(context: Context, **changes: Any) -> str:
    """``{% add_query page=2 %}``: this query with these values set; None or "" takes a key out."""
    query = _query(context)
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def drop_query(context: Context, key: str, value: Any = None) -> str:
    """``{% drop_query "region" "LS" %}``: this query without that choice (or without the whole key)."""
    query = _query(context)
    query.pop("page", None)
    kept = [] if value is None else [one for one in query.getlist(key) if one != str(value)]
    query.pop(key, None)
    if kept:
        query.setlist(key, kept)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def here(context: Context, section: str) -> SafeString:
    """``aria-current`` for a link of the main navigation: ``{% here "/services/" %}``."""
    request = context.get("request")
    if request is None:
        return mark_safe("")
    path = request.path
    for code, _name in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            path = path[len(code) + 1 :]
    if path == section:
        return mark_safe(' aria-current="page"')
    return mark_safe(' aria-current="true"' if section != "/" and path.startswith(section) else "")
