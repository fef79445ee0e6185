"""What lists of services can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from catalogue.indexing import FACETS
from catalogue.models import Service

MOST_VALUES = 40


class CodesField(forms.MultipleChoiceField):
    """Codes, repeated (``?kind=a&kind=b``); which codes exist is data, and an unknown one finds nothing."""

    default_error_messages = {"too_long": _("A code is too long, or there are too many.")}

    def valid_value(self, value: Any) -> bool:
        return True

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MOST_VALUES or any(len(code) > 40 or "\x00" in code for code in value):
            raise forms.ValidationError(self.error_messages["too_long"])


@extend_schema_field(OpenApiTypes.STR)
class Codes(django_filters.MultipleChoiceFilter):
    field_class = CodesField


class Search(django_filters.FilterSet):
    """The search of the catalogue; the engine answers it, the database where the engine is away."""

    q = django_filters.CharFilter(
        label="Words, in Thai or English.", max_length=300, validators=[MaxLengthValidator(300)]
    )
    dimension = Codes(label="Smart dimensions: any of these.")
    capability = Codes(label="Capabilities: any of these, or a kind of them.")
    kind = Codes(label="Kinds of supply: any of these.")
    region = Codes(label="Delivered in any of these regions; nationwide services count.")
    deployment = Codes(label="Deployment: any of these.")
    standard = Codes(label="Standards and integrations: any of these.")
    language = Codes(label="Languages: any of these.")
    certificate = Codes(label="Certificates in force, stated or verified: any of these.")
    account = Codes(label="`listed`: in the digital services account today.")
    price = Codes(label="Bands of stated prices, such as `month_20k` or `unknown`: any of these.")
    sort = django_filters.ChoiceFilter(
        choices=[("name", "name"), ("newest", "newest")], label="Instead of the best fit first."
    )
    facets = django_filters.MultipleChoiceFilter(
        choices=[(facet, facet) for facet in FACETS],
        label="Count the values of these; a facet's own filter is left aside.",
    )

    class Meta:
        model = Service
        fields: tuple[str, ...] = ()


class WorkFilters(django_filters.FilterSet):
    """The lists of a vendor and of depa."""

    state = django_filters.MultipleChoiceFilter("state", choices=Service.State.choices, label="Any of these.")

    class Meta:
        model = Service
        fields: tuple[str, ...] = ()
