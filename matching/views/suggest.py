"""Suggestions under a search field, and one page that searches everything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from catalogue.presentation.narrowing import TEXT_LIMIT
from catalogue.questions import storable
from matching import suggesting


def suggest(request: HttpRequest) -> HttpResponse:
    """``/suggest/?q=``: for htmx the list under the field, else a page with the first few of every kind."""
    text = " ".join(storable(request.GET.get("q", "")).split())[:TEXT_LIMIT]
    partial = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]  # by django-htmx
    context = {
        "text": text,
        "found": suggesting.while_typing(text) if partial else suggesting.everywhere(text),
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
