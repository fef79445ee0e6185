"""What the search index knows of a need. Pure: plain values in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from search.thesaurus import with_broader


def search_document(
    *,
    title: str,
    problem: str,
    success: str,
    city_names: Sequence[str],
    facets: Mapping[str, Sequence[str]],
    published_at: datetime,
) -> dict[str, Any]:
    """The fields of a public need's document, as ``matching.indexing.INDEX`` declares them."""
    return {
        "title": title,
        "problem": problem,
        "success": success,
        "city": "\n".join(dict.fromkeys(name for name in city_names if name)),
        **facets,
        "published_at": published_at,
    }


def facet_values(
    *, state: str, region: str, dimensions: Sequence[str], capabilities: Sequence[str], budget_state: str
) -> dict[str, Sequence[str]]:
    """What a need can be narrowed by. A budget that nobody stated is a value of its own.

    A capability counts for everything of which it is a kind.
    """
    return {
        "state": [state],
        "dimension": list(dimensions),
        "capability": with_broader(capabilities),
        "region": [region],
        "budget": [budget_state or UNKNOWN],
    }


UNKNOWN = "unknown"
