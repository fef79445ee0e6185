"""From a ranked fit to an introduction: the city asks, a broker checks, the vendor accepts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Service
from marketplace import consents, events, notifications
from marketplace.errors import Conflict, Invalid
from marketplace.lifecycle import Lifecycle, Move
from marketplace.models import Organisation, User, database_now
from marketplace.permissions import Actor, require
from matching.models import Introduction, Match, Need

CITY, VENDOR, BROKER, SYSTEM = "city", "vendor", "broker", "system"
EXPIRES_AFTER = timedelta(days=45)


def _parties(introduction: Introduction, by: Actor) -> frozenset[str]:
    mine = set()
    if by.acts_for(introduction.city_organisation_id) and by.role == "official":
        mine.add(CITY)
    if by.acts_for(introduction.vendor_id) and by.role in ("owner", "member"):
        mine.add(VENDOR)
    if by.is_depa("broker"):
        mine.add(BROKER)
    return frozenset(mine)


LIFE = Lifecycle(
    (
        Move("take_up", gettext_lazy("Take up the suggestion"), ("suggested",), "requested", (CITY,)),
        Move("forward", gettext_lazy("Forward to the vendor"), ("requested",), "forwarded", (BROKER,)),
        Move(
            "stop", gettext_lazy("Stop"), ("suggested", "requested", "forwarded"), "stopped", (BROKER,), True
        ),
        Move("accept", gettext_lazy("Accept"), ("forwarded",), "accepted", (VENDOR,)),
        Move("introduce", gettext_lazy("Introduce"), ("accepted",), "introduced", (SYSTEM,)),
        Move("turn_down", gettext_lazy("Decline the suggestion"), ("suggested",), "declined", (CITY,), True),
        Move("decline", gettext_lazy("Decline"), ("forwarded",), "declined", (VENDOR,), True),
        Move("withdraw", gettext_lazy("Withdraw"), ("requested", "forwarded"), "withdrawn", (CITY,), True),
        Move("close", gettext_lazy("Close"), ("introduced",), "closed", (CITY, VENDOR, BROKER), True),
        Move("expire", gettext_lazy("Expire"), ("suggested", "requested", "forwarded"), "expired", (SYSTEM,)),
    ),
    _parties,
)


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
    _need_consent(consent)
    assert by.organisation is not None
    origin = Introduction.Origin.MATCH if match else Introduction.Origin.CATALOGUE
    with transaction.atomic():
        introduction = _start(
            service, need, by.organisation, by=by, move="request",
            fields={"state": "requested", "origin": origin, "match": match, "message": message.strip()},
        )  # fmt: skip
        _tell(introduction, notifications.depa_staff("broker"), "introduction_requested", depa=True)
    return introduction


def _need_consent(consent: bool) -> None:
    if not consent:
        raise Invalid({"consent": _("Tick the consent: without it the other side cannot reach you.")})


def suggest(
    service: Service, city: Organisation, *, by: Actor, need: Need | None = None, message: str = ""
) -> Introduction:
    """A broker or the vendor suggests the service to a city, which has to take it up first.

    A vendor can suggest its own service for a public need only.
    """
    broker = by.is_depa("broker")
    own = by.acts_for(service.vendor_id) and by.role in ("owner", "member")
    require(
        broker or (own and need is not None and need.visibility == "public" and need.state == "published")
    )
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
        _tell(introduction, notifications.members_of(city), "introduction_suggested", side=CITY)
    return introduction


def take_up(introduction: Introduction, *, by: Actor, consent: bool, note: str = "") -> Introduction:
    """The city takes up a suggestion and consents."""
    _need_consent(consent)

    def changes(fresh: Introduction, _now: Any) -> None:
        fresh.city_person = by.user
        fresh.city_consent = consents.give(by.user, fresh.city_organisation, fresh, by=by)
        _tell(fresh, notifications.depa_staff("broker"), "introduction_requested", depa=True)

    return LIFE.perform(introduction, "take_up", by=by, note=note, changes=changes)


def forward(introduction: Introduction, *, by: Actor, note: str = "") -> Introduction:
    """The broker has checked the request and puts it to the vendor."""

    def changes(fresh: Introduction, now: Any) -> None:
        _need_live_consent(fresh)
        fresh.broker, fresh.forwarded_at = by.user, now
        _tell(fresh, notifications.members_of(fresh.vendor), "introduction_forwarded", side=VENDOR)
        _tell(fresh, _city_people(fresh), "introduction_checked", side=CITY, reason=note)

    return LIFE.perform(introduction, "forward", by=by, note=note, changes=changes)


def _need_live_consent(introduction: Introduction) -> None:
    if introduction.city_consent is None or introduction.city_consent.withdrawn_at is not None:
        raise Conflict(_("The city has withdrawn its consent."))


def stop(introduction: Introduction, *, by: Actor, note: str) -> Introduction:
    """The broker ends it; the official reads why."""

    def changes(fresh: Introduction, _now: Any) -> None:
        fresh.broker = by.user
        _tell(fresh, _city_people(fresh), "introduction_stopped", side=CITY, reason=note)
        if fresh.forwarded_at:
            _tell(
                fresh,
                notifications.members_of(fresh.vendor),
                "introduction_stopped",
                side=VENDOR,
                reason=note,
            )

    return LIFE.perform(introduction, "stop", by=by, note=note, changes=changes)


def accept(introduction: Introduction, *, by: Actor, consent: bool, note: str = "") -> Introduction:
    """The vendor accepts and consents; both sides then see each other's contact."""
    _need_consent(consent)

    def changes(fresh: Introduction, _now: Any) -> None:
        _need_live_consent(fresh)
        if fresh.vendor.suspended_at is not None:
            raise Conflict(
                _("The vendor is suspended: %(reason)s") % {"reason": fresh.vendor.suspended_reason}
            )
        fresh.vendor_person = by.user
        fresh.vendor_consent = consents.give(by.user, fresh.vendor, fresh, by=by)

    def introduced(fresh: Introduction, now: Any) -> None:
        fresh.introduced_at = now
        _tell(fresh, _city_people(fresh), "introduction_made", side=CITY)
        _tell(fresh, [by.user], "introduction_made", side=VENDOR)

    with transaction.atomic():
        accepted = LIFE.perform(introduction, "accept", by=by, note=note, changes=changes)
        return LIFE.perform(accepted, "introduce", by=None, changes=introduced)


