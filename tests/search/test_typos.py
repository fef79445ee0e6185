"""Mistyped queries, for every engine: what was meant is found, and nothing is found that was not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from search.analysis import fold, typos_between, wholes
from search.documents import Document
from search.engine import Match, OneOf, Query

# Thai words, Latin words, and words that are right but of things that the index does not have.
THAI, LATIN, OTHERS = (
    line.split() for line in Path(__file__).with_name("typos.txt").read_text(encoding="utf-8").splitlines()
)
LETTERS = {"th": "กขคงจชดตถทนบปพมยรลวสหอะาิีุูเแโ่้", "en": "abcdefghijklmnopqrstuvwxyz"}


def mistyped(word: str, chance: random.Random) -> str:
    """One letter left out, added, changed, or swapped with the next."""
    letter = chance.choice(LETTERS["en" if word.isascii() else "th"])
    place = chance.randrange(len(word) - 1)
    return chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
    )


def mistakes(count: int) -> list[tuple[str, str]]:
    """(word, mistyped word) of at least five letters; what folds to the word itself is no mistake."""
    chance = random.Random(7)
    found: list[tuple[str, str]] = []
    while len(found) < count:
        word = chance.choice(THAI + LATIN)
        wrong = mistyped(word, chance)
        if len(wrong) >= 5 and fold(wrong) != fold(word):
            found.append((word, wrong))
    return found


@pytest.fixture
def listing(empty_engine):
    """A service for each word, its name written without a space as Thai is."""
    names = {
        word: f"smart {word} system" if word.isascii() else f"ระบบ{word}สำหรับเมือง" for word in THAI + LATIN
    }
    body = "บริการของเทศบาลและประชาชนทั่วไป"
    empty_engine.rebuild(
        Document(f"d{n}", {"name": names[word], "body": body}) for n, word in enumerate(names)
    )
    return empty_engine


class TestTypos:
    def test_most_mistyped_words_find_what_was_meant(self, listing):
        places = {word: f"d{n}" for n, word in enumerate(THAI + LATIN)}
        made = mistakes(300)
        missed = [
            (word, wrong) for word, wrong in made if places[word] not in listing.search(Query(wrong)).ids[:10]
        ]
        assert len(missed) <= 0.1 * len(made), missed

    @pytest.mark.parametrize("text", OTHERS)
    def test_a_word_that_is_right_finds_nothing_else(self, listing, text):
        results = listing.search(Query(text))
        assert results.suggestion is None
        assert results.relaxed or not results.ids  # some of its words, at most

    def test_says_what_was_looked_for(self, listing):
        results = listing.search(Query("กล้องวจรปิด", highlight=["name"]))
        assert (results.ids[0], results.suggestion) == ("d0", "กล้องวงจรปิด")
        marked = [one.text for one in results.highlights["d0"]["name"] if one.marked]
        assert marked == ["กล้องวงจรปิด"]
        assert listing.search(Query("Survelliance camera")).suggestion == "surveillance camera"

    def test_what_is_found_as_it_stands_gains_nothing(self, listing):
        exact = listing.search(Query("แพลตฟอร์ม"))
        assert exact.suggestion is None
        listing.index([Document("near", {"name": "แพลตฟอม"})])
        both = listing.search(Query("แพลตฟอร์ม"))
        assert (both.ids, both.suggestion) == (exact.ids, None)

    def test_short_words_and_quotes_are_meant_as_they_stand(self, listing):
        listing.index([Document("short", {"name": "ฝุ่น park"})])
        for text in ("ฝุ่ม", "parc", '"กล้องวจรปิด"', '"survellance"'):
            assert listing.search(Query(text)).suggestion is None

    def test_intolerant_and_whole_sentences(self, listing):
        assert listing.search(Query("survellance", tolerant=False)).ids == ()
        assert listing.search(Query("survellance", match=Match.ANY)).suggestion is None

    def test_filters_hold_for_mended_queries(self, listing):
        results = listing.search(Query("survellance", filters=[OneOf("id", ["d1", "d2"])]))
        assert (results.ids, results.total) == ((), 0)


def test_typos_between():
    assert typos_between("ขยะ", "ขยะ", 2) == 0
    assert typos_between("กล้อง", "กลอง", 2) == 1
    assert typos_between("weather", "waether", 2) == 1  # swapped
    assert typos_between("ab", "abcdef", 2) == 3  # more than two


def test_wholes():
    assert {"กล้องวงจรปิด", "วงจรปิด", "กล้อง"} <= wholes("ติดตั้งกล้องวงจรปิดในเมือง")
    assert "ในเมือง" not in wholes("กล้องในเมืองใหญ่")  # begins with a stop word
    assert wholes("smart parking") == {"smart", "parking"}
    assert len(wholes(" ".join(f"คำ{n}ยาวมากมาย" for n in range(20_000)))) < 6_000
