"""What the model may read: folded, bounded, cut where sentences end."""

import pytest

from search.embedding.texts import (
    MAX_TEXT,
    MAX_WINDOWS,
    WINDOW,
    language_of,
    language_of_query,
    prepared,
    text_hash,
    windows,
)

HOSTILE = {
    "expanding": "\ufdfa" * 10_000,
    "a megabyte": "ก" * 1_000_000,
    "NUL": "\0น้ำ\0ท่วม\0",
    "surrogates": "\ud800flood\udfff",
    "marks": "\u0e49" * 5_000,
    "joined accents": "e" + "\u0301" * 5_000,
    "right to left": "\u202e" + "العربية " * 500,
    "spaces": " \u3000\u2003\n\t" * 3_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_comes_is_folded_and_bounded(text):
    made = prepared(text)
    assert len(made) <= MAX_TEXT
    assert not any(one < " " or "\x7f" <= one < "\xa0" or "\ud800" <= one <= "\udfff" for one in made)
    assert prepared(made) == made
    assert made.encode("utf-8").decode("utf-8") == made
    assert sum(map(len, windows(text))) <= WINDOW * MAX_WINDOWS


def test_compatibility_forms_become_what_they_stand_for():
    assert prepared("①  ﬁre\nＣＣＴＶ") == "1 fire CCTV"
    assert prepared("\ufdfa") == "صلى الله عليه وسلم"


def test_a_short_text_is_one_window_and_nothing_is_none():
    assert windows("  ติดตามรถเก็บขยะ \n ") == ["ติดตามรถเก็บขยะ"]
    assert [windows(text) for text in ("", " \n", "\0")] == [[], [], []]


def test_a_long_text_is_cut_at_the_ends_of_sentences_and_loses_nothing():
    text = " ".join(f"Sentence number {n} says what it says of the river." for n in range(20))
    parts = windows(text)
    assert " ".join(parts) == text
    assert [part[-1] for part in parts] == ["."] * len(parts)
    assert len(parts) == -(-len(text) // WINDOW)
    assert max(map(len, parts)) < WINDOW * 1.2


def test_thai_is_cut_at_spaces_and_what_has_none_anywhere():
    spaced = " ".join(["เทศบาลติดตามรถเก็บขยะ"] * 60)
    assert " ".join(windows(spaced)) == spaced
    run = "ก" * (WINDOW * 3)
    assert "".join(windows(run)) == run
    assert [len(part) for part in windows(run)] == [WINDOW] * 3


def test_languages():
    assert [language_of(text) for text in ("กล้อง CCTV ของเทศบาล", "Smart pole เสา", "12 345", "")] == [
        "th",
        "en",
        "en",
        "en",
    ]
    assert [language_of_query(text) for text in ("CCTV", "ระบบ ERP cloud platform", "")] == ["en", "th", "en"]


def test_a_hash_is_of_the_text():
    assert text_hash("a") == text_hash("a") != text_hash("b")
