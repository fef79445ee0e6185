"""depa's page of what is searched for: what finds nothing, what is opened, what is slow, and more names."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalogue.forms.problems import refuse
from catalogue.forms.searches import NameForm
from catalogue.models import AddedTerm, Search
from catalogue.questions import storable
from catalogue.searches import figures, names
from catalogue.views.work import home_crumb
from catalogue.wording import Wording
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.thai.text import localized
from search import thesaurus

ROLES = ("reviewer",)


@require_safe
@acting("depa", roles=ROLES)
def searches(request: ActingRequest) -> HttpResponse:
    """``/o/<depa>/searches/?days=30``; ``term`` fills the form for another name."""
    term = storable(request.GET.get("term", ""))[:80]
    return _page(request, NameForm(initial={"term": term} if term else None, wording=Wording()))


@acting("depa", roles=ROLES)
@require_POST
def name_add(request: ActingRequest) -> HttpResponse:
    """Another name of a capability, for the queries of everyone."""
    form = NameForm(request.POST, wording=Wording())
    if form.is_valid():
        try:
            names.add(**form.cleaned_data, by=request.actor)
        except Invalid as problem:
            refuse(form, problem)
        else:
            messages.success(request, _("Added. Searches understand it within a minute."))
            return redirect("searches", org=request.organisation.public_id)
    return _page(request, form, status=400)


@acting("depa", roles=ROLES)
@require_POST
def name_remove(request: ActingRequest, public_id: str) -> HttpResponse:
    """Searches no longer understand an added name."""
    names.remove(get_object_or_404(AddedTerm, public_id=public_id), by=request.actor)
    messages.success(request, _("Taken out. Searches no longer understand it within a minute."))
    return redirect("searches", org=request.organisation.public_id)


def _page(request: ActingRequest, form: NameForm, status: int = 200) -> HttpResponse:
    org = request.organisation
    given = request.GET.get("days", "")
    days = int(given) if given in map(str, figures.PERIODS) else figures.PERIODS[1]
    rows = figures.since(days)
    total = figures.totals(rows)
    context = {
        "org": org,
        "days": days,
        "periods": figures.PERIODS,
        "figures": _figures(total),
        "without": [_named(row) for row in figures.without_result(rows)],
        "asked": [_named(row) for row in figures.most_asked(rows)],
        "slow": [_named(row) for row in figures.slow(rows)],
        "added": [
            {"row": row, "capability": _capability(row.capability)} for row in AddedTerm.objects.all()[:200]
        ],
        "form": form,
        "crumbs": [
            home_crumb(request.actor),
            {"text": _("What is searched for"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "catalogue/searches.html", context, status=status)


def _figures(total: dict[str, int]) -> list[dict[str, Any]]:
    parts = {
        "without": _("Found nothing"),
        "clicked": _("Led to a page"),
        "degraded": _("Without the engine"),
    }
    return [
        {"value": total["all"], "label": _("Searches with words")},
        *(
            {"value": total[key], "label": label, "note": _share(total[key], total["all"])}
            for key, label in parts.items()
        ),
    ]


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else ""


def _place(code: str) -> str:
    return str(Search.Place(code).label) if code in Search.Place.values else code


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """A row of figures with the words for its place and its share."""
    return row | {"place": _place(row["place"]), "share": _share(row.get("openings", 0), row["times"])}


def _capability(code: str) -> str:
    found = thesaurus.capabilities().get(code)
    return str(localized(found, "name")) if found else code
