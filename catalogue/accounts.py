"""The digital services account: a fact that staff check. It is separate from being published here."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue import services
from catalogue.listed import ListedAccount
from catalogue.models import AccountStatus, Service
from marketplace import events
from marketplace.errors import Invalid
from marketplace.models import StoredFile, database_now
from marketplace.permissions import Actor, require


def record_status(
    service: Service,
    *,
    by: Actor,
    listed: bool,
    register_number: str = "",
    item_group: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    evidence: StoredFile | None = None,
) -> AccountStatus:
    """What staff found in depa's register today. ``listed=False`` is a checked absence, not "unknown".

    Raises:
        Invalid: a listed entry without number or first day, or one that ends before it begins.
    """
    require(by.is_depa("reviewer"))
    if listed:
        _check_entry(register_number, valid_from, valid_to)
    with transaction.atomic():
        Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        before = AccountStatus.objects.filter(service=service).first()
        status, _created = AccountStatus.objects.update_or_create(
            service=service,
            defaults={
                "listed": listed,
                "register_number": register_number.strip() if listed else "",
                "item_group": item_group if listed else "",
                "valid_from": valid_from if listed else None,
                "valid_to": valid_to if listed else None,
                "evidence": evidence,
                "checked_by": by.user,
                "checked_at": database_now(),
            },
        )
        events.record(
            service,
            "record_account_status",
            by=by,
            from_state=_word(before),
            to_state=_word(status),
            data={"register_number": status.register_number},
        )
        services.reindex(service)
    return status


def _check_entry(register_number: str, valid_from: date | None, valid_to: date | None) -> None:
    if not register_number.strip():
        raise Invalid({"register_number": _("Write the number in the register.")})
    if valid_from is None:
        raise Invalid({"valid_from": _("Write the first day of the entry.")})
    if valid_to and valid_to < valid_from:
        raise Invalid({"valid_to": _("The last day lies before the first.")})


def _word(status: AccountStatus | None) -> str:
    if status is None:
        return "unknown"
    return "listed" if status.listed else "not_listed"


def standing(status: AccountStatus | ListedAccount | None, day: date) -> str:
    """``unknown``, ``not_listed``, ``listed``, ``not_yet`` or ``expired`` on a day (Asia/Bangkok)."""
    if status is None:
        return "unknown"
    if not status.listed:
        return "not_listed"
    if status.valid_from and day < status.valid_from:
        return "not_yet"
    return "expired" if status.valid_to and day > status.valid_to else "listed"
