"""The public list of cities."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue import places, searches
from catalogue.presentation import narrowing
from catalogue.presentation.narrowing import Asked
from marketplace.models import Announcement, City, CityKind, Designation, Region
from marketplace.thai.text import localized
from search.analysis import highlight, terms
from search.engine import MAX_DEPTH, Results


@require_safe
def city_list(request: HttpRequest) -> HttpResponse:
    """``/cities/``: every city that is known, to search and narrow; announcements with date and source."""
    facets = _facets()
    asked = Asked.of(request.GET, facets, places.PER_PAGE)
    results = places.find(
        asked.text, chosen=asked.chosen, facets=[facet.name for facet in facets], page=asked.page
    )
    ref = searches.note("cities", asked.text, filters=asked.chosen, results=results)
    words = terms(results.suggestion or asked.text) if asked.text else frozenset()
    announcements = Announcement.objects.prefetch_related("counts__region").order_by("-announced_on")
    context = {
        "asked": asked,
        "results": results,
        "page": Paginator(range(min(results.total, MAX_DEPTH)), places.PER_PAGE).get_page(asked.page),
        "cities": _rows(results, words, ref),
        "facets": narrowing.groups(facets, results.facets, asked),
        "chips": narrowing.chips(facets, asked),
        "announcements": announcements if not request.GET else (),
        "own_search": True,
    }
    return render(request, "catalogue/city_list.html", context)


def _facets() -> list[narrowing.Facet]:
    regions = {region.code: localized(region, "name") for region in Region.objects.order_by("order")}
    return [
        narrowing.Facet("region", _("Region"), regions),
        narrowing.Facet("designation", _("Designated as"), _words(Designation.Kind.choices)),
        narrowing.Facet("kind", _("Kind of body"), _words(CityKind.choices)),
    ]


def _words(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {code: str(label) for code, label in choices}


def _rows(results: Results, words: frozenset[str], ref: str) -> list[dict[str, object]]:
    """The cities in the order of the answer, whose index may be behind."""
    found = {
        city.public_id: city
        for city in City.objects.filter(public_id__in=results.ids)
        .select_related("province__region")
        .prefetch_related(Prefetch("designations", queryset=Designation.objects.order_by("kind", "dated_on")))
    }
    return [
        {
            "city": found[id_],
            "href": searches.link(reverse("city", args=[id_]), ref, rank),
            "parts": highlight(localized(found[id_], "name"), words),
        }
        for rank, id_ in enumerate(results.ids, results.first)
        if id_ in found
    ]
