"""The index of published services: its description, its documents, and the worker's handlers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalogue.documents import search_document
from catalogue.models import Service
from marketplace.models import database_now
from search.documents import Document, Field, IndexDescription, Kind
from search.engine import get_engine

NAME = "services"
FACETS = ("dimension", "kind", "region", "deployment", "standard", "language", "certificate", "account")

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
    assert service.current is not None and service.published_at is not None
    return Document(
        service.public_id,
        search_document(
            service.current.answers,
            vendor_names=(service.vendor.name_th, service.vendor.name_en),
            sort_key=service.sort_key,
            published_at=service.published_at,
            checked=checked_facets(service),
        ),
    )


def checked_facets(service: Service) -> list[tuple[str, str]]:
    """Facets that rest on evidence, not on answers: certificates in force and the account."""
    day = database_now().date()
    pairs = {
        ("certificate", c.kind) for c in service.certificates.all() if c.valid_to is None or c.valid_to >= day
    }
    status = getattr(service, "account_status", None)
    if status is not None and status.listed and (status.valid_to is None or status.valid_to >= day):
        pairs.add(("account", "listed"))
    return sorted(pairs)


def _indexed() -> Any:
    return (
        Service.objects.public()
        .select_related("current", "vendor", "account_status")
        .prefetch_related("certificates")
    )


def all_documents() -> Iterator[Document]:
    """Every public service's document, for a rebuild."""
    for service in _indexed().order_by("pk").iterator(chunk_size=500):
        yield document(service)


def index_service(payload: dict[str, Any]) -> None:
    """Outbox handler: let the index say of one service what is public now, or nothing."""
    _follow([payload["service"]])


def index_vendor(payload: dict[str, Any]) -> None:
    """Outbox handler: follow a change of a vendor with all its services."""
    _follow(
        list(
            Service.objects.filter(vendor__public_id=payload["organisation"])
            .exclude(published_at=None)
            .values_list("public_id", flat=True)
        )
    )


def _follow(public_ids: list[str]) -> None:
    shown = {s.public_id: document(s) for s in _indexed().filter(public_id__in=public_ids)}
    engine = get_engine(NAME)
    if shown:
        engine.index(shown.values())
    hidden = [public_id for public_id in public_ids if public_id not in shown]
    if hidden:
        engine.remove(hidden)
