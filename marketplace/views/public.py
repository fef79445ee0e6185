"""Pages for everyone: the cities, and what the site says about itself."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace import directory
from marketplace.forms import CitySearchForm
from marketplace.models import Announcement


@require_safe
def city_list(request: HttpRequest) -> HttpResponse:
    """Every city that is known, with what it was designated as; announcements with their date and source."""
    form = CitySearchForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = directory.cities(
        text=chosen.get("q", ""), region=chosen.get("region", ""), designation=chosen.get("designation", "")
    )
    page = Paginator(found.order_by("sort_key", "pk"), 20).get_page(request.GET.get("page"))
    announcements = Announcement.objects.prefetch_related("counts__region").order_by("-announced_on")
    context = {"form": form, "page": page, "announcements": announcements if not request.GET else ()}
    return render(request, "marketplace/city_list.html", context)


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
