"""The questions about a service as one form, and its rows of prices and references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue import questions
from catalogue.documents import at_once
from catalogue.forms.capabilities import CapabilitiesField, picker
from catalogue.models.services import Unit
from catalogue.services.rows import MAX_ROWS
from marketplace.fields import BahtField, FiscalYearField
from marketplace.models import City

TEXTS = ("text", "lines", "markdown")
# Ticked for "none of these", which is an answer; nothing ticked is unknown.
NONE = "none_of_these"


class AnswersForm(forms.Form):
    """One field a question, in the order of asking; what is left empty stays unknown."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for question in questions.questions().values():
            self.fields[question.id] = _field(question)

    def sections(self) -> list[dict[str, Any]]:
        """Sections with the bound fields of their questions, for the template."""
        return [
            section
            | {
                "title": gettext_section(section),
                "fields": [self._shown(question) for question in section["questions"]],
            }
            for section in questions.sections()
        ]

    def _shown(self, question: questions.Question) -> dict[str, Any]:
        shown = {"field": self[question.id], "question": question}
        if question.list == "capability":
            dimensions: Any = self.fields["dimensions"]
            return shown | {"picker": picker(self[question.id], self._written(), dimensions.choices)}
        return shown | {"counted": "counted" if _counts(question) else ""}

    def _written(self) -> str:
        """What the form says of the service, saved or not."""
        texts = {q.id: self[q.id].value() for q in questions.questions().values() if q.kind in TEXTS}
        return at_once({key: value for key, value in texts.items() if isinstance(value, str)})

    def answers(self) -> dict[str, Any]:
        """What was answered, for ``questions.clean``. Valid forms only."""
        given: dict[str, Any] = {}
        for question in questions.questions().values():
            value = self.cleaned_data.get(question.id)
            if value in (None, "", []):
                continue
            if question.kind == "choices":
                value = [code for code in value if code != NONE]
            given[question.id] = value
        return given


def _counts(question: questions.Question) -> bool:
    """Whether the limit is near enough to what people write to be shown while they do."""
    return question.kind in ("text", "markdown") and question.max >= 300


def gettext_section(section: Mapping[str, Any]) -> str:
    """The title of a section in the reader's language."""
    return questions.Option("", section["th"], section["en"]).label


def initial_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as the form shows them."""
    shown: dict[str, Any] = {}
    for question in questions.questions().values():
        value = answers.get(question.id)
        if question.kind == "lines" and value is not None:
            value = "\n".join(value)
        elif question.kind == "choices" and value == [] and question.none:
            value = [NONE]
        shown[question.id] = value
    return shown


def _field(question: questions.Question) -> forms.Field:
    shared: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "required": question.id == "name_th",
    }
    if question.kind == "choice":
        choices = [("", gettext("Not known yet")), *((o.code, o.label) for o in question.options)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
    if question.list == "capability":
        return CapabilitiesField(**shared)
    if question.kind == "choices":
        listed = [(o.code, o.label) for o in question.options]
        if question.none:
            listed.append((NONE, gettext("None of these")))
        return forms.MultipleChoiceField(choices=listed, widget=forms.CheckboxSelectMultiple, **shared)
    if question.kind == "number":
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **shared)
    field = forms.CharField(widget=_text_widget(question), **shared)
    if question.kind != "lines":
        # For the counter only: the verb refuses what is too long, with the count and without cutting it.
        field.max_length = question.max
    return field


def _text_widget(question: questions.Question) -> forms.Widget:
    language = {"lang": question.id[-2:]} if question.id.endswith(("_th", "_en")) else {}
    if question.kind == "text" and question.max <= 120:
        return forms.TextInput(attrs=language)
    rows = {"markdown": 10, "lines": 5}.get(question.kind, 3)
    return forms.Textarea(attrs={"rows": rows, **language})


class PriceForm(forms.Form):
    amount = BahtField(label=_("Amount in baht"), zero=True)
    # With these an untouched row counts as empty.
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices, initial=Unit.ONCE.value)
    vat_included = forms.TypedChoiceField(
        label=_("VAT"),
        choices=[("yes", _("included")), ("no", _("not included"))],
        coerce=lambda typed: typed == "yes",
        initial="yes",
    )
    note = forms.CharField(label=_("What for"), max_length=200, required=False)


class ReferenceForm(forms.Form):
    place = forms.CharField(
        label=_("City or organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "city-names", "autocomplete": "off"}),
    )
    since_year = FiscalYearField(label=_("In use since (year)"), required=False)
    scale = forms.CharField(label=_("Extent, such as 20 vehicles"), max_length=200, required=False)

    def clean_place(self) -> str:
        """The typed place; a city that is in the list is kept as that city."""
        typed = str(self.cleaned_data["place"]).strip()
        found = find_cities(typed)
        if len(found) > 1:
            raise forms.ValidationError(
                gettext("Several cities are called this. Add the province, such as %(example)s."),
                params={"example": f"{found[0].name_th} ({found[0].province.name_th})"},
            )
        self.cleaned_data["city"] = found[0] if found else None
        return typed

    def row(self) -> dict[str, Any]:
        """The row for the verb."""
        city = self.cleaned_data.get("city")
        return {
            "city": city,
            "name": "" if city else self.cleaned_data["place"],
            "since_year": self.cleaned_data["since_year"],
            "scale": self.cleaned_data["scale"],
        }


def find_cities(typed: str) -> list[City]:
    """Cities called exactly this, in either language, perhaps with the province in brackets."""
    name, _bracket, province = typed.partition(" (")
    found = City.objects.filter(Q(name_th=name) | Q(name_en__iexact=name)).select_related("province")
    if province:
        wanted = province.removesuffix(")")
        found = found.filter(Q(province__name_th=wanted) | Q(province__name_en__iexact=wanted))
    return list(found[:5])


def city_names(limit: int = 400) -> list[str]:
    """Names to choose from while typing, with the province that tells them apart."""
    rows = City.objects.order_by("sort_key").values_list("name_th", "province__name_th")[:limit]
    return [f"{name} ({province})" for name, province in rows]


class Rows(forms.BaseFormSet):
    """Rows that can be added and taken out without JavaScript."""

    def filled(self) -> list[Any]:
        """Forms of rows that were filled in and not taken out. Valid sets only."""
        return [form for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE")]


_options = {
    "formset": Rows,
    "extra": 1,
    "can_delete": True,
    "max_num": MAX_ROWS,
    "absolute_max": MAX_ROWS + 5,
}
PriceRows = forms.formset_factory(PriceForm, **_options)  # type: ignore[arg-type]  # one dict for two sets
ReferenceRows = forms.formset_factory(ReferenceForm, **_options)  # type: ignore[arg-type]  # as above


def quiet(parts: Sequence[Any]) -> None:
    """Show what was typed in forms and sets without judging it yet: a row is being added."""
    for part in parts:
        for form in getattr(part, "forms", [part]):
            form._errors = ErrorDict()
        if isinstance(part, Rows):
            part._errors = []  # type: ignore[attr-defined]  # what full_clean() would fill
            part._non_form_errors = part.error_class()  # type: ignore[attr-defined]  # as above
