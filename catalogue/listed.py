"""Services as lists show them: plain values, read in three queries and without a model for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from catalogue.models import Certificate, Price, Service


class ListedVendor(NamedTuple):
    public_id: str
    name_th: str
    name_en: str
    claimed: bool
    verified_at: datetime | None


class ListedAccount(NamedTuple):
    listed: bool
    register_number: str
    item_group: str
    valid_from: date | None
    valid_to: date | None
    checked_at: datetime


class ListedPrice(NamedTuple):
    amount: Decimal
    unit: str
    vat_included: bool
    note: str


class ListedCertificate(NamedTuple):
    public_id: str
    kind: str
    number: str
    valid_from: date | None
    valid_to: date | None
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A published service. ``answers`` are those of its current version; ``account`` None is unknown."""

    public_id: str
    slug: str
    name_th: str
    name_en: str
    published_at: datetime
    is_example: bool
    answers: dict[str, Any]
    vendor: ListedVendor
    account: ListedAccount | None
    prices: tuple[ListedPrice, ...]
    certificates: tuple[ListedCertificate, ...]


_OWN = ("public_id", "slug", "name_th", "name_en", "published_at", "is_example", "answers")
_COLUMNS = (
    "pk",
    "current_id",
    *_OWN[:-1],
    "current__answers",
    *(f"vendor__{name}" for name in ListedVendor._fields),
    *(f"account_status__{name}" for name in ListedAccount._fields),
)
_VENDOR = 2 + len(_OWN)
_ACCOUNT = _VENDOR + len(ListedVendor._fields)


def listed(services: QuerySet[Service]) -> list[Listed]:
    """The published services of a query, in its order."""
    rows: list[tuple[Any, ...]] = list(services.values_list(*_COLUMNS))
    prices = _by(Price.objects.filter(version__in=[row[1] for row in rows]), "version_id", ListedPrice)
    stated = Certificate.objects.filter(service__in=[row[0] for row in rows])
    certificates = _by(stated, "service_id", ListedCertificate)
    return [
        Listed(
            **dict(zip(_OWN, row[2:_VENDOR], strict=True)),
            vendor=ListedVendor(*row[_VENDOR:_ACCOUNT]),
            account=None if row[_ACCOUNT] is None else ListedAccount(*row[_ACCOUNT:]),
            prices=tuple(prices[row[1]]),
            certificates=tuple(certificates[row[0]]),
        )
        for row in rows
    ]


def _by(found: QuerySet[Any], owner: str, shape: Any) -> dict[int, list[Any]]:
    """The rows in their own order, as ``shape``, by what they belong to."""
    rows: Iterable[tuple[Any, ...]] = found.values_list(owner, *shape._fields)
    grouped: dict[int, list[Any]] = defaultdict(list)
    for of, *values in rows:
        grouped[of].append(shape(*values))
    return grouped