def _end(
    introduction: Introduction, move: str, *, by: Actor | None, note: str, to: tuple[str, ...]
) -> Introduction:
    def changes(fresh: Introduction, _now: Any) -> None:
        if CITY in to:
            _tell(fresh, _city_people(fresh), "introduction_ended", side=CITY, reason=note)
        if VENDOR in to and (fresh.forwarded_at or fresh.origin == "vendor"):
            people = [fresh.vendor_person] if fresh.vendor_person else notifications.members_of(fresh.vendor)
            _tell(fresh, people, "introduction_ended", side=VENDOR, reason=note)
        if move == "close":
            fresh.outcome = note

    return LIFE.perform(introduction, move, by=by, note=note, changes=changes)


def turn_down(introduction: Introduction, *, by: Actor, note: str) -> Introduction:
    """The city declines a suggestion."""
    return _end(introduction, "turn_down", by=by, note=note, to=(VENDOR,))


def decline(introduction: Introduction, *, by: Actor, note: str) -> Introduction:
    """The vendor declines; the official reads why."""
    return _end(introduction, "decline", by=by, note=note, to=(CITY,))


def withdraw(introduction: Introduction, *, by: Actor, note: str) -> Introduction:
    """The city takes its request back."""
    return _end(introduction, "withdraw", by=by, note=note, to=(VENDOR,))


def close(introduction: Introduction, *, by: Actor, note: str) -> Introduction:
    """Either side or the broker says what came of it."""
    return _end(introduction, "close", by=by, note=note, to=(CITY, VENDOR))


def withdraw_consent(introduction: Introduction, *, by: Actor) -> Introduction:
    """A person takes back the consent to be shown; the contact vanishes with the commit, the history stays."""
    with transaction.atomic():
        fresh = Introduction.objects.select_for_update(of=("self",)).get(pk=introduction.pk)
        mine = [
            c for c in (fresh.city_consent, fresh.vendor_consent) if c is not None and c.user_id == by.user.pk
        ]
        require(bool(mine), _("Only the person whose contact it is can withdraw the consent."))
        for consent in mine:
            consents.withdraw(consent, by=by)
        if fresh.state == Introduction.State.INTRODUCED:
            people = [p for p in (fresh.city_person, fresh.vendor_person) if p and p.pk != by.user.pk]
            for person in people:
                side = CITY if person.pk == fresh.city_person_id else VENDOR
                _tell(fresh, [person], "introduction_consent_withdrawn", side=side)
    return fresh


def expire_overdue() -> int:
    """Let introductions lapse in which nobody moved for 45 days. Returns how many."""
    overdue = Introduction.objects.filter(
        state__in=("suggested", "requested", "forwarded"), state_since__lt=database_now() - EXPIRES_AFTER
    )
    for introduction in overdue:
        _end(introduction, "expire", by=None, note="", to=(CITY, VENDOR))
    return len(overdue)


def contact_for(introduction: Introduction, viewer: Actor) -> User | None:
    """The other side's person, while the introduction stands and that person's consent holds; else None."""
    if introduction.state not in ("introduced", "closed"):
        return None
    if viewer.acts_for(introduction.city_organisation_id):
        person, consent = introduction.vendor_person, introduction.vendor_consent
    elif viewer.acts_for(introduction.vendor_id):
        person, consent = introduction.city_person, introduction.city_consent
    else:
        return None
    return person if consent is not None and consent.withdrawn_at is None else None


def _city_people(introduction: Introduction) -> list[User]:
    if introduction.city_person:
        return [introduction.city_person]
    return notifications.members_of(introduction.city_organisation)


def _tell(
    introduction: Introduction,
    people: list[User],
    template: str,
    *,
    side: str = "",
    depa: bool = False,
    reason: str = "",
) -> None:
    """Mail people of one side; mails never carry anybody's contact."""
    path = "/start/"
    if not depa:
        owner = introduction.city_organisation if side == CITY else introduction.vendor
        path = f"/o/{owner.public_id}/introductions/{introduction.public_id}/"
    notifications.mail(
        people,
        template,
        path,
        service=introduction.service.name_th,
        city=introduction.city_organisation.name_th,
        vendor=introduction.vendor.name_th,
        reason=reason,
    )
