"""Verbs of certificates: stated by the vendor, verified by a reviewer on evidence."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from catalogue import services
from catalogue.models import Category, Certificate, Service
from marketplace import events
from marketplace.errors import Conflict, Invalid
from marketplace.models import database_now
from marketplace.permissions import Actor, require


def state(service: Service, *, by: Actor | None, kind: str, **details: Any) -> Certificate:
    """The vendor states that the service holds a certificate.

    ``details``: number, valid_from, valid_to (dates), evidence (StoredFile).
    Raises Invalid for an unknown kind or a period that ends before it begins.
    """
    require(by is None or by.acts_for(service.vendor_id))
    if not Category.objects.filter(axis="certificate", code=kind).exists():
        raise Invalid({"kind": _("Choose one of the listed values.")})
    start, end = details.get("valid_from"), details.get("valid_to")
    if start and end and end < start:
        raise Invalid({"valid_to": _("The last day lies before the first.")})
    with transaction.atomic():
        certificate = Certificate.objects.create(service=service, kind=kind, **details)
        events.record(certificate, "state", by=by, to_state="stated", data={"service": service.public_id})
        services.reindex(service)
    return certificate


def remove(certificate: Certificate, *, by: Actor) -> None:
    """Take a certificate off the service; the event keeps what it was."""
    require(by.acts_for(certificate.service.vendor_id))
    with transaction.atomic():
        fresh = Certificate.objects.select_for_update().select_related("service").get(pk=certificate.pk)
        events.record(
            fresh, "remove", by=by, from_state="stated", data={"kind": fresh.kind, "number": fresh.number}
        )
        services.reindex(fresh.service)
        fresh.delete()


def verify(certificate: Certificate, *, by: Actor, register_link: str = "", note: str = "") -> Certificate:
    """A reviewer has seen the evidence: the vendor's document, or the entry of a public register.

    ``register_link`` is the address of the entry, ``note`` what was compared there; without a document both
    must be given. Raises Invalid where they are missing.
    """
    require(by.is_depa("reviewer"))
    register_link, note = register_link.strip(), note.strip()
    with transaction.atomic():
        fresh = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if fresh.verified_at is not None:
            raise Conflict(_("Somebody verified this certificate already."))
        _need_evidence(fresh, register_link, note)
        fresh.verified_at, fresh.verified_by = database_now(), by.user
        fresh.register_link = register_link
        fresh.save(update_fields=["verified_at", "verified_by", "register_link"])
        events.record(
            fresh, "verify", by=by, from_state="stated", to_state="verified", note=note,
            data={"register_link": register_link, "document": fresh.evidence_id is not None},
        )  # fmt: skip
        services.reindex(fresh.service)
    return fresh


def _need_evidence(certificate: Certificate, register_link: str, note: str) -> None:
    if register_link:
        try:
            URLValidator(schemes=["http", "https"])(register_link)
        except ValidationError as problem:
            raise Invalid({"register_link": problem.messages}) from problem
    if certificate.evidence_id is None:
        missing = _("There is no document: give the address of the register's entry and what you compared.")
        errors = {
            name: [missing] for name, typed in (("register_link", register_link), ("note", note)) if not typed
        }
        if errors:
            raise Invalid(errors)
