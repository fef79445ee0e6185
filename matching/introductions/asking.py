"""How an introduction begins: the city asks, or a broker or the vendor suggests."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.models import Service
from marketplace import consents, events, notifications
from marketplace.errors import Conflict, Invalid
from marketplace.models import Organisation, database_now
from marketplace.permissions import Actor, require
from matching.introductions.life import CITY
from matching.introductions.mails import tell, tell_brokers
from matching.models import Introduction, Match, Need


def need_consent(consent: bool) -> None:
    """Refuse a move that shows a person's contact unless that person has ticked the consent."""
    if not consent:
        raise Invalid({"consent": _("Tick the consent: without it the other side cannot reach you.")})


def _start(
    service: Service, need: Need | None, city: Organisation, *, by: Actor, move: str, fields: dict[str, Any]
) -> Introduction:
    """Write the first row and event, or say that one is open already."""
    if not Service.objects.public().filter(pk=service.pk).exists() or service.current_id is None:
        raise Conflict(_("This service is no longer published."))
    if need is not None and need.state not in ("draft", "published"):
        raise Conflict(
            _("The need is closed. Its deadline may have passed."),
            [(_("State"), str(need.get_state_display()))],
        )
    if need is not None and need.deadline and need.deadline <= database_now():
        raise Conflict(_("The deadline of this need has passed."))
    try:
        with transaction.atomic():
            introduction = Introduction(
                city_organisation=city,
                vendor_id=service.vendor_id,
                service=service,
                service_version_id=service.current_id,
                need=need,
                need_version=need.head if need else None,
                state_since=database_now(),
                **fields,
            )
            if introduction.state == Introduction.State.REQUESTED:
                introduction.city_person = by.user
                introduction.city_consent = consents.give(by.user, city, introduction, by=by)
            introduction.save()
            events.record(introduction, move, by=by, to_state=introduction.state, note=introduction.message)
            return introduction
    except IntegrityError:
        raise Conflict(_("An introduction to this service is open already.")) from None


def request(
    service: Service,
    *,
    by: Actor,
    consent: bool,
    need: Need | None = None,
    match: Match | None = None,
    message: str = "",
) -> Introduction:
    """The official asks to be introduced; asking is the consent to share the own contact.

    Raises:
        NotAllowed: the actor is no official, or the need is another city's.
        Invalid: no consent was given.
        Conflict: one is open already, or service or need are closed.
    """
    require(
        by.role == "official" and by.organisation is not None, _("Only a city official can ask for this.")
    )
    require(need is None or by.acts_for(need.organisation_id))
    need_consent(consent)
    assert by.organisation is not None
    origin = Introduction.Origin.MATCH if match else Introduction.Origin.CATALOGUE
    with transaction.atomic():
        introduction = _start(
            service, need, by.organisation, by=by, move="request",
            fields={"state": "requested", "origin": origin, "match": match, "message": message.strip()},
        )  # fmt: skip
        tell_brokers(introduction, "introduction_requested")
    return introduction


def suggest(
    service: Service, city: Organisation, *, by: Actor, need: Need | None = None, message: str = ""
) -> Introduction:
    """A broker or the vendor suggests the service to a city, which has to take it up first.

    A broker suggests to any city with an account, for one of its needs or without one; a vendor suggests
    its own service for a public need only.

    Raises:
        NotAllowed: the actor is neither, or the need is none that a vendor may know of.
        Invalid: a vendor names no need, or the need is another city's, or the body is no city.
        Conflict: one is open already, or service or need are closed.
    """
    broker = by.is_depa("broker")
    require(broker or (by.acts_for(service.vendor_id) and by.role in ("owner", "member")))
    if need is None and not broker:
        raise Invalid({"need": _("Choose the need that your service would serve.")})
    require(broker or (need is not None and need.visibility == "public" and need.state == "published"))
    if city.kind != Organisation.Kind.CITY:
        raise Invalid({"city": _("A suggestion goes to a city.")})
    if need is not None and need.organisation_id != city.pk:
        raise Invalid({"need": _("This need belongs to another city.")})
    with transaction.atomic():
        introduction = _start(
            service, need, city, by=by, move="suggest",
            fields={
                "state": "suggested",
                "origin": "broker" if broker else "vendor",
                "message": message.strip(),
                "suggested_by": by.user,
                "broker": by.user if broker else None,
            },
        )  # fmt: skip
        tell(introduction, notifications.members_of(city), "introduction_suggested", side=CITY)
    return introduction
