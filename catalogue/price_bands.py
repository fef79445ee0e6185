"""Bands of prices to narrow a list by. Prices count as they are stated, with VAT or without."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

FACET = "price"
PER_UNIT, UNKNOWN = "per_unit", "unknown"
# Unit → (code, highest amount in baht), in order; the last has no end. 500,000 once is as far as a city may
# buy by the specific method.
BANDS: dict[str, tuple[tuple[str, Decimal | None], ...]] = {
    "month": (
        ("month_5k", Decimal(5_000)),
        ("month_20k", Decimal(20_000)),
        ("month_100k", Decimal(100_000)),
        ("month_more", None),
    ),
    "once": (("once_100k", Decimal(100_000)), ("once_500k", Decimal(500_000)), ("once_more", None)),
}


def bands(prices: Iterable[tuple[str, Decimal]]) -> list[str]:
    """The codes for (unit, amount) pairs: the band of the lowest price of each unit; "unknown" for no price.

    What costs by user or device can't be put beside a sum, and has a code of its own.
    """
    lowest: dict[str, Decimal] = {}
    for unit, amount in prices:
        lowest[unit] = min(amount, lowest.get(unit, amount))
    codes = {
        next(code for code, highest in BANDS[unit] if highest is None or amount <= highest)
        if unit in BANDS
        else PER_UNIT
        for unit, amount in lowest.items()
    }
    return sorted(codes) or [UNKNOWN]


def facets(prices: Iterable[Any]) -> list[tuple[str, str]]:
    """(facet, code) pairs for the prices of a version."""
    return [(FACET, code) for code in bands((price.unit, price.amount) for price in prices)]


def words() -> dict[str, str]:
    """What each code is called, in the order in which they are shown."""
    return {
        "month_5k": _("A month: up to 5,000 baht"),
        "month_20k": _("A month: up to 20,000 baht"),
        "month_100k": _("A month: up to 100,000 baht"),
        "month_more": _("A month: more than 100,000 baht"),
        "once_100k": _("Once: up to 100,000 baht"),
        "once_500k": _("Once: up to 500,000 baht"),
        "once_more": _("Once: more than 500,000 baht"),
        PER_UNIT: _("By user or device"),
        UNKNOWN: _("Not stated"),
    }
