"""What to ask the vendor so that an unknown becomes known. Every code of matching/scoring has its entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from marketplace.formats import price_unit
from matching.wording.names import Names

Params = Mapping[str, Any]
Asking = Callable[[Params, Names, Mapping[str, str]], str]


def question(code: str, params: Params, names: Names, labels: Mapping[str, str]) -> str:
    """One question. ``labels``: criterion id → what the city wrote, for questions about free text."""
    return QUESTIONS[code](params, names, labels)


def _plainly(message: str) -> Asking:
    return lambda _params, _names, _labels: _(message)


def _listing(message: str, axis: str) -> Asking:
    def asking(params: Params, names: Names, _labels: Mapping[str, str]) -> str:
        return _(message) % {"list": names.listed(axis, params["codes"])}

    return asking


def _price(params: Params, _names: Names, _labels: Mapping[str, str]) -> str:
    if params["unit"] == "any":
        return _("What does it cost in all, with VAT?")
    return _("What does it cost %(unit)s, with VAT?") % {"unit": price_unit(params["unit"])}


def _price_total(params: Params, _names: Names, _labels: Mapping[str, str]) -> str:
    if params["asked_unit"] == "any":
        return _("The price is stated %(unit)s. What does it cost in all for this city, with VAT?") % {
            "unit": price_unit(params["unit"])
        }
    return _("The price is stated %(unit)s. What does it cost %(asked)s, with VAT?") % {
        "unit": price_unit(params["unit"]),
        "asked": price_unit(params["asked_unit"]),
    }


def _proof(params: Params, names: Names, _labels: Mapping[str, str]) -> str:
    return _("Please show the certificate: %(certificate)s") % {
        "certificate": names.of("certificate", params["code"])
    }


def _references(params: Params, names: Names, _labels: Mapping[str, str]) -> str:
    kind = names.of("city_kind", params["city_kind"]) if params.get("city_kind") else ""
    region = names.of("region", params["region"]) if params.get("region") else ""
    if not (kind or region):
        return _("Which cities use it, and since when?")
    where = ", ".join(filter(None, (kind, region)))
    return _("Which cities use it, and since when? Is one of them like this city (%(where)s)?") % {
        "where": where
    }


def _free_text(params: Params, _names: Names, labels: Mapping[str, str]) -> str:
    wish = labels.get(params["criterion"], "")
    return _("Is this so: “%(wish)s”?") % {"wish": wish} if wish else _("Does it do what the city asks for?")


QUESTIONS: dict[str, Asking] = {
    "text": _plainly(gettext_noop("What does the service do?")),
    "kind": _listing(gettext_noop("Is it one of these: %(list)s?"), "kind"),
    "dimensions": _listing(gettext_noop("Does it serve: %(list)s?"), "dimension"),
    "regions": _listing(gettext_noop("Is it delivered in: %(list)s?"), "region"),
    "standards": _listing(gettext_noop("Does it support: %(list)s?"), "standard"),
    "languages": _listing(gettext_noop("Can it be used in: %(list)s?"), "language"),
    "deployment": _listing(gettext_noop("Is one of these possible: %(list)s?"), "deployment"),
    "certificate": _listing(gettext_noop("Which of these certificates are held: %(list)s?"), "certificate"),
    "price": _price,
    "price_total": _price_total,
    "price_vat": _plainly(gettext_noop("Is VAT included in the stated price?")),
    "certificate_proof": _proof,
    "account": _plainly(gettext_noop("Is it in the digital services account, and under which number?")),
    "account_dates": _plainly(gettext_noop("From when to when is the entry in the account valid?")),
    "references": _references,
    "reference_city": _plainly(gettext_noop("In which cities is it in use?")),
    "free_text": _free_text,
}
