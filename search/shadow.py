"""Our words as letters that an engine leaves alone.

Meilisearch drops Thai tone marks and cuts Thai by a dictionary of its own. So it is given our tokens with
every Thai code point as one Ethiopic letter, which it neither cuts nor normalises; Latin and digits stay. A
typo in one code point stays one typo.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LETTERS = [chr(code) for code in range(0x1200, 0x135B) if unicodedata.category(chr(code)) == "Lo"]
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789"
_THAI = [chr(code) for code in range(0x0E01, 0x0E5C)]
_OTHERS = ["=", "."]  # inside our tokens: names of concepts, decimals
_ESCAPE = _LETTERS[len(_THAI) + len(_OTHERS) + len(_PLAIN)]
_DIGITS = _LETTERS[_LETTERS.index(_ESCAPE) + 1 :][:128]
_TO_LETTER = dict(zip([*_THAI, *_OTHERS, *_PLAIN], _LETTERS, strict=False))
_FROM_LETTER = {letter: char for char, letter in _TO_LETTER.items()} | {char: char for char in _PLAIN}
_HEX = str.maketrans({digit: _TO_LETTER[digit] for digit in "0123456789abcdef"})
_LATIN = re.compile(f"[{_PLAIN}]+")
#: Letters of one word; the engine forgets words of more than about 250 bytes, and these take three each.
MAX_LETTERS = 80


@lru_cache(maxsize=65_536)
def encode(token: str) -> str:
    """One token of the analysis as one word for the engine; equal tokens and only they give equal words.

    A word of a–z and 0–9 alone stays; in any other every character becomes a letter, because the server would
    cut where scripts meet. Any but Thai, a–z, 0–9, "=" and "." becomes four letters. A word of more than
    MAX_LETTERS keeps its beginning and ends in a digest: such a word is found, but cannot be decoded.
    """
    if len(token) <= MAX_LETTERS and _LATIN.fullmatch(token):
        return token
    word = "".join([_TO_LETTER.get(char) or _escaped(char) for char in token])
    if len(word) <= MAX_LETTERS:
        return word
    digest = hashlib.blake2b(word.encode(), digest_size=10).hexdigest().translate(_HEX)
    return word[: MAX_LETTERS - len(digest)] + digest


def encode_all(tokens: Iterable[str]) -> str:
    """The tokens as a text for the engine, in order."""
    return " ".join([encode(token) for token in tokens])


def decode(word: str) -> str:
    """The token of a word that `encode` gave for at most MAX_LETTERS letters."""
    found: list[str] = []
    place = 0
    while place < len(word):
        if word[place] == _ESCAPE:
            found.append(_unescaped(word[place + 1 : place + 4]))
            place += 4
        else:
            found.append(_FROM_LETTER[word[place]])
            place += 1
    return "".join(found)


def _escaped(char: str) -> str:
    code = ord(char)
    return _ESCAPE + _DIGITS[code >> 14] + _DIGITS[code >> 7 & 127] + _DIGITS[code & 127]


def _unescaped(digits: str) -> str:
    high, middle, low = (_DIGITS.index(digit) for digit in digits)
    return chr(high << 14 | middle << 7 | low)
