"""Questions to a new index before it is used: is all of it there, and is it found?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from search.documents import Document, IndexDescription, SearchError, values_of
from search.engine import Match, OneOf, Query, Results

#: Every so many documents one is looked for by its own words, at most MOST of them.
EVERY, MOST = 7, 40
#: Documents may come and go while the index is built; so many of those written must be there.
OF_ALL = 0.9


class Canaries:
    """Samples documents on their way into a new index, and asks for them before the swap."""

    def __init__(self, description: IndexDescription) -> None:
        self._description = description
        self._ids: set[str] = set()
        self._sample: dict[str, str] = {}

    def watch(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Passes documents on, remembering some."""
        for number, document in enumerate(documents):
            self._ids.add(document.id)
            words = self._words(document)
            if number % EVERY == 0 and len(self._sample) < MOST and words:
                self._sample[document.id] = words
            yield document

    def ask(self, search: Callable[[Query], Results]) -> None:
        """The engine's canary. SearchError if documents are missing or what is in them is not found.

        Documents that came meanwhile are caught up with before the swap, so more than these may be in.
        """
        total = search(Query(per_page=1)).total
        if not self._ids and total == 0:
            return
        if total < OF_ALL * len(self._ids):
            raise SearchError(f"The new index has {total} documents where {len(self._ids)} were written.")
        lost = [one for one, words in self._sample.items() if not self._finds(search, one, words)]
        if lost:
            raise SearchError(
                f"{len(lost)} of {len(self._sample)} documents are not found by their own words."
            )

    def _finds(self, search: Callable[[Query], Results], public_id: str, words: str) -> bool:
        itself = [OneOf("id", [public_id])]
        if not search(Query(filters=itself, per_page=1)).ids:
            return True  # it went away while the index was built
        return search(Query(words, filters=itself, match=Match.ANY, prefix=False, per_page=1)).ids == (
            public_id,
        )

    def _words(self, document: Document) -> str:
        """The first text of a document: its name or title."""
        first = self._description.texts[:1]
        values = values_of(document.fields.get(first[0].name)) if first else []
        return str(values[0])[:200] if values else ""
