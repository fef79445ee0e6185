"""How an official comes to act for a local government: a letter, and depa's check of it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace import events, notifications, organisations, outbox
from marketplace.errors import Conflict, Invalid
from marketplace.lifecycle import Lifecycle, Move
from marketplace.models import AffiliationRequest, City, Province, Role, StoredFile, User, database_now
from marketplace.permissions import Actor
from marketplace.thai.sorting import sort_key


def _parties(_request: AffiliationRequest, by: Actor) -> frozenset[str]:
    return frozenset({"staff"}) if by.is_depa("broker", "reviewer") else frozenset()


LIFE = Lifecycle(
    (
        Move("approve", gettext_lazy("Approve"), ("requested",), "approved", ("staff",)),
        Move("refuse", gettext_lazy("Refuse"), ("requested",), "refused", ("staff",), reason=True),
    ),
    _parties,
)


def ask(*, by: Actor, city: City | None, letter_scan: StoredFile, **details: Any) -> AffiliationRequest:
    """Ask to act for a city, or for a body that is not in the list yet.

    Raises:
        Conflict: the same request is waiting already, or the person acts for the city.
        Invalid: neither a city nor a complete new body was named.
    """
    if city is None and not (
        details.get("body_name_th") and details.get("body_kind") and details.get("body_district")
    ):
        raise Invalid({"city": _("Choose your organisation, or describe it if it is not in the list.")})
    if city and city.organisation_id in by.user.organisation_ids:
        raise Conflict(_("You act for this organisation already."))
    try:
        with transaction.atomic():
            request = AffiliationRequest.objects.create(
                user=by.user, city=city, letter_scan=letter_scan, state_since=database_now(), **details
            )
            events.record(request, "ask", by=by, to_state="requested")
            notifications.mail(
                notifications.depa_staff("broker"),
                "affiliation_asked",
                "/start/",
                person=str(by.user),
                organisation=city.name_th if city else request.body_name_th,
            )
    except IntegrityError:
        raise Conflict(
            _("You have asked for this organisation already. depa is checking the letter.")
        ) from None
    return request


def sent_by(user: User) -> QuerySet[AffiliationRequest]:
    """A person's own requests, newest first."""
    return AffiliationRequest.objects.filter(user=user).select_related("city")


def _body(request: AffiliationRequest) -> City:
    """The city that the request is about, made now where it was none of ours."""
    if request.city:
        return request.city
    if request.body_dla_code:
        known = City.objects.filter(dla_code=request.body_dla_code).first()
        if known:
            return known
    city = City.objects.create(
        name_th=request.body_name_th,
        name_en=request.body_name_en,
        sort_key=sort_key(request.body_name_th),
        kind=request.body_kind,
        province=Province.objects.get(pk=request.body_district[:2]),
        district_code=request.body_district,
        dla_code=request.body_dla_code or None,
        source="official letter " + request.letter_number,
        source_date=request.letter_date.isoformat(),
    )
    outbox.put("marketplace.city_changed", {"city": city.public_id})
    return city


def approve(request: AffiliationRequest, *, by: Actor, note: str = "") -> AffiliationRequest:
    """The letter holds: the person becomes an official of the city."""
    with transaction.atomic():
        done = LIFE.perform(request, "approve", by=by, note=note)
        done.city = _body(done)
        done.note = note
        done.save(update_fields=["city", "note"])
        organisation = organisations.organisation_of(done.city, by=by)
        organisations.join(done.user, organisation, Role.OFFICIAL, by=by)
        notifications.mail(
            [done.user],
            "affiliation_approved",
            f"/o/{organisation.public_id}/",
            organisation=done.city.name_th,
        )
    return done


def refuse(request: AffiliationRequest, *, by: Actor, note: str) -> AffiliationRequest:
    """The letter does not hold; the person reads why."""
    with transaction.atomic():
        done = LIFE.perform(request, "refuse", by=by, note=note)
        done.note = note
        done.save(update_fields=["note"])
        name = done.city.name_th if done.city else done.body_name_th
        notifications.mail([done.user], "affiliation_refused", "/start/", organisation=name, reason=note)
    return done
