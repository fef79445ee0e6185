"""Regions, provinces and cities with their official codes."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from marketplace import directory
from marketplace.api.acting import found
from marketplace.models import City, Designation, Province, Region
from marketplace.models.places import CityKind


class RegionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_th = serializers.CharField()
    name_en = serializers.CharField()


class ProvinceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="DOPA code, two digits.")
    iso = serializers.CharField(help_text="ISO 3166-2, such as TH-90.")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    region_code = serializers.CharField(source="region_id")
    latitude = serializers.DecimalField(max_digits=7, decimal_places=4)
    longitude = serializers.DecimalField(max_digits=7, decimal_places=4)


class DesignationSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="zone (Smart City Promotion Zone) or smart_city.")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    batch = serializers.IntegerField(allow_null=True)
    dated_on = serializers.CharField(help_text="As exact as its source: 2021, 2020-10, 2019-10-31 or empty.")


class CityRow(serializers.Serializer[Any]):
    """A city: the body, with its official codes and what it was designated as."""

    id = serializers.CharField(source="public_id")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.CharField()
    province = ProvinceSerializer()
    district_code = serializers.CharField(help_text="DOPA code, four digits; empty where it has none.")
    dla_code = serializers.CharField(allow_null=True)
    latitude = serializers.DecimalField(max_digits=7, decimal_places=4, allow_null=True)
    longitude = serializers.DecimalField(max_digits=7, decimal_places=4, allow_null=True)
    population = serializers.IntegerField(allow_null=True)
    designations = DesignationSerializer(many=True)


class CitySerializer(CityRow):
    district_th = serializers.CharField()
    district_en = serializers.CharField()
    website = serializers.CharField()
    population_note = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]  # the column has the name of a field's option
        help_text="Where the row comes from; see the page about data."
    )
    source_date = serializers.CharField()


class CityFilters(django_filters.FilterSet):
    """What the list of cities can be narrowed by."""

    q = django_filters.CharFilter(method="by_words", max_length=200, label="Words of a name, or a DLA code.")
    region = django_filters.CharFilter("province__region_id", max_length=4, label="Code of a region.")
    province = django_filters.CharFilter("province_id", max_length=2, label="DOPA code of a province.")
    district = django_filters.CharFilter("district_code", max_length=4, label="DOPA code of a district.")
    dla_code = django_filters.CharFilter("dla_code", max_length=8, label="Code of the DLA.")
    kind = django_filters.ChoiceFilter("kind", choices=CityKind.choices, label="Kind of body.")
    designation = django_filters.ChoiceFilter(
        choices=Designation.Kind.choices, method="by_designation", label="What it was designated as."
    )

    class Meta:
        model = City
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[City], _name: str, value: str) -> QuerySet[City]:
        return rows & directory.cities(text=value)

    def by_designation(self, rows: QuerySet[City], _name: str, value: str) -> QuerySet[City]:
        return rows.filter(pk__in=Designation.objects.filter(kind=value).values("city_id"))


@extend_schema_view(
    get=extend_schema(operation_id="regions_list", summary="Regions of the announcement, and two of our own")
)
class RegionList(ListAPIView[Region]):
    """Codes that services and criteria name."""

    queryset = Region.objects.all()
    serializer_class = RegionSerializer


@extend_schema_view(get=extend_schema(operation_id="provinces_list", summary="Provinces with DOPA codes"))
class ProvinceList(ListAPIView[Province]):
    """All 77 provinces in the order of their Thai names."""

    queryset = Province.objects.order_by("sort_key", "pk")
    serializer_class = ProvinceSerializer


@extend_schema_view(get=extend_schema(operation_id="cities_list", summary="Find cities"))
class CityList(ListAPIView[City]):
    """Cities, in the order of their Thai names."""

    serializer_class = CityRow
    filterset_class = CityFilters

    def get_queryset(self) -> QuerySet[City]:
        return directory.cities().order_by("sort_key", "pk")


@extend_schema_view(get=extend_schema(operation_id="cities_retrieve", summary="One city"))
class CityDetail(RetrieveAPIView[City]):
    """A city with all that is known of it, and where that comes from."""

    serializer_class = CitySerializer

    def get_queryset(self) -> QuerySet[City]:
        return directory.cities()

    def get_object(self) -> City:
        return found(self.get_queryset(), self.kwargs["public_id"])
