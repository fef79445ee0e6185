"""What a criterion of each kind asks: the shape of its value, checked before it is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from catalogue import questions
from catalogue.models import Category
from marketplace.errors import Invalid
from marketplace.models import Region
from marketplace.thai.digits import to_arabic
from matching.models import Criterion
from matching.models.needs import CriterionKind
from search.thesaurus import known as known_capabilities

# Kind → the codes that may be asked for.
Known = Callable[[str], list[str]]

MAX_CRITERIA = 30
MAX_CAPABILITIES = 8
UNITS = ("once", "month", "user", "device", "any")
# Kinds whose value is a list of codes, and where the codes come from.
CODED = ("category", "dimension", "region", "certificate", "standard", "language", "deployment")


def options(kind: str) -> list[questions.Option]:
    """The codes that a criterion of a coded kind may ask for, and those of a need's own lists."""
    if kind == "capability":
        return list(questions.capability_options())
    if kind in ("language", "deployment"):
        return list(questions.questions()["languages" if kind == "language" else "deployment"].options)
    if kind == "region":
        return [questions.Option(r.code, r.name_th, r.name_en) for r in Region.objects.all()]
    axis = "kind" if kind == "category" else kind
    return [
        questions.Option(c.code, c.name_th, c.name_en)
        for c in Category.objects.filter(axis=axis).order_by("order")
    ]


def clean_dimensions(codes: Sequence[str]) -> list[str]:
    """Dimensions in their official order. Raises Invalid for an unknown one."""
    known = [option.code for option in options("dimension")]
    if not set(codes) <= set(known):
        raise Invalid({"dimensions": _("Choose from the listed values.")})
    return [code for code in known if code in codes]


def clean_capabilities(codes: Sequence[str]) -> list[str]:
    """Capabilities in the order of the thesaurus. Raises Invalid for an unknown one, or for too many."""
    kept = known_capabilities(codes)
    if not set(codes) <= set(kept):
        raise Invalid({"capabilities": _("Choose from the listed values.")})
    if len(kept) > MAX_CAPABILITIES:
        words = _("Choose at most %(max)s; there are %(count)s.")
        raise Invalid({"capabilities": words % {"max": MAX_CAPABILITIES, "count": len(kept)}})
    return kept


def clean(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of kind, level, value and text, fit to be stored in this order.

    Raises:
        Invalid: ``criteria`` → messages, each naming the row.
    """
    if len(rows) > MAX_CRITERIA:
        raise Invalid({"criteria": _("At most %(max)s criteria.") % {"max": MAX_CRITERIA}})
    kept, errors = [], []
    known = cache(lambda kind: [option.code for option in options(kind)])
    for number, row in enumerate(rows, 1):
        try:
            kept.append(_clean_row(row, known))
        except Invalid as problem:
            errors.append(
                _("Criterion %(number)s: %(what)s") % {"number": number, "what": " ".join(problem.messages)}
            )
    if errors:
        raise Invalid({"criteria": errors})
    return kept


def _clean_row(row: Mapping[str, Any], known: Known) -> dict[str, Any]:
    kind, level, value = row.get("kind"), row.get("level"), row.get("value") or {}
    if kind not in CriterionKind.values:
        raise Invalid(_("Choose a kind."))
    if level not in Criterion.Level.values:
        raise Invalid(_("Say whether it is a must or nice to have."))
    text = str(row.get("text") or "").strip()
    if len(text) > 300:
        raise Invalid(_("At most %(max)s characters; this has %(count)s.") % {"max": 300, "count": len(text)})
    if not isinstance(value, Mapping):
        raise Invalid(_("Choose from the listed values."))
    return {"kind": kind, "level": level, "value": _clean_value(kind, value, text, known), "text": text}


def _clean_value(kind: str, value: Mapping[str, Any], text: str, known: Known) -> dict[str, Any]:
    if kind in CODED:
        codes = value.get("codes")
        listed = known(kind)
        if not isinstance(codes, list) or not codes or not set(map(str, codes)) <= set(listed):
            raise Invalid(_("Choose from the listed values."))
        return {"codes": [code for code in listed if code in codes]}
    if kind == "price":
        return {"max": str(_amount(value.get("max"))), "unit": _unit(value.get("unit"))}
    if kind == "reference":
        return {"similar": True}
    if kind == "free_text" and not text:
        raise Invalid(_("Write what you ask for."))
    return {}


def _unit(value: Any) -> str:
    if value not in UNITS:
        raise Invalid(_("Choose a unit."))
    return str(value)


def _amount(value: Any) -> Decimal:
    try:
        amount = Decimal(to_arabic(str(value)).replace(",", "").strip())
    except InvalidOperation:
        raise Invalid(_("Write the amount in baht, such as 1,200,000.")) from None
    if not amount.is_finite() or not 0 < amount < Decimal(10) ** 12:
        raise Invalid(_("Write an amount above zero and below one trillion baht."))
    return amount.quantize(Decimal("0.01"))
