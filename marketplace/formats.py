"""Dates, sums and spans of time as the reader of this language writes them.

Dates follow the clock of Thailand: Buddhist era in Thai, C.E. in English.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from marketplace.thai import dates

PRICE_UNITS = {
    "once": gettext_lazy("once"),
    "month": gettext_lazy("per month"),
    "user": gettext_lazy("per user"),
    "device": gettext_lazy("per device"),
}


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def thai_date(value: date | datetime | None) -> str:
    """``22 พ.ย. 2569`` or ``22 Nov 2026``; nothing for nothing."""
    return dates.format_short(_local(value), _language()) if value else ""


def thai_datetime(value: datetime | None) -> str:
    """``22 พ.ย. 2569 เวลา 09.40 น.`` or ``22 Nov 2026, 09:40``."""
    if not value:
        return ""
    local = _local(value)
    parts = {"day": dates.format_short(local, _language()), "hour": f"{local:%H}", "minute": f"{local:%M}"}
    return _("%(day)s, %(hour)s:%(minute)s") % parts


def partial_date(text: str) -> str:
    """A date as exact as its source: ``2023-11-23``, ``2023-11`` or ``2023``; anything else as it is."""
    parts = text.split("-")
    if not text or not all(part.isdigit() for part in parts):
        return text
    if len(parts) == 3:
        return thai_date(date.fromisoformat(text))
    if len(parts) == 2:
        months = dates.MONTHS_TH if _language() == "th" else dates.MONTHS_EN
        return f"{months[int(parts[1]) - 1]} {year(int(parts[0]))}"
    return year(int(text))


def year(value: int | None) -> str:
    """A stored C.E. year as the reader counts: 2026 → ``2569`` in Thai."""
    if not value:
        return ""
    return str(dates.to_be(int(value)) if _language() == "th" else value)


def working_age(value: date | datetime | int | None) -> str:
    """Working days since then (or that many): ``3 วันทำการ``, ``today``."""
    if value is None or value == "":
        return ""
    if not isinstance(value, int):
        since = _local(value)
        since = since.date() if isinstance(since, datetime) else since
        value = dates.working_days_between(since, timezone.localdate())
    if value == 0:
        return _("today")
    return ngettext("%(days)d working day", "%(days)d working days", value) % {"days": value}


# Numbers


def number(value: Any) -> str:
    """1200000 → ``1,200,000``; decimals stay as few as they are."""
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        value = Decimal(str(round(value, 2)))
    text = f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def baht(value: Any) -> str:
    """``1,200,000 บาท`` or ``THB 1,200,000``; satang only where there are some."""
    if value is None or value == "":
        return ""
    amount = Decimal(str(value)).quantize(Decimal("0.01"))
    text = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return _("THB %(amount)s") % {"amount": text}


def price_unit(unit: str) -> str:
    """once · month · user · device, in words."""
    return str(PRICE_UNITS.get(unit, unit))


def points(value: Any) -> str:
    """A score: whole, or with one decimal where it has one; no thousands, no local sign."""
    return f"{float(value or 0):.1f}".removesuffix(".0")
