"""The one interface of search: documents in, ids with scores and counts out; which engine, nobody knows.

An engine returns ids only. Rows come from the database through `visible_to()`, so a stale index cannot leak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from search.analysis import Segment
from search.breaker import Breaker, Breaking
from search.documents import Document, IndexDescription, Kind, SearchError, Value

__all__ = [
    "ID",
    "AllOf",
    "Canary",
    "Document",
    "Engine",
    "FacetCount",
    "Filter",
    "Health",
    "IndexDescription",
    "Kind",
    "Match",
    "OneOf",
    "Query",
    "Range",
    "Results",
    "SearchError",
    "Sort",
    "Value",
    "description_of",
    "fetch_of",
    "get_engine",
    "register",
    "registered",
    "source_of",
]

#: What a person may page through; a deeper page is empty, its total still true.
MAX_DEPTH = 10_000
MAX_PER_PAGE = 100


#: The name by which a filter means the documents' own ids: OneOf(ID, ["…", …]).
ID = "id"


@dataclass(frozen=True, slots=True)
class OneOf:
    """Documents with at least one of `values` in `field` (KEYWORD, FLAG or ID). No values: no documents."""

    field: str
    values: Sequence[str | bool]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Documents with every one of `values` in `field` (KEYWORD). No values: no restriction."""

    field: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents with a value of `field` (NUMBER or DATE) from `minimum` to `maximum`, both included.

    None leaves a side open. A document without a value is never inside; `unknown` lets it in as well.
    """

    field: str
    minimum: int | float | Decimal | date | datetime | None = None
    maximum: int | float | Decimal | date | datetime | None = None
    unknown: bool = False


Filter = OneOf | AllOf | Range


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by a field declared with `sort=True`; documents without a value come last either way."""

    field: str
    descending: bool = False


class Match(StrEnum):
    """How much of a query's text a document must say."""

    AUTO = "auto"  # all of a short query, most of a longer one; if that finds nothing, any of it
    ANY = "any"  # any of it, best first: for whole sentences
    ALL = "all"  # every word


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. `text` is a person's, anything goes; everything else is typed and checked.

    Words of the text in quotes ("…" or “…”) have to stand in sequence.

    `facets`: fields to count values of. `highlight`: TEXT fields whose words are to be marked. `page` counts
    from 1. Without `sort` the best come first; without text as well, an order that favours nobody.
    """

    text: str = ""
    filters: Sequence[Filter] = ()
    facets: Sequence[str] = ()
    sort: Sort | None = None
    page: int = 1
    per_page: int = 20
    highlight: Sequence[str] = ()
    match: Match = Match.AUTO
    #: The last word may be unfinished (somebody is typing). Switch it off for whole sentences.
    prefix: bool = True
    #: Words that nothing says may be mistyped: what they nearly spell is looked for instead.
    tolerant: bool = True


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many documents have `value`, the facet's own filter left aside."""

    value: str | bool
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """What was found. `took` is in seconds; `scores` stand beside `ids` and compare within one answer only.

    `highlights`: id → field → segments (an excerpt; only fields with a mark). `relaxed`: nothing had all the
    words, so these have some. `degraded`: a simplified answer (the database's, while the engine is away).
    `suggestion`: the text with its mistyped words mended; where nothing said the text as it stands, what is
    shown was found by the suggestion. `by_meaning`: ids that no word found, but nearness of meaning alone.
    """

    ids: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()
    total: int = 0
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    highlights: Mapping[str, Mapping[str, tuple[Segment, ...]]] = field(default_factory=dict)
    page: int = 1
    per_page: int = 20
    took: float = 0.0
    relaxed: bool = False
    degraded: bool = False
    suggestion: str | None = None
    by_meaning: frozenset[str] = frozenset()

    @property
    def first(self) -> int:
        """The place of the first of `ids`, counted from 1 over all pages."""
        return (self.page - 1) * self.per_page + 1


#: Asks an index that is not in use yet; what it raises stops the swap.
Canary = Callable[[Callable[[Query], Results]], None]


@dataclass(frozen=True, slots=True)
class Health:
    """`ok`: answers queries. `current`: built by this very analysis. `detail`: for staff, in English."""

    ok: bool
    current: bool
    documents: int
    detail: str = ""


