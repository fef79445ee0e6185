"""Needs as each audience reads them, and what a body may say of one. Every field is named here."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.api.facts import CityById
from marketplace.api.input import ActingInput, CommonEraDate, CommonEraTime, Input
from marketplace.api.organisations import CityBrief, MoveOpen
from marketplace.models import City
from matching import needs, wording
from matching.criteria import MAX_CAPABILITIES, MAX_CRITERIA, UNITS
from matching.models import Criterion, Need
from matching.models.needs import BudgetState, CriterionKind

MOST_DIMENSIONS = 20
MOST_CODES = 60
# Choices by name, because the OpenAPI document names them.
PUBLIC_STATES = [(code, code) for code in ("published", "closed")]
LIMIT_UNITS = [(code, code) for code in UNITS]


class NeedBrief(serializers.Serializer[Any]):
    """A need as other things name it."""

    id = serializers.CharField(source="public_id")
    title = serializers.CharField()


class CriterionSerializer(serializers.Serializer[Any]):
    """One thing asked of a service."""

    id = serializers.SerializerMethodField(help_text="As reasons of matches name it: c1, c2 …")
    kind = serializers.ChoiceField(choices=CriterionKind.choices)
    level = serializers.ChoiceField(choices=Criterion.Level.choices)
    value = serializers.JSONField(help_text="codes, or max and unit of a price, or nothing.")
    text = serializers.CharField()

    def get_id(self, criterion: Criterion) -> str:
        return f"c{criterion.order}"


class LabelledCriterion(CriterionSerializer):
    words = serializers.SerializerMethodField(help_text="In the language of Accept-Language.")

    def get_words(self, row: Criterion) -> str:
        return wording.criterion(row.kind, row.value, row.text, self.context["names"])


class NeedContent(serializers.Serializer[Any]):
    """What a version says."""

    title = serializers.CharField()
    problem = serializers.CharField()
    success = serializers.CharField()
    dimensions = serializers.ListField(child=serializers.CharField())
    capabilities = serializers.ListField(
        child=serializers.CharField(), help_text="Codes that the author has confirmed; empty: not said."
    )
    budget_amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, help_text="In baht, VAT included."
    )
    budget_state = serializers.CharField(help_text="funded, planned, none; empty where it is not stated.")
    fiscal_year = serializers.IntegerField(
        allow_null=True, help_text="The common-era year in which it ends: 2570 พ.ศ. is 2027."
    )
    money_source = serializers.CharField()
    start_by = serializers.DateField(allow_null=True)
    criteria = LabelledCriterion(many=True, source="criteria.all")


class NeedRow(NeedBrief):
    """A public need in a list."""

    slug = serializers.CharField()
    city = CityBrief()
    state = serializers.ChoiceField(choices=PUBLIC_STATES)
    dimensions = serializers.ListField(child=serializers.CharField(), source="current.dimensions")
    capabilities = serializers.ListField(child=serializers.CharField(), source="current.capabilities")
    budget_amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, source="current.budget_amount"
    )
    budget_state = serializers.CharField(source="current.budget_state")
    fiscal_year = serializers.IntegerField(allow_null=True, source="current.fiscal_year")
    deadline = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField()
    is_example = serializers.BooleanField()


class NeedDetail(NeedBrief):
    """A public need with everything that its published version says."""

    slug = serializers.CharField()
    city = CityBrief()
    state = serializers.ChoiceField(choices=PUBLIC_STATES)
    version = serializers.IntegerField(source="current.number")
    content = NeedContent(source="current")
    deadline = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField()
    is_example = serializers.BooleanField()


class NeedWorkRow(NeedBrief):
    """A need as its city and depa see it in a list."""

    city = CityBrief()
    state = serializers.ChoiceField(choices=Need.State.choices)
    state_since = serializers.DateTimeField()
    visibility = serializers.ChoiceField(choices=Need.Visibility.choices)
    deadline = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    newest_version = serializers.IntegerField(source="head.number")
    public_version = serializers.IntegerField(source="current.number", default=None, allow_null=True)
    waits_for_confirmation = serializers.SerializerMethodField(
        help_text="A depa broker drafted it and the city has not confirmed it yet."
    )
    is_example = serializers.BooleanField()

    def get_waits_for_confirmation(self, need: Need) -> bool:
        return need.drafted_by_id is not None and need.confirmed_at is None


class NeedWork(NeedWorkRow):
    """A need as its city and depa work on it: the newest version, and the moves open to you."""

    state_reason = serializers.CharField()
    content = NeedContent(source="head")
    moves = serializers.SerializerMethodField()

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, need: Need) -> Any:
        return MoveOpen(needs.LIFE.open_to(need, self.context["actor"]), many=True).data


class CriterionValue(Input):
    """Coded kinds take `codes`; a price `max` and `unit`; a reference `similar`; the others nothing."""

    codes = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=MOST_CODES
    )
    max = serializers.DecimalField(required=False, max_digits=14, decimal_places=2, min_value=0)
    unit = serializers.ChoiceField(required=False, choices=LIMIT_UNITS)
    similar = serializers.BooleanField(required=False)


class CriterionInput(Input):
    kind = serializers.ChoiceField(choices=CriterionKind.choices)
    level = serializers.ChoiceField(choices=Criterion.Level.choices)
    value = CriterionValue(required=False)
    text = serializers.CharField(required=False, allow_blank=True, max_length=300)


class NeedInput(ActingInput):
    """The whole content of a version. What is left out is not stated."""

    title = serializers.CharField(max_length=200)
    problem = serializers.CharField(max_length=4000)
    success = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    dimensions = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=MOST_DIMENSIONS
    )
    capabilities = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=MAX_CAPABILITIES
    )
    budget_amount = serializers.DecimalField(
        required=False, allow_null=True, max_digits=14, decimal_places=2, min_value=1
    )
    budget_state = serializers.ChoiceField(required=False, allow_blank=True, choices=BudgetState.choices)
    fiscal_year = serializers.IntegerField(required=False, allow_null=True, min_value=2020, max_value=2199)
    money_source = serializers.CharField(required=False, allow_blank=True, max_length=200)
    start_by = CommonEraDate(required=False, allow_null=True)
    criteria = serializers.ListField(child=CriterionInput(), required=False, max_length=MAX_CRITERIA)
    visibility = serializers.ChoiceField(required=False, choices=Need.Visibility.choices)
    deadline = CommonEraTime(required=False, allow_null=True, help_text="It closes by itself then.")

    def version(self) -> needs.Content:
        """The checked body as a version."""
        given = self.validated_data
        names = ("success", "dimensions", "capabilities", "budget_state", "money_source", "criteria")
        rest = {name: given[name] for name in names if name in given}
        return needs.Content(
            given["title"],
            given["problem"],
            budget_amount=given.get("budget_amount"),
            fiscal_year=given.get("fiscal_year"),
            start_by=given.get("start_by"),
            **rest,
        )


class NeedDraftInput(NeedInput):
    city: serializers.Field[Any, Any, Any, Any] = CityById(
        slug_field="public_id",
        queryset=City.objects.all(),
        required=False,
        help_text="For which city a depa broker drafts it; an official's own is known.",
    )
    confirm_email = serializers.EmailField(
        required=False, max_length=254, help_text="Who at the city confirms a broker's draft by a link."
    )


class NeedSaveInput(NeedInput):
    seen = serializers.IntegerField(
        min_value=0, max_value=10**9, help_text="Number of the version that you edited, newest_version."
    )


class NeedMoveInput(ActingInput):
    move = serializers.ChoiceField(choices=sorted(needs.LIFE.moves), help_text="One of `moves` of the need.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    seen = serializers.IntegerField(
        required=False, min_value=0, max_value=10**9, help_text="Number of the version to be published."
    )
