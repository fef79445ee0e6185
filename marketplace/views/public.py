"""Pages for everyone: what the site says about itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def about_matching(request: HttpRequest) -> HttpResponse:
    return render(request, "marketplace/about_matching.html")


def about_data(request: HttpRequest) -> HttpResponse:
    return render(request, "marketplace/about_data.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "marketplace/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "marketplace/accessibility.html")
