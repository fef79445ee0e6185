"""How a vendor takes over services that were imported under its tax ID."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue import services
from catalogue.models import Claim, Service
from marketplace import events, notifications, organisations
from marketplace.errors import Conflict
from marketplace.lifecycle import Lifecycle, Move
from marketplace.models import Organisation, database_now
from marketplace.permissions import Actor, require


def _parties(_claim: Claim, by: Actor) -> frozenset[str]:
    return frozenset({"reviewer"}) if by.is_depa("reviewer") else frozenset()


LIFE = Lifecycle(
    (
        Move("approve", gettext_lazy("Approve"), ("requested",), "approved", ("reviewer",)),
        Move("refuse", gettext_lazy("Refuse"), ("requested",), "refused", ("reviewer",), reason=True),
    ),
    _parties,
)


def claimable(vendor: Organisation) -> list[Organisation]:
    """Imported vendors that nobody has taken over and that carry this vendor's tax ID."""
    if not vendor.tax_id:
        return []
    return list(
        Organisation.objects.filter(
            kind="vendor", claimed=False, tax_id=vendor.tax_id, suspended_at__isnull=True
        )
        .exclude(pk=vendor.pk)
        .exclude(claims_on_it__state=Claim.State.APPROVED)
        .order_by("pk")
    )


def successor_of(unclaimed: Organisation) -> Organisation | None:
    """The vendor that has taken over an imported one, if any."""
    claim = unclaimed.claims_on_it.filter(state=Claim.State.APPROVED).select_related("vendor").first()
    return claim.vendor if claim and claim.vendor.suspended_at is None else None


def taken_over() -> QuerySet[Claim]:
    """Approved claims whose vendor stands for the imported one now."""
    return Claim.objects.filter(state=Claim.State.APPROVED, vendor__suspended_at__isnull=True)


def ask(vendor: Organisation, unclaimed: Organisation, *, by: Actor) -> Claim:
    """Say that the imported vendor is this one. depa compares the evidence before anything moves."""
    require(by.acts_for(vendor.pk) and by.role == "owner")
    require(unclaimed in claimable(vendor))
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                vendor=vendor, unclaimed=unclaimed, requested_by=by.user, state_since=database_now()
            )
            events.record(claim, "ask", by=by, to_state="requested")
            notifications.mail(
                notifications.depa_staff("reviewer"), "claim_asked", "/start/", vendor=vendor.name_th
            )
    except IntegrityError:
        raise Conflict(_("Somebody has claimed these services already. depa is checking.")) from None
    return claim


def approve(claim: Claim, *, by: Actor, note: str = "") -> Claim:
    """The services move to the claiming vendor; their addresses stay."""
    with transaction.atomic():
        done = LIFE.perform(claim, "approve", by=by, note=note)
        for service in Service.objects.select_for_update(of=("self",)).filter(vendor_id=done.unclaimed_id):
            service.vendor_id = done.vendor_id
            service.save(update_fields=["vendor"])
            events.record(service, "change_vendor", by=by, from_state=service.state, to_state=service.state)
            services.reindex(service)
        organisations.tell_rooms(done.unclaimed)
        _tell(done, "claim_approved", note)
    return done


def refuse(claim: Claim, *, by: Actor, note: str) -> Claim:
    """Nothing moves; the vendor reads why."""
    with transaction.atomic():
        done = LIFE.perform(claim, "refuse", by=by, note=note)
        _tell(done, "claim_refused", note)
    return done


def _tell(claim: Claim, template: str, note: str) -> None:
    Claim.objects.filter(pk=claim.pk).update(note=note)
    notifications.mail(
        notifications.members_of(claim.vendor, "owner"),
        template,
        f"/o/{claim.vendor.public_id}/",
        vendor=claim.vendor.name_th,
        reason=note,
    )
