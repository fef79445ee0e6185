"""What a service says: versions that are never changed, each saved on top of the one before."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from catalogue import questions
from catalogue.models import CityReference, Price, Service, ServiceVersion
from catalogue.services.changes import changed_answers
from catalogue.services.life import VENDOR, parties
from catalogue.services.rows import clean_prices, clean_references
from marketplace import events
from marketplace.errors import Conflict
from marketplace.models import Organisation, database_now
from marketplace.permissions import Actor, require
from marketplace.thai.sorting import sort_key


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says.

    ``prices``: amount, unit, vat_included, note. ``references``: city, name, since_year, scale.
    """

    answers: Mapping[str, Any]
    prices: Sequence[Mapping[str, Any]] = field(default=())
    references: Sequence[Mapping[str, Any]] = field(default=())


def add(vendor: Organisation, content: Content, *, by: Actor | None, **origin: Any) -> Service:
    """A new draft of the vendor. ``origin``: source, source_id, is_example of an import or the demo.

    Raises:
        NotAllowed: the actor does not act for the vendor.
        Invalid: question id → messages.
    """
    require(by is None or (by.acts_for(vendor.pk) and by.role in ("owner", "member")))
    if vendor.suspended_at is not None:
        raise Conflict(_("The vendor is suspended: %(reason)s") % {"reason": vendor.suspended_reason})
    with transaction.atomic():
        service = Service.objects.create(vendor=vendor, state_since=database_now(), **origin)
        _save_version(service, content, number=1, by=by)
        events.record(service, "add", by=by, to_state=service.state, data={"version": 1})
    return service


def save(service: Service, content: Content, *, by: Actor | None, seen: int) -> Service:
    """Save a new version on top of version ``seen``, the one that the editor had open.

    A published service stays public as it is until a reviewer approves the new version. Questions may
    stay open until it is submitted.

    Raises:
        NotAllowed, Invalid: as ``add``.
        Conflict: somebody saved meanwhile, or the service can't be edited now.
    """
    with transaction.atomic():
        fresh = Service.objects.select_for_update(of=("self",)).select_related("head").get(pk=service.pk)
        require(by is None or VENDOR in parties(fresh, by))
        if fresh.state not in ("draft", "changes_requested", "published"):
            raise Conflict(
                _("This can't be edited now. It is: %(state)s.") % {"state": fresh.get_state_display()},
                [(_("State"), str(fresh.get_state_display()))],
            )
        head = fresh.head
        number = head.number if head else 0
        if number != seen:
            raise Conflict(
                _("Somebody saved version %(number)s while you were writing.") % {"number": number},
                changed_answers(ServiceVersion.objects.filter(service=fresh, number=seen).first(), head),
            )
        _save_version(fresh, content, number=number + 1, by=by)
        events.record(
            fresh, "save", by=by, from_state=fresh.state, to_state=fresh.state, data={"version": number + 1}
        )
    return fresh


def _save_version(service: Service, content: Content, *, number: int, by: Actor | None) -> None:
    answers = questions.clean(dict(content.answers), complete=False)
    prices, references = clean_prices(content.prices), clean_references(content.references)
    version = ServiceVersion.objects.create(
        service=service, number=number, answers=answers, created_by=by.user if by else None
    )
    Price.objects.bulk_create([Price(version=version, **row) for row in prices])
    CityReference.objects.bulk_create([CityReference(version=version, **row) for row in references])
    service.head = version
    if service.current_id is None:
        show(service, version)
    service.save()


def check_complete(version: ServiceVersion) -> None:
    """Whether a version may be submitted.

    Raises:
        Invalid: question id → messages, for each required question that is open.
    """
    questions.clean(version.answers, complete=True)


def open_versions(service: Service) -> None:
    """Read the prices and references of head, current and revision, in two queries for all three."""
    references = Prefetch("references", queryset=CityReference.objects.select_related("city"))
    versions = [version for version in (service.head, service.current, service.revision) if version]
    prefetch_related_objects(versions, "prices", references)


def show(service: Service, version: ServiceVersion) -> None:
    """Put the names of a version on the identity row."""
    service.name_th = version.answers["name_th"]
    service.name_en = version.answers.get("name_en", "")
    service.slug = slug(service.name_en or service.name_th)
    service.sort_key = sort_key(service.name_th)


def slug(name: str) -> str:
    """The name as it may stand in an address. Django's slugify would drop the vowels above Thai letters."""
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in unicodedata.normalize("NFC", name))
    return "-".join("".join(kept).lower().split())[:80].strip("-")
