"""Mistyped words of a query → words of the index that they nearly spell. The same rules for every engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from search.analysis import Run, fold, is_spelled, runs, typos_between, typos_forgiven, units
from search.analysis.spelling import LONGEST

# Letters from which a run of several known words may be one word mistyped.
_SEVERAL_WORDS = 6
# Runs of one query that are looked at: the last ones, where somebody is still typing.
_MAX_RUNS = 12


class Lexicon(Protocol):
    """What an index knows of words. Its wholes are those of `search.analysis.wholes`."""

    def is_known(self, word: str) -> bool:
        """Whether a document says the word."""

    def is_whole(self, written: str) -> bool:
        """Whether it is a whole of a document."""

    def begins(self, written: str) -> bool:
        """Whether a whole of a document begins so."""

    def near(self, written: str, typos: int) -> Mapping[str, int]:
        """Wholes that may be at most so many typos away → how many documents have them."""


class Mending:
    """Mends queries by the words of one index."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def mended(self, text: str, *, typing: bool, desperate: bool = False) -> str | None:
        """The folded text with its mistyped words mended; None if none is, or nothing is near.

        A word is doubted if no document has it and no list of words knows it. `desperate` (nothing was found)
        doubts long runs of known words too: a typo may have made other words of them. `typing`: the last word
        may be the beginning of one.
        """
        folded = fold(text)
        result = folded
        for run in reversed(runs(folded)[-_MAX_RUNS:]):
            last = typing and run.end == len(folded) and not text[-1:].isspace()
            found = self._mended_run(folded, run, last, desperate)
            if found:
                start, end, word = found
                result = result[:start] + word + result[end:]
        return result if result != folded else None

    def _mended_run(
        self, folded: str, run: Run, typing: bool, desperate: bool
    ) -> tuple[int, int, str] | None:
        written = folded[run.start : run.end]
        doubted = {place for place, word in enumerate(run.words) if self._is_doubted(word.text)}
        several = len(run.words) > 1 and len(written) >= _SEVERAL_WORDS
        if not doubted and desperate and several and not all(unit.names for unit in units(written)):
            doubted = set(range(len(run.words)))
        if not doubted or self.lexicon.is_whole(written):
            return None
        if typing and not desperate and self.lexicon.begins(written):
            return None
        for first, last in run.windows(doubted):
            start, end = run.words[first].start, run.words[last].end
            # A single word is known by its singular.
            word = self._nearest(run.words[first].text if first == last else folded[start:end])
            if word:
                return start, end, word
        return None

    def _is_doubted(self, word: str) -> bool:
        return not is_spelled(word) and not self.lexicon.is_known(word)

    def _nearest(self, written: str) -> str | None:
        """The whole with the fewest typos between, the most frequent of them."""
        forgiven = typos_forgiven(written)
        if not forgiven or len(written) > LONGEST or is_spelled(written):
            return None
        for typos in range(1, forgiven + 1):
            counts = self.lexicon.near(written, typos)
            away = {term: typos_between(written, term, typos) for term in counts}
            best = [term for term in away if away[term] <= typos]
            if best:
                return min(best, key=lambda term: (away[term], -counts[term], term))
        return None
