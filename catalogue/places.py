"""Finding cities: by the search engine, or simplified by the database while it is away."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping, Sequence

from catalogue.indexing.cities import FACETS, NAME
from marketplace.models import City, Designation
from search import plain
from search.engine import OneOf, Query, Results, SearchError, get_engine

logger = logging.getLogger(__name__)

PER_PAGE = 20
COLUMNS = ("pk", "public_id", "kind", "province__region_id")
WORDS = ("name_th", "name_en", "district_th", "province__name_th", "province__name_en", "dla_code")


def find(
    text: str = "",
    *,
    chosen: Mapping[str, Sequence[str]] | None = None,
    facets: Sequence[str] = (),
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Results:
    """Ids of cities with counts: the best first, or without words in the order of their Thai names.

    ``degraded`` when the database had to look for words.
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
    """Two narrow queries give the order, the filters and their counts."""
    designated: dict[int, list[str]] = {}
    for city, kind in Designation.objects.order_by("kind").values_list("city_id", "kind"):
        designated.setdefault(city, []).append(kind)
    cities = City.objects.order_by("sort_key", "pk").values_list(*(COLUMNS + WORDS if text else COLUMNS))
    known = [
        plain.Row(
            public_id,
            {"kind": [kind], "region": [region], "designation": designated.get(pk, [])},
            "\n".join(word for word in said if word),
        )
        for pk, public_id, kind, region, *said in cities
    ]
    return plain.answer(known, text=text, chosen=chosen, facets=facets, page=page, per_page=per_page)
