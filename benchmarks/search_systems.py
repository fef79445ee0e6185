"""Our two engines, and the bare tantivy call beneath one of them, as `bench search` asks them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import tantivy
from django.test.utils import override_settings

from benchmarks.relevance_sets import listings
from benchmarks.search_corpus import FACETS, Asked
from benchmarks.search_servers import Server, folder_bytes
from catalogue.indexing import INDEX
from search.analysis import tokens
from search.documents import Document
from search.embedding import Language, Vector, embed
from search.embedding.centring import centred
from search.embedding.texts import LANGUAGES
from search.embedding.vectors import Passage, VectorStore
from search.engine import Engine, Match, OneOf, Query, get_engine
from search.hybrid import hybrid_search

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
        return self.engine.search(catalogue_query(asked)).total

    def keystroke(self, text: str) -> int:
        return self.engine.search(Query(text, per_page=SUGGESTED)).total

    def sentence(self, text: str) -> int:
        return self.engine.search(sentence_query(text)).total

    def disk(self) -> int:
        return folder_bytes(self.folder) if self.folder else self.server.bytes_on_disk if self.server else 0

    def memory(self) -> int:
        if self.server:
            return self.server.memory
        return probed("tantivy", self.folder) if self.folder else 0


class WithMeaning:
    """Our tantivy engine and the nearest by meaning. The model embeds each question anew, as for a newcomer.

    Embedding a hundred thousand services takes hours: each gets the vectors of a listing, somewhat shaken.
    """

    name = "our tantivy engine, with meaning"

    def __init__(self, ours: Ours, folder: Path) -> None:
        self.ours = ours
        self.store = VectorStore(folder / "meaning.vectors")
        self._listings: dict[Language, Vector] = {}

    def build(self, documents: Documents) -> None:
        for language in LANGUAGES:
            if language not in self._listings:
                self._listings[language] = _vectors_of_listings(language)
        chance = np.random.default_rng(2569)
        self.store.path.unlink(missing_ok=True)
        self.store.update(
            {
                one.id: [
                    Passage(one.id, language, (f"{one.id}{language}",), _shaken(vectors, chance))
                    for language, vectors in self._listings.items()
                ]
                for one in documents
            }
        )

    def faceted(self, asked: Asked) -> int:
        return self._found(catalogue_query(asked))

    def keystroke(self, text: str) -> int:
        """Suggestions go by words."""
        return self.ours.keystroke(text)

    def sentence(self, text: str) -> int:
        return self._found(sentence_query(text))

    def disk(self) -> int:
        return self.ours.disk() + self.store.path.stat().st_size

    def memory(self) -> int:
        return self.ours.memory() + self.store.path.stat().st_size

    def _found(self, query: Query) -> int:
        return hybrid_search(
            self.ours.engine, query, self.store, embed=lambda text: embed([text], "query")[0]
        ).total


def _vectors_of_listings(language: Language) -> Vector:
    answers = [row["answers"] for row in listings()]
    texts = [
        f"{one[f'name_{language}']} {one[f'summary_{language}']}"
        for one in answers
        if one.get(f"name_{language}")
    ]
    found = [vector for vector in embed(texts, "passage") if vector is not None]
    return np.stack([centred(vector, "passage", language) for vector in found])


def _shaken(vectors: Vector, chance: np.random.Generator) -> Vector:
    one = vectors[chance.integers(len(vectors))] + chance.normal(0, 0.03, vectors.shape[1])
    return (one / np.linalg.norm(one)).astype(np.float32)[np.newaxis]


def catalogue_query(asked: Asked) -> Query:
    """As the catalogue's page asks."""
    filters = [OneOf(field, [value]) for field, value in asked.filters]
    return Query(asked.text, filters=filters, facets=FACETS, per_page=PER_PAGE)


def sentence_query(text: str) -> Query:
    """As a whole sentence is asked."""
    return Query(text, match=Match.ANY, prefix=False, per_page=PER_PAGE)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


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
