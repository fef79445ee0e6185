"""The words inside a word that the segmenter keeps whole: ท่องเที่ยว in นักท่องเที่ยว, ไฟฟ้า in รถยนต์ไฟฟ้า.

A dictionary word is divided where both sides are dictionary words, and a side counts as said
  behind an affix of `words/affixes.csv`  from 4 letters: พยาบาล of รถ-พยาบาล, and รถ where the file says so
  before such an affix                    from 5 letters: เกษตร of เกษตร-กร
  first in any other compound             from 5 letters, before 4: รถยนต์ of รถยนต์-ไฟฟ้า
  last in such a compound                 from 5 letters: ไฟฟ้า
Words of `words/opaque.csv` mean nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.analysis.dictionary import is_word

_BEHIND = 4
_BEFORE = 5
_LEAST = 4


@dataclass(frozen=True, slots=True)
class Affixes:
    """Affixes by their place; those in `itself` are words that people look for."""

    before: frozenset[str]
    after: frozenset[str]
    itself: frozenset[str]
    opaque: frozenset[str]

    def parts(self, word: str) -> tuple[str, ...]:
        """The words inside a folded Thai word, itself left out."""
        if len(word) < 5 or word in self.opaque or not is_word(word):
            return ()
        cuts = [(word[:cut], word[cut:]) for cut in range(2, len(word) - 1)]
        divided = [pair for pair in cuts if is_word(pair[0]) and is_word(pair[1])]
        found = [part for first, last in divided for part in self._beside_affix(first, last)]
        return tuple(dict.fromkeys(found or [part for pair in divided for part in _compound(*pair)]))

    def _beside_affix(self, first: str, last: str) -> Iterator[str]:
        if first in self.before:
            affix, rest, least = first, last, _BEHIND
        elif last in self.after:
            affix, rest, least = last, first, _BEFORE
        else:
            return
        if affix in self.itself:
            yield affix
        if len(rest) >= least:
            yield rest


def _compound(first: str, last: str) -> Iterator[str]:
    if len(first) >= _BEFORE and len(last) >= _LEAST:
        yield first
        if len(last) >= _BEFORE:
            yield last
