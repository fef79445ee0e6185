"""Services as rows of a list, and the filters beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue import browsing
from catalogue.accounts import standing
from catalogue.listed import Listed, ListedCertificate, ListedPrice
from catalogue.models import Certificate, Service
from catalogue.models.services import Unit
from catalogue.presentation.narrowing import fullest
from catalogue.wording import Wording
from marketplace import formats
from marketplace.thai.text import localized
from search.analysis import Segment, highlight
from search.engine import FacetCount

# The component's words for what ``accounts.standing`` says; an entry that begins later isn't one yet.
ACCOUNT = {
    "listed": "in",
    "expired": "expired",
    "not_listed": "not",
    "not_yet": "not",
    "unknown": "unknown",
}
# Filters with more values than anyone reads.
LONG = ("capability",)
PICTURES = {
    "environment": "leaf",
    "energy": "bolt",
    "mobility": "bus",
    "economy": "coin",
    "living": "home",
    "people": "people",
    "governance": "hall",
}


def address_of(service: Service | Listed) -> str:
    """The public page of a service, with its name in the address where it has one."""
    return address(service.public_id, service.slug)


def address(public_id: str, slug: str) -> str:
    return reverse("service", args=[public_id, slug] if slug else [public_id])


def in_force(certificate: Certificate | ListedCertificate, day: date) -> bool:
    return certificate.valid_to is None or certificate.valid_to >= day


def row(service: Listed, wording: Wording, day: date, terms: frozenset[str] = frozenset()) -> dict[str, Any]:
    """One row of a list for components/service_card.html; ``terms`` are marked in name and summary."""
    answers = service.answers
    name, summary = localized(service, "name"), localized(answers, "summary")
    certificates = [c for c in service.certificates if in_force(c, day)]
    price, note = price_from(service.prices)
    return {
        "href": address_of(service),
        "name": name,
        "name_parts": _marked(name, terms),
        "vendor": localized(service.vendor, "name"),
        "unclaimed": not service.vendor.claimed,
        "summary": summary,
        "summary_parts": _marked(summary, terms),
        "kind": wording.name("kind", answers["kind"]) if answers.get("kind") else "",
        "dimensions": [
            {"name": wording.name("dimension", code), "picture": PICTURES.get(code, "box")}
            for code in answers.get("dimensions") or ()
        ],
        "regions": ", ".join(wording.names("region", answers.get("regions") or ())),
        "price": price,
        "price_note": note,
        "account": ACCOUNT[standing(service.account, day)],
        "certificates": [certificate_words(c, wording) for c in certificates],
        "example": service.is_example,
    }


def _marked(text: str, terms: frozenset[str]) -> tuple[Segment, ...]:
    return highlight(text, terms) if text and terms else ()


def certificate_words(certificate: ListedCertificate, wording: Wording) -> str:
    """The name and how far to trust it: never the name alone."""
    name = wording.name("certificate", certificate.kind)
    if certificate.verified_at is not None:
        return _("%(name)s (checked by depa)") % {"name": name}
    return _("%(name)s (stated)") % {"name": name}


def price_from(prices: Sequence[ListedPrice]) -> tuple[str, str]:
    """The lowest price and what it is for. Units don't compare, so the first unit that is there decides."""
    for unit in (Unit.ONCE, Unit.MONTH, Unit.USER, Unit.DEVICE):
        same = [price for price in prices if price.unit == unit]
        if not same:
            continue
        lowest = min(same, key=lambda price: price.amount)
        amount = formats.baht(lowest.amount)
        vat = _("VAT included") if lowest.vat_included else _("VAT not included")
        words = amount if len(prices) == 1 else _("from %(amount)s") % {"amount": amount}
        return words, f"{unit.label} · {vat}"
    return "", ""


def facets(
    counts: Mapping[str, Sequence[FacetCount]], chosen: Mapping[str, Sequence[str]], wording: Wording
) -> list[dict[str, Any]]:
    """The filters for components/filters.html; a choice that is made stays visible with its count of zero."""
    return [
        {"name": name, "label": label, "options": options}
        for name, label in facet_labels().items()
        if (options := _options(name, counts.get(name, ()), chosen.get(name, ()), wording))
    ]


def facet_labels() -> dict[str, str]:
    return {
        "dimension": _("Smart dimension"),
        "capability": _("Capability"),
        "account": _("Digital services account"),
        "region": _("Delivered in"),
        "price": _("Price as stated"),
        "kind": _("Kind of supply"),
        "deployment": _("Deployment"),
        "certificate": _("Certificate in force"),
        "standard": _("Standard or integration"),
        "language": _("Language of the system"),
    }


def value_name(facet: str, code: str, wording: Wording) -> str:
    return _("In the account today") if facet == "account" else wording.name(facet, code)


def known(facet: str, wording: Wording) -> list[str]:
    """The codes that a filter knows, in the order of its list."""
    return ["listed"] if facet == "account" else list(wording.options.get(facet, {}))


def _options(
    facet: str, counts: Sequence[FacetCount], chosen: Sequence[str], wording: Wording
) -> list[dict[str, Any]]:
    if facet == "region":
        counts = browsing.delivered(counts, known(facet, wording))
    by_code = {str(count.value): count.count for count in counts}
    options = [
        {
            "value": code,
            "label": value_name(facet, code, wording),
            "count": count,
            "chosen": code in chosen,
        }
        for code in known(facet, wording)
        if (count := by_code.get(code, 0)) or code in chosen
    ]
    return fullest(options) if facet in LONG else options