class Engine(Protocol):
    """One index in one engine. Methods raise SearchError and nothing else (a document iterator's own aside).

    Writes are visible to every process when the call returns, and are safe to repeat. A missing index refuses
    `index` and `remove` too: a half-filled index would hide the rest; `rebuild` makes it.
    """

    description: IndexDescription

    def index(self, documents: Iterable[Document]) -> int:
        """Adds or replaces documents by id; all or none. Returns how many."""

    def remove(self, ids: Iterable[str]) -> None:
        """Removes documents; unknown ids are no error."""

    def search(self, query: Query) -> Results:
        """Answers a query."""

    def similar(self, public_id: str, *, filters: Sequence[Filter] = (), limit: int = 6) -> Results:
        """Documents whose texts are like that of `public_id`, itself left out; none for an unknown id."""

    def rebuild(self, documents: Iterable[Document], *, canary: Canary | None = None) -> int:
        """Builds a new index beside the old one and swaps; searches go on meanwhile. Returns how many.

        What any process writes meanwhile is in both. `canary` may ask the new index before the swap: if it
        raises, or the process dies, the old one stays in use. One rebuild at a time.
        """

    def roll_back(self) -> None:
        """Back to the index before the last rebuild, with all that was written since. SearchError if none.

        Rolling back twice is where it began.
        """

    def settings_drift(self) -> list[str]:
        """In what the live index differs from what this code would build, in English; empty if in nothing."""

    def count(self) -> int:
        """The number of documents."""

    def health(self) -> Health:
        """Never raises."""


Source = Callable[[], Iterable[Document]]
Fetch = Callable[[Sequence[str]], Iterable[Document]]

# The engine that needs no server, and so no breaker.
EMBEDDED = "tantivy"
_ENGINES = {
    "tantivy": "search.tantivy_engine.TantivyEngine",
    "meilisearch": "search.meilisearch_engine.MeilisearchEngine",
}
_registered: dict[str, tuple[IndexDescription, Source | None, Fetch | None]] = {}


def register(description: IndexDescription, source: Source | None = None, fetch: Fetch | None = None) -> None:
    """Makes an index known by its name; `source` yields all its documents (`manage.py reindex` asks it).

    `fetch` yields the present documents of some ids; an id without one does not belong in the index.
    Called in an AppConfig.ready.
    """
    _registered[description.name] = (description, source, fetch)
    _engine.cache_clear()
    breaker_of.cache_clear()


def registered() -> tuple[str, ...]:
    """The names of all indexes."""
    return tuple(_registered)


def description_of(index: str) -> IndexDescription:
    """The description registered under a name, or SearchError."""
    if index not in _registered:
        raise SearchError(f"No index is registered as {index!r}.")
    return _registered[index][0]


def source_of(index: str) -> Source | None:
    """What yields all documents of an index, or SearchError for an unknown name."""
    description_of(index)
    return _registered[index][1]


def fetch_of(index: str) -> Fetch | None:
    """What yields the present documents of some ids, or SearchError for an unknown name."""
    description_of(index)
    return _registered[index][2]


def engine_name() -> str:
    """The engine that SEARCH_URL names, without where it is or its key."""
    return (settings.SEARCH_URL or "tantivy://").partition("://")[0]


def get_engine(index: str = "services") -> Engine:
    """The engine of settings.SEARCH_URL for a registered index. SearchError if it is unknown or cannot load.

    SEARCH_URL is `<engine>://<where>`; `tantivy://` alone is in settings.SEARCH_DIR. A missing or broken
    index raises when it is used, not here.
    """
    url = settings.SEARCH_URL or "tantivy://"
    return _engine(url if url != "tantivy://" else f"tantivy://{settings.SEARCH_DIR}", index)


@lru_cache(maxsize=64)
def _engine(url: str, index: str) -> Engine:
    scheme, found, where = url.partition("://")
    if not found or scheme not in _ENGINES:
        raise SearchError(
            f"SEARCH_URL must begin with one of {', '.join(f'{name}://' for name in _ENGINES)}."
        )
    try:
        make: Callable[[str, IndexDescription], Engine] = import_string(_ENGINES[scheme])
    except ImportError as error:
        raise SearchError(f"The {scheme} engine cannot be loaded: {error}") from error
    engine = make(where, description_of(index))
    return engine if scheme == EMBEDDED else cast(Engine, Breaking(engine, breaker_of(url)))


@lru_cache(maxsize=8)
def breaker_of(url: str) -> Breaker:
    """The breaker of one server, shared by all its indexes in this process."""
    return Breaker()
