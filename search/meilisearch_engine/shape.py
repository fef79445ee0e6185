"""The settings of an index as code, the label that says what built it, and what differs in a live one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from search.analysis import ANALYSIS_VERSION
from search.analysis.spelling import ONE_TYPO, TWO_TYPOS
from search.documents import IndexDescription, Kind
from search.engine import MAX_DEPTH
from search.meilisearch_engine.values import ID, TERMS, WHOLES, codes_of, lot_of, order_of, shadow_of
from search.ties import LOTS

#: Changes when documents of an index made before no longer fit this code.
FORMAT = 2
#: The vectors of search.embedding: one set for each language that a text may be in.
LANGUAGES, DIMENSIONS = ("th", "en"), 384
FACET_VALUES = 1_000
_LABEL = "label"
BUILDING, COMPLETE = "building", "complete"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands in an index about itself. It moves with the index when two are swapped.

    `generation` is its random name; `description` and `analysis` are the fingerprints it was built with.
    """

    generation: str
    description: str
    analysis: str
    state: str

    @classmethod
    def new(cls, description: IndexDescription, generation: str) -> Label:
        return cls(generation, fingerprint(description), ANALYSIS_VERSION, BUILDING)

    def completed(self) -> Label:
        return replace(self, state=COMPLETE)


def fingerprint(description: IndexDescription) -> str:
    """Changes when an index built before has to be rebuilt for its shape."""
    return f"{FORMAT}-{description.fingerprint}"


def settings(description: IndexDescription) -> dict[str, Any]:
    """Every setting that search relies on; the label aside."""
    texts = sorted(description.texts, key=lambda field: (-field.boost, field.name))
    shadows = [shadow_of(field.name) for field in texts]
    sorted_by = [order_of(field.name) for field in description.fields if field.sort]
    return {
        "searchableAttributes": shadows,
        "filterableAttributes": _filterable(description),
        "sortableAttributes": sorted([*sorted_by, *map(lot_of, range(LOTS))]),
        # Only who comes among the candidates is decided by these: their order is ours (see ranking).
        "rankingRules": ["words", "typo", "proximity", "attribute", "exactness", "sort"],
        # Typos are forgiven while looking through the list of words. A text is searched for what is asked.
        "typoTolerance": {
            "enabled": True,
            "minWordSizeForTypos": {"oneTypo": ONE_TYPO, "twoTypos": TWO_TYPOS},
            "disableOnWords": [],
            "disableOnAttributes": sorted(shadows),
        },
        "faceting": {"maxValuesPerFacet": FACET_VALUES, "sortFacetValuesBy": {"*": "count"}},
        "pagination": {"maxTotalHits": MAX_DEPTH + 200},
        "stopWords": [],
        "synonyms": {},
        "distinctAttribute": None,
        "proximityPrecision": "byWord",
        "prefixSearch": "indexingTime",
        "searchCutoffMs": 1_000,
        "embedders": {one: {"source": "userProvided", "dimensions": DIMENSIONS} for one in LANGUAGES},
    }


def displayed(description: IndexDescription, label: Label | None) -> list[str]:
    """What searches may return, and the label: the one list of free names that moves with an index.

    Not the texts: the server would read them for every candidate.
    """
    names = [codes_of(field.name) for field in description.texts]
    return ["id", *names, *([json.dumps({_LABEL: asdict(label)}, sort_keys=True)] if label else [])]


def label_in(names: Any) -> Label | None:
    """The label among displayed attributes; None if there is none that this code can read."""
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and name.startswith("{"):
            try:
                return Label(**json.loads(name)[_LABEL])
            except (ValueError, KeyError, TypeError):
                return None
    return None


def drift(description: IndexDescription, live: dict[str, Any]) -> list[str]:
    """What differs in the settings of a live index, in English."""
    found = []
    label = label_in(live.get("displayedAttributes"))
    if label is None:
        found.append("It was not built by this project.")
    else:
        if label.description != fingerprint(description):
            found.append("It was built for other fields.")
        if label.analysis != ANALYSIS_VERSION:
            found.append("It was built by another version of the text analysis.")
    for name, wanted in settings(description).items():
        if not _holds(live.get(name), wanted):
            found.append(f"{name} is {live.get(name)!r:.200} and should be {wanted!r:.200}.")
    return found


def _holds(live: Any, wanted: Any) -> bool:
    """The server adds defaults to what it was given, and may list what has no order in its own."""
    if isinstance(wanted, dict):
        if not wanted:
            return not live
        return isinstance(live, dict) and all(_holds(live.get(key), value) for key, value in wanted.items())
    return bool(live == wanted)


def _filterable(description: IndexDescription) -> list[dict[str, Any]]:
    facets = [field.name for field in description.fields if field.kind in (Kind.KEYWORD, Kind.FLAG)]
    ranges = [field.name for field in description.fields if field.kind in (Kind.NUMBER, Kind.DATE)]
    groups = [
        ([TERMS, WHOLES], True, False),
        ([ID, *sorted(facets)], False, False),
        (sorted(ranges), False, True),
    ]
    return [
        {
            "attributePatterns": names,
            "features": {"facetSearch": searched, "filter": {"equality": True, "comparison": compared}},
        }
        for names, searched, compared in groups
        if names
    ]
