"""Suggestions under a search field, and one page that searches everything."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.presentation.narrowing import TEXT_LIMIT
from catalogue.questions import storable
from marketplace.access import HtmxRequest
from matching import suggesting


@require_safe
def suggest(request: HtmxRequest) -> HttpResponse:
    """``/suggest/?q=``: for htmx the list under the field, else a page with the first few of every kind."""
    text = " ".join(storable(request.GET.get("q", "")).split())[:TEXT_LIMIT]
    partial = request.htmx and not request.htmx.history_restore_request
    found = suggesting.while_typing(text) if partial else suggesting.everywhere(text)
    if not partial:
        # What is typed letter by letter is no search yet.
        found = suggesting.counted(found, text)
    context = {
        "text": text,
        "found": found,
        "private": bool(text),
        "own_search": True,
        "preview": {
            "title": _("Search"),
            "description": _("Digital services, vendors, needs and cities in one search."),
        },
    }
    template = "matching/suggestions.html" if partial else "matching/suggest.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
