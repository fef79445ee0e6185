"""Mistyped words of a query → the words of the index that they nearly spell."""

from __future__ import annotations

from typing import Any

import tantivy

from search.analysis import Run, fold, is_spelled, runs, typos_between, typos_forgiven
from search.analysis.spelling import LONGEST
from search.documents import IndexDescription
from search.tantivy_engine.schema import WHOLE, texts_of, wholes_of

# Documents with a term that is near enough, read to see which it is.
_READ = 6
# Letters from which a run of several known words may be one word mistyped.
_SEVERAL_WORDS = 6


class Mending:
    """Mends queries by the words of one searcher's index."""

    def __init__(
        self, description: IndexDescription, schema: tantivy.Schema, searcher: tantivy.Searcher
    ) -> None:
        self.description = description
        self.schema = schema
        self.searcher = searcher

    def mended(self, text: str, *, typing: bool, desperate: bool = False) -> str | None:
        """The folded text with its mistyped words mended; None if none is, or nothing is near.

        A word is doubted if no document has it and no list of words knows it. `desperate` (nothing was found)
        doubts long runs of known words too: a typo may have made other words of them. `typing`: the last word
        may be the beginning of one.
        """
        folded = fold(text)
        result = folded
        for run in reversed(runs(folded)):
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
        if self._is_whole(written) or (typing and not desperate and self._begins(written)):
            return None
        doubted = {place for place, word in enumerate(run.words) if self._is_doubted(word.text)}
        if not doubted and desperate and len(run.words) > 1 and len(written) >= _SEVERAL_WORDS:
            doubted = set(range(len(run.words)))
        for first, last in run.windows(doubted):
            start, end = run.words[first].start, run.words[last].end
            # A single word is known by its singular.
            word = self._nearest(run.words[first].text if first == last else folded[start:end])
            if word:
                return start, end, word
        return None

    def _is_doubted(self, word: str) -> bool:
        return not is_spelled(word) and not any(
            self.searcher.doc_freq(field.name, word) for field in self.description.texts
        )

    def _is_whole(self, written: str) -> bool:
        return bool(self.searcher.doc_freq(WHOLE, written))

    def _begins(self, written: str) -> bool:
        return bool(self.searcher.terms_with_prefix(WHOLE, written, limit=1))

    def _nearest(self, written: str) -> str | None:
        """The term of the index with the fewest typos between, the most frequent of them."""
        forgiven = typos_forgiven(written)
        if not forgiven or len(written) > LONGEST or is_spelled(written):
            return None
        for typos in range(1, forgiven + 1):
            near = tantivy.Query.fuzzy_term_query(self.schema, WHOLE, written, typos, True)
            hits = self.searcher.search(near, _READ, count=False).hits
            found = {
                term: typos_between(written, term, typos)
                for term in self._terms(hits)
                if abs(len(term) - len(written)) <= typos
            }
            best = [term for term, count in found.items() if count <= typos]
            if best:
                return min(best, key=lambda term: (found[term], -self.searcher.doc_freq(WHOLE, term), term))
        return None

    def _terms(self, hits: list[Any]) -> set[str]:
        terms: set[str] = set()
        for _, address in hits:
            terms |= wholes_of(texts_of(self.searcher.doc(address)), self.description)
        return terms
