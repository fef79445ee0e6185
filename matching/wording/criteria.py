"""A criterion named in a few words, as it stands above its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.formats import baht, price_unit
from matching.models import Criterion
from matching.wording.names import Names

# Kind → the axis of its codes and the words around them.
CODED = {
    "category": ("kind", gettext_lazy("Kind: %(list)s")),
    "dimension": ("dimension", gettext_lazy("Dimension: %(list)s")),
    "region": ("region", gettext_lazy("Delivered in %(list)s")),
    "certificate": ("certificate", gettext_lazy("Certificate: %(list)s")),
    "standard": ("standard", gettext_lazy("Supports %(list)s")),
    "language": ("language", gettext_lazy("Language: %(list)s")),
    "deployment": ("deployment", gettext_lazy("Deployment: %(list)s")),
}
# Criteria that follow from the need itself: nobody wrote them.
BASE = {
    "base:text": gettext_lazy("Says the same in words"),
    "base:dimension": gettext_lazy("Dimensions of the need"),
    "base:region": gettext_lazy("Delivered in the city's region"),
    "base:price": gettext_lazy("Price within the budget"),
    "base:certificate": gettext_lazy("A certificate that is usually asked for"),
    "base:reference": gettext_lazy("In use in a similar city"),
}


def criterion(kind: str, value: Mapping[str, Any], text: str, names: Names) -> str:
    """``Delivered in ภาคใต้ตอนล่าง``, ``Price at most 20,000 บาท ต่อเดือน``, or the city's own words."""
    if kind in CODED:
        axis, words = CODED[kind]
        named = str(words) % {"list": names.listed(axis, value.get("codes") or ())}
        return f"{named} – {text}" if text else named
    if kind == "price":
        unit = value.get("unit") or "any"
        limit = _("Price at most %(limit)s") % {"limit": baht(Decimal(str(value.get("max") or 0)))}
        named = _("%(limit)s in all") % {"limit": limit} if unit == "any" else f"{limit} {price_unit(unit)}"
        return f"{named} – {text}" if text else named
    if kind == "account":
        named = _("In the digital services account")
        return f"{named} – {text}" if text else named
    if kind == "reference":
        named = _("In use in a similar city")
        return f"{named} – {text}" if text else named
    return text


class CriterionLabels(dict[str, str]):
    """Criterion id as scoring uses it (``c1``, ``base:text``) → its words."""

    def __init__(self, criteria: Iterable[Criterion], names: Names) -> None:
        super().__init__({key: str(words) for key, words in BASE.items()})
        for row in criteria:
            self[f"c{row.order}"] = criterion(row.kind, row.value, row.text, names)

    def __missing__(self, key: str) -> str:
        return key
