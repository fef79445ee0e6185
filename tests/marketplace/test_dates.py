from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.thai.dates import (
    DateError,
    fiscal_year_of,
    fiscal_year_span,
    format_long,
    format_short,
    parse_date,
    parse_year,
    to_be,
    to_ce,
    working_days_between,
)

MEETING = date(2026, 11, 22)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "22/11/2569",
        "22/11/2026",
        "22-11-2569",
        "22.11.2569",
        " 22 / 11 / 2569 ",
        "2026-11-22",
        "2569-11-22",
        "2026/11/22",
        "๒๒/๑๑/๒๕๖๙",
        "22 พ.ย. 2569",
        "22 พย 2569",
        "22 พฤศจิกายน 2569",
        "๒๒ พฤศจิกายน พ.ศ. ๒๕๖๙",
        "วันที่ 22 พ.ย.พ.ศ.2569",
        "22 พฤศจิกายน ค.ศ. 2026",
        "22 Nov 2026",
        "22 november 2569",
    ],
)
def test_many_ways_to_type_one_day(typed: str):
    assert parse_date(typed) == MEETING


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("พรุ่งนี้", "format"),
        ("22/11", "format"),
        ("22/11-2569", "format"),
        ("22 พยจ 2569", "format"),
        ("22/11/2569 12:00", "format"),
        ("22/11/69", "ambiguous_year"),
        ("22/11/26", "ambiguous_year"),
        ("22 พ.ย. 69", "ambiguous_year"),
        ("22/11/0069", "absurd_year"),
        ("22/11/25690", "absurd_year"),
        ("22/11/1453", "absurd_year"),
        ("22/11/2300", "absurd_year"),
        ("22/11/2800", "absurd_year"),
        ("22 พฤศจิกายน พ.ศ. 2026", "absurd_year"),
        ("22 พฤศจิกายน ค.ศ. 2569", "absurd_year"),
        ("11/22/2026", "no_such_day"),
        ("31/02/2569", "no_such_day"),
        ("29/02/2569", "no_such_day"),
        ("00/11/2569", "no_such_day"),
        ("2569-13-01", "no_such_day"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_reason(typed: str, code: str):
    with pytest.raises(DateError) as refused:
        parse_date(typed)
    assert refused.value.code == code
    assert refused.value.typed == typed


def test_a_leap_day_is_checked_in_the_right_era():
    assert parse_date("29/02/2567") == date(2024, 2, 29)


@given(days)
def test_what_is_shown_can_be_typed_back(day: date):
    for language in ("th", "en"):
        assert parse_date(format_short(day, language)) == day
        assert parse_date(format_long(day, language)) == day
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day}/{day.month}/{to_be(day.year)}") == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_date_error(text: str):
    with suppress(DateError):
        assert 1900 <= parse_date(text).year <= 2100


def test_formats():
    assert format_short(MEETING) == "22 พ.ย. 2569"
    assert format_short(MEETING, "en") == "22 Nov 2026"
    assert format_long(MEETING) == "22 พฤศจิกายน 2569"
    assert format_long(MEETING, "en-gb") == "22 November 2026"


@pytest.mark.parametrize("typed", ["2570", "๒๕๗๐", "พ.ศ. 2570", "2027", " 2570 "])
def test_a_year_of_either_era(typed: str):
    assert parse_year(typed) == 2027


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "empty"), ("70", "ambiguous_year"), ("ปีหน้า", "format"), ("3000", "absurd_year")],
)
def test_a_year_that_cannot_be_trusted(typed: str, code: str):
    with pytest.raises(DateError) as refused:
        parse_year(typed)
    assert refused.value.code == code


def test_eras():
    assert to_be(2026) == 2569
    assert to_ce(2569) == 2026


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 9, 30), 2026),
        (date(2026, 10, 1), 2027),
        (date(2027, 1, 1), 2027),
        (date(2027, 9, 30), 2027),
    ],
)
def test_the_fiscal_year_starts_in_october(day: date, year: int):
    assert fiscal_year_of(day) == year


@given(days)
def test_every_day_lies_in_its_fiscal_year(day: date):
    first, last = fiscal_year_span(fiscal_year_of(day))
    assert first <= day <= last


@pytest.mark.parametrize(
    ("start", "end", "holidays", "expected"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), [], 0),
        (date(2026, 11, 20), date(2026, 11, 22), [], 0),  # Friday to Sunday
        (date(2026, 11, 20), date(2026, 11, 23), [], 1),  # Friday to Monday
        (date(2026, 11, 23), date(2026, 11, 27), [], 4),
        (date(2026, 12, 4), date(2026, 12, 11), [date(2026, 12, 7), date(2026, 12, 10)], 3),
        (
            date(2026, 12, 4),
            date(2026, 12, 11),
            [date(2026, 12, 5)],
            5,
        ),  # a holiday on a Saturday takes nothing
        (date(2026, 11, 23), date(2026, 11, 20), [], 0),
    ],
)
def test_working_days(start: date, end: date, holidays: list[date], expected: int):
    assert working_days_between(start, end, holidays) == expected


@given(
    days,
    st.integers(min_value=0, max_value=60),
    st.lists(st.integers(min_value=-5, max_value=65), max_size=8),
)
def test_working_days_agree_with_counting_them(start: date, length: int, offsets: list[int]):
    end = start + timedelta(length)
    holidays = [start + timedelta(offset) for offset in offsets]
    counted = [start + timedelta(offset) for offset in range(1, length + 1)]
    expected = sum(day.weekday() < 5 and day not in holidays for day in counted)
    assert working_days_between(start, end, holidays) == expected
