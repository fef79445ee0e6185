"""The public page of a vendor."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue import claims, searches
from catalogue.listed import listed
from catalogue.models import Service
from catalogue.presentation import listing, page
from catalogue.views.service import contact_of
from catalogue.wording import Wording
from marketplace.models import Organisation
from marketplace.thai.text import localized

PER_PAGE = 20


@require_safe
@searches.counts_opening("vendor")
def vendor(request: HttpRequest, public_id: str) -> HttpResponse:
    """``/vendors/<id>/``: profile, public contact, and what the vendor has published."""
    found = get_object_or_404(
        Organisation.objects.visible_to(request.user)
        .filter(kind=Organisation.Kind.VENDOR)
        .select_related("province"),
        public_id=public_id,
    )
    if not found.claimed and (successor := claims.successor_of(found)) is not None:
        return redirect("vendor", public_id=successor.public_id)
    services = Service.objects.visible_to(request.user).public().filter(vendor=found)
    shown = Paginator(services.order_by("sort_key", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    assert isinstance(shown.object_list, QuerySet)
    wording, day = Wording(), timezone.localdate()
    about = page.said({"about_th": found.about_th, "about_en": found.about_en}, "about")
    context = {
        "vendor": found,
        "about": about,
        "contact": contact_of(found),
        "page": shown,
        "rows": [listing.row(service, wording, day) for service in listed(shown.object_list)],
        "preview": {
            "title": localized(found, "name"),
            "description": str(about.value)[:200] or _("A vendor of digital services for cities."),
        },
    }
    return render(request, "catalogue/vendor.html", context)
