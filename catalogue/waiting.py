"""What waits for somebody in the catalogue."""

from __future__ import annotations

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from catalogue.models import Certificate, Claim, Service
from marketplace.models import Organisation
from marketplace.permissions import Actor
from marketplace.templatetags.marketplace_tags import address
from marketplace.waiting import Waiting


def for_actor(actor: Actor) -> list[Waiting]:
    """One line for each kind of thing that waits for the actor's organisation; none that is empty."""
    org = actor.organisation
    if org is None:
        return []
    if org.kind == Organisation.Kind.VENDOR:
        lines = _for_vendor(org)
    elif actor.is_depa("reviewer"):
        lines = _for_reviewer(org)
    else:
        lines = []
    return [line for line in lines if line.count]


def _for_vendor(org: Organisation) -> list[Waiting]:
    found = Service.objects.filter(vendor=org).aggregate(
        changes_n=Count("pk", filter=Q(state="changes_requested")),
        changes_since=Min("state_since", filter=Q(state="changes_requested")),
        drafts_n=Count("pk", filter=Q(state="draft")),
        drafts_since=Min("state_since", filter=Q(state="draft")),
    )
    url = address("work_services", org.public_id)
    return [
        Waiting(_("Services to change"), found["changes_n"], found["changes_since"], url),
        Waiting(_("Services in draft"), found["drafts_n"], found["drafts_since"], url),
    ]


def _for_reviewer(org: Organisation) -> list[Waiting]:
    services = Service.objects.filter(Q(state="submitted") | Q(revision__isnull=False)).aggregate(
        n=Count("pk"), since=Min("state_since")
    )
    certificates = Certificate.objects.filter(verified_at__isnull=True, evidence__isnull=False).aggregate(
        n=Count("pk"), since=Min("created_at")
    )
    claims = Claim.objects.filter(state="requested").aggregate(n=Count("pk"), since=Min("state_since"))
    url = address("reviews", org.public_id)
    return [
        Waiting(_("Services to review"), services["n"], services["since"], url),
        Waiting(_("Certificates to verify"), certificates["n"], certificates["since"], url),
        Waiting(_("Claims to check"), claims["n"], claims["since"], url),
    ]
