"""Consent is a record: purpose, words, language, time, person; as easily withdrawn as given."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation

from marketplace import events
from marketplace.models import Consent, Organisation, PublicModel, User, database_now
from marketplace.permissions import Actor, require

# Changing templates/components/consent_text.html means a new version here.
TEXT_VERSION = "2026-11"


def give(person: User, organisation: Organisation, subject: PublicModel, *, by: Actor | None) -> Consent:
    """Record that the person lets the other side of ``subject`` see their contact.

    Only the person can consent. Runs inside the transaction of the move that needs the consent.
    """
    require(by is None or by.user.pk == person.pk)
    return Consent.objects.create(
        user=person,
        organisation=organisation,
        purpose=Consent.Purpose.SHARE_CONTACT,
        subject_kind=events.subject_kind(subject),
        subject_id=subject.public_id,
        text_version=TEXT_VERSION,
        language=(translation.get_language() or "th")[:2],
    )


def withdraw(consent: Consent, *, by: Actor) -> Consent:
    """End a consent; from the commit on nobody else sees the contact. Twice is once."""
    with transaction.atomic():
        fresh = Consent.objects.select_for_update().get(pk=consent.pk)
        require(by.user.pk == fresh.user_id)
        if fresh.withdrawn_at is None:
            fresh.withdrawn_at = database_now()
            fresh.save(update_fields=["withdrawn_at"])
            events.record(fresh, "withdraw_consent", by=by, from_state="given", to_state="withdrawn")
    return fresh
