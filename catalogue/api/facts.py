"""Parts of a service in answers and in bodies: prices, references, certificates, the account, the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from catalogue.models.services import Unit
from catalogue.questions import Question, questions
from catalogue.services.rows import FIRST_YEAR, LAST_YEAR, MAX_ROWS
from marketplace.api.input import Input
from marketplace.api.organisations import CityBrief
from marketplace.models import City

# Lists of codes are checked by the verb against the official lists; this only bounds them.
MOST_CODES = 60


def answer_field(question: Question) -> serializers.Field[Any, Any, Any, Any]:
    """The field that takes and shows the answer to a question. None says that it is unknown."""
    options: dict[str, Any] = {"required": False, "allow_null": True, "help_text": question.en}
    if question.kind == "number":
        return serializers.IntegerField(min_value=0, max_value=question.max, **options)
    if question.kind == "lines":
        line = serializers.CharField(max_length=200)
        return serializers.ListField(child=line, max_length=question.max, **options)
    if question.kind == "choices":
        code = serializers.CharField(max_length=40)
        return serializers.ListField(child=code, max_length=question.max or MOST_CODES, **options)
    return serializers.CharField(max_length=question.max or 40, allow_blank=True, **options)


class AnswersInput(Input):
    """Question id → answer. A question left out, or null, stays unknown; an empty list says "none"."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {question.id: answer_field(question) for question in questions().values()}


class Answers(serializers.Serializer[Any]):
    """What a version answers; null is unknown, an empty list says "none"."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {question.id: answer_field(question) for question in questions().values()}

    def to_representation(self, instance: Mapping[str, Any]) -> dict[str, Any]:
        return {name: instance.get(name) for name in questions()}


class PriceSerializer(serializers.Serializer[Any]):
    """A price in baht."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    unit = serializers.ChoiceField(choices=Unit.choices)
    vat_included = serializers.BooleanField()
    note = serializers.CharField()


class PriceInput(Input):
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    unit = serializers.ChoiceField(choices=Unit.choices)
    vat_included = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class ReferenceSerializer(serializers.Serializer[Any]):
    """Where the vendor says that it is in use: one of our cities, or another body by its name."""

    city = CityBrief(allow_null=True)
    name = serializers.CharField()
    since_year = serializers.IntegerField(allow_null=True, help_text="Of the common era.")
    scale = serializers.CharField()


class CityById(serializers.SlugRelatedField[City]):
    """A city by its id."""

    default_error_messages = {"does_not_exist": gettext_lazy("There is no such city.")}

    def to_internal_value(self, data: Any) -> City:
        if not isinstance(data, str) or len(data) != 12 or not data.isalnum():
            self.fail("does_not_exist")
        return super().to_internal_value(data)


class ReferenceInput(Input):
    city = CityById(slug_field="public_id", queryset=City.objects.all(), required=False, allow_null=True)
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    since_year = serializers.IntegerField(
        required=False, allow_null=True, min_value=FIRST_YEAR, max_value=LAST_YEAR - 1
    )
    scale = serializers.CharField(required=False, allow_blank=True, max_length=200)


class CertificateSerializer(serializers.Serializer[Any]):
    """A certificate that the vendor states; `verified` once depa has seen the evidence."""

    id = serializers.CharField(source="public_id")
    kind = serializers.CharField()
    number = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    verified = serializers.SerializerMethodField()

    def get_verified(self, certificate: Any) -> bool:
        return certificate.verified_at is not None


class AccountSerializer(serializers.Serializer[Any]):
    """The entry in depa's digital services account. Where nobody has checked, the whole is null: unknown."""

    listed = serializers.BooleanField()
    register_number = serializers.CharField()
    item_group = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    checked_at = serializers.DateTimeField()


class ContentInput(Input):
    """What a version says."""

    organisation = serializers.CharField(
        required=False,
        max_length=12,
        help_text="Id of the organisation that you act for; or give it as ?organisation=.",
    )
    answers = AnswersInput()
    prices = serializers.ListField(child=PriceInput(), required=False, max_length=MAX_ROWS)
    references = serializers.ListField(child=ReferenceInput(), required=False, max_length=MAX_ROWS)
