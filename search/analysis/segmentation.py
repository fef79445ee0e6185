"""Folded text → words: Thai by thaibreak, Latin words and numbers by rule, everything else by script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import thaibreak

#: A Thai run longer than this is cut before it is segmented: its cost stays linear, whatever is pasted.
MAX_RUN = 400
#: A longer word is cut: engines refuse terms of some kilobytes.
MAX_WORD = 40

# Loads the dictionary while the import lock is held: thaibreak's own first use is not safe between threads.
thaibreak.words("ก")


class Token(NamedTuple):
    """A word of folded text with the place it was found at (code points of the folded text)."""

    text: str
    start: int
    end: int


class Chunk(NamedTuple):
    """Words written as one, and the other form by which the whole is known ("wifi" for wi-fi), or ""."""

    words: tuple[Token, ...]
    joined: str


_CHUNK = re.compile(
    r"""
    (?P<abbreviation> (?<![ก-๎]) (?:[ก-ฮ]{1,4}\.)+ (?:[ก-ฮ]{1,4}(?![ก-๎.]))? )  # อบต. รพ.สต. รพ.สต
  | (?P<thai> [ก-ฮะ-ฺเ-ๅ็-๎]+ )                                  # not ๆ ฯ ฿: they divide
  | (?P<number> [0-9]{1,3} (?:,[0-9]{3})+ (?![0-9,]) (?:\.[0-9]+)? )
  | (?P<latin> [a-z0-9]+ (?: (?<=[0-9]) \.[0-9]+ )* (?: [-'’] [a-z0-9]+ (?: (?<=[0-9]) \.[0-9]+ )* )* )
  | (?P<han> [\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff] )  # no spaces between words: one by one
  | (?P<other> (?: (?![ก-๛a-z0-9\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]) [^\W_] )+ )
    """,
    re.VERBOSE,
)
_PIECE = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*")
_HYPHENATED = re.compile(r"[^-'’]+")
# PM2.5, ISO27001, COVID19 are a name and a number; 5G, 4K, H2O, web3 are names.
_NAME_AND_NUMBER = re.compile(r"[a-z]{2,}(?:[0-9]{2,}|[0-9]+\.[0-9]+)")


class Segmenter:
    """Cuts folded text into chunks. `abbreviations` are bare letters without dots ("อบต", "รพสต")."""

    def __init__(self, abbreviations: frozenset[str] = frozenset()) -> None:
        self.abbreviations = abbreviations
        # อบตท่าช้าง, but no word whose vowel follows; สอบตก is not reached, only the beginning of a run counts.
        heads = sorted((re.escape(a) for a in abbreviations if len(a) >= 3), key=len, reverse=True)
        self._head = re.compile(rf"(?:{'|'.join(heads) or '(?!)'})(?=[ก-ฮเ-ไ])")

    def chunks(self, folded: str) -> Iterator[Chunk]:
        """The chunks of already folded text, in order. Never raises."""
        for match in _CHUNK.finditer(folded):
            kind, start, text = match.lastgroup, match.start(), match.group()
            if kind == "thai":
                for word in self._thai(text, start):
                    yield Chunk((word,), "")
            elif kind == "abbreviation":
                yield from self._abbreviation(text, start)
            elif kind == "latin":
                yield _latin(text, start)
            else:
                bare = text.replace(",", "")[:MAX_WORD]
                yield Chunk((Token(bare, start, match.end()),), "")

    def _abbreviation(self, text: str, start: int) -> Iterator[Chunk]:
        letters = text.replace(".", "")
        dotted = text[: text.rindex(".") + 1]
        if letters in self.abbreviations or dotted == text:
            # One letter abbreviates only with its dot (จ. อ. ต.), and is kept apart from stray letters.
            name = text if len(letters) == 1 else letters
            yield Chunk((Token(name, start, start + len(text)),), "")
            return
        yield from self._abbreviation(dotted, start)
        for word in self._thai(text[len(dotted) :], start + len(dotted)):
            yield Chunk((word,), "")

    def _thai(self, run: str, start: int) -> Iterator[Token]:
        if run in self.abbreviations:
            yield Token(run, start, start + len(run))
            return
        known = self._head.match(run)
        head = known.group() if known else ""
        if head:
            yield Token(head, start, start + len(head))
        place = start + len(head)
        for cut in range(len(head), len(run), MAX_RUN):
            for word in _thai_words(run[cut : cut + MAX_RUN]):
                yield Token(word[:MAX_WORD], place, place + len(word))
                place += len(word)


def _latin(text: str, start: int) -> Chunk:
    words: list[Token] = []
    for part in _HYPHENATED.finditer(text):
        pieces = _PIECE.finditer(part.group()) if _NAME_AND_NUMBER.fullmatch(part.group()) else [None]
        for piece in pieces:
            begin = start + part.start() + (piece.start() if piece else 0)
            word = piece.group() if piece else part.group()
            words.append(Token(_singular(word)[:MAX_WORD], begin, begin + len(word)))
    joined = "".join(word.text for word in words)[:MAX_WORD] if 1 < len(words) <= 6 else ""
    return Chunk(tuple(words), joined)


def _singular(word: str) -> str:
    """cameras → camera, cities → city; the same for index and query, so a wrong one does no harm."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _thai_words(run: str) -> tuple[str, ...]:
    return _cached_words(run) if len(run) <= MAX_WORD else _segment(run)


def _segment(run: str) -> tuple[str, ...]:
    words = tuple(thaibreak.words(run))
    # Where its library is missing it answers nothing; a run as one word still finds itself.
    return words if "".join(words) == run else (run,)


_cached_words = lru_cache(maxsize=16_384)(_segment)
