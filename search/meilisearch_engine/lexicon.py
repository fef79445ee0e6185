"""The words of a live index: how many documents say one, which begin so, which are near a mistyped one.

The server has no list of its words to ask. But every document's words are a facet, and facets can be counted
and looked through.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.analysis.spelling import ONE_TYPO
from search.documents import IndexDescription
from search.meilisearch_engine import filters
from search.meilisearch_engine.values import CODE_LENGTH, TERMS, WHOLES, codes_of, shadow_of
from search.shadow import decode, encode

#: One request of the server's API: method, path, body → answer.
Call = Callable[[str, str, Any], Any]

_KEPT_SECONDS = 60.0
_KEPT_WORDS = 50_000
_SAMPLE = 200
_MAX_QUERIES = 400


@dataclass(frozen=True, slots=True)
class Size:
    """`documents`: how many there are; `lengths`: the mean number of words by text field, of a sample."""

    documents: int
    lengths: Mapping[str, float]


class Memory:
    """Frequencies that weigh a ranking, kept for a minute: they may be a little old. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], tuple[float, Any]] = {}

    def get(self, key: tuple[str, ...]) -> Any:
        found = self._kept.get(key)
        return found[1] if found and found[0] > time.monotonic() else None

    def put(self, key: tuple[str, ...], value: Any) -> None:
        with self._lock:
            if len(self._kept) >= _KEPT_WORDS:
                self._kept.clear()
            self._kept[key] = (time.monotonic() + _KEPT_SECONDS, value)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


class Words:
    """The words of one index of the server."""

    def __init__(self, call: Call, uid: str, description: IndexDescription, memory: Memory) -> None:
        self.call = call
        self.uid = uid
        self.description = description
        self.memory = memory
        self._known: dict[str, bool] = {}
        self._looked: dict[tuple[str, str], dict[str, int]] = {}

    def ask(self, queries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answers to several searches of this index, in few requests."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(queries), _MAX_QUERIES):
            some = [{"indexUid": self.uid, **query} for query in queries[start : start + _MAX_QUERIES]]
            found += self.call("POST", "/multi-search", {"queries": some})["results"]
        return found

    # How often

    def size(self) -> Size:
        """The number of documents and the mean lengths of their texts."""
        kept = self.memory.get((self.uid,))
        if kept is None:
            fields = [codes_of(one.name) for one in self.description.texts]
            answer = self.ask([{"limit": _SAMPLE, "attributesToRetrieve": fields}])[0]
            hits = answer["hits"]
            lengths = {
                one.name: max(
                    1.0, sum(length(hit.get(codes_of(one.name), "")) for hit in hits) / max(1, len(hits))
                )
                for one in self.description.texts
            }
            kept = Size(int(answer["estimatedTotalHits"]), lengths)
            self.memory.put((self.uid,), kept)
        return kept

    def learn(self, words: Iterable[str]) -> None:
        """Finds out at once which of the words some document says. Whoever is found is remembered."""
        new = [word for word in dict.fromkeys(words) if word not in self._known]
        unsure = [word for word in new if not self.memory.get((self.uid, TERMS, word))]
        self._known |= dict.fromkeys(new, True)
        queries = [{"filter": filters.says([word]), "limit": 0} for word in unsure]
        for word, answer in zip(unsure, self.ask(queries) if queries else [], strict=True):
            count = int(answer["estimatedTotalHits"])
            self._known[word] = count > 0
            if count:
                self.memory.put((self.uid, TERMS, word), count)

    def frequency(self, word: str) -> int:
        """How many documents say a word, as of the last minute."""
        self.learn([word])
        return int(self.memory.get((self.uid, TERMS, word)) or 0)

    def frequencies(self, words: Iterable[str]) -> Mapping[tuple[str, str], int]:
        """(field, word) → how many documents say it there."""
        pairs = [(field.name, word) for field in self.description.texts for word in dict.fromkeys(words)]
        unsure = [pair for pair in pairs if self.memory.get((self.uid, *pair)) is None]
        queries = [
            {"q": encode(word) + " ", "attributesToSearchOn": [shadow_of(field)], "limit": 0}
            for field, word in unsure
        ]
        for pair, answer in zip(unsure, self.ask(queries) if queries else [], strict=True):
            self.memory.put((self.uid, *pair), int(answer["estimatedTotalHits"]))
        return {pair: int(self.memory.get((self.uid, *pair)) or 0) for pair in pairs}

    # Which

    def completions(self, beginning: str, limit: int) -> tuple[str, ...]:
        """Words that begin so and go on, the most frequent first."""
        found = self._through(TERMS, beginning)
        longer = [word for word in found if word.startswith(beginning) and word != beginning]
        return tuple(sorted(longer, key=lambda word: (-found[word], word))[:limit])

    def begun_wholes(self, beginning: str, limit: int) -> tuple[str, ...]:
        """Wholes that begin so and go on; none for a beginning of a few letters."""
        found = self._through(WHOLES, beginning) if len(beginning) >= ONE_TYPO else {}
        return tuple(sorted(word for word in found if word.startswith(beginning) and word != beginning))[
            :limit
        ]

    def is_known(self, word: str) -> bool:
        self.learn([word])
        return self._known[word]

    def is_whole(self, written: str) -> bool:
        query = {"filter": f"{WHOLES} = {filters.quoted(encode(written))}", "limit": 0}
        return bool(self.ask([query])[0]["estimatedTotalHits"])

    def begins(self, written: str) -> bool:
        return any(word.startswith(written) for word in self._through(WHOLES, written))

    def near(self, written: str, typos: int) -> Mapping[str, int]:
        found = self._through(WHOLES, written)
        return {word: count for word, count in found.items() if abs(len(word) - len(written)) <= typos}

    def _through(self, facet: str, beginning: str) -> dict[str, int]:
        """Words of a facet that begin nearly so (the server forgives some typos), with their numbers."""
        if (facet, beginning) in self._looked:
            return self._looked[facet, beginning]
        body = {"facetName": facet, "facetQuery": encode(beginning)}
        hits = self.call("POST", f"/indexes/{self.uid}/facet-search", body)["facetHits"]
        found: dict[str, int] = {}
        for hit in hits:
            try:
                found[decode(hit["value"])] = int(hit["count"])
            except (KeyError, ValueError):
                continue  # longer than a word may be: see search.shadow
        self._looked[facet, beginning] = found
        return found


def length(codes: str) -> int:
    """The number of words in a text of codes."""
    return len(codes) // (CODE_LENGTH + 1)
