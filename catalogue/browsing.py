"""Finding public services: by the search engine, or simplified by the database while it is away."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from catalogue.indexing import FACETS, NAME
from catalogue.models import AccountStatus, Certificate, Service, ServiceFacet
from search import hybrid
from search.analysis import fold
from search.engine import FacetCount, Match, OneOf, Query, Results, SearchError, Sort, get_engine

logger = logging.getLogger(__name__)

# A nationwide service is delivered in every region.
NATIONWIDE = "*"
SIMILAR_SECONDS = 300
SORTS = {"name": Sort("sort_key"), "newest": Sort("published_at", descending=True)}


def find(
    text: str = "",
    *,
    filters: Mapping[str, Sequence[str]] | None = None,
    facets: Sequence[str] = (),
    sort: str = "",
    page: int = 1,
    per_page: int = 20,
    highlight: bool = False,
    sentence: bool = False,
) -> Results:
    """Ids of public services with counts; ``degraded`` when the database answered.

    ``filters``: facet → codes, any of which will do. ``sentence``: a whole sentence, any word counts.
    Ids may be stale: read the rows through ``Service.objects.public()``.
    """
    chosen = {f: list(v) for f, v in (filters or {}).items() if f in FACETS and v}
    try:
        return hybrid.find(
            NAME,
            Query(
                text=text,
                filters=[OneOf(f, _reach(f, v)) for f, v in chosen.items()],
                facets=facets,
                sort=SORTS.get(sort),
                page=page,
                per_page=per_page,
                highlight=("name", "summary") if highlight else (),
                match=Match.ANY if sentence else Match.AUTO,
                prefix=not sentence,
            ),
        )
    except SearchError:
        logger.warning("Search is away; the database answers.", exc_info=True)
        return _from_database(text, chosen, facets, sort, page, per_page)


def reason_gone(public_id: str) -> str | None:
    """Why a service that was public is withdrawn; None for everything that was never public, or still is."""
    found = Service.objects.filter(
        public_id=public_id,
        state=Service.State.WITHDRAWN,
        published_at__isnull=False,
        vendor__suspended_at__isnull=True,
    )
    return found.values_list("state_reason", flat=True).first()


def similar(service: Service, limit: int = 4) -> tuple[str, ...]:
    """Public ids of services whose texts are alike; none while the engine is away.

    May be behind by SIMILAR_SECONDS: read the rows through ``Service.objects.public()``.
    """
    try:
        return _similar(service.public_id, service.current_id, limit, int(time.time() // SIMILAR_SECONDS))
    except SearchError:
        logger.warning("Search is away; similar services are left out.", exc_info=True)
        return ()


@lru_cache(maxsize=4096)
def _similar(public_id: str, _version: int | None, limit: int, _window: int) -> tuple[str, ...]:
    """Reading a whole service's words takes a quarter of its page, and the answer hardly ever changes."""
    return get_engine(NAME).similar(public_id, limit=limit).ids


def delivered(counts: Sequence[FacetCount], regions: Iterable[str]) -> list[FacetCount]:
    """Counts of regions as choosing one finds them: whoever delivers nationwide delivers in each.

    ``regions`` are the codes of all regions, in order; those that nobody serves are left out.
    """
    by_code = {str(one.value): one.count for one in counts}
    everywhere = by_code.get(NATIONWIDE, 0)
    codes = [code for code in regions if code != NATIONWIDE]
    found = [FacetCount(code, by_code.get(code, 0) + everywhere) for code in codes]
    return [one for one in (FacetCount(NATIONWIDE, everywhere), *found) if one.count]


def _reach(facet: str, codes: Sequence[str]) -> list[str]:
    return [*codes, NATIONWIDE] if facet == "region" else list(codes)


def _from_database(
    text: str, chosen: Mapping[str, Sequence[str]], facets: Sequence[str], sort: str, page: int, per_page: int
) -> Results:
    found = _matching(text, chosen)
    order = ["-published_at", "pk"] if sort == "newest" else ["sort_key", "pk"]
    start = (page - 1) * per_page
    ids = tuple(found.order_by(*order).values_list("public_id", flat=True)[start : start + per_page])
    counts = {facet: _counts(facet, text, chosen) for facet in facets}
    return Results(
        ids=ids,
        scores=(0.0,) * len(ids),
        total=found.count(),
        facets=counts,
        page=page,
        per_page=per_page,
        degraded=True,
    )


def _matching(text: str, chosen: Mapping[str, Sequence[str]]) -> QuerySet[Service]:
    found = Service.objects.public()
    for word in fold(text[:200]).split():
        found = found.filter(folded_text__contains=word)
    for facet, codes in chosen.items():
        found = found.filter(pk__in=_having(facet, codes))
    return found


def _having(facet: str, codes: Sequence[str]) -> QuerySet[Any]:
    """Primary keys of services with any of the codes."""
    if facet == "certificate":
        return _certificates().filter(kind__in=codes).values("service_id")
    if facet == "account":
        return _entries().filter(listed="listed" in codes).values("service_id")
    return ServiceFacet.objects.filter(facet=facet, value__in=_reach(facet, codes)).values("service_id")


def _certificates() -> QuerySet[Certificate]:
    """Certificates in force today; like the account they rest on dates, so no facet row can hold them."""
    return Certificate.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate()))


def _entries() -> QuerySet[AccountStatus]:
    today = timezone.localdate()
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return AccountStatus.objects.filter(in_force, listed=True, valid_from__lte=today)


def _counts(facet: str, text: str, chosen: Mapping[str, Sequence[str]]) -> tuple[FacetCount, ...]:
    """Values of one facet among the services that all other filters leave."""
    found = _matching(text, {f: codes for f, codes in chosen.items() if f != facet})
    if facet == "account":
        listed = _entries().filter(service__in=found).count()
        return (FacetCount("listed", listed),) if listed else ()
    counted: Any
    if facet == "certificate":
        stated = _certificates().filter(service__in=found).values_list("kind")
        counted = stated.annotate(n=Count("service", distinct=True)).order_by("-n", "kind")
    else:
        rows = ServiceFacet.objects.filter(facet=facet, service__in=found).values_list("value")
        counted = rows.annotate(n=Count("pk")).order_by("-n", "value")
    return tuple(FacetCount(value, n) for value, n in counted)
