from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.thai.digits import to_arabic


def test_thai_digits_become_arabic_and_the_rest_stays():
    assert to_arabic("โทร. ๐๒-๑๒๓-๔๕๖๗ ต่อ 89") == "โทร. 02-123-4567 ต่อ 89"


@given(st.text())
def test_nothing_but_thai_digits_changes(text: str):
    changed = to_arabic(text)
    assert len(changed) == len(text)
    assert to_arabic(changed) == changed
    assert all(new == old or old in "๐๑๒๓๔๕๖๗๘๙" for old, new in zip(text, changed, strict=True))


@given(st.integers(min_value=0))
def test_every_number_survives(number: int):
    thai = str(number).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert int(to_arabic(thai)) == number
