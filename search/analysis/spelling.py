"""Mistyped words. A typo in Thai changes where words end, so a whole run is held against whole terms.

`wholes` are the terms of a text, `runs` the places of a query where one may have been meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from search.analysis.dictionary import is_word
from search.analysis.folding import fold
from search.analysis.segmentation import Token
from search.analysis.units import Unit, tokens_of, units
from search.analysis.vocabulary import vocabulary

#: Letters (code points) from which one typo is forgiven, and two.
ONE_TYPO, TWO_TYPOS = 5, 9
#: A whole term is no longer, nor made of more words.
LONGEST = 24
_WORDS = 4
_MAX_WHOLES = 3_000
_MAX_WINDOWS = 8


class Run(NamedTuple):
    """Thai words written without a break, or one other word, at its place in a folded text."""

    words: tuple[Token, ...]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    def windows(self, doubted: set[int]) -> Iterator[tuple[int, int]]:
        """Spans of at most four words (first, last) that hold a doubted one, the longest first; a few."""
        count = len(self.words)
        spans = [
            (first, first + length - 1)
            for length in range(min(_WORDS, count), 0, -1)
            for first in range(count - length + 1)
        ]
        if count > _WORDS:
            spans.insert(0, (0, count - 1))
        holding = [span for span in spans if any(span[0] <= place <= span[1] for place in doubted)]
        yield from holding[:_MAX_WINDOWS]


def typos_forgiven(word: str) -> int:
    """How many typos a word of that length may have."""
    return 2 if len(word) >= TWO_TYPOS else 1 if len(word) >= ONE_TYPO else 0


def is_spelled(word: str) -> bool:
    """Whether it is a word as it stands: of the dictionary, or of the project's own lists."""
    known = vocabulary()
    return word in known.stopwords or word in _listed() or (_is_thai(word) and is_word(word))


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    """All words of the project's lists of names."""
    named = vocabulary().concepts.values()
    return frozenset(word for entries in named for sequence, _ in entries for word in sequence)


def runs(folded: str) -> list[Run]:
    """The runs of already folded text, in order."""
    return _runs(vocabulary().segmenter.words(folded)[0])


def _runs(words: list[Token]) -> list[Run]:
    found: list[list[Token]] = []
    for word in words:
        joins = found and found[-1][-1].end == word.start and _is_thai(word.text)
        if joins and _is_thai(found[-1][-1].text):
            found[-1].append(word)
        else:
            found.append([word])
    return [Run(tuple(words)) for words in found]


def wholes(text: str, *, compounds: bool = True) -> set[str]:
    """The words of a text that are long enough to be mistyped, and what is said in several of them.

    `compounds`: also every two to four Thai words in a row, where no stop word begins or ends them.
    """
    folded = fold(text)
    return _wholes(folded, units(folded), compounds)


def tokens_and_wholes(text: str, *, compounds: bool = True) -> tuple[list[str], set[str]]:
    """`tokens` and `wholes` of a text, which is cut into words once."""
    folded = fold(text)
    found = units(folded)
    return tokens_of(found), _wholes(folded, found, compounds)


def _wholes(folded: str, said: list[Unit], compounds: bool) -> set[str]:
    words = [word for unit in said for word in unit.words]
    found = {word.text for word in words if len(word.text) >= ONE_TYPO}
    found |= {folded[unit.start : unit.end] for unit in said if len(unit.words) > 1}
    for run in _runs(words) if compounds else ():
        found |= _compounds(folded, run)
        if len(found) > _MAX_WHOLES:
            break
    return {one for one in found if ONE_TYPO <= len(one) <= LONGEST and " " not in one}


def _compounds(folded: str, run: Run) -> set[str]:
    stop = vocabulary().stopwords
    ends = [place for place, word in enumerate(run.words) if word.text not in stop]
    return {
        folded[run.words[first].start : run.words[last].end]
        for place, first in enumerate(ends)
        for last in ends[place + 1 : place + _WORDS]
        if last < first + _WORDS
    }


def typos_between(one: str, other: str, limit: int) -> int:
    """Letters added, left out, changed, or swapped with their neighbour; `limit` + 1 if there are more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        now = [row]
        for column, right in enumerate(other, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and right == one[row - 2]:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > limit:
            return limit + 1
        before, last = last, now
    return last[-1]


def _is_thai(word: str) -> bool:
    return "\u0e00" <= word[0] <= "\u0e7f"
