"""Pages for everyone: what the site says about itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def about_matching(request: HttpRequest) -> HttpResponse:
    return render(request, "marketplace/about_matching.html")


@require_safe
def about_data(request: HttpRequest) -> HttpResponse:
    return render(request, "marketplace/about_data.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "marketplace/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "marketplace/accessibility.html")
