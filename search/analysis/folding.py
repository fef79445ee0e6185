"""One spelling for what readers take for the same text. Only what is compared changes, never stored text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Characters of one text that are looked at; what follows is ignored.
MAX_TEXT = 20_000

SARA_AA, SARA_AM, NIKHAHIT = "\u0e32", "\u0e33", "\u0e4d"
THAI_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"

# Nothing to fold but case and Thai: saves the Unicode normalisation for nearly every real text.
_PLAIN = re.compile(r"[\x20-\x7e\u0e01-\u0e5b]*")
_SPACES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Zero-width, soft hyphen, bidi controls, variation selectors, tags: unseen, so they may not divide words.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_THAI_DIGIT = re.compile("[๐-๙]")
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_DOUBLED_E = re.compile("เเ")
_DOUBLED_VOWEL = re.compile("ะะ+")
_VOWEL_RUN = re.compile(f"[{SARA_AA}{SARA_AM}{THAI_MARKS}]{{2,}}")
_MARK_CLASS = {"\u0e47": 1, "\u0e4c": 3, "\u0e4e": 3, NIKHAHIT: 4} | dict.fromkeys(
    "\u0e48\u0e49\u0e4a\u0e4b", 2
)


def fold(text: str) -> str:
    """`text` for comparing: one spelling of vowels and marks, lower case, Western digits, single spaces.

    Total (any str, lone surrogates and NUL too), idempotent, at most MAX_TEXT characters.
    """
    return " ".join(fold_part(text[:MAX_TEXT]).split())[:MAX_TEXT].rstrip()


def fold_part(text: str) -> str:
    """`fold` without the bounds and without touching spaces: parts cut at clusters fold as the whole."""
    if _PLAIN.fullmatch(text):
        return _fold_thai(text.lower())
    text = _UNSEEN.sub("", _SPACES.sub(" ", text))
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    text = unicodedata.normalize("NFKC", _ACCENTS.sub("", text))
    return _fold_thai(_UNSEEN.sub("", text).lower())


def _fold_thai(text: str) -> str:
    if _THAI_DIGIT.search(text):
        text = text.translate(_DIGITS)
    text = _DOUBLED_E.sub("แ", text)
    return _VOWEL_RUN.sub(_order_marks, _DOUBLED_VOWEL.sub("ะ", text))


def _order_marks(run: re.Match[str]) -> str:
    return _ordered(run.group()[:64])


@lru_cache(maxsize=2048)
def _ordered(run: str) -> str:
    """Vowel signs, then tone, then silencer, each once; NIKHAHIT with AA is SARA AM, the tone before it.

    NFKC takes น้ำ apart and people type its signs in any order: all come out as one.
    """
    marks = set(run) - {SARA_AA, SARA_AM}
    if SARA_AM in run:
        marks.add(NIKHAHIT)
    long_vowel = SARA_AA in run or SARA_AM in run
    tail = ""
    if long_vowel and NIKHAHIT in marks:
        marks.remove(NIKHAHIT)
        tail = SARA_AM
    elif long_vowel:
        tail = SARA_AA
    return "".join(sorted(marks, key=lambda mark: (_MARK_CLASS.get(mark, 0), mark))) + tail
