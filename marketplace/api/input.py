"""What a request may say: declared fields, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

FIRST_YEAR, LAST_YEAR = 2000, 2199


class Input(serializers.Serializer[Any]):
    """A body whose every field is declared; one that is not is an error, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(map(str, data.keys() - self.fields.keys())) if isinstance(data, Mapping) else []
        errors: dict[str, Any] = {name: [_("There is no such field.")] for name in unknown}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as problem:
            if not errors or not isinstance(problem.detail, dict):
                raise
            errors |= problem.detail
        if errors:
            raise serializers.ValidationError(errors)
        return value


class ActingInput(Input):
    """A body that names the organisation for which the person acts; ``?organisation=`` does as well."""

    organisation = serializers.CharField(
        required=False,
        max_length=12,
        help_text="Id of the organisation that you act for; or give it as ?organisation=.",
    )


class CommonEraDate(serializers.DateField):
    """An ISO date. A Buddhist-era year would lie five centuries ahead and is refused."""

    default_error_messages = {
        "era": gettext_lazy("Write the year of the common era, such as 2026, not the Buddhist era.")
    }

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("era")
        return day


class CommonEraTime(serializers.DateTimeField):
    """An ISO time; one without an offset is Thailand's."""

    default_error_messages = CommonEraDate.default_error_messages

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment = super().to_internal_value(value)
        except OverflowError:
            self.fail("era")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail("era")
        return moment
