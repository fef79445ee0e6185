"""Reading the catalogue: the search, one service, the categories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue import browsing
from catalogue.api.filters import Search
from catalogue.api.serializers import ServiceDetail, ServiceRow
from catalogue.listed import listed
from catalogue.models import Category, CityReference, Service
from marketplace.api.acting import found
from marketplace.api.pagination import Cut, Pages
from marketplace.errors import Gone
from marketplace.models import Region
from search.engine import FacetCount


def with_references(services: QuerySet[Service], version: str) -> QuerySet[Service]:
    """Services with all that one of their versions (``current`` or ``head``) says."""
    references = CityReference.objects.select_related("city")
    return services.select_related("vendor", version, "account_status").prefetch_related(
        f"{version}__prices", Prefetch(f"{version}__references", queryset=references), "certificates"
    )


def search(request: Request, view: Any) -> Response:
    """A page of the public services that fit the query, with the counts that it asks for."""
    filters = Search(request.query_params, queryset=Service.objects.public())
    if not filters.is_valid():
        raise translate_validation(filters.errors)
    given = dict(filters.form.cleaned_data)
    text, sort, facets = given.pop("q"), given.pop("sort"), given.pop("facets")
    pages: Pages = view.paginator
    page, per_page = pages.wanted(request)
    results = browsing.find(text, filters=given, facets=facets, sort=sort, page=page, per_page=per_page)
    rows = {s.public_id: s for s in listed(Service.objects.public().filter(public_id__in=results.ids))}
    # An index that is behind may name what is no longer public; the database decides.
    shown = [rows[public_id] for public_id in results.ids if public_id in rows]
    cut = pages.paginate_queryset(Cut(shown, results.total), request, view=view)
    response = pages.get_paginated_response(ServiceRow(cut, many=True).data)
    response.data |= {
        "simplified": results.degraded,
        "relaxed": results.relaxed,
        "facets": {
            facet: [{"value": str(c.value), "count": c.count} for c in _counts(facet, counts)]
            for facet, counts in results.facets.items()
        },
    }
    return response


def _counts(facet: str, counts: Sequence[FacetCount]) -> Sequence[FacetCount]:
    """As the page's filters show them."""
    if facet != "region":
        return counts
    return browsing.delivered(counts, Region.objects.values_list("code", flat=True))


FacetValue = inline_serializer(
    "FacetCount", {"value": serializers.CharField(), "count": serializers.IntegerField()}, many=True
)
SERVICE_PAGE = OpenApiResponse(
    inline_serializer(
        "ServicePage",
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": ServiceRow(many=True),
            "simplified": serializers.BooleanField(
                help_text="The search engine is away; the database answered, without ranking."
            ),
            "relaxed": serializers.BooleanField(
                help_text="Nothing had all the words; these have some of them."
            ),
            "facets": serializers.DictField(child=FacetValue, help_text="Facet → values with counts."),
        },
    )
)


def public_service(public_id: str) -> Service:
    """The published service.

    Raises:
        Gone: it was public and is withdrawn. Http404: everything else.
    """
    reason = browsing.reason_gone(public_id) if len(public_id) == 12 and public_id.isalnum() else None
    if reason is not None:
        raise Gone(reason)
    return found(with_references(Service.objects.public(), "current"), public_id)


@extend_schema_view(get=extend_schema(operation_id="services_retrieve", summary="One published service"))
class ServiceReading(GenericAPIView[Service]):
    """What anyone may read of a service."""

    also_answers: tuple[int, ...] = (410,)
    serializer_class = ServiceDetail
    pagination_class = None

    def get(self, _request: Request, public_id: str) -> Response:
        """The published version with its prices, references, certificates and account status.

        Being published here is not being in depa's digital services account: see `account`.
        """
        return Response(ServiceDetail(public_service(public_id)).data)


class CategorySerializer(serializers.Serializer[Any]):
    axis = serializers.ChoiceField(choices=Category.Axis.choices)
    code = serializers.CharField()
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    note_th = serializers.CharField()
    note_en = serializers.CharField()


class CategoryFilters(django_filters.FilterSet):
    axis = django_filters.ChoiceFilter("axis", choices=Category.Axis.choices, label="One list of codes.")

    class Meta:
        model = Category
        fields: tuple[str, ...] = ()


@extend_schema_view(
    get=extend_schema(operation_id="categories_list", summary="Dimensions, kinds, certificates, standards")
)
class CategoryList(ListAPIView[Category]):
    """The codes that services and needs are described with, in their official order."""

    queryset = Category.objects.order_by("axis", "order", "pk")
    serializer_class = CategorySerializer
    filterset_class = CategoryFilters
