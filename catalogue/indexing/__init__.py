"""The indexes of this room: what each knows, and the worker's handlers that keep them as the database is.

A module an index: its description, a public row's document, all documents for a rebuild.
"""

from __future__ import annotations

from typing import Any

from catalogue.indexing import cities, meaning, services, vendors
from catalogue.indexing.cities import index_cities
from catalogue.indexing.following import TOGETHER, follow, rebuild
from catalogue.indexing.services import (
    FACETS,
    INDEX,
    NAME,
    all_documents,
    document,
    follow_calendar,
    index_services,
)

__all__ = [
    "FACETS",
    "INDEX",
    "NAME",
    "TOGETHER",
    "all_documents",
    "cities",
    "document",
    "follow",
    "follow_calendar",
    "index_cities",
    "index_services",
    "index_vendor",
    "meaning",
    "rebuild",
    "services",
    "vendors",
]


def index_vendor(payload: dict[str, Any]) -> None:
    """Outbox handler: follow a change of an organisation, as a vendor and with all its services."""
    # The services first: what hides a vendor hides them, even where the vendors' index is away.
    services.follow_vendor(payload["organisation"])
    vendors.follow_vendor(payload["organisation"])
