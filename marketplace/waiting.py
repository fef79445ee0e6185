"""What waits for somebody: lines of a start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.models import AffiliationRequest, Outbox
from marketplace.permissions import Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """``count`` things wait, the oldest ``since`` a time; ``url`` leads to them."""

    label: str
    count: int
    since: datetime | None
    url: str


def for_actor(actor: Actor) -> list[Waiting]:
    """What waits for depa's staff in this room: letters of officials, and effects that were given up."""
    lines = []
    if actor.organisation and actor.is_depa("broker", "reviewer"):
        letters = AffiliationRequest.objects.filter(state="requested").aggregate(
            n=Count("pk"), since=Min("state_since")
        )
        url = reverse("affiliation_list", args=[actor.organisation.public_id])
        lines.append(Waiting(_("Letters of officials to check"), letters["n"], letters["since"], url))
    if actor.organisation and actor.is_depa("administrator"):
        dead = Outbox.objects.filter(state="dead").aggregate(n=Count("pk"), since=Min("created_at"))
        url = reverse("effects", args=[actor.organisation.public_id])
        lines.append(Waiting(_("Effects that were given up"), dead["n"], dead["since"], url))
    return [line for line in lines if line.count]
