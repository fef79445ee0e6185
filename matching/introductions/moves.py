"""The moves of an introduction after it has begun."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import consents, notifications
from marketplace.errors import Conflict
from marketplace.models import database_now
from marketplace.permissions import Actor
from matching.introductions.asking import need_consent
from matching.introductions.life import CITY, LIFE, VENDOR
from matching.introductions.mails import city_people, tell, tell_brokers
from matching.models import Introduction

EXPIRES_AFTER = timedelta(days=45)


def take_up(introduction: Introduction, *, by: Actor, consent: bool, note: str = "") -> Introduction:
    """The city takes up a suggestion and consents."""
    need_consent(consent)

    def changes(fresh: Introduction, _now: Any) -> None:
        fresh.city_person = by.user
        fresh.city_consent = consents.give(by.user, fresh.city_organisation, fresh, by=by)
        tell_brokers(fresh, "introduction_requested")

    return LIFE.perform(introduction, "take_up", by=by, note=note, changes=changes)


def forward(introduction: Introduction, *, by: Actor, note: str = "") -> Introduction:
    """The broker has checked the request and puts it to the vendor."""

    def changes(fresh: Introduction, now: Any) -> None:
        _need_live_consent(fresh)
        fresh.broker, fresh.forwarded_at = by.user, now
        tell(fresh, notifications.members_of(fresh.vendor), "introduction_forwarded", side=VENDOR)
        tell(fresh, city_people(fresh), "introduction_checked", side=CITY, reason=note)

    return LIFE.perform(introduction, "forward", by=by, note=note, changes=changes)


def _need_live_consent(introduction: Introduction) -> None:
    if introduction.city_consent is None or introduction.city_consent.withdrawn_at is not None:
        raise Conflict(_("The city has withdrawn its consent."))


def stop(introduction: Introduction, *, by: Actor, note: str) -> Introduction:
    """The broker ends it; the official reads why."""

    def changes(fresh: Introduction, _now: Any) -> None:
        fresh.broker = by.user
        tell(fresh, city_people(fresh), "introduction_stopped", side=CITY, reason=note)
        if fresh.forwarded_at:
            tell(
                fresh,
                notifications.members_of(fresh.vendor),
                "introduction_stopped",
                side=VENDOR,
                reason=note,
            )

    return LIFE.perform(introduction, "stop", by=by, note=note, changes=changes)


def accept(introduction: Introduction, *, by: Actor, consent: bool, note: str = "") -> Introduction:
    """The vendor accepts and consents; both sides then see each other's contact."""
    need_consent(consent)

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
        tell(fresh, city_people(fresh), "introduction_made", side=CITY)
        tell(fresh, [by.user], "introduction_made", side=VENDOR)

    with transaction.atomic():
        accepted = LIFE.perform(introduction, "accept", by=by, note=note, changes=changes)
        return LIFE.perform(accepted, "introduce", by=None, changes=introduced)


def _end(
    introduction: Introduction, move: str, *, by: Actor | None, note: str, to: tuple[str, ...]
) -> Introduction:
    def changes(fresh: Introduction, _now: Any) -> None:
        if CITY in to:
            tell(fresh, city_people(fresh), "introduction_ended", side=CITY, reason=note)
        if VENDOR in to and (fresh.forwarded_at or fresh.origin == "vendor"):
            people = [fresh.vendor_person] if fresh.vendor_person else notifications.members_of(fresh.vendor)
            tell(fresh, people, "introduction_ended", side=VENDOR, reason=note)
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


def expire_overdue() -> int:
    """Let introductions lapse in which nobody moved for 45 days. Returns how many."""
    overdue = Introduction.objects.filter(
        state__in=("suggested", "requested", "forwarded"), state_since__lt=database_now() - EXPIRES_AFTER
    )
    for introduction in overdue:
        _end(introduction, "expire", by=None, note="", to=(CITY, VENDOR))
    return len(overdue)
