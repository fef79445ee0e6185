"""Rows of criteria in the form of a need: each kind with the inputs that it takes, without any script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from marketplace.fields import BahtField
from matching.criteria import CODED, MAX_CRITERIA
from matching.models import Criterion
from matching.models.needs import CriterionKind
from matching.wording import Names

PREFIX = "criteria"
AXES = {"category": "kind"}
UNITS = (
    ("any", _("in all")),
    ("once", _("once")),
    ("month", _("per month")),
    ("user", _("per user")),
    ("device", _("per device")),
)
HINTS = {
    "category": _("Any of those chosen will do."),
    "dimension": _("As a must, one of those chosen is enough."),
    "region": _("All of those chosen."),
    "certificate": _("Any of those chosen will do. As a must, one that is only stated has to be confirmed."),
    "account": _("On the day of the ranking. It decides the buying method."),
    "standard": _("All of those chosen."),
    "language": _("All of those chosen."),
    "deployment": _("Any of those chosen will do."),
    "reference": _("In a city of the same kind or region."),
    "price": _("With VAT."),
    "free_text": _("In your own words; the vendor is asked. It never removes a service by itself."),
}


class CriterionForm(forms.Form):
    """One row. Its kind is chosen when the row is added and decides which inputs it has."""

    kind = forms.ChoiceField(choices=CriterionKind.choices, widget=forms.HiddenInput)
    level = forms.ChoiceField(label=_("Level of the criterion"), choices=Criterion.Level.choices)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args: Any, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_kind = str(self["kind"].value() or "")
        known = self.row_kind in CriterionKind.values
        self.title = str(CriterionKind(self.row_kind).label) if known else ""
        self.hint = str(HINTS.get(self.row_kind, ""))
        self._add_inputs(names)
        for name in ("codes", "max", "text"):
            if name in self.fields:
                self.fields[name].help_text, self.hint = self.hint, ""

    def _add_inputs(self, names: Names) -> None:
        if self.row_kind in CODED:
            axis = AXES.get(self.row_kind, self.row_kind)
            self.fields["codes"] = forms.MultipleChoiceField(
                label=self.title,
                choices=[(code, names.of(axis, code)) for code in names.codes(axis)],
                widget=forms.CheckboxSelectMultiple,
                required=not self._removed,
            )
        elif self.row_kind == "price":
            self.fields["max"] = BahtField(label=_("At most (baht)"), required=not self._removed)
            self.fields["unit"] = forms.ChoiceField(label=_("Unit"), choices=UNITS)
        elif self.row_kind == "free_text":
            self.fields["text"] = forms.CharField(
                label=_("What you ask for"), max_length=300, required=not self._removed
            )

    @property
    def _removed(self) -> bool:
        return bool(self.is_bound and self.data.get(self.add_prefix("remove")))

    @property
    def inputs(self) -> list[forms.BoundField]:
        """The fields that this kind has besides level and removal."""
        return [self[name] for name in ("codes", "max", "unit", "text") if name in self.fields]

    def row(self) -> dict[str, Any]:
        """As ``matching.criteria.clean`` takes it."""
        data = self.cleaned_data
        value: dict[str, Any] = {}
        if self.row_kind in CODED:
            value = {"codes": data["codes"]}
        elif self.row_kind == "price":
            value = {"max": str(data["max"]), "unit": data["unit"]}
        elif self.row_kind == "reference":
            value = {"similar": True}
        # A note beside a coded criterion has no input here; a row that came with one keeps it.
        text = data.get("text") or self.initial.get("text") or ""
        return {"kind": self.row_kind, "level": data["level"], "value": value, "text": text}


class CriterionRows(BaseFormSet):
    """All rows of a need."""

    def rows(self) -> list[dict[str, Any]]:
        """The rows that are kept, in order."""
        return [form.row() for form in self.forms if not form.cleaned_data.get("remove")]


_Rows: type[CriterionRows] = forms.formset_factory(  # type: ignore[assignment]  # the stubs forget `formset`
    CriterionForm,
    formset=CriterionRows,
    extra=0,
    max_num=MAX_CRITERIA,
    absolute_max=MAX_CRITERIA + 1,
    validate_max=True,
)


def criterion_rows(
    data: QueryDict | None, names: Names, initial: Iterable[Mapping[str, Any]] = ()
) -> CriterionRows:
    """The rows as posted, or as stored. ``data["add"]`` names a kind of which one more row is wanted."""
    kind = str(data.get("add", "")) if data is not None else ""
    if data is not None and kind in CriterionKind.values:
        data = _with_one_more(data, kind)
    return _Rows(data, prefix=PREFIX, initial=list(initial), form_kwargs={"names": names})


def _with_one_more(data: QueryDict, kind: str) -> QueryDict:
    data = data.copy()
    try:
        count = int(data.get(f"{PREFIX}-TOTAL_FORMS", 0))
    except ValueError:
        count = 0
    if 0 <= count < MAX_CRITERIA:
        data[f"{PREFIX}-TOTAL_FORMS"] = str(count + 1)
        data[f"{PREFIX}-{count}-kind"] = kind
        data[f"{PREFIX}-{count}-level"] = Criterion.Level.NICE
        data[f"{PREFIX}-{count}-unit"] = "any"
    return data


def initial_of(criteria: Iterable[Criterion]) -> list[dict[str, Any]]:
    """Stored criteria as the rows that show them."""
    rows = []
    for row in criteria:
        amount = row.value.get("max")
        rows.append(
            {
                "kind": row.kind,
                "level": row.level,
                "codes": row.value.get("codes", []),
                "max": Decimal(amount) if amount else None,
                "unit": row.value.get("unit", "any"),
                "text": row.text,
            }
        )
    return rows
