"""Names of codes and answers in the reader's language, read once for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue import price_bands
from catalogue.models import Category, CityReference, Price
from catalogue.questions import NATIONWIDE, Question, capability_options, nationwide, questions
from marketplace import formats
from marketplace.models import Region
from marketplace.thai.text import localized

# Facets whose values come from a question with a list of its own.
_FIXED = {"deployment": "deployment", "language": "languages", "data_location": "data_location"}


class Wording:
    """What codes are called in the language in which it is made. One query then, none afterwards."""

    def __init__(self) -> None:
        self.options: dict[str, dict[str, str]] = {"region": {NATIONWIDE: nationwide().label}}
        name = 4 if get_language() == "en" else 3
        columns = ("axis", "order", "code", "name_th", "name_en")
        regions = Region.objects.order_by().annotate(axis=Value("region")).values_list(*columns)
        rows = Category.objects.order_by().values_list(*columns).union(regions, all=True)
        for row in sorted(rows):
            self.options.setdefault(row[0], {})[row[2]] = row[name]
        self.options["capability"] = {option.code: option.label for option in capability_options()}
        self.options[price_bands.FACET] = price_bands.words()
        for axis, question in _FIXED.items():
            self.options[axis] = {option.code: option.label for option in questions()[question].fixed}

    def name(self, axis: str, code: str) -> str:
        """A code's name; a code that is no longer in the list stays as it is."""
        return self.options.get(axis, {}).get(code, code)

    def names(self, axis: str, codes: Iterable[str]) -> list[str]:
        return [self.name(axis, code) for code in codes]

    def axis_of(self, question: Question) -> str:
        return question.list or next((axis for axis, id_ in _FIXED.items() if id_ == question.id), "")

    def answer(self, question: Question, answers: Mapping[str, Any]) -> str:
        """An answer as one text; nothing where it is unknown, "None" where the list is empty."""
        value = answers.get(question.id)
        if value is None:
            return ""
        if question.kind == "choice":
            return self.name(self.axis_of(question), value)
        if question.kind == "choices":
            return ", ".join(self.names(self.axis_of(question), value)) or _("None")
        return "\n".join(value) if isinstance(value, list) else str(value)


def price_text(price: Price) -> str:
    """``12,000 บาท ต่อเดือน รวมภาษีมูลค่าเพิ่ม``."""
    vat = _("VAT included") if price.vat_included else _("VAT not included")
    words = f"{formats.baht(price.amount)} {price.get_unit_display()} ({vat})"
    return f"{price.note}: {words}" if price.note else words


def reference_text(reference: CityReference) -> str:
    """``เทศบาลนครหาดใหญ่ · ตั้งแต่ 2568 · 20 คัน``."""
    place = localized(reference.city, "name") if reference.city else reference.name
    since = _("since %(year)s") % {"year": formats.year(reference.since_year)} if reference.since_year else ""
    return " · ".join(part for part in (place, since, reference.scale) if part)
