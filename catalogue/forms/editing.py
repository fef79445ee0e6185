"""Everything that is edited of a service at once: answers, prices, references."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from catalogue.forms.answers import (
    AnswersForm,
    PriceRows,
    ReferenceRows,
    Rows,
    city_names,
    initial_of,
    quiet,
)
from catalogue.models import ServiceVersion
from catalogue.questions import clean
from catalogue.services import Content
from marketplace.errors import Invalid
from marketplace.thai.text import localized

PRICES, REFERENCES = "prices", "references"


class Editing:
    """The form page of a service: empty, filled from a version, or with what was typed."""

    def __init__(self, data: QueryDict | None = None, version: ServiceVersion | None = None) -> None:
        if data is not None:
            typed = data.copy()
            for prefix in (PRICES, REFERENCES):
                # Every row is judged by what stands in it, whether it was there before or not.
                typed[f"{prefix}-INITIAL_FORMS"] = "0"
                if f"add_{prefix}" in data:
                    typed[f"{prefix}-TOTAL_FORMS"] = str(_count(data, prefix) + 1)
            self.answers = AnswersForm(typed)
            self.prices: Rows = PriceRows(typed, prefix=PRICES)  # type: ignore[assignment]  # made by a factory
            self.references: Rows = ReferenceRows(typed, prefix=REFERENCES)  # type: ignore[assignment]  # as above
        else:
            self.answers = AnswersForm(initial=initial_of(version.answers if version else {}))
            prices, references = _rows(version)
            self.prices = PriceRows(initial=prices, prefix=PRICES)  # type: ignore[assignment]  # as above
            self.references = ReferenceRows(initial=references, prefix=REFERENCES)  # type: ignore[assignment]  # as above
        self.failed = False

    @property
    def parts(self) -> list[Any]:
        return [self.answers, self.prices, self.references]

    def is_valid(self, *, complete: bool = False) -> bool:
        """Whether all of it can be taken to the verb; if not, what the verb would refuse is said as well."""
        valid = [part.is_valid() for part in self.parts]
        for rows in (self.prices, self.references):
            for message in rows.non_form_errors():
                self.answers.add_error(None, message)
        self.failed = not all(valid)
        if self.failed:
            self._say_the_rest(complete)
        return not self.failed

    def _say_the_rest(self, complete: bool) -> None:
        try:
            clean(self.answers.answers(), complete=complete)
        except Invalid as problem:
            for field, messages in problem.message_dict.items():
                if field not in self.answers.errors:
                    self.answers.errors[field] = self.answers.error_class(messages)

    def unjudged(self) -> None:
        """Show what was typed without messages."""
        quiet(self.parts)

    def content(self) -> Content:
        """What was typed, for the verbs. Valid forms only."""
        prices = [
            {k: form.cleaned_data[k] for k in ("amount", "unit", "vat_included", "note")}
            for form in self.prices.filled()
        ]
        return Content(self.answers.answers(), prices, [form.row() for form in self.references.filled()])

    def refuse(self, problem: Invalid) -> None:
        """Put what a verb says beside the fields that it is about."""
        self.failed = True
        self.answers.full_clean() if self.answers.is_bound else quiet([self.answers])
        errors = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
        for field, messages in errors.items():
            if field in self.answers.fields:
                self.answers.errors[field] = self.answers.error_class(messages)
            else:
                # Rows, and what is about the whole.
                kept = [*self.answers.non_field_errors(), *messages]
                self.answers.errors["__all__"] = self.answers.error_class(kept, error_class="nonfield")

    def context(self) -> dict[str, Any]:
        """For catalogue/work_edit.html."""
        rows = [form for part in (self.prices, self.references) for form in part.forms]
        return {
            "form": self.answers,
            "sections": self.answers.sections(),
            "prices": self.prices,
            "references": self.references,
            "row_forms": [form for form in rows if form.errors] if self.failed else [],
            "cities": city_names(),
        }


def _count(data: QueryDict, prefix: str) -> int:
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    return int(total[:4]) if total[:4].isdecimal() else 0


def _rows(version: ServiceVersion | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if version is None:
        return [], []
    prices = [
        {
            "amount": price.amount,
            "unit": price.unit,
            "vat_included": "yes" if price.vat_included else "no",
            "note": price.note,
        }
        for price in version.prices.all()
    ]
    references = [
        {
            "place": localized(row.city, "name") if row.city else row.name,
            "since_year": row.since_year,
            "scale": row.scale,
        }
        for row in version.references.select_related("city")
    ]
    return prices, references
