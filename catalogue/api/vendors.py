"""Vendors as anyone may read them, and a vendor's own claims of imported services."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.validators import MaxLengthValidator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue import claims
from catalogue.models import Claim, Service
from marketplace.api.acting import ACTING, actor_of, found
from marketplace.api.organisations import OrganisationBrief, VendorContact
from marketplace.models import Organisation
from marketplace.permissions import require


class VendorSerializer(VendorContact):
    """A vendor as its public page shows it."""

    verified_at = serializers.DateTimeField(allow_null=True)
    claimed = serializers.BooleanField(
        help_text="False where it was imported and nobody of the vendor has taken it over."
    )
    source = serializers.CharField(  # type: ignore[assignment]  # a field has an option of the same name
        help_text="Where it was imported from; empty where the vendor signed up."
    )
    tax_id = serializers.CharField()
    about_th = serializers.CharField()
    about_en = serializers.CharField()
    province_code = serializers.CharField(
        source="province_id", allow_null=True, help_text="DOPA code of the province."
    )
    services = serializers.IntegerField(source="service_count", help_text="How many it has published.")
    is_example = serializers.BooleanField()


class VendorFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="by_words", label="Every word in its name.", max_length=80, validators=[MaxLengthValidator(80)]
    )
    province = django_filters.CharFilter("province_id", max_length=2, label="DOPA code of a province.")

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Organisation], _name: str, value: str) -> QuerySet[Organisation]:
        for word in value.split():
            rows = rows.filter(Q(name_th__icontains=word) | Q(name_en__icontains=word))
        return rows


def vendors() -> QuerySet[Organisation]:
    """What anyone may see, with the number of public services; not the imported ones that were taken over."""
    own = Service.objects.public().filter(vendor=OuterRef("pk")).order_by().values("vendor")
    return (
        Organisation.objects.visible_to(None)
        .filter(kind=Organisation.Kind.VENDOR)
        .exclude(claimed=False, pk__in=claims.taken_over().values("unclaimed"))
        .annotate(service_count=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0))
        .order_by("sort_key", "pk")
    )


@extend_schema_view(get=extend_schema(operation_id="vendors_list", summary="Vendors of digital services"))
class VendorList(ListAPIView[Organisation]):
    """In the order of their Thai names. A suspended vendor is not among them, whoever asks."""

    queryset = Organisation.objects.none()
    serializer_class = VendorSerializer
    filterset_class = VendorFilters

    def get_queryset(self) -> QuerySet[Organisation]:
        return vendors()


@extend_schema_view(get=extend_schema(operation_id="vendors_retrieve", summary="One vendor"))
class VendorOne(RetrieveAPIView[Organisation]):
    """What the vendor's public page says; its services are found under `/services/`."""

    queryset = Organisation.objects.none()
    serializer_class = VendorSerializer

    def get_object(self) -> Organisation:
        return found(vendors(), self.kwargs["public_id"])


class ClaimSerializer(serializers.Serializer[Any]):
    """A claim that the services of an imported vendor are one's own."""

    id = serializers.CharField(source="public_id")
    imported = OrganisationBrief(source="unclaimed")
    state = serializers.ChoiceField(choices=Claim.State.choices)
    state_since = serializers.DateTimeField()
    note = serializers.CharField(help_text="What depa wrote when it decided.")


class ClaimList(GenericAPIView[Claim]):
    """Claims of an organisation."""

    queryset = Claim.objects.none()
    serializer_class = ClaimSerializer
    also_answers = (403,)

    @extend_schema(
        operation_id="claims_list", summary="Claims of the vendor that you act for", parameters=[ACTING]
    )
    def get(self, request: Request) -> Response:
        """Newest first, and what became of them."""
        actor = actor_of(request)
        require(actor.organisation is not None and actor.organisation.kind == Organisation.Kind.VENDOR)
        rows = Claim.objects.visible_to(request.user).filter(vendor=actor.organisation)
        page = self.paginate_queryset(rows.select_related("unclaimed").order_by("-pk"))
        return self.get_paginated_response(ClaimSerializer(page, many=True).data)
