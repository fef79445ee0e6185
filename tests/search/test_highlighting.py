import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import excerpt, highlight, tokens
from search.analysis.highlighting import clusters

TEXT = st.text(st.characters(), max_size=80) | st.text(
    "กขน้ำเแไะัาิี่้์ \r\nabé\u0301👩\u200d👧🇹🇭🏽가ᄀ", max_size=80
)


def marked(segments):
    return [segment.text for segment in segments if segment.marked]


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("ติดตั้งกล้องวงจรปิด (CCTV) แล้ว", "cctv", ["กล้องวงจรปิด", "CCTV"]),
        ("ติดตั้งกล้องวงจรปิดแล้ว", "กล้อง", ["กล้อง"]),
        ("น้\u0e4d\u0e32ท่วมถนน", "น้ำท่วม", ["น้\u0e4d\u0e32ท่วม"]),
        ("ปี ๒๕๖๘", "2568", ["๒๕๖๘"]),
        ("Cameras and sensors", "sensor", ["sensors"]),
        ("กล้อง\u200bวงจร\u200bปิด", "CCTV", ["กล้อง\u200bวงจร\u200bปิด"]),
        ("<b>ขยะ</b>", "ขยะ", ["ขยะ"]),
        ("ไม่มีอะไร", "ขยะ", []),
    ],
)
def test_marks(text, asked, expected):
    assert marked(highlight(text, tokens(asked))) == expected


@given(TEXT, TEXT)
def test_segments_join_back_to_the_text(text, asked):
    segments = highlight(text, tokens(asked))
    assert "".join(segment.text for segment in segments) == text
    assert all(segment.text for segment in segments)


@given(TEXT, TEXT)
def test_no_cut_inside_a_grapheme(text, asked):
    whole = clusters(text)
    allowed = {sum(map(len, whole[:number])) for number in range(len(whole) + 1)}
    place = 0
    for segment in highlight(text, set(tokens(asked)) | set(tokens(text)[::2])):
        assert place in allowed
        place += len(segment.text)


@given(TEXT)
def test_clusters_join_back_and_none_begins_with_a_mark(text):
    pieces = clusters(text)
    assert "".join(pieces) == text
    for piece in pieces[1:]:
        assert unicodedata.category(piece[0]) not in {"Mn", "Mc", "Me"}
        assert piece[0] not in "\u0e32\u0e33\u200d"


@given(TEXT)
def test_clusters_are_never_finer_than_unicode(text):
    regex = pytest.importorskip("regex")
    places = {match.start() for match in regex.finditer(r"\X", text)}
    place = 0
    for piece in clusters(text):
        assert place in places
        place += len(piece)


@given(TEXT, st.integers(1, 100))
def test_excerpt_is_a_part_of_the_text(text, width):
    inside = "".join(segment.text for segment in excerpt(text, tokens(text), width))
    assert inside.strip("…") in text


def test_excerpt_shows_the_first_mark():
    text = "ก่อนหน้า " * 100 + "ขยะตกค้าง" + " ข้างหลัง" * 100
    segments = excerpt(text, tokens("ขยะ"), 80)
    assert marked(segments) == ["ขยะ"]
    assert (segments[0].text[0], segments[-1].text[-1]) == ("…", "…")
    assert sum(len(segment.text) for segment in segments) <= 90
