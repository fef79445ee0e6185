"""Public pages of needs: the list with its filters, and one need."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from catalogue import searches
from catalogue.presentation import narrowing
from catalogue.presentation.narrowing import Asked
from marketplace.models import Membership
from marketplace.thai.text import localized
from matching import archive, cards, finding, links, reports
from matching.documents import UNKNOWN
from matching.models import Match, Need, NeedVersion
from matching.models.needs import BudgetState
from matching.wording import CriterionLabels, Names, names
from search.analysis import terms
from search.engine import MAX_DEPTH


@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    """``/needs/``: public needs to search and narrow. The same for everyone: no draft, nothing private."""
    known = names()
    facets = _facets(known)
    asked = Asked.of(request.GET, facets, finding.PER_PAGE)
    results = finding.find(
        asked.text, chosen=asked.chosen, facets=[facet.name for facet in facets], page=asked.page
    )
    rows = {
        need.public_id: need
        for need in Need.objects.visible_to(None)
        .filter(public_id__in=results.ids)
        .select_related("city", "current")
    }
    words = terms(results.suggestion or asked.text) if asked.text else frozenset()
    ref = searches.note("needs", asked.text, filters=asked.chosen, results=results)
    count = ngettext("%(count)s need", "%(count)s needs", results.total) % {"count": results.total}
    context = {
        "asked": asked,
        "results": results,
        "count": count,
        "page": Paginator(range(min(results.total, MAX_DEPTH)), finding.PER_PAGE).get_page(asked.page),
        "needs": [
            cards.need_card(
                *(rows[id_], rows[id_].current, known, words),
                href=searches.link(links.need(rows[id_]), ref, rank),
            )
            for rank, id_ in enumerate(results.ids, results.first)
            if id_ in rows
        ],
        "facets": narrowing.groups(facets, results.facets, asked),
        "chips": narrowing.chips(facets, asked),
        "own_search": True,
        "preview": {
            "title": _("Needs of cities"),
            "description": _("What cities look for, with budget and time."),
        },
    }
    return render(request, "matching/needs.html", context)


def _facets(known: Names) -> list[narrowing.Facet]:
    """What needs can be narrowed by, with the words of each code."""
    return [
        narrowing.Facet("state", _("State"), {"published": _("Open"), "closed": _("Closed")}),
        narrowing.Facet("dimension", _("Smart dimension"), known.words("dimension")),
        narrowing.Facet("capability", _("Capabilities"), known.words("capability"), long=True),
        narrowing.Facet("region", _("Region"), known.words("region")),
        narrowing.Facet(
            "budget",
            _("State of the budget"),
            {state.value: str(state.label) for state in BudgetState} | {UNKNOWN: _("Not stated")},
        ),
    ]


@require_safe
@searches.counts_opening("need")
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
