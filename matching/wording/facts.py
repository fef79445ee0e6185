"""One sentence for each fact that a rule may use. Every code of matching/scoring has its entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy, gettext_noop, ngettext
from django.utils.translation import gettext as _

from marketplace.formats import baht, price_unit, thai_date, year
from matching.wording.names import Names
from search.analysis import concept_label

Params = Mapping[str, Any]
Sentence = Callable[[Params, Names], str]

NOT_STATED = {
    "text": gettext_lazy("The listing has no text to compare."),
    "kind": gettext_lazy("The kind of supply is not stated."),
    "dimensions": gettext_lazy("The smart dimensions are not stated."),
    "regions": gettext_lazy("Where it is delivered is not stated."),
    "prices": gettext_lazy("No price is stated."),
    "certificates": gettext_lazy("Nothing is stated about certificates."),
    "account": gettext_lazy("Nobody has checked whether it is in the digital services account."),
    "standards": gettext_lazy("Nothing is stated about standards and integrations."),
    "languages": gettext_lazy("The languages are not stated."),
    "deployment": gettext_lazy("The kind of deployment is not stated."),
    "references": gettext_lazy("Nothing is stated about cities that use it."),
}
SHOWN_WORDS = 8


def fact(code: str, params: Params, names: Names) -> str:
    """The sentence of one fact. Raises KeyError for a code that scoring does not know."""
    return FACTS[code](params, names)


def _not_stated(params: Params, _names: Names) -> str:
    return str(NOT_STATED[params["field"]])


def _words_found(params: Params, _names: Names) -> str:
    if not params["found"]:
        return _("No words in common.")
    words, described = _shown(params["words"]), _shown(params.get("described", ()))
    counted = {"found": params["found"], "asked": params["asked"], "words": words}
    if not words:
        said = _("%(found)s of %(asked)s groups of words in common.") % counted
    else:
        said = _("%(found)s of %(asked)s groups of words in common: %(words)s") % counted
    if not described:
        return said
    # What a listing only mentions in passing counts for less.
    return f"{said} " + _("Only in its longer text: %(words)s") % {"words": described}


def _shown(words: Sequence[str]) -> str:
    """The first words; a group of words with one meaning is shown by one that stands for it."""
    language = "en" if (get_language() or "").startswith("en") else "th"
    return ", ".join(list(dict.fromkeys(concept_label(word, language) for word in words))[:SHOWN_WORDS])


def _kind_is(params: Params, names: Names) -> str:
    return _("It is listed as: %(kind)s") % {"kind": names.of("kind", params["kind"])}


def _covered(axis: str) -> Sentence:
    def sentence(params: Params, names: Names) -> str:
        covered, missing = names.listed(axis, params["covered"]), names.listed(axis, params["missing"])
        if not params["missing"]:
            return _("States: %(covered)s") % {"covered": covered}
        if not params["covered"]:
            return _("Does not state: %(missing)s") % {"missing": missing}
        return _("States: %(covered)s. Does not state: %(missing)s") % {
            "covered": covered,
            "missing": missing,
        }

    return sentence


def _regions(params: Params, names: Names) -> str:
    if params["missing"] and not params["covered"]:
        return _("Does not deliver in: %(regions)s") % {"regions": names.listed("region", params["missing"])}
    if params["missing"]:
        return _("Delivers in %(covered)s, not in %(missing)s") % {
            "covered": names.listed("region", params["covered"]),
            "missing": names.listed("region", params["missing"]),
        }
    return _("Delivers in: %(regions)s") % {"regions": names.listed("region", params["covered"])}


def _nationwide(_params: Params, _names: Names) -> str:
    return _("Delivers nationwide.")


def _deployment_offered(params: Params, names: Names) -> str:
    return _("Offers: %(offered)s") % {"offered": names.listed("deployment", params["offered"])}


def _deployment_other(params: Params, names: Names) -> str:
    if not params["offered"]:
        return _("States that none of these is offered.")
    return _("Offers only: %(offered)s") % {"offered": names.listed("deployment", params["offered"])}


# Prices


def stated_price(params: Params) -> str:
    """``20,000 บาท ต่อเดือน ยังไม่รวมภาษีมูลค่าเพิ่ม``: a price as its vendor published it."""
    vat = {
        True: _("VAT included"),
        False: _("VAT not included"),
        None: _("not stated whether VAT is included"),
    }[params["vat_included"]]
    unit = "" if params["unit"] == "once" else f" {price_unit(params['unit'])}"
    return f"{baht(Decimal(params['amount']))}{unit} ({vat})"


def _total(params: Params) -> str:
    """What the price means for the limit, where that is another sum than the published one."""
    if params["times"] > 1:
        months = ngettext("%(count)s month", "%(count)s months", params["times"])
        return _("%(cost)s for %(months)s with VAT") % {
            "cost": baht(Decimal(params["cost"])),
            "months": months % {"count": params["times"]},
        }
    return _("%(cost)s with VAT") % {"cost": baht(Decimal(params["cost"]))}


def _priced(params: Params) -> str:
    same = Decimal(params["cost"]) == Decimal(params["amount"]) and params["times"] == 1
    return stated_price(params) if same else f"{stated_price(params)} = {_total(params)}"


def _price_within(params: Params, _names: Names) -> str:
    percent = params["below_tenths_percent"] // 10
    if percent:
        return _("%(price)s: %(percent)s %% below the limit") % {"price": _priced(params), "percent": percent}
    return _("%(price)s: within the limit") % {"price": _priced(params)}


def _price_over(params: Params, _names: Names) -> str:
    return _("%(price)s: above the limit of %(limit)s") % {
        "price": _priced(params),
        "limit": baht(Decimal(params["limit"])),
    }


def _price_vat_unclear(params: Params, _names: Names) -> str:
    return _("%(price)s: within the limit of %(limit)s only if VAT is included") % {
        "price": stated_price(params),
        "limit": baht(Decimal(params["limit"])),
    }


def _price_unit_differs(params: Params, _names: Names) -> str:
    return _("%(price)s: the total is not known, because the price is in another unit") % {
        "price": stated_price(params)
    }


# Evidence


def _day(params: Params, key: str) -> str:
    return thai_date(date.fromisoformat(params[key])) if params.get(key) else ""


def _certificate(valid: str, without_end: str) -> Sentence:
    def sentence(params: Params, names: Names) -> str:
        words = {"certificate": names.of("certificate", params["code"]), "day": _day(params, "valid_to")}
        return (_(valid) if params.get("valid_to") else _(without_end)) % words

    return sentence


def _certificate_none(params: Params, names: Names) -> str:
    return _("Has none of: %(certificates)s") % {"certificates": names.listed("certificate", params["asked"])}


def _account(message: str, without_dates: str) -> Sentence:
    def sentence(params: Params, _names: Names) -> str:
        start, end = _day(params, "valid_from"), _day(params, "valid_to")
        return (_(message) if (end or start) else _(without_dates)) % {
            "start": start or "–",
            "end": end or "–",
        }

    return sentence


def _plainly(message: str) -> Sentence:
    return lambda _params, _names: _(message)


def _reference_similar(params: Params, names: Names) -> str:
    place = names.of("city", params["city"]) if params.get("city") else ""
    alike: Sequence[str] = [
        *([_("same kind of city")] if params["same_kind"] else []),
        *([_("same region")] if params["same_region"] else []),
    ]
    words = {"place": place, "alike": ", ".join(alike), "year": year(params.get("since"))}
    if not place:
        return _("In use in a similar city (%(alike)s)") % words
    if not words["year"]:
        return _("In use in %(place)s (%(alike)s)") % words
    return _("In use in %(place)s since %(year)s (%(alike)s)") % words


def _reference_elsewhere(params: Params, _names: Names) -> str:
    count = params["places"]
    return ngettext(
        "In use in %(count)s place, but not in a similar city",
        "In use in %(count)s places, but not in a similar city",
        count,
    ) % {"count": count}


def _reference_unclear(params: Params, _names: Names) -> str:
    count = params["places"]
    return ngettext(
        "In use in %(count)s place; whether it is similar is not stated",
        "In use in %(count)s places; whether any is similar is not stated",
        count,
    ) % {"count": count}


FACTS: dict[str, Sentence] = {
    "not_stated": _not_stated,
    "words_found": _words_found,
    "kind_is": _kind_is,
    "dimensions_covered": _covered("dimension"),
    "regions_covered": _regions,
    "standards_covered": _covered("standard"),
    "languages_covered": _covered("language"),
    "region_nationwide": _nationwide,
    "deployment_offered": _deployment_offered,
    "deployment_other": _deployment_other,
    "price_within": _price_within,
    "price_over": _price_over,
    "price_vat_unclear": _price_vat_unclear,
    "price_unit_differs": _price_unit_differs,
    "certificate_verified": _certificate(
        gettext_noop("%(certificate)s, checked by depa, valid to %(day)s"),
        gettext_noop("%(certificate)s, checked by depa, no end stated"),
    ),
    "certificate_stated": _certificate(
        gettext_noop("%(certificate)s, stated by the vendor and not checked yet, valid to %(day)s"),
        gettext_noop("%(certificate)s, stated by the vendor and not checked yet"),
    ),
    "certificate_expired": _certificate(
        gettext_noop("%(certificate)s expired on %(day)s"), gettext_noop("%(certificate)s has expired")
    ),
    "certificate_none": _certificate_none,
    "account_current": _account(
        gettext_noop("In the account from %(start)s to %(end)s"), gettext_noop("In the account")
    ),
    "account_expired": _account(
        gettext_noop("The entry in the account expired on %(end)s"),
        gettext_noop("The entry in the account has expired"),
    ),
    "account_not_yet": _account(
        gettext_noop("The entry in the account begins on %(start)s"),
        gettext_noop("The entry in the account has not begun"),
    ),
    "account_none": _plainly(gettext_noop("Checked by depa: not in the account.")),
    "account_dates_missing": _plainly(gettext_noop("In the account, but its dates are not known.")),
    "reference_similar": _reference_similar,
    "reference_none": _plainly(gettext_noop("States that no city uses it yet.")),
    "reference_elsewhere": _reference_elsewhere,
    "reference_unclear": _reference_unclear,
    "need_city_unknown": _plainly(gettext_noop("The need does not say for which city it is.")),
}
