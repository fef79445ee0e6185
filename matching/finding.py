"""Finding public needs: by the search engine, or simplified by the database while it is away."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping, Sequence

from matching.documents import facet_values
from matching.indexing import FACETS, NAME
from matching.models import Need
from search import plain
from search.engine import OneOf, Query, Results, SearchError, get_engine

logger = logging.getLogger(__name__)

PER_PAGE = 20
COLUMNS = (
    *("public_id", "state", "city__province__region_id"),
    *("current__dimensions", "current__capabilities", "current__budget_state"),
)
WORDS = ("current__title", "current__problem", "current__success", "city__name_th", "city__name_en")


def find(
    text: str = "",
    *,
    chosen: Mapping[str, Sequence[str]] | None = None,
    facets: Sequence[str] = (),
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Results:
    """Ids of public needs with counts: the best first, or without words open ones first, then the newest.

    ``degraded`` when the database had to look for words. Read the rows through ``Need.objects.public()``.
    """
    narrowed = {facet: codes for facet, codes in (chosen or {}).items() if facet in FACETS and codes}
    if not text.strip():
        return _from_database("", narrowed, facets, page, per_page)
    try:
        return get_engine(NAME).search(
            Query(
                text=text,
                filters=[OneOf(facet, list(codes)) for facet, codes in narrowed.items()],
                facets=facets,
                page=page,
                per_page=per_page,
            )
        )
    except SearchError:
        logger.warning("Search is away; the database answers.", exc_info=True)
        found = _from_database(text, narrowed, facets, page, per_page)
        return dataclasses.replace(found, degraded=True)


def _from_database(
    text: str, chosen: Mapping[str, Sequence[str]], facets: Sequence[str], page: int, per_page: int
) -> Results:
    """One narrow query gives the order, the filters and their counts."""
    columns = COLUMNS + WORDS if text else COLUMNS
    rows = Need.objects.public().order_by("-published_at", "-pk").values_list(*columns)
    known = [
        plain.Row(
            public_id,
            facet_values(
                state=state,
                region=region,
                dimensions=dimensions,
                capabilities=able,
                budget_state=budget,
            ),
            "\n".join(said),
        )
        for public_id, state, region, dimensions, able, budget, *said in rows
    ]
    known.sort(key=lambda row: row.values["state"] != ["published"])
    return plain.answer(known, text=text, chosen=chosen, facets=facets, page=page, per_page=per_page)
