"""Words inside words, through the whole of search: `compounds.csv` says what must be found in what."""

from __future__ import annotations

import csv
from pathlib import Path

from search.analysis.dictionary import is_word
from search.analysis.folding import fold
from search.analysis.vocabulary import vocabulary
from search.documents import Document
from search.engine import Query

ROWS = list(csv.DictReader(Path(__file__).with_name("compounds.csv").open(encoding="utf-8")))
LISTS = Path(__file__).parents[2] / "search" / "analysis" / "words"


def rows(found: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["found"] == found]


class TestCompounds:
    """For every engine: 97 of 100 compounds are found by their words, and no look-alike is."""

    def test_found_and_never_false(self, empty_engine):
        texts = sorted({row["written"] for row in ROWS})
        empty_engine.rebuild(Document(f"d{n}", {"name": text}) for n, text in enumerate(texts))

        def finds(row: dict[str, str]) -> bool:
            public_id = f"d{texts.index(row['written'])}"
            return public_id in empty_engine.search(Query(row["asked"], per_page=100)).ids

        false = [(row["asked"], row["written"]) for row in rows("no") if finds(row)]
        missed = [(row["asked"], row["written"]) for row in rows("yes") if not finds(row)]
        assert false == []
        assert len(missed) <= 0.03 * len(rows("yes")), missed


def test_the_set_is_large_and_mostly_not_listed():
    """It measures the rules: most of its compounds stand in no list of parts."""
    listed = {
        (part, fold(row["word"]))
        for row in csv.DictReader((LISTS / "parts.csv").open(encoding="utf-8"))
        for part in row["parts"].split("|")
    }
    known = {row["asked"] + row["written"] for row in rows("yes") for part, word in listed
             if part == row["asked"] and word in row["written"]}  # fmt: skip
    assert len(rows("yes")) >= 60
    assert len(rows("no")) >= 30
    assert len(known) < len(rows("yes")) / 2
    assert len({(row["asked"], row["written"]) for row in ROWS}) == len(ROWS)


def test_words_of_the_dictionary():
    assert all(map(is_word, ("ขยะ", "ท่องเที่ยว", "รถยนต์ไฟฟ้า", "เซ็นเซอร์")))
    assert not any(map(is_word, ("ทวม", "ขยา", "น้ำทวม", "กล้องวงจรปิด", "", "ก", "a", "ก" * 5_000)))


def test_parts_by_rule():
    parts = vocabulary().parts_of
    assert parts("นักวิทยาศาสตร์") == ()  # two words already
    assert parts("เภสัชกร") == ("เภสัช",)
    assert parts("สนามบิน") == ("สนาม",)
    assert parts("หนังสือพิมพ์") == ("หนังสือ", "พิมพ์")
    assert parts("ร้องเรียน") == parts("เชียงใหม่") == ()
