"""A vendor takes over what was imported under its tax ID."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue import claims
from catalogue.models import Claim, Service
from catalogue.views.work import home_crumb
from marketplace.access import ActingRequest, acting
from marketplace.models import Organisation


@acting("vendor")
def claim_list(request: ActingRequest) -> HttpResponse:
    """What can be claimed, and what became of earlier claims. Owners claim; members read."""
    actor = request.actor
    vendor = request.organisation
    open_to_us = claims.claimable(vendor)
    if request.method == "POST":
        wanted = request.POST.get("vendor", "")
        unclaimed = next((one for one in open_to_us if one.public_id == wanted), None)
        if unclaimed is None:
            raise Http404
        claims.ask(vendor, unclaimed, by=actor)
        messages.success(request, _("The claim is sent. depa compares it with the tax ID."))
        return redirect("work_claims", org=vendor.public_id)
    asked = list(
        Claim.objects.visible_to(request.user)
        .filter(vendor=vendor)
        .select_related("unclaimed")
        .order_by("-pk")
    )
    counts = _counts(request, open_to_us)
    waiting = {claim.unclaimed_id for claim in asked if claim.state == Claim.State.REQUESTED}
    context = {
        "vendor": vendor,
        "rows": [
            {"vendor": one, "count": counts.get(one.pk, 0), "waiting": one.pk in waiting}
            for one in open_to_us
        ],
        "asked": asked,
        "may_ask": actor.role == "owner",
        "crumbs": [
            home_crumb(actor),
            {"text": _("Our services"), "href": reverse("work_services", args=[vendor.public_id])},
            {"text": _("Imported services"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "catalogue/work_claims.html", context)


def _counts(request: HttpRequest, vendors: list[Organisation]) -> dict[int, int]:
    """How many public services each vendor has."""
    found = Service.objects.visible_to(request.user).public().filter(vendor__in=vendors)
    return dict(found.order_by().values_list("vendor").annotate(n=Count("pk")))
