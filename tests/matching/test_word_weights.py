"""Counting words for a new version of the weights."""

from __future__ import annotations

import json
from pathlib import Path

from matching import scoring
from matching.management.commands.word_weights import classify, written

FILE = Path(scoring.__file__).with_name("weights-1.json")


def test_words_go_into_the_first_class_that_they_reach() -> None:
    texts = [frozenset(["all", "half", "the"])] * 2 + [frozenset(["all", "the"]), frozenset(["all", "rare"])]
    classes = [
        {"weight": 0, "at_least": None, "words": ["the"]},
        {"weight": 2, "at_least": "1/2", "words": ["from another time"]},
        {"weight": 1, "at_least": "3/4", "words": []},
    ]
    classify(classes, texts)
    assert [one["words"] for one in classes] == [["the"], ["half"], ["all"]]


def test_a_file_is_written_as_it_is_read() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert written(json.loads(text)) == text
