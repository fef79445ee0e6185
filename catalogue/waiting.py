"""What of the catalogue waits for somebody, and since when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue import claims
from catalogue.models import Category, Certificate, Claim, Service
from marketplace.models import Organisation
from marketplace.permissions import Actor
from marketplace.waiting import Waiting

# Within which a reviewer should have decided, in working days. The project's own aim, not a rule of depa.
REVIEW_DAYS = 5


def for_actor(actor: Actor) -> list[Waiting]:
    """Lines for the start page of the organisation that the actor acts for; nothing where nothing waits."""
    if actor.is_depa("reviewer"):
        return _kept(_of_reviewer(actor))
    if actor.organisation is not None and actor.organisation.kind == Organisation.Kind.VENDOR:
        return _kept(_of_vendor(actor.organisation))
    return []


def _kept(lines: list[Waiting]) -> list[Waiting]:
    return [line for line in lines if line.count]


def submitted() -> QuerySet[Service]:
    """New services that wait for a reviewer, oldest first."""
    return Service.objects.filter(state=Service.State.SUBMITTED).order_by("state_since", "pk")


def revisions() -> QuerySet[Service]:
    """Published services with a new version that waits for a reviewer, oldest first."""
    return Service.objects.filter(revision__isnull=False).order_by("state_since", "pk")


def to_review() -> QuerySet[Service]:
    """Both of these, oldest first."""
    return Service.objects.filter(Q(state=Service.State.SUBMITTED) | Q(revision__isnull=False)).order_by(
        "state_since", "pk"
    )


def certificates_to_check() -> QuerySet[Certificate]:
    """Certificates in force with a document that nobody has checked, oldest first.

    Each with ``kind_name_th`` and ``kind_name_en``, so that a list needs no second query.
    """
    named = Category.objects.filter(axis=Category.Axis.CERTIFICATE, code=OuterRef("kind"))
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate())
    shown = Q(service__state__in=(Service.State.PUBLISHED, Service.State.SUBMITTED))
    return (
        Certificate.objects.filter(in_force, shown, verified_at__isnull=True, evidence__isnull=False)
        .annotate(
            kind_name_th=Subquery(named.values("name_th")[:1]),
            kind_name_en=Subquery(named.values("name_en")[:1]),
        )
        .order_by("created_at", "pk")
    )


def vendors_to_check() -> QuerySet[Organisation]:
    """Vendors of real people that depa has not verified, oldest first."""
    return Organisation.objects.filter(
        kind=Organisation.Kind.VENDOR, claimed=True, verified_at__isnull=True, suspended_at__isnull=True
    ).order_by("created_at", "pk")


def claims_to_decide() -> QuerySet[Claim]:
    """Claims on imported vendors, oldest first."""
    return Claim.objects.filter(state=Claim.State.REQUESTED).order_by("state_since", "pk")


def _of_reviewer(actor: Actor) -> list[Waiting]:
    assert actor.organisation is not None
    queue = reverse("reviews", args=[actor.organisation.public_id])
    return [
        Waiting(_("Services to review"), *_count(submitted(), "state_since"), f"{queue}#submitted"),
        Waiting(_("New versions to review"), *_count(revisions(), "state_since"), f"{queue}#revisions"),
        Waiting(
            _("Certificates to check"),
            *_count(certificates_to_check(), "created_at"),
            f"{queue}#certificates",
        ),
        Waiting(_("Vendors to check"), *_count(vendors_to_check(), "created_at"), f"{queue}#vendors"),
        Waiting(_("Claims to decide"), *_count(claims_to_decide(), "state_since"), f"{queue}#claims"),
    ]


def _of_vendor(vendor: Organisation) -> list[Waiting]:
    own = Service.objects.filter(vendor=vendor)
    listed = reverse("work_services", args=[vendor.public_id])
    returned = own.filter(state=Service.State.PUBLISHED, revision__isnull=True).exclude(state_reason="")
    imported = claims.claimable(vendor)
    return [
        Waiting(
            _("Services with changes asked for"),
            *_count(own.filter(state=Service.State.CHANGES), "state_since"),
            f"{listed}?state=changes_requested",
        ),
        Waiting(
            _("New versions returned by a reviewer"),
            *_count(returned.exclude(head=F("current")), "state_since"),
            f"{listed}?state=published",
        ),
        Waiting(
            _("Drafts not submitted yet"),
            *_count(own.filter(state=Service.State.DRAFT), "state_since"),
            f"{listed}?state=draft",
        ),
        Waiting(
            _("Imported vendors under your tax ID"),
            len(imported),
            min((one.created_at for one in imported), default=None),
            reverse("work_claims", args=[vendor.public_id]),
        ),
    ]


def _count(rows: QuerySet[Any], since: str) -> tuple[int, datetime | None]:
    found = rows.order_by().aggregate(n=Count("pk"), since=Min(since))
    return found["n"], found["since"]
