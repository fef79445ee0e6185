"""The public page of a service."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue import browsing, searches
from catalogue.models import Service
from catalogue.presentation import listing, page
from catalogue.wording import Wording
from marketplace.errors import Gone
from marketplace.models import User
from marketplace.thai.text import localized


@require_safe
@searches.counts_opening("service")
def service(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """``/services/<id>/<slug>/``: everything that is public of one service.

    The id decides; an old or missing slug leads to the present one. A withdrawn service answers 410.
    """
    found = _public(request, public_id)
    if slug != found.slug:
        # Not for ever: a name can change back, and browsers would then go round in circles.
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(listing.address_of(found) + query)
    return render(request, "catalogue/service.html", context_of(request, found))


def _public(request: HttpRequest, public_id: str) -> Service:
    found = Service.objects.visible_to(request.user).public().for_page().filter(public_id=public_id).first()
    if found is not None:
        return found
    reason = browsing.reason_gone(public_id)
    if reason is None:
        raise Http404
    raise Gone(reason or _("It was withdrawn."))


def context_of(request: HttpRequest, found: Service) -> dict[str, Any]:
    """What the page shows of a published service."""
    assert found.current is not None
    version, wording, day = found.current, Wording(), timezone.localdate()
    stated = page.origin(found, version)
    summary = page.said(version.answers, "summary")
    return {
        "service": found,
        "version": version,
        "name": page.said(version.answers, "name"),
        "summary": summary,
        "vendor": found.vendor,
        "dimensions": page.dimensions(version.answers, wording),
        "kind": wording.name("kind", version.answers["kind"]) if version.answers.get("kind") else "",
        "account": page.account(getattr(found, "account_status", None), day),
        "sections": page.sections(version, wording, stated),
        "fact_columns": page.fact_columns(),
        "price_rows": page.price_rows(version),
        "price_columns": page.price_columns(),
        "certificate_rows": page.certificate_rows(found, wording, day),
        "certificate_columns": page.certificate_columns(),
        "reference_rows": page.reference_rows(version, stated),
        "reference_columns": page.reference_columns(),
        "contact": contact_of(found.vendor),
        "asks": _asks(request, found),
        "suggests": _suggests(request, found),
        "similar": _similar(request, found),
        "mine": _mine(request, found),
        "preview": {"title": localized(version.answers, "name"), "description": summary.value},
    }


def contact_of(vendor: Any) -> dict[str, str] | None:
    """The company's public sales contact, or None where it gave none."""
    contact = {
        "title": _("Sales contact of the vendor"),
        "phone": vendor.sales_phone,
        "email": vendor.sales_email,
        "line": vendor.sales_line,
        "website": vendor.website,
    }
    return contact if any(value for key, value in contact.items() if key != "title") else None


def _asks(request: HttpRequest, found: Service) -> list[dict[str, str]]:
    """Ways to ask for an introduction: one for each city that the reader acts for, or to the sign-in."""
    if not isinstance(request.user, User):
        back = urlencode({"next": request.get_full_path()})
        return [{"href": f"{reverse(settings.LOGIN_URL)}?{back}", "for": "", "sign_in": "yes"}]
    return [
        {
            "href": f"{reverse('introduction_new', args=[body.public_id])}?service={found.public_id}",
            "for": localized(body, "name"),
            "sign_in": "",
        }
        for body in (membership.organisation for membership in request.user.active_memberships)
        if body.kind == "city"
    ]


def _suggests(request: HttpRequest, found: Service) -> str:
    """Where a broker suggests the service to a city, or one of its vendor's people for a need."""
    for membership in getattr(request.user, "active_memberships", []):
        broker = membership.organisation.kind == "depa" and membership.role in ("broker", "administrator")
        if broker or membership.organisation_id == found.vendor_id:
            page = reverse("introduction_suggest", args=[membership.organisation.public_id])
            return f"{page}?service={found.public_id}"
    return ""


def _similar(request: HttpRequest, found: Service) -> list[dict[str, str]]:
    ids = browsing.similar(found)
    columns = ("public_id", "slug", "name_th", "name_en", "vendor__name_th", "vendor__name_en")
    public = Service.objects.visible_to(request.user).public()
    rows = {row["public_id"]: row for row in public.filter(public_id__in=ids).values(*columns)}
    return [
        {
            "href": listing.address(rows[id_]["public_id"], rows[id_]["slug"]),
            "name": localized(rows[id_], "name"),
            "vendor": localized(rows[id_], "vendor__name"),
        }
        for id_ in ids
        if id_ in rows
    ]


def _mine(request: HttpRequest, found: Service) -> str:
    """The work page of the service for whoever works on it: its vendor's people, and reviewers."""
    if not isinstance(request.user, User):
        return ""
    for membership in request.user.active_memberships:
        if membership.organisation_id == found.vendor_id:
            return reverse("work_service", args=[membership.organisation.public_id, found.public_id])
        if membership.organisation.kind == "depa" and membership.role in ("reviewer", "administrator"):
            return reverse("review_service", args=[membership.organisation.public_id, found.public_id])
    return ""
