"""What a depa reviewer decides of vendors: who they are, and which imported services are theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalogue import claims
from catalogue.models import Claim, Service
from catalogue.presentation import work
from catalogue.views.work import home_crumb
from marketplace import organisations, papers
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.models import Organisation, StoredFile
from marketplace.thai.text import localized

ROLES = ("reviewer",)
SHOWN = 50


def _vendor(request: HttpRequest, public_id: str) -> Organisation:
    return get_object_or_404(
        Organisation.objects.visible_to(request.user).filter(kind=Organisation.Kind.VENDOR),
        public_id=public_id,
    )


@require_safe
@acting("depa", roles=ROLES)
def vendor_review(request: ActingRequest, public_id: str) -> HttpResponse:
    """A vendor with its tax ID, documents, people and services; verify, suspend, restore."""
    return _show_vendor(request, _vendor(request, public_id))


def _show_vendor(
    request: ActingRequest, vendor: Organisation, error: str = "", move: str = ""
) -> HttpResponse:
    actor = request.actor
    org = request.organisation.public_id
    listed = Service.objects.visible_to(request.user).filter(vendor=vendor).exclude(state=Service.State.DRAFT)
    context = {
        "vendor": vendor,
        "people": vendor.memberships.filter(ended_at__isnull=True).select_related("user"),
        "papers": papers.of(vendor).filter(pk__in=StoredFile.objects.visible_to(request.user)),
        "files": StoredFile.objects.visible_to(request.user).filter(organisation=vendor, is_identity=False)[
            :SHOWN
        ],
        "services": [
            {
                "name": localized(service, "name"),
                "href": reverse("review_service", args=[org, service.public_id]),
                "state": work.state_of(service),
            }
            for service in listed.order_by("sort_key", "pk")[:SHOWN]
        ],
        "moves": _moves(vendor),
        "move_address": reverse("review_vendor_move", args=[org, vendor.public_id]),
        "error": error,
        "failed_move": move,
        "note": request.POST.get("note", ""),
        "crumbs": [
            home_crumb(actor),
            {"text": _("Reviews"), "href": reverse("reviews", args=[org])},
            {"text": localized(vendor, "name"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "catalogue/review_vendor.html", context, status=400 if error else 200)


def _moves(vendor: Organisation) -> list[dict[str, Any]]:
    if vendor.suspended_at is not None:
        return [{"name": "restore", "label": _("Restore the vendor"), "reason": False, "tone": "primary"}]
    suspend = {"name": "suspend", "label": _("Suspend the vendor"), "reason": True, "tone": ""}
    if vendor.claimed and vendor.verified_at is None:
        return [
            {"name": "verify", "label": _("Mark the vendor as checked"), "reason": False, "tone": "primary"},
            suspend,
        ]
    return [suspend]


VENDOR_VERBS: dict[str, Callable[..., Organisation]] = {
    "verify": organisations.verify,
    "suspend": organisations.suspend,
    "restore": organisations.restore,
}


@acting("depa", roles=ROLES)
@require_POST
def vendor_move(request: ActingRequest, public_id: str) -> HttpResponse:
    """Verify, suspend or restore a vendor."""
    actor = request.actor
    vendor, name = _vendor(request, public_id), request.POST.get("move", "")
    if name not in VENDOR_VERBS:
        raise Http404
    try:
        VENDOR_VERBS[name](vendor, by=actor, note=request.POST.get("note", "")[:500])
    except Invalid as problem:
        return _show_vendor(request, vendor, error=" ".join(problem.messages), move=name)
    messages.success(request, _("The decision about the vendor is recorded."))
    return redirect("review_vendor", org=request.organisation.public_id, public_id=public_id)


def _claim(request: HttpRequest, public_id: str) -> Claim:
    return get_object_or_404(
        Claim.objects.visible_to(request.user).select_related("vendor", "unclaimed", "requested_by"),
        public_id=public_id,
    )


@require_safe
@acting("depa", roles=ROLES)
def claim_review(request: ActingRequest, public_id: str) -> HttpResponse:
    """Both vendors side by side, and what would move."""
    return _show_claim(request, _claim(request, public_id))


def _show_claim(request: ActingRequest, claim: Claim, error: str = "", move: str = "") -> HttpResponse:
    actor = request.actor
    org = request.organisation.public_id
    moving = (
        Service.objects.visible_to(request.user).filter(vendor=claim.unclaimed).order_by("sort_key", "pk")
    )
    context = {
        "claim": claim,
        "services": [{"name": localized(s, "name")} for s in moving[:SHOWN]],
        "moves": [
            {"name": m.name, "label": m.label, "reason": m.reason, "tone": "" if m.reason else "primary"}
            for m in claims.LIFE.open_to(claim, actor)
        ],
        "move_address": reverse("review_claim_move", args=[org, claim.public_id]),
        "error": error,
        "failed_move": move,
        "note": request.POST.get("note", ""),
        "crumbs": [
            home_crumb(actor),
            {"text": _("Reviews"), "href": reverse("reviews", args=[org])},
            {"text": localized(claim.unclaimed, "name"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "catalogue/review_claim.html", context, status=400 if error else 200)


CLAIM_VERBS = {"approve": claims.approve, "refuse": claims.refuse}


@acting("depa", roles=ROLES)
@require_POST
def claim_move(request: ActingRequest, public_id: str) -> HttpResponse:
    """Approve or refuse a claim."""
    actor = request.actor
    claim, name = _claim(request, public_id), request.POST.get("move", "")
    if name not in CLAIM_VERBS:
        raise Http404
    try:
        CLAIM_VERBS[name](claim, by=actor, note=request.POST.get("note", "")[:1000])
    except Invalid as problem:
        return _show_claim(request, claim, error=" ".join(problem.messages), move=name)
    messages.success(request, _("The claim is decided. The vendor is told by e-mail."))
    return redirect("reviews", org=request.organisation.public_id)
