"""What waits for somebody in needs and introductions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.models import Organisation
from marketplace.permissions import Actor
from marketplace.waiting import Waiting
from matching.models import Introduction, Need


def for_actor(actor: Actor) -> list[Waiting]:
    """One line for each kind of thing that waits for the actor's organisation; none that is empty."""
    org = actor.organisation
    if org is None:
        return []
    if org.kind == Organisation.Kind.CITY:
        found = _for_city(actor, org)
    elif org.kind == Organisation.Kind.VENDOR:
        found = _for_vendor(org)
    else:
        found = _for_depa(actor, org)
    return [line for line in found if line.count]


def _counted(rows: QuerySet[Any], **conditions: Q) -> dict[str, Any]:
    """Count and oldest of several conditions in one query."""
    wanted: dict[str, Any] = {}
    for name, condition in conditions.items():
        wanted[f"{name}_count"] = Count("pk", filter=condition)
        wanted[f"{name}_since"] = Min("state_since", filter=condition)
    return rows.order_by().aggregate(**wanted)


def _line(label: str, counted: dict[str, Any], name: str, url: str) -> Waiting:
    since: datetime | None = counted[f"{name}_since"]
    return Waiting(label, counted[f"{name}_count"], since, url)


def _for_city(actor: Actor, org: Organisation) -> list[Waiting]:
    introductions = _counted(
        Introduction.objects.filter(city_organisation=org),
        suggested=Q(state="suggested"),
        introduced=Q(state="introduced"),
    )
    needs = _counted(Need.objects.filter(organisation=org), draft=Q(state="draft"))
    inbox, board = reverse("introductions", args=[org.public_id]), reverse("work_needs", args=[org.public_id])
    return [
        _line(_("Suggestions of services to answer"), introductions, "suggested", inbox),
        _line(_("Introductions made: meet and say what came of it"), introductions, "introduced", inbox),
        _line(_("Needs in draft"), needs, "draft", f"{board}?state=draft"),
    ]


def _for_vendor(org: Organisation) -> list[Waiting]:
    counted = _counted(
        Introduction.objects.filter(vendor=org, forwarded_at__isnull=False),
        forwarded=Q(state="forwarded"),
        introduced=Q(state="introduced"),
    )
    inbox = reverse("introductions", args=[org.public_id])
    return [
        _line(_("Cities that ask to be introduced"), counted, "forwarded", inbox),
        _line(_("Introductions made: meet and say what came of it"), counted, "introduced", inbox),
    ]


def _for_depa(actor: Actor, org: Organisation) -> list[Waiting]:
    if not actor.is_depa("broker"):
        return []
    counted = _counted(Introduction.objects.all(), requested=Q(state="requested"))
    drafts = _counted(
        Need.objects.filter(state="draft", drafted_by__isnull=False),
        unconfirmed=Q(confirmed_at__isnull=True),
        confirmed=Q(confirmed_at__isnull=False),
    )
    board = reverse("board", args=[org.public_id])
    needs = reverse("work_needs", args=[org.public_id])
    return [
        _line(_("Introductions to check and forward"), counted, "requested", f"{board}?waits=broker"),
        _line(_("Drafts that a city has not confirmed"), drafts, "unconfirmed", f"{needs}?state=draft"),
        _line(_("Confirmed drafts that the city can publish"), drafts, "confirmed", f"{needs}?state=draft"),
    ]
