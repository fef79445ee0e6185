"""A stored sort key that puts Thai names in the order of the Royal Institute dictionary.

SQLite has no ICU and PostgreSQL's order depends on how its cluster was made, so the order is computed once
and stored. The key holds only ``0-9a-z``: every collation that either database is likely to have (binary, C,
en_US, ICU) compares such strings alike.

The order: numbers by value, then Thai, then Latin (the order that Unicode's Thai locale uses), then anything
else. A vowel written before its consonant is weighed after it (เชียงใหม่ stands under ช). Tone marks,
maitaikhu and thanthakhat count only between names that are otherwise equal. Spaces and punctuation are not
weighed at all, so two different names can have the same key: order by the key and then by something unique.
"""

from __future__ import annotations

import re
import unicodedata

from marketplace.thai.digits import to_arabic

MAX_LENGTH = 255

_MAX_PRIMARY = 220
_END_OF_PRIMARY = "0"  # lower than the first character of any weight below

_CONSONANTS = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮ"
_FOLLOWING = "ะัาๅำิีึืุู"
_LEADING = "เแโใไ"
_THAI_ORDER = "ฯๆ" + _CONSONANTS + _FOLLOWING + _LEADING

# 1 stands for any weighed character without a mark; marks follow the character that carries them.
_UNMARKED = "1"
_MARKS = {mark: str(weight) for weight, mark in enumerate("็่้๊๋์", start=2)}
_RARE_MARKS = dict.fromkeys("ฺํ๎", "8")

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_FIRST_THAI = 2 * 36  # Thai weights are "20" upwards, after numbers ("1…") and before Latin ("4…")
_THAI_WEIGHT = {
    letter: _BASE36[(_FIRST_THAI + rank) // 36] + _BASE36[(_FIRST_THAI + rank) % 36]
    for rank, letter in enumerate(_THAI_ORDER)
}

_NIKHAHIT_AA = re.compile("\N{THAI CHARACTER NIKHAHIT}([\u0e48-\u0e4b]?)\N{THAI CHARACTER SARA AA}")
_LEADING_PAIR = re.compile(f"([{_LEADING}])([{_CONSONANTS}])")
_TOKEN = re.compile(r"[0-9]+|.", re.DOTALL)


def sort_key(text: str) -> str:
    """Return a key of at most 255 characters; comparing keys as plain strings gives dictionary order."""
    primary: list[str] = []
    secondary: list[str] = []
    room = _MAX_PRIMARY
    for token in _TOKEN.findall(_prepared(text)):
        weight, mark = _weigh(token)
        if len(weight) > room:
            break
        room -= len(weight)
        primary.append(weight)
        secondary.append(mark)
    marks = "".join(secondary).rstrip(_UNMARKED)
    return ("".join(primary) + _END_OF_PRIMARY + marks)[:MAX_LENGTH]


def _prepared(text: str) -> str:
    """Fold the spellings that mean the same and put each leading vowel behind its consonant."""
    folded = unicodedata.normalize("NFKD", to_arabic(text)).casefold()
    folded = folded.replace("เเ", "แ")
    folded = _NIKHAHIT_AA.sub("\\1\N{THAI CHARACTER SARA AM}", folded)
    return _LEADING_PAIR.sub(r"\2\1", folded)


def _weigh(token: str) -> tuple[str, str]:
    """Return the primary weight of a character or number (may be empty) and its secondary weight."""
    if token in _THAI_WEIGHT:
        return _THAI_WEIGHT[token], _UNMARKED
    if token in _MARKS:
        return "", _MARKS[token]
    if token in _RARE_MARKS:
        return "", _RARE_MARKS[token]
    if token.isascii() and token.isdigit():
        number = (token.lstrip("0") or "0")[:35]
        return f"1{_BASE36[len(number)]}{number}", _UNMARKED
    if token.isascii() and token.isalpha():
        return f"4{token}", _UNMARKED
    if unicodedata.combining(token):
        return "", "9"
    if token.isalpha():
        return f"z{ord(token):06x}", _UNMARKED
    return "", ""
