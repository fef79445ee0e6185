"""Words for codes: categories, regions, cities, and the fixed lists of the questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Value
from django.utils.translation import get_language

from catalogue import questions
from catalogue.models import Category
from marketplace.models import City, CityKind, Region

# Dimension → its icon.
PICTURES = {
    "environment": "leaf",
    "energy": "bolt",
    "mobility": "bus",
    "economy": "coin",
    "living": "home",
    "people": "people",
    "governance": "hall",
}
FIXED = {"language": "languages", "deployment": "deployment"}


@dataclass(frozen=True, slots=True)
class Names:
    """(axis, code) → Thai and English. An unknown code is shown as it is."""

    table: Mapping[tuple[str, str], tuple[str, str]]

    def of(self, axis: str, code: str) -> str:
        """The word for one code of an axis, such as kind, dimension, certificate, region, city."""
        if axis == "city_kind":
            return str(CityKind(code).label) if code in CityKind.values else code
        th, en = self.table.get((axis, code), (code, code))
        return (en or th) if get_language() == "en" else (th or en)

    def listed(self, axis: str, codes: Iterable[str], limit: int = 12) -> str:
        """Several words, separated by commas; the rest of a long list as dots."""
        words = [self.of(axis, code) for code in codes]
        return ", ".join(words[:limit]) + (" …" if len(words) > limit else "")

    def codes(self, axis: str) -> list[str]:
        """The codes of an axis in their official order."""
        return [code for found, code in self.table if found == axis]

    def words(self, axis: str) -> dict[str, str]:
        """The codes of an axis in their official order, each with its word."""
        return {code: self.of(axis, code) for code in self.codes(axis)}


def names(cities: Iterable[str] = ()) -> Names:
    """Everything that codes can stand for, and these cities by their public ids; one query."""
    wanted = sorted(set(cities))
    rows = Category.objects.order_by().values_list("order", "axis", "code", "name_th", "name_en")
    rows = rows.union(
        Region.objects.order_by().values_list("order", Value("region"), "code", "name_th", "name_en"),
        City.objects.order_by()
        .filter(public_id__in=wanted)
        .values_list(Value(0), Value("city"), "public_id", "name_th", "name_en"),
        all=True,
    )
    found = sorted(rows, key=lambda row: row[:3])
    table = {(axis, code): (th, en) for _order, axis, code, th, en in found}
    for option in questions.capability_options():
        table[("capability", option.code)] = (option.th, option.en)
    for axis, question in FIXED.items():
        for option in questions.questions()[question].options:
            table[(axis, option.code)] = (option.th, option.en)
    return Names(table)
