"""The public list of services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue import browsing, offered, searches
from catalogue.indexing import FACETS
from catalogue.listed import listed
from catalogue.models import Service
from catalogue.presentation import listing
from catalogue.questions import storable
from catalogue.wording import Wording
from marketplace.access import HtmxRequest
from search.analysis import terms
from search.engine import MAX_DEPTH, Results

PER_PAGE = 20
TEXT_LIMIT = 200
# Capabilities that are named where nothing was found.
NEAR = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; what it asks wrongly is left out."""

    text: str
    chosen: dict[str, list[str]]
    sort: str
    page: int

    @classmethod
    def from_query(cls, query: QueryDict, wording: Wording) -> Asked:
        chosen = {
            facet: [code for code in dict.fromkeys(query.getlist(facet)) if code in known]
            for facet in FACETS
            if (known := listing.known(facet, wording))
        }
        page = query.get("page", "1")[:6]
        return cls(
            text=storable(query.get("q", ""))[:TEXT_LIMIT],
            chosen={facet: codes for facet, codes in chosen.items() if codes},
            sort=sort if (sort := query.get("sort", "")) in browsing.SORTS else "",
            page=min(max(int(page), 1), MAX_DEPTH // PER_PAGE) if page.isdecimal() else 1,
        )


@require_safe
def service_list(request: HtmxRequest) -> HttpResponse:
    """``/services/``: search, filters with counts, sort, pages; all of it in the address."""
    wording = Wording()
    asked = Asked.from_query(request.GET, wording)
    results = browsing.find(
        asked.text,
        filters=asked.chosen,
        facets=FACETS,
        sort=asked.sort,
        page=asked.page,
        per_page=PER_PAGE,
    )
    ref = searches.note("services", asked.text, filters=asked.chosen, results=results)
    context = {
        "asked": asked,
        "crumbs": [{"text": _("Home"), "href": reverse("home")}, {"text": _("Digital services"), "href": ""}],
        "results": results,
        "rows": _rows(request, results, wording, _words(results, asked), ref),
        "own_search": True,
        "near": offered.capabilities(asked.text, NEAR) if asked.text and not results.ids else [],
        "page": Paginator(range(min(results.total, MAX_DEPTH)), PER_PAGE).get_page(asked.page),
        "facets": listing.facets(results.facets, asked.chosen, wording),
        "chips": _chips(asked, wording),
        "sorts": _sorts(asked),
        "hidden": [{"name": "sort", "value": asked.sort}] if asked.sort else [],
        "preview": {
            "title": _("Digital services for cities"),
            "description": _("Search what vendors offer, with prices, certificates and account status."),
        },
    }
    # The part that htmx asks for is all that it takes out of the page anyway.
    partial = request.htmx and not request.htmx.history_restore_request
    template = "catalogue/service_list_part.html" if partial else "catalogue/service_list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _words(results: Results, asked: Asked) -> frozenset[str]:
    """What is marked in the rows: the words that were asked for, or those that they were taken for."""
    return terms(results.suggestion or asked.text) if asked.text else frozenset()


def _rows(
    request: HttpRequest, results: Results, wording: Wording, words: frozenset[str], ref: str
) -> list[dict[str, Any]]:
    """The rows that the reader may see, in the order of the engine, whose index may be behind."""
    public = Service.objects.visible_to(request.user).public()
    found = {service.public_id: service for service in listed(public.filter(public_id__in=results.ids))}
    day = timezone.localdate()
    rows = []
    for rank, id_ in enumerate(results.ids, results.first):
        if id_ in found:
            row = listing.row(found[id_], wording, day, words)
            row["href"] = searches.link(row["href"], ref, rank)
            row["by_meaning"] = id_ in results.by_meaning
            rows.append(row)
    return rows


def _chips(asked: Asked, wording: Wording) -> list[dict[str, str]]:
    chips = [{"name": "q", "value": asked.text, "label": f"“{asked.text}”"}] if asked.text else []
    return chips + [
        {"name": facet, "value": code, "label": listing.value_name(facet, code, wording)}
        for facet, codes in asked.chosen.items()
        for code in codes
    ]


def _sorts(asked: Asked) -> list[dict[str, Any]]:
    best = _("Best match") if asked.text else _("By lot, favouring nobody")
    words = {"": best, "name": _("Name"), "newest": _("Newest first")}
    return [{"value": value, "label": label, "chosen": value == asked.sort} for value, label in words.items()]
