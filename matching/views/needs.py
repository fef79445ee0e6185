"""Public pages of needs: the list with its filters, and one need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from marketplace.models import Membership
from marketplace.thai.text import localized
from matching import archive, cards, links, reports
from matching.models import Match, Need, NeedVersion
from matching.models.needs import BudgetState
from matching.wording import CriterionLabels, Names, names

PER_PAGE = 20
# Key in the query → what of (state, region, dimensions, budget state) it narrows.
FACETS: dict[str, Callable[[tuple[Any, ...]], Sequence[str]]] = {
    "state": lambda row: [row[1]],
    "dimension": lambda row: row[3] or [],
    "region": lambda row: [row[2]],
    "budget": lambda row: [row[4] or "unknown"],
}


@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    """All public needs. The same for everyone: drafts and private needs are in no list and no count."""
    # One narrow query gives the filters, their counts and the order.
    rows = list(
        Need.objects.visible_to(None)
        .order_by("-published_at", "-pk")
        .values_list(
            "pk",
            "state",
            "city__province__region_id",
            "current__dimensions",
            "current__budget_state",
        )
    )
    chosen = {key: request.GET.getlist(key) for key in FACETS}
    found = [row for row in rows if _fits(row, chosen)]
    found.sort(key=lambda row: row[1] != "published")
    page = Paginator([row[0] for row in found], PER_PAGE).get_page(request.GET.get("page"))
    needs = {
        need.pk: need
        for need in Need.objects.visible_to(None)
        .filter(pk__in=list(page.object_list))
        .select_related("city", "current")
    }
    known = names()
    count = ngettext("%(count)s need", "%(count)s needs", len(found)) % {"count": len(found)}
    context = {
        "page": page,
        "needs": [cards.need_card(needs[pk], needs[pk].current, known) for pk in page.object_list],
        "facets": [_facet(key, rows, chosen, known) for key in FACETS],
        "chips": [
            {"name": key, "value": value, "label": _label(key, value, known)}
            for key, values in chosen.items()
            for value in values
        ],
        "count": count,
        "preview": {
            "title": _("Needs of cities"),
            "description": _("What cities look for, with budget and time."),
        },
    }
    return render(request, "matching/needs.html", context)


def _fits(row: tuple[Any, ...], chosen: dict[str, list[str]], skip: str = "") -> bool:
    return all(
        not values or key == skip or set(values) & set(FACETS[key](row)) for key, values in chosen.items()
    )


def _facet(
    key: str, rows: list[tuple[Any, ...]], chosen: dict[str, list[str]], known: Names
) -> dict[str, Any]:
    """One group of choices; its counts leave its own choice aside."""
    counts = Counter(value for row in rows if _fits(row, chosen, skip=key) for value in FACETS[key](row))
    titles = {
        "state": _("State"),
        "dimension": _("Smart dimension"),
        "region": _("Region"),
        "budget": _("State of the budget"),
    }
    values = {
        "state": ["published", "closed"],
        "dimension": known.codes("dimension"),
        "region": known.codes("region"),
        "budget": [*BudgetState.values, "unknown"],
    }[key]
    return {
        "name": key,
        "label": titles[key],
        "options": [
            {
                "value": value,
                "label": _label(key, value, known),
                "count": counts[value],
                "chosen": value in chosen[key],
            }
            for value in values
            if counts[value] or value in chosen[key]
        ],
    }


def _label(key: str, value: str, known: Names) -> str:
    if key == "state":
        return _("Open") if value == "published" else _("Closed")
    if key == "budget":
        return str(BudgetState(value).label) if value in BudgetState.values else _("Not stated")
    return known.of(key, value)


@require_safe
def need(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One need for everyone; for vendors also how their own services fared."""
    row = archive.readable_need(public_id, request.user)
    if row.slug and slug != row.slug:
        return redirect(links.need(row), permanent=True)
    version = row.current or row.head
    assert version is not None
    mine = [m for m in getattr(request.user, "active_memberships", []) if _acts(m)]
    fared = _how_own_services_fared(request, row, version, mine)
    known = names(reports.cities_named(fared))
    criteria = list(version.criteria.all())
    labels = CriterionLabels(criteria, known)
    public = row.visibility == "public" and row.state in ("published", "closed")
    context = {
        "need": row,
        "version": version,
        "public": public,
        "facts": cards.need_facts(row, version, known),
        "dimensions": cards.dimensions(version.dimensions, known),
        "criteria": [
            {"level": c.level, "text": labels[f"c{c.order}"], "kind": "", "note": "", "risk": False}
            for c in criteria
        ],
        "fared": [_own(match, known, labels) for match in fared],
        "doors": [door for m in mine if (door := _door(m, row))],
        "crumbs": [
            {"text": _("Needs of cities"), "href": "../../"},
            {"text": row.title, "href": ""},
        ],
        "mark": cards.MARKS[row.state],
        "private": not public,
        "preview": {
            "title": row.title,
            "description": f"{localized(row.city, 'name')}: {cards.shorter(version.problem, 160)}",
        },
    }
    return render(request, "matching/need.html", context)


def _acts(membership: Membership) -> bool:
    return membership.role in ("owner", "member", "official", "broker", "administrator")


def _door(membership: Membership, row: Need) -> dict[str, str] | None:
    """What a membership may do with this need: work on it, see its matches, or suggest a service."""
    organisation = membership.organisation
    if organisation.pk == row.organisation_id:
        return {"kind": "work", "org": organisation.public_id, "name": localized(organisation, "name")}
    if membership.role in ("broker", "administrator"):
        return {"kind": "matches", "org": organisation.public_id, "name": localized(organisation, "name")}
    if organisation.kind == "vendor" and row.state == "published" and row.visibility == "public":
        return {"kind": "suggest", "org": organisation.public_id, "name": localized(organisation, "name")}
    return None


def _how_own_services_fared(
    request: HttpRequest, row: Need, version: NeedVersion, mine: list[Membership]
) -> list[Match]:
    """Rows of the newest ranking of what is published, of the reader's own services only."""
    vendors = [m.organisation_id for m in mine if m.organisation.kind == "vendor"]
    if not vendors:
        return []
    found = list(
        Match.objects.visible_to(request.user)
        .filter(run__need=row, run__version=version, run__state="ready", service__vendor_id__in=vendors)
        .select_related("run", "service__vendor", "service_version")
        .defer("run__inputs", "run__result")
        .order_by("-run__number", "-kept", "-score")[:60]
    )
    return [match for match in found if match.run_id == found[0].run_id]


def _own(match: Match, known: Names, labels: CriterionLabels) -> dict[str, Any]:
    """An own match: no rank, since a rank tells of others."""
    words = reports.MatchWords(known, labels, match.run.computed_at.date())  # type: ignore[union-attr]
    return reports.card(match, words, None, rank="", href=links.service(match.service), kept=match.kept)
