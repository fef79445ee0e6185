"""What the words of one searcher's index are, for mending queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tantivy

from search.analysis import typos_between
from search.documents import IndexDescription
from search.tantivy_engine.schema import ANYWHERE, WHOLE, texts_of, wholes_of

# Documents with a term that is near enough, read to see which it is.
_READ = 3
_BEGINNING = 2


class Words:
    """The `search.mending.Lexicon` of an index."""

    def __init__(
        self, description: IndexDescription, schema: tantivy.Schema, searcher: tantivy.Searcher
    ) -> None:
        self.description = description
        self.schema = schema
        self.searcher = searcher

    def is_known(self, word: str) -> bool:
        return bool(self.searcher.doc_freq(ANYWHERE, word))

    def is_whole(self, written: str) -> bool:
        return bool(self.searcher.doc_freq(WHOLE, written))

    def begins(self, written: str) -> bool:
        return bool(self.searcher.terms_with_prefix(WHOLE, written, limit=1))

    def near(self, written: str, typos: int) -> Mapping[str, int]:
        query = tantivy.Query.fuzzy_term_query(self.schema, WHOLE, written, typos, True)
        hits = self.searcher.search(query, _READ, count=False).hits
        if not hits:
            return {}
        # tantivy does not say which terms it found. Most begin as written; else the documents are read.
        alike = self.searcher.terms_with_prefix(WHOLE, written[:_BEGINNING])
        found = {term: count for term, count in alike if typos_between(written, term, typos) <= typos}
        if found:
            return found
        some = [term for term in self._terms(hits) if abs(len(term) - len(written)) <= typos]
        return {term: self.searcher.doc_freq(WHOLE, term) for term in some}

    def _terms(self, hits: list[Any]) -> set[str]:
        terms: set[str] = set()
        for _, address in hits:
            terms |= wholes_of(texts_of(self.searcher.doc(address)), self.description)
        return terms
