"""Our two engines, and the bare tantivy call beneath one of them, as `bench search` asks them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import tantivy
from django.test.utils import override_settings

from benchmarks.search_corpus import FACETS, Asked
from benchmarks.search_servers import Server, folder_bytes
from catalogue.indexing import INDEX
from search.analysis import tokens
from search.documents import Document
from search.engine import Engine, Match, OneOf, Query, get_engine

PER_PAGE = 20
SUGGESTED = 5
Documents = Sequence[Document]


class System(Protocol):
    """Everything returns the number of hits, so that a system that finds nothing is seen."""

    name: str

    def build(self, documents: Documents) -> None:
        """From nothing to an index that answers."""

    def faceted(self, asked: Asked) -> int:
        """A page of hits with the counts of all facets, each without its own filter."""

    def keystroke(self, text: str) -> int:
        """A few hits for a text that may be unfinished; nothing counted."""

    def sentence(self, text: str) -> int:
        """A page of hits that have any of the words, best first."""

    def disk(self) -> int:
        """Bytes on the disk."""

    def memory(self) -> int:
        """Bytes of memory that answering takes."""


class Ours:
    """One of our engines, through the whole interface."""

    def __init__(
        self, name: str, url: str, *, folder: Path | None = None, server: Server | None = None
    ) -> None:
        self.name = name
        self.folder, self.server = folder, server
        with override_settings(SEARCH_URL=url):
            self.engine: Engine = get_engine(INDEX.name)

    def build(self, documents: Documents) -> None:
        self.engine.rebuild(documents)

    def faceted(self, asked: Asked) -> int:
        filters = [OneOf(field, [value]) for field, value in asked.filters]
        return self.engine.search(Query(asked.text, filters=filters, facets=FACETS, per_page=PER_PAGE)).total

    def keystroke(self, text: str) -> int:
        return self.engine.search(Query(text, per_page=SUGGESTED)).total

    def sentence(self, text: str) -> int:
        return self.engine.search(Query(text, match=Match.ANY, prefix=False, per_page=PER_PAGE)).total

    def disk(self) -> int:
        return folder_bytes(self.folder) if self.folder else self.server.bytes_on_disk if self.server else 0

    def memory(self) -> int:
        if self.server:
            return self.server.memory
        return probed("tantivy", self.folder) if self.folder else 0


def probed(name: str, folder: Path) -> int:
    """Bytes that answering takes in a process that does nothing else, over what starting it takes."""
    command = [sys.executable, "-m", "benchmarks.search", "--probe", name, str(folder)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


class BareTantivy:
    """The same words, filters and counts asked of our index directly: what the interface costs beside it.

    No typos, no unfinished words, no synonyms, no highlights; words that stand in any text field.
    """

    name = "bare tantivy call"

    def __init__(self, ours: Ours) -> None:
        self.ours = ours
        self._index: Any = None

    def build(self, documents: Documents) -> None:
        """Reads the index that ours has built."""
        assert self.ours.folder is not None
        newest = max(self.ours.folder.rglob("meta.json"), key=lambda path: path.stat().st_mtime_ns)
        self._index = tantivy.Index.open(str(newest.parent))
        self._schema, self._searcher = self._index.schema, self._index.searcher()

    def faceted(self, asked: Asked) -> int:
        text = self._text(asked.text, all_words=True)
        found = self._searcher.search(self._within(text, asked.filters), PER_PAGE)
        self._ids(found)
        own = [field for field, _ in asked.filters]
        groups = [[name for name in FACETS if name not in own], *([name] for name in own)]
        for names in groups:
            query = self._within(text, [one for one in asked.filters if one[0] not in names])
            self._searcher.aggregate(query, {n: {"terms": {"field": n, "size": 1000}} for n in names})
        return int(found.count)

    def keystroke(self, text: str) -> int:
        found = self._searcher.search(self._text(text, all_words=True), SUGGESTED)
        self._ids(found)
        return int(found.count)

    def sentence(self, text: str) -> int:
        found = self._searcher.search(self._text(text, all_words=False), PER_PAGE)
        self._ids(found)
        return int(found.count)

    def disk(self) -> int:
        return 0

    def memory(self) -> int:
        return 0

    def _ids(self, found: Any) -> list[str]:
        return [self._searcher.doc(address).get_first("id") for _score, address in found.hits]

    def _text(self, text: str, *, all_words: bool) -> Any:
        occur = tantivy.Occur.Must if all_words else tantivy.Occur.Should
        return tantivy.Query.boolean_query([(occur, self._word(word)) for word in _words(text)])

    def _word(self, word: str) -> Any:
        each = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field.name, word), field.boost)
            for field in INDEX.texts
        ]
        return tantivy.Query.disjunction_max_query(each)

    def _within(self, text: Any, filters: Sequence[tuple[str, str]]) -> Any:
        terms = [tantivy.Query.term_query(self._schema, field, value) for field, value in filters]
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query(
            [(must, text), *((must, tantivy.Query.const_score_query(one, 0.0)) for one in terms)]
        )


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    """The analysis is the interface's work; the bare call is given words."""
    return tuple(dict.fromkeys(tokens(text)))
