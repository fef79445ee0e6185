"""Form fields that understand what people in Thailand type: Buddhist-era dates, Thai digits, tax IDs."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.errors import Invalid
from marketplace.organisations import clean_tax_id
from marketplace.thai import dates
from marketplace.thai.digits import to_arabic

_DATE_ERRORS = {
    "format": _("Write the date as 22/11/2569 or 2026-11-22. What was typed: %(typed)s"),
    "ambiguous_year": _("Write the year with four digits, such as 2569. What was typed: %(typed)s"),
    "absurd_year": _("This year can't be right: %(typed)s. Write it as 2569 or 2026."),
    "no_such_day": _("There is no such day: %(typed)s"),
}


def _date_problem(error: dates.DateError, typed: str) -> ValidationError:
    return ValidationError(_DATE_ERRORS[error.code], code=error.code, params={"typed": typed})


class FilesInput(forms.ClearableFileInput):
    """A control that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files; the value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]


class TypedField(forms.CharField):
    """Text that is read as something else: limits hold for the text, the value is what ``read`` gives."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return self.read(typed) if typed else None

    @abstractmethod
    def read(self, typed: str) -> Any:
        """The value. Raises ValidationError with what was typed."""


class ThaiDateField(TypedField):
    """A day, typed in either era; the value is a ``date`` of the common era."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Day/month/year พ.ศ., such as 22/11/2569"))
        super().__init__(max_length=40, **options)

    def read(self, typed: str) -> date:
        try:
            return dates.parse_date(typed)
        except dates.DateError as error:
            raise _date_problem(error, typed) from None

    def prepare_value(self, value: Any) -> Any:
        """A stored day as it would be typed in the reader's language."""
        if not isinstance(value, date):
            return value
        if get_language() == "en":
            return value.isoformat()
        return f"{value.day}/{value.month}/{dates.to_be(value.year)}"


class FiscalYearField(TypedField):
    """A fiscal year, typed in either era; the value is the common-era year in which it ends."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Buddhist era, such as 2570"))
        super().__init__(max_length=12, **options)

    def read(self, typed: str) -> int:
        try:
            return dates.parse_year(typed)
        except dates.DateError as error:
            raise _date_problem(error, typed) from None

    def prepare_value(self, value: Any) -> Any:
        return str(dates.to_be(value)) if isinstance(value, int) else value


class BahtField(TypedField):
    """An amount in baht, commas and Thai digits allowed; the value is a ``Decimal`` with two places."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, zero: bool = False, **options: Any) -> None:
        self.zero = zero
        super().__init__(max_length=40, **options)

    def read(self, typed: str) -> Decimal:
        bare = to_arabic(typed).replace(",", "").replace("บาท", "").replace("฿", "").strip()
        try:
            amount = Decimal(bare)
        except InvalidOperation:
            raise ValidationError(
                _("Write the amount in baht, such as 1,200,000. What was typed: %(typed)s"),
                params={"typed": typed},
            ) from None
        too_small = amount.is_nan() or amount < 0 or (amount == 0 and not self.zero)
        if too_small or not amount.is_finite() or amount >= Decimal(10) ** 12:
            raise ValidationError(_("Write an amount above zero and below one trillion baht."))
        return amount.quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return f"{value:,.2f}".removesuffix(".00")


class TaxIdField(TypedField):
    """Thirteen digits with a right check digit; spaces, hyphens and Thai digits are understood."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, **options)

    def read(self, typed: str) -> str:
        try:
            return clean_tax_id(typed)
        except Invalid as problem:
            raise ValidationError(problem.messages) from None
