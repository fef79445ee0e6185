"""A city's page: what it was designated as, and what it looks for."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalogue import searches
from marketplace.models import City, Designation
from matching.models import Need


@require_safe
@searches.counts_opening("city")
def city(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is known of a city, with sources; its contact comes only by introduction."""
    row = get_object_or_404(
        City.objects.select_related("province__region", "organisation").prefetch_related(
            Prefetch("designations", queryset=Designation.objects.order_by("dated_on"))
        ),
        public_id=public_id,
    )
    needs = (
        Need.objects.public().filter(city=row).select_related("current").order_by("state", "-published_at")
    )
    inviter = next(
        (m for m in getattr(request.user, "active_memberships", []) if m.role in ("broker", "administrator")),
        None,
    )
    return render(request, "matching/city.html", {"city": row, "needs": needs[:50], "inviter": inviter})
