"""Dates as people in Thailand type and read them.

Stored dates are C.E.; people mostly type and read the Buddhist era (B.E. = C.E. + 543). A numeric date is
read day first, as Thai forms write it, or as ISO (year first). No Django here: callers turn
``DateError.code`` into a message in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from marketplace.thai.digits import to_arabic

BE_OFFSET = 543

# Nothing in this product happens outside these years; the two eras do not overlap inside them.
FIRST_YEAR_CE = 1900
LAST_YEAR_CE = 2100

FISCAL_YEAR_STARTS_IN = 10  # October

DateErrorCode = Literal["empty", "format", "ambiguous_year", "absurd_year", "no_such_day"]

MONTHS_TH = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
MONTHS_TH_SHORT = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class DateError(ValueError):
    """What was typed is not a date that can be trusted.

    ``code``: empty · format (not a date at all) · ambiguous_year (two-digit year) · absurd_year (outside
    1900–2100 C.E., or the era named does not fit the year) · no_such_day (month 13, 31 February).
    """

    def __init__(self, code: DateErrorCode, typed: str) -> None:
        super().__init__(f"{code}: {typed!r}")
        self.code: DateErrorCode = code
        self.typed = typed


def to_be(year_ce: int) -> int:
    """Buddhist-era year of a C.E. year: 2026 → 2569."""
    return year_ce + BE_OFFSET


def to_ce(year_be: int) -> int:
    """C.E. year of a Buddhist-era year: 2569 → 2026."""
    return year_be - BE_OFFSET


def _month_names() -> dict[str, int]:
    names: dict[str, int] = {"sept": 9}
    for number in range(1, 13):
        thai, short, english = (names_of[number - 1] for names_of in (MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN))
        for name in (thai, short, english.lower(), english[:3].lower()):
            names[name.replace(".", "")] = number
    return names


_MONTH_OF = _month_names()

_YEAR_FIRST = re.compile(r"(?P<year>\d{3,6})([/-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\s*([/.-])\s*(?P<month>\d{1,2})\s*\2\s*(?P<year>\d{1,6})")
_IN_WORDS = re.compile(
    r"(?:วัน)?(?:ที่)?\s*(?P<day>\d{1,2})\s*(?P<month>[^\W\d_][^\d\s]*?)\s*"
    r"(?P<era>พ\.?ศ\.?|ค\.?ศ\.?)?\s*(?P<year>\d{1,6})"
)
_YEAR = re.compile(r"(?P<era>พ\.?ศ\.?|ค\.?ศ\.?)?\s*(?P<year>\d{1,6})")


def parse_date(text: str) -> date:
    """Read ``22/11/2569``, ``2026-11-22``, ``๒๒/๑๑/๒๕๖๙``, ``22 พ.ย. 2569``, ``22 Nov 2026``.

    A four-digit year of either era is understood from its size. Raises ``DateError``.
    """
    typed = to_arabic(text).strip()
    if not typed:
        raise DateError("empty", text)
    for pattern in (_DAY_FIRST, _YEAR_FIRST, _IN_WORDS):
        if found := pattern.fullmatch(typed):
            break
    else:
        raise DateError("format", text)
    parts = found.groupdict()
    month = _month_number(parts["month"], text)
    year = _year_ce(parts["year"], parts.get("era"), text)
    try:
        return date(year, month, int(parts["day"]))
    except ValueError as error:
        raise DateError("no_such_day", text) from error


def parse_year(text: str) -> int:
    """Read a year of either era (``2570``, ``๒๕๗๐``, ``พ.ศ. 2570``, ``2027``) and return it in C.E.

    Raises ``DateError``.
    """
    typed = to_arabic(text).strip()
    if not typed:
        raise DateError("empty", text)
    found = _YEAR.fullmatch(typed)
    if found is None:
        raise DateError("format", text)
    return _year_ce(found["year"], found["era"], text)


def _month_number(written: str, text: str) -> int:
    if written.isdigit():
        return int(written)
    number = _MONTH_OF.get(written.replace(".", "").lower())
    if number is None:
        raise DateError("format", text)
    return number


def _year_ce(digits: str, era: str | None, text: str) -> int:
    if len(digits) < 3:
        raise DateError("ambiguous_year", text)
    year = int(digits)
    is_be = year >= to_be(FIRST_YEAR_CE) if era is None else era.startswith("พ")
    if is_be:
        year = to_ce(year)
    if not FIRST_YEAR_CE <= year <= LAST_YEAR_CE:
        raise DateError("absurd_year", text)
    return year


def format_short(day: date, language: str = "th") -> str:
    """``22 พ.ย. 2569``, or in any language but Thai ``22 Nov 2026``."""
    if language.startswith("th"):
        return f"{day.day} {MONTHS_TH_SHORT[day.month - 1]} {to_be(day.year)}"
    return f"{day.day} {MONTHS_EN[day.month - 1][:3]} {day.year}"


def format_long(day: date, language: str = "th") -> str:
    """``22 พฤศจิกายน 2569``, or in any language but Thai ``22 November 2026``."""
    if language.startswith("th"):
        return f"{day.day} {MONTHS_TH[day.month - 1]} {to_be(day.year)}"
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def fiscal_year_of(day: date) -> int:
    """C.E. year in which the Thai fiscal year of this day ends: 1 Oct 2026 → 2027 (ปีงบประมาณ 2570)."""
    return day.year + (day.month >= FISCAL_YEAR_STARTS_IN)


def fiscal_year_span(year_ce: int) -> tuple[date, date]:
    """First and last day of the fiscal year that ends in this C.E. year."""
    return date(year_ce - 1, FISCAL_YEAR_STARTS_IN, 1), date(year_ce, FISCAL_YEAR_STARTS_IN, 1) - timedelta(1)


def working_days_between(start: date, end: date, holidays: Collection[date] = ()) -> int:
    """Working days after ``start`` up to and including ``end``; 0 when ``end`` is not after ``start``.

    Saturdays, Sundays and the given holidays do not count. Asked and answered on one day is 0 days.
    """
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    days = weeks * 5 + sum((start + timedelta(offset)).weekday() < 5 for offset in range(1, rest + 1))
    return days - sum(start < holiday <= end and holiday.weekday() < 5 for holiday in set(holidays))
