"""The index of public needs: drafts and private ones never reach it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from catalogue.indexing import follow
from marketplace import outbox
from matching.documents import facet_values, search_document
from matching.models import Need
from search.documents import Document, Field, IndexDescription, Kind

NAME = "needs"
FACETS = ("state", "dimension", "capability", "region", "budget")

INDEX = IndexDescription(
    NAME,
    (
        Field("title", Kind.TEXT, boost=4.0),
        Field("problem", Kind.TEXT, boost=1.5),
        Field("success", Kind.TEXT, boost=1.0),
        Field("city", Kind.TEXT, boost=1.5),
        *(Field(facet, Kind.KEYWORD, facet=True) for facet in FACETS),
        Field("published_at", Kind.DATE, sort=True),
    ),
)


def document(need: Need) -> Document:
    """The document of a public need, which comes with its version, city, province and region."""
    version = need.current
    assert version is not None
    assert need.published_at is not None
    province = need.city.province
    return Document(
        need.public_id,
        search_document(
            title=version.title,
            problem=version.problem,
            success=version.success,
            city_names=(need.city.name_th, need.city.name_en, province.name_th, province.name_en),
            facets=facet_values(
                state=need.state,
                region=province.region_id,
                dimensions=version.dimensions,
                capabilities=version.capabilities,
                budget_state=version.budget_state,
            ),
            published_at=need.published_at,
        ),
    )


def _indexed() -> QuerySet[Need]:
    return Need.objects.public().select_related("current", "city__province")


def all_documents() -> Iterator[Document]:
    """Every public need's document, for a rebuild."""
    for need in _indexed().order_by("pk").iterator(chunk_size=500):
        yield document(need)


def documents_of(public_ids: Sequence[str]) -> Iterator[Document]:
    """The documents of those of these needs that are public."""
    yield from map(document, _indexed().filter(public_id__in=public_ids))


def index_needs(payloads: list[dict[str, Any]]) -> None:
    """Outbox handler: let the index say of these needs what is public now, or nothing."""
    follow(NAME, [payload["need"] for payload in payloads])


def reindex(need: Need) -> None:
    """Let the index follow what has changed about a need. Drafts that were never published change nothing."""
    if need.published_at is not None:
        outbox.put("matching.index_need", {"need": need.public_id})
