"""What a city says about a need, besides its criteria."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalogue.forms.capabilities import CapabilitiesField, picker
from marketplace.fields import BahtField, FiscalYearField, ThaiDateField
from marketplace.models import City
from marketplace.thai.text import localized
from matching.models import Need, NeedVersion
from matching.models.needs import BudgetState
from matching.needs import Content
from matching.wording import Names

TITLE_FROM_SENTENCE = 90


class NeedForm(forms.Form):
    """Every answer of a version, and who may see the need. ``seen`` is the version that was read."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("One sentence, without naming a technology")
    )
    problem = forms.CharField(
        label=_("Problem"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who suffers, where, how often"),
    )
    success = forms.CharField(
        label=_("What counts as success"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A figure that can be measured later"),
    )
    dimensions = forms.MultipleChoiceField(
        label=_("Smart dimensions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    capabilities = CapabilitiesField(
        label=_("Capabilities"),
        required=False,
        help_text=_("What the service should do, at most 8. Choose only what you ask for."),
    )
    budget_amount = BahtField(
        label=_("Budget"), required=False, help_text=_("Thai or Arabic digits, such as 1,200,000")
    )
    fiscal_year = FiscalYearField(label=_("Fiscal year"), required=False)
    budget_state = forms.ChoiceField(label=_("State of the budget"), required=False, widget=forms.RadioSelect)
    money_source = forms.CharField(
        label=_("Source of money"),
        max_length=200,
        required=False,
        help_text=_("Such as the annual budget ordinance or a grant"),
    )
    start_by = ThaiDateField(label=_("Start by"), required=False)
    deadline = ThaiDateField(
        label=_("Answers until"),
        required=False,
        help_text=_("The need closes at the end of this day, such as 22/11/2569"),
    )
    visibility = forms.ChoiceField(
        label=_("Who sees it once it is published"), choices=Need.Visibility.choices, widget=forms.RadioSelect
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dimensions: Any = self.fields["dimensions"]
        dimensions.choices = [(code, names.of("dimension", code)) for code in names.codes("dimension")]
        states: Any = self.fields["budget_state"]
        states.choices = BudgetState.choices

    def picker(self) -> dict[str, Any]:
        """The capabilities to choose from, those that the words suggest first."""
        words = [self[name].value() for name in ("title", "problem", "success")]
        dimensions: Any = self.fields["dimensions"]
        text = "\n".join(word for word in words if isinstance(word, str))
        return picker(self["capabilities"], text, dimensions.choices)

    def clean_deadline(self) -> datetime | None:
        """The end of the day in Thailand; a day that is over helps nobody."""
        day = self.cleaned_data["deadline"]
        if day is None:
            return None
        if day < timezone.localdate() and "deadline" in self.changed_data:
            raise forms.ValidationError(_("This day is over. Choose a later day."))
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))

    def content(self, criteria: list[dict[str, Any]]) -> Content:
        """The version that the verb saves."""
        data = self.cleaned_data
        return Content(
            title=data["title"],
            problem=data["problem"],
            success=data["success"],
            dimensions=data["dimensions"],
            capabilities=data["capabilities"],
            budget_amount=data["budget_amount"],
            budget_state=data["budget_state"],
            fiscal_year=data["fiscal_year"],
            money_source=data["money_source"],
            start_by=data["start_by"],
            criteria=criteria,
        )

    @staticmethod
    def initial_of(need: Need, version: NeedVersion) -> dict[str, Any]:
        """A stored version as the form shows it."""
        names = ("title", "problem", "success", "dimensions", "budget_amount", "budget_state")
        more = ("capabilities", "fiscal_year", "money_source", "start_by")
        deadline = timezone.localtime(need.deadline).date() if need.deadline else None
        return {name: getattr(version, name) for name in names + more} | {
            "visibility": need.visibility,
            "deadline": deadline,
            "seen": version.number,
        }

    @staticmethod
    def initial_from(sentence: str) -> dict[str, Any]:
        """A sentence from the home page as the beginning of a need."""
        first = sentence.strip().split("\n")[0]
        title = first if len(first) <= TITLE_FROM_SENTENCE else ""
        return {"title": title, "problem": sentence.strip(), "visibility": Need.Visibility.PUBLIC}


class DraftForm(NeedForm):
    """What a broker says besides: for which city, and who there will confirm it."""

    city = forms.ChoiceField(label=_("For which city"))
    confirm_email = forms.EmailField(
        label=_("E-mail of the person who confirms"),
        help_text=_("A link is sent there. The need cannot be published before it is confirmed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["city"]
        field.choices = [("", "—"), *_cities()]

    def clean_city(self) -> City:
        """The city itself."""
        return City.objects.select_related("organisation").get(public_id=self.cleaned_data["city"])


def _cities() -> list[tuple[str, str]]:
    rows = City.objects.select_related("province").order_by("sort_key")
    english = get_language() == "en"
    return [
        (
            city.public_id,
            f"{localized(city, 'name')} · {city.province.name_en if english else city.province.name_th}",
        )
        for city in rows
    ]
