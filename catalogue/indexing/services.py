"""The index of published services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalogue import price_bands
from catalogue.accounts import standing
from catalogue.documents import search_document
from catalogue.indexing import following
from catalogue.models import Service
from marketplace import outbox
from marketplace.models import database_now
from search.documents import Document, Field, IndexDescription, Kind

NAME = "services"
FACETS = (
    *("dimension", "capability", "kind", "region", "deployment", "standard", "language"),
    *("certificate", "account", "price"),
)

# Long enough for a worker that was off over the longest holidays.
DAYS_LOOKED_BACK = timedelta(days=14)
_followed: dict[str, date] = {}

INDEX = IndexDescription(
    NAME,
    (
        Field("name", Kind.TEXT, boost=4.0),
        Field("summary", Kind.TEXT, boost=2.0),
        Field("body", Kind.TEXT, boost=1.0),
        Field("vendor", Kind.TEXT, boost=1.5),
        *(Field(facet, Kind.KEYWORD, facet=True) for facet in FACETS),
        Field("sort_key", Kind.KEYWORD, sort=True),
        Field("published_at", Kind.DATE, sort=True),
    ),
)


def document(service: Service) -> Document:
    """The document of a published service with its vendor, certificates and account status."""
    assert service.current is not None
    assert service.published_at is not None
    return Document(
        service.public_id,
        search_document(
            service.current.answers,
            vendor_names=(service.vendor.name_th, service.vendor.name_en),
            sort_key=service.sort_key,
            published_at=service.published_at,
            checked=[*checked_facets(service), *price_bands.facets(service.current.prices.all())],
        ),
    )


def checked_facets(service: Service) -> list[tuple[str, str]]:
    """Facets that rest on evidence, not on answers: certificates in force and the account."""
    day = timezone.localdate(database_now())
    pairs = {
        ("certificate", c.kind) for c in service.certificates.all() if c.valid_to is None or c.valid_to >= day
    }
    status = getattr(service, "account_status", None)
    if standing(status, day) == "listed":
        pairs.add(("account", "listed"))
    return sorted(pairs)


def _indexed() -> Any:
    return (
        Service.objects.public()
        .select_related("current", "vendor", "account_status")
        .prefetch_related("certificates", "current__prices")
    )


def all_documents() -> Iterator[Document]:
    """Every public service's document, for a rebuild."""
    for service in _indexed().order_by("pk").iterator(chunk_size=500):
        yield document(service)


def documents_of(public_ids: Sequence[str]) -> Iterator[Document]:
    """The documents of those of these services that are public."""
    yield from map(document, _indexed().filter(public_id__in=public_ids))


def index_services(payloads: list[dict[str, Any]]) -> None:
    """Outbox handler: let the index say of these services what is public now, or nothing."""
    following.follow(NAME, [payload["service"] for payload in payloads])


def follow_vendor(organisation: str) -> None:
    """Let the index say of all services of a vendor (its public id) what is public now."""
    once_public = Service.objects.filter(vendor__public_id=organisation).exclude(published_at=None)
    following.follow(NAME, list(once_public.values_list("public_id", flat=True)))


def follow_calendar() -> None:
    """Chore: once a day, and when the worker starts, follow what has begun or ended by its date alone."""
    today = timezone.localdate(database_now())
    if _followed.get("day") == today:
        return
    lately = today - DAYS_LOOKED_BACK
    turned = Q(certificates__valid_to__range=(lately, today)) | Q(
        account_status__valid_to__range=(lately, today)
    )
    begun = Q(account_status__valid_from__range=(lately, today))
    due = Service.objects.public().filter(turned | begun).values_list("public_id", flat=True).distinct()
    with transaction.atomic():
        for public_id in due:
            outbox.put("catalogue.index_service", {"service": public_id})
    _followed["day"] = today
