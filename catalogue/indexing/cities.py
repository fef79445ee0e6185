"""The index of cities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from catalogue.documents import city_document
from catalogue.indexing import following
from marketplace.models import City
from search.documents import Document, Field, IndexDescription, Kind

NAME = "cities"
FACETS = ("region", "kind", "designation")

INDEX = IndexDescription(
    NAME,
    (
        Field("name", Kind.TEXT, boost=4.0),
        Field("place", Kind.TEXT, boost=1.0),
        Field("code", Kind.TEXT, boost=2.0),
        *(Field(facet, Kind.KEYWORD, facet=True) for facet in FACETS),
        Field("sort_key", Kind.KEYWORD, sort=True),
    ),
)


def document(city: City) -> Document:
    """The document of a city, which comes with its province, region and designations."""
    region = city.province.region
    designations = list(city.designations.all())
    return Document(
        city.public_id,
        city_document(
            names=(city.name_th, city.name_en, *(n for d in designations for n in (d.name_th, d.name_en))),
            places=(
                *(city.district_th, city.district_en, city.province.name_th, city.province.name_en),
                *(region.name_th, region.name_en),
            ),
            code=city.dla_code or "",
            facets={
                "region": [region.code],
                "kind": [city.kind],
                "designation": sorted({d.kind for d in designations}),
            },
            sort_key=city.sort_key,
        ),
    )


def _indexed() -> QuerySet[City]:
    return City.objects.select_related("province__region").prefetch_related("designations")


def all_documents() -> Iterator[Document]:
    """Every city's document, for a rebuild."""
    for city in _indexed().order_by("pk").iterator(chunk_size=500):
        yield document(city)


def documents_of(public_ids: Sequence[str]) -> Iterator[Document]:
    """The documents of these cities."""
    yield from map(document, _indexed().filter(public_id__in=public_ids))


def index_cities(payloads: list[dict[str, Any]]) -> None:
    """Outbox handler: let the index follow these cities."""
    following.follow(NAME, [payload["city"] for payload in payloads])
