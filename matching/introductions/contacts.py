"""Whose contact is shown to whom, and how a person takes that back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import consents
from marketplace.models import User
from marketplace.permissions import Actor, require
from matching.introductions.life import CITY, VENDOR
from matching.introductions.mails import tell
from matching.models import Introduction


def withdraw_consent(introduction: Introduction, *, by: Actor) -> Introduction:
    """A person takes back the consent to be shown: the contact vanishes with the commit, history stays."""
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
                tell(fresh, [person], "introduction_consent_withdrawn", side=side)
    return fresh


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
