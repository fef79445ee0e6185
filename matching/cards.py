"""A need as lists and pages show it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from marketplace.formats import baht, thai_date, year
from marketplace.thai.text import localized
from matching import links
from matching.models import Need, NeedVersion
from matching.wording import Names
from matching.wording.names import PICTURES
from search.analysis import excerpt, highlight

SUMMARY = 220
# State of a need → the mark that stands beside its word.
MARKS = {"draft": "plain", "published": "met", "closed": "info", "withdrawn": "plain"}


def shorter(text: str, limit: int = SUMMARY) -> str:
    """The beginning of a text, cut at a space where there is one near the limit."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    space = cut.rfind(" ", limit - 60)
    return (cut[:space] if space > 0 else cut).rstrip() + " …"


def dimensions(codes: list[str], names: Names) -> list[dict[str, str]]:
    """Name and picture of each dimension."""
    return [{"name": names.of("dimension", code), "picture": PICTURES.get(code, "box")} for code in codes]


def need_card(
    need: Need,
    version: NeedVersion | None,
    names: Names,
    terms: frozenset[str] = frozenset(),
    **more: Any,
) -> dict[str, Any]:
    """A need as ``components/need_card.html`` takes it; ``terms`` are marked in title and summary."""
    marked: dict[str, Any] = {}
    if terms and version:
        marked = {
            "title_parts": highlight(need.title, terms),
            "summary_parts": excerpt(version.problem, terms, SUMMARY),
        }
    return {
        "title": need.title,
        "href": links.need(need),
        "city": localized(need.city, "name"),
        "city_href": links.city(need.city),
        "summary": shorter(version.problem) if version else "",
        "dimensions": dimensions(version.dimensions, names) if version else [],
        "budget": baht(version.budget_amount) if version else "",
        "budget_state": version.get_budget_state_display() if version and version.budget_state else "",
        "fiscal_year": version.fiscal_year if version else None,
        "deadline": need.deadline,
        "fits": None,
        "status": MARKS[need.state],
        "status_label": need.get_state_display(),
        "example": need.is_example,
        **marked,
        **more,
    }


def need_facts(need: Need, version: NeedVersion, names: Names) -> list[dict[str, Any]]:
    """What a version says beside its problem, as ``components/facts.html`` takes it."""
    budget = baht(version.budget_amount)
    if version.fiscal_year:
        budget = f"{budget} · " if budget else ""
        budget += _("fiscal year %(year)s") % {"year": year(version.fiscal_year)}
    province = need.city.province
    where = f"{localized(province, 'name')} · {localized(province.region, 'name')}"
    return [
        {"label": _("Smart dimensions"), "text": names.listed("dimension", version.dimensions)},
        {"label": _("Capabilities"), "text": names.listed("capability", version.capabilities)},
        {"label": _("Budget"), "text": budget or _("not stated")},
        {
            "label": _("State of the budget"),
            "text": version.get_budget_state_display() if version.budget_state else _("not stated"),
        },
        {"label": _("Source of money"), "text": version.money_source},
        {"label": _("Start by"), "text": thai_date(version.start_by)},
        {"label": _("Answers until"), "text": thai_date(need.deadline)},
        {"label": _("Area"), "text": where},
    ]
