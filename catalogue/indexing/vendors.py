"""The index of vendors in good standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from catalogue.documents import vendor_document
from catalogue.indexing import following
from catalogue.models import Claim
from marketplace.models import Organisation
from search.documents import Document, Field, IndexDescription, Kind

NAME = "vendors"

INDEX = IndexDescription(
    NAME,
    (
        Field("name", Kind.TEXT, boost=4.0),
        Field("about", Kind.TEXT, boost=1.0),
        Field("place", Kind.TEXT, boost=1.0),
        Field("sort_key", Kind.KEYWORD, sort=True),
    ),
)


def public_vendors() -> QuerySet[Organisation]:
    """Vendors that anyone may see, without imported ones that another vendor has taken over."""
    taken_over = Claim.objects.filter(state=Claim.State.APPROVED).values("unclaimed_id")
    return (
        Organisation.objects.visible_to(None)
        .filter(kind=Organisation.Kind.VENDOR)
        .exclude(pk__in=taken_over)
        .select_related("province")
    )


def document(vendor: Organisation) -> Document:
    """The document of a public vendor. Its tax ID and contact are not searched for."""
    province = (vendor.province.name_th, vendor.province.name_en) if vendor.province else ()
    return Document(
        vendor.public_id,
        vendor_document(
            names=(vendor.name_th, vendor.name_en),
            about=(vendor.about_th, vendor.about_en),
            places=province,
            sort_key=vendor.sort_key,
        ),
    )


def all_documents() -> Iterator[Document]:
    """Every public vendor's document, for a rebuild."""
    for vendor in public_vendors().order_by("pk").iterator(chunk_size=500):
        yield document(vendor)


def documents_of(public_ids: Sequence[str]) -> Iterator[Document]:
    """The documents of those of these organisations that are public vendors."""
    yield from map(document, public_vendors().filter(public_id__in=public_ids))


def follow_vendor(organisation: str) -> None:
    """Let the index say of one organisation (its public id) what is public now, or nothing."""
    following.follow(NAME, [organisation])
