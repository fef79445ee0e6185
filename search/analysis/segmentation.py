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


_Words = tuple[tuple[str, int, int], ...]  # (word, where it begins, its length as written)


class Piece(NamedTuple):
    """What stands between two spaces, by itself. `joined`: first word, how many, and their joined form."""

    words: _Words
    joined: tuple[tuple[int, int, str], ...]


#: Pieces longer than this are cut anew each time rather than kept.
_KEPT_LENGTH = 60


class Segmenter:
    """Cuts folded text into words. `abbreviations` are bare letters without dots ("อบต", "รพสต")."""

    def __init__(self, abbreviations: frozenset[str] = frozenset()) -> None:
        self.abbreviations = abbreviations
        # อบตท่าช้าง, but no word whose vowel follows; สอบตก is not reached, only the beginning of a run counts.
        heads = sorted((re.escape(a) for a in abbreviations if len(a) >= 3), key=len, reverse=True)
        self._head = re.compile(rf"(?:{'|'.join(heads) or '(?!)'})(?=[ก-ฮเ-ไ])")
        # Texts repeat the same few thousand pieces, and in new ones the same runs.
        self._kept = lru_cache(maxsize=32_768)(self._cut)
        self._kept_thai = lru_cache(maxsize=32_768)(self._thai_run)

    def words(self, folded: str) -> tuple[list[Token], dict[int, tuple[int, str]]]:
        """The words of already folded text in order, and what is written as one. Never raises.

        The second maps the number of the first word to how many words are written as one and the other form
        by which the whole is known ("wifi" for wi-fi).
        """
        words: list[Token] = []
        joined_at: dict[int, tuple[int, str]] = {}
        place = 0
        for text in folded.split(" "):
            if text:
                piece = self._kept(text) if len(text) <= _KEPT_LENGTH else self._cut(text)
                for first, count, form in piece.joined:
                    joined_at[len(words) + first] = (count, form)
                words += [Token(word, place + at, place + at + length) for word, at, length in piece.words]
            place += len(text) + 1
        return words, joined_at

    def _cut(self, text: str) -> Piece:
        words: list[tuple[str, int, int]] = []
        joined: list[tuple[int, int, str]] = []
        for match in _CHUNK.finditer(text):
            kind, chunk, start = match.lastgroup, match.group(), match.start()
            form = ""
            if kind == "thai":
                inside = self._kept_thai(chunk) if len(chunk) <= _KEPT_LENGTH else self._thai_run(chunk)
            elif kind == "abbreviation":
                inside = tuple(self._abbreviation(chunk, 0))
            elif kind == "latin":
                inside, form = _latin(chunk)
            else:
                inside = ((chunk.replace(",", "")[:MAX_WORD], 0, len(chunk)),)
            if form:
                joined.append((len(words), len(inside), form))
            words += [(word, start + at, length) for word, at, length in inside]
        return Piece(tuple(words), tuple(joined))

    def _thai_run(self, run: str) -> _Words:
        return tuple(self._thai(run, 0))

    def _abbreviation(self, text: str, start: int) -> Iterator[tuple[str, int, int]]:
        letters = text.replace(".", "")
        dotted = text[: text.rindex(".") + 1]
        if letters in self.abbreviations or dotted == text:
            # One letter abbreviates only with its dot (จ. อ. ต.), and is kept apart from stray letters.
            yield (text if len(letters) == 1 else letters), start, len(text)
            return
        yield from self._abbreviation(dotted, start)
        yield from self._thai(text[len(dotted) :], start + len(dotted))

    def _thai(self, run: str, start: int) -> Iterator[tuple[str, int, int]]:
        if run in self.abbreviations:
            yield run, start, len(run)
            return
        known = self._head.match(run)
        head = known.group() if known else ""
        if head:
            yield head, start, len(head)
        place = start + len(head)
        for cut in range(len(head), len(run), MAX_RUN):
            for word in _segment(run[cut : cut + MAX_RUN]):
                yield word[:MAX_WORD], place, len(word)
                place += len(word)


def _latin(text: str) -> tuple[_Words, str]:
    words: list[tuple[str, int, int]] = []
    for part in _HYPHENATED.finditer(text):
        pieces = _PIECE.finditer(part.group()) if _NAME_AND_NUMBER.fullmatch(part.group()) else [None]
        for piece in pieces:
            begin = part.start() + (piece.start() if piece else 0)
            word = piece.group() if piece else part.group()
            words.append((_singular(word)[:MAX_WORD], begin, len(word)))
    joined = "".join(word for word, _, _ in words)[:MAX_WORD] if 1 < len(words) <= 6 else ""
    return tuple(words), joined


def _singular(word: str) -> str:
    """cameras → camera, cities → city; the same for index and query, so a wrong one does no harm."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _segment(run: str) -> tuple[str, ...]:
    words = tuple(thaibreak.words(run))
    # Where its library is missing it answers nothing; a run as one word still finds itself.
    return words if "".join(words) == run else (run,)
