import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import MAX_TEXT, fold

THAI = st.text(st.characters(min_codepoint=0x0E00, max_codepoint=0x0E5B), max_size=60)
ANY = st.text(st.characters(), max_size=80)  # lone surrogates and NUL too


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("น้ำ", "น้ำ"),
        ("น้\u0e4d\u0e32", "น้ำ"),  # NIKHAHIT and AA after the tone, as NFKC leaves it
        ("น\u0e4d้\u0e32", "น้ำ"),  # NIKHAHIT before the tone
        ("นำ้", "น้ำ"),  # the tone typed last
        (unicodedata.normalize("NFKC", "น้ำท่วม"), "น้ำท่วม"),
        ("ที่่", "ที่"),  # a mark typed twice
        ("ท่ี", "ที่"),  # tone before vowel
        ("เเผนที่", "แผนที่"),  # two เ for one แ
        ("มาาาก", "มาก"),
        ("ขยะะ", "ขยะ"),
        ("พ.ศ. ๒๕๖๘", "พ.ศ. 2568"),
        ("กล้อง\u200bวงจร\u200dปิด\ufeff", "กล้องวงจรปิด"),
        ("CCTV  \n ＣＣＴＶ", "cctv cctv"),
        ("Café STRAẞE", "cafe strasse"),
        ("ก\x00ข\ud800ค", "ก ข ค"),
        ("", ""),
    ],
)
def test_spellings(written, folded):
    assert fold(written) == folded


@given(ANY | THAI)
def test_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(ANY | THAI)
def test_normal_forms_fold_alike(text):
    """Whichever form a keyboard or a document delivers, it is the same text."""
    clean = text.encode("utf-8", "replace").decode()
    assert fold(unicodedata.normalize("NFKC", clean)) == fold(clean)


@given(ANY | THAI)
def test_can_be_stored(text):
    fold(text).encode("utf-8")


def test_bounded():
    assert len(fold("\ufdfa" * 100_000)) <= MAX_TEXT
