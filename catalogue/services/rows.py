"""Prices and references of a version, checked before they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from catalogue.models.services import Unit
from marketplace.errors import Invalid

MAX_ROWS = 20
FIRST_YEAR, LAST_YEAR = 1990, 2100


def clean_prices(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of amount (baht), unit, vat_included, note, fit to be stored.

    Raises:
        Invalid: under ``prices``, saying what is wrong.
    """
    _count(rows, "prices")
    return [_price(row) for row in rows]


def _price(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        amount = Decimal(str(row["amount"]))
    except (InvalidOperation, KeyError):
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 12:
        raise Invalid({"prices": _("A price is a positive amount in baht below one trillion.")})
    if row.get("unit") not in Unit.values:
        raise Invalid({"prices": _("Choose what the price is for: once, a month, a user or a device.")})
    if not isinstance(row.get("vat_included"), bool):
        raise Invalid({"prices": _("Say whether the price includes VAT.")})
    note = str(row.get("note") or "").replace("\x00", "").strip()
    return {
        "amount": amount.quantize(Decimal("0.01")),
        "unit": row["unit"],
        "vat_included": row["vat_included"],
        "note": note[:200],
    }


def clean_references(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of city or name, since_year (C.E.), scale, fit to be stored.

    Raises:
        Invalid: under ``references``, saying what is wrong.
    """
    _count(rows, "references")
    return [_reference(row) for row in rows]


def _reference(row: Mapping[str, Any]) -> dict[str, Any]:
    city, name = row.get("city"), str(row.get("name") or "").replace("\x00", "").strip()
    if city is None and not name:
        raise Invalid({"references": _("Name the city or the organisation that uses it.")})
    year = row.get("since_year")
    if year is not None and (not isinstance(year, int) or not FIRST_YEAR <= year < LAST_YEAR):
        raise Invalid({"references": _("Write the year as 2569 or 2026.")})
    scale = str(row.get("scale") or "").replace("\x00", "").strip()
    return {"city": city, "name": name[:200], "since_year": year, "scale": scale[:200]}


def _count(rows: Sequence[Mapping[str, Any]], field: str) -> None:
    if len(rows) > MAX_ROWS:
        raise Invalid(
            {field: _("At most %(max)s items; there are %(count)s.") % {"max": MAX_ROWS, "count": len(rows)}}
        )
