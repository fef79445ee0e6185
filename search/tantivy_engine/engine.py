"""The engine: answers from the current generation, writes to it one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from search.analysis import ANALYSIS_VERSION
from search.documents import Document, IndexDescription
from search.engine import Canary, Filter, Health, Query, Results, SearchError
from search.generations import Generations
from search.tantivy_engine.answering import Answering
from search.tantivy_engine.errors import guarded
from search.tantivy_engine.opening import Opening
from search.tantivy_engine.writing import Writing


class TantivyEngine:
    """One index in the folder `tantivy://<folder>/<name>`. Reads see what any process has committed."""

    def __init__(self, where: str, description: IndexDescription) -> None:
        self.description = description
        self._generations = Generations(Path(where) / description.name)
        self._writing = Writing(self._generations, description)
        self._opening = Opening()

    def index(self, documents: Iterable[Document]) -> int:
        checked = [document.checked(self.description) for document in documents]
        self._writing.change({document.id: document for document in checked}, [])
        return len(checked)

    def remove(self, ids: Iterable[str]) -> None:
        self._writing.change({}, list(ids))

    def rebuild(self, documents: Iterable[Document], *, canary: Canary | None = None) -> int:
        return self._writing.rebuild(documents, canary)

    def roll_back(self) -> None:
        self._writing.roll_back()

    def search(self, query: Query) -> Results:
        with guarded("searching"):
            return self._answering().search(query)

    def similar(self, public_id: str, *, filters: Sequence[Filter] = (), limit: int = 6) -> Results:
        with guarded("looking for similar documents"):
            return self._answering().similar(public_id, filters, limit)

    def count(self) -> int:
        with guarded("counting"):
            return int(self._answering().searcher.num_docs)

    def health(self) -> Health:
        try:
            documents = self.count()
            drift = self.settings_drift()
        except SearchError as error:
            return Health(ok=False, current=False, documents=0, detail=str(error))
        detail = " ".join([*drift, "Run `manage.py reindex`."] if drift else [])
        return Health(ok=True, current=not drift, documents=documents, detail=detail)

    def settings_drift(self) -> list[str]:
        with guarded("reading its settings"):
            live = self._generations.current()
        drift = []
        if live.description != self._writing.fingerprint:
            drift.append(f"The fields of {self.description.name} have changed.")
        if live.analysis != ANALYSIS_VERSION:
            drift.append("The text analysis has changed.")
        return drift

    def _answering(self) -> Answering:
        path = self._generations.path(self._writing.usable())
        return Answering(self.description, self._writing.schema, self._opening.searcher(path))
