"""Marks words in a text as it was written. Returns segments, never markup: the page escapes each of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from search.analysis.folding import fold_part
from search.analysis.units import units


class Segment(NamedTuple):
    """A piece of the text, and whether it is to be marked."""

    text: str
    marked: bool


class _Saying(NamedTuple):
    """The clusters from `first` to `last` say any of `names`; not marked where one of `closer` is."""

    names: tuple[str, ...]
    first: int
    last: int
    closer: tuple[str, ...] = ()


#: Characters of a text in which words are marked; what follows stays as it is.
MAX_MARKED = 4_000
#: Longer texts are analysed again each time rather than kept.
_CACHED_LENGTH = 1_000


def highlight(text: str, terms: Collection[str]) -> tuple[Segment, ...]:
    """`text` in pieces that join back to it exactly; those that say one of `terms` (see `tokens`) are marked.

    Never divides a grapheme: a cut falls only where `clusters` allows one. Never raises.
    """
    wanted = frozenset(terms)
    if not wanted:
        return (Segment(text, False),) if text else ()
    pieces, sayings = _analysed(text) if len(text) <= _CACHED_LENGTH else _analyse(text)
    marks = [False] * len(pieces)
    for saying in sayings:
        if not wanted.isdisjoint(saying.names) and wanted.isdisjoint(saying.closer):
            marks[saying.first : saying.last + 1] = [True] * (saying.last + 1 - saying.first)
    segments: list[Segment] = []
    begin = 0
    for place in range(1, len(pieces) + 1):
        if place == len(pieces) or marks[place] != marks[begin]:
            segments.append(Segment("".join(pieces[begin:place]), marks[begin]))
            begin = place
    return tuple(segments)


def excerpt(text: str, terms: Collection[str], width: int = 200) -> tuple[Segment, ...]:
    """`highlight`, shortened to about `width` characters around the first mark, with … where it was cut."""
    segments = highlight(text, terms)
    if len(text) <= width:
        return segments
    before = 0
    for segment in segments:
        if segment.marked:
            break
        before += len(segment.text)
    first = before if before < len(text) else 0
    begin = max(0, min(first - width // 4, len(text) - width))
    return _window(segments, begin, begin + width)


def clusters(text: str) -> list[str]:
    """`text` cut wherever readers would not see a cut; somewhat coarser than Unicode's extended graphemes."""
    pieces: list[str] = []
    begin = 0
    for place in range(1, len(text)):
        if not _joins(text[place - 1], text[place]):
            pieces.append(text[begin:place])
            begin = place
    if text:
        pieces.append(text[begin:])
    return pieces


def _analyse(text: str) -> tuple[tuple[str, ...], tuple[_Saying, ...]]:
    """The clusters of a text and what they say. Folds cluster by cluster to know the places."""
    pieces = tuple(clusters(text))
    owners: list[int] = []
    folded: list[str] = []
    for number, piece in enumerate(pieces):
        if len(owners) >= MAX_MARKED:
            break
        part = _folded(piece) if len(piece) < 8 else fold_part(piece)
        folded.append(part)
        owners.extend([number] * len(part))
    sayings: list[_Saying] = []
    for unit in units("".join(folded)[:MAX_MARKED]):
        sayings += [_Saying((word.text,), owners[word.start], owners[word.end - 1]) for word in unit.words]
        first, last = owners[unit.start], owners[unit.end - 1]
        if unit.names:
            sayings.append(_Saying(unit.names, first, last))
        if unit.also:
            # Whoever looks for ขยะ sees it marked in แจ้งขยะตกค้าง, not all that is said about it.
            written = tuple(word.text for word in unit.words) if len(unit.words) > 1 else ()
            sayings.append(_Saying(unit.also, first, last, written))
    return pieces, tuple(sayings)


# Texts repeat the same few thousand clusters, and pages the same few hundred short texts.
_folded = lru_cache(maxsize=8192)(fold_part)
_analysed = lru_cache(maxsize=512)(_analyse)


def _window(segments: tuple[Segment, ...], begin: int, end: int) -> tuple[Segment, ...]:
    """The clusters that begin in [begin, end) of the text, joined by their marks again."""
    kept: list[Segment] = []
    place = 0
    for segment in segments:
        inside = []
        if place < end and place + len(segment.text) > begin:
            at = place
            for piece in clusters(segment.text):
                if begin <= at < end:
                    inside.append(piece)
                at += len(piece)
        if inside:
            kept.append(Segment("".join(inside), segment.marked))
        place += len(segment.text)
    head = [Segment("…", False)] if begin > 0 else []
    tail = [Segment("…", False)] if end < place else []
    return tuple(head + kept + tail)


def _joins(left: str, right: str) -> bool:
    if _binds_left(right) or _binds_right(left) or (left == "\r" and right == "\n"):
        return True
    return _in_pairs(left) and _in_pairs(right)


@lru_cache(maxsize=4096)
def _binds_left(char: str) -> bool:
    """Belongs to what stands before it: marks, Thai and Lao vowels after a consonant, joiners, skin tones.

    Characters that this Python does not know yet may be marks as well.
    """
    return (
        unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf", "Cs", "Cn"}
        or char in "\u0e30\u0e32\u0e33\u0e45\u0eb3\uff9e\uff9f"
        or 0x1F3FB <= ord(char) <= 0x1F3FF
    )


@lru_cache(maxsize=4096)
def _binds_right(char: str) -> bool:
    """Belongs to what follows it: leading Thai vowels, joiners, prepended marks, viramas, halves of pairs."""
    return (
        unicodedata.category(char) in {"Cf", "Cs"}
        or "\u0e40" <= char <= "\u0e44"
        or unicodedata.combining(char) == 9
        or ord(char) == 0x0D4E
        or 0x110BD <= ord(char) <= 0x11FFF
    )


@lru_cache(maxsize=4096)
def _in_pairs(char: str) -> bool:
    """Flags are two letters; Korean syllables may be written in up to three."""
    code = ord(char)
    return (
        0x1F1E6 <= code <= 0x1F1FF
        or 0x1100 <= code <= 0x11FF
        or 0xA960 <= code <= 0xA97F
        or 0xAC00 <= code <= 0xD7FB
    )
