"""Finding public vendors: by the search engine, or simplified by the database while it is away."""

from __future__ import annotations

import dataclasses
import logging

from catalogue.indexing.vendors import NAME, public_vendors
from search import plain
from search.engine import Query, Results, SearchError, get_engine

logger = logging.getLogger(__name__)


def find(text: str, *, per_page: int = 20) -> Results:
    """Ids of public vendors, the best first; ``degraded`` when the database looked for words.

    Read the rows through ``Organisation.objects.visible_to()``.
    """
    try:
        return get_engine(NAME).search(Query(text=text, per_page=per_page))
    except SearchError:
        logger.warning("Search is away; the database answers.", exc_info=True)
    names = public_vendors().order_by("sort_key", "pk").values_list("public_id", "name_th", "name_en")
    rows = [plain.Row(public_id, {}, "\n".join(said)) for public_id, *said in names]
    found = plain.answer(rows, text=text, chosen={}, facets=(), page=1, per_page=per_page)
    return dataclasses.replace(found, degraded=True)
