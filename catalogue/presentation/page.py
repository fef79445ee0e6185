"""A service as its public page and its work pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue import questions
from catalogue.accounts import standing
from catalogue.models import AccountStatus, Certificate, Service, ServiceVersion
from catalogue.presentation.listing import ACCOUNT, PICTURES, in_force
from catalogue.wording import Wording
from marketplace import formats
from marketplace.thai.text import localized

# Levels of components/trust.html.
STATED, DOCUMENT, CHECKED = 1, 2, 3
LANGUAGES = ("th", "en")


@dataclass(frozen=True, slots=True)
class Said:
    """A text with the language that it is in; ``other`` where that is not the reader's."""

    value: Any
    language: str
    other: bool


def said(answers: Mapping[str, Any], field: str) -> Said:
    """An answer in the reader's language, else in the other one, marked so that it is read out right."""
    reading = (get_language() or "th")[:2]
    value = localized(answers, field)
    if not value or answers.get(f"{field}_{reading}"):
        return Said(value, reading, False)
    return Said(value, "th" if reading == "en" else "en", True)


def origin(service: Service, version: ServiceVersion) -> dict[str, Any]:
    """Where the answers of a version come from, as a cell: its vendor, or the source of an import."""
    if service.source and version.created_by_id is None:
        return {"text": _("the source %(name)s") % {"name": service.source}}
    return {"trust": STATED}


def sections(version: ServiceVersion, wording: Wording, stated: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers by section: ``texts`` to read, and ``rows`` of facts for components/sheet.html.

    Name and summary stand above the page and are left out. ``stated`` is the cell of ``origin``.
    """
    return [
        {
            "id": section["id"],
            "title": section["en"] if (get_language() or "th")[:2] == "en" else section["th"],
            "texts": _texts(section["questions"], version.answers),
            "rows": _facts(section["questions"], version.answers, wording, stated),
        }
        for section in questions.sections()
    ]


def _texts(asked: list[questions.Question], answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Texts in language pairs, one entry a pair: label, kind and what is said."""
    stems = dict.fromkeys(
        (q.id.removesuffix("_th"), q.kind)
        for q in asked
        if q.id.endswith("_th") and not q.id.startswith(("name", "summary"))
    )
    found = []
    for stem, kind in stems:
        text = said(answers, stem)
        if text.value:
            found.append({"label": _text_labels()[stem], "kind": kind, "said": text})
    return found


def _text_labels() -> dict[str, str]:
    return {
        "description": _("Description"),
        "functions": _("Main functions"),
        "support": _("Support after set-up"),
    }


def _facts(
    asked: list[questions.Question], answers: Mapping[str, Any], wording: Wording, stated: dict[str, Any]
) -> list[list[Any]]:
    return [
        [
            question.label,
            _cell(question, answers, wording),
            stated if question.id in answers else "",
        ]
        for question in asked
        if question.kind in ("choice", "choices", "number")
    ]


def _cell(question: questions.Question, answers: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    text = wording.answer(question, answers)
    return {"text": text} if text else {"status": "unknown", "text": _("Unknown")}


def fact_columns() -> list[dict[str, Any]]:
    return [{"label": _("Subject")}, {"label": _("What is known")}, {"label": _("Where it comes from")}]


def dimensions(answers: Mapping[str, Any], wording: Wording) -> list[dict[str, str]]:
    return [
        {"name": wording.name("dimension", code), "picture": PICTURES.get(code, "box"), "code": code}
        for code in answers.get("dimensions") or ()
    ]


def price_rows(version: ServiceVersion) -> list[list[Any]]:
    """Rows of what for, unit, VAT and amount."""
    return [
        [
            price.note or _("Price"),
            price.get_unit_display(),
            _("VAT included") if price.vat_included else _("VAT not included"),
            formats.baht(price.amount),
        ]
        for price in version.prices.all()
    ]


def price_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Item")},
        {"label": _("Unit")},
        {"label": _("VAT")},
        {"label": _("Price"), "numeric": True},
    ]


def reference_rows(version: ServiceVersion, stated: dict[str, Any]) -> list[list[Any]]:
    """Rows of where, since when, how much, and who says so."""
    return [
        [
            localized(row.city, "name") if row.city else row.name,
            formats.year(row.since_year) or {"status": "unknown", "text": _("Unknown")},
            row.scale or "–",
            stated,
        ]
        for row in version.references.all()
    ]


def reference_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Where it is in use")},
        {"label": _("Since")},
        {"label": _("Extent")},
        {"label": _("Where it comes from")},
    ]


def certificate_state(certificate: Certificate, day: date) -> dict[str, str]:
    """Checked by depa, only stated, or expired: one cell."""
    if not in_force(certificate, day):
        return {"status": "unmet", "text": _("Expired"), "note": _("does not count in matches")}
    if certificate.verified_at is not None:
        return {"status": "met", "text": _("Checked by depa")}
    if certificate.evidence_id is not None:
        return {"status": "info", "text": _("Document attached"), "note": _("not checked yet")}
    return {"status": "info", "text": _("Stated by the vendor"), "note": _("not checked")}


def certificate_rows(service: Service, wording: Wording, day: date) -> list[list[Any]]:
    """Rows of certificate, how far to trust it, number, and last day."""
    return [
        [
            wording.name("certificate", certificate.kind),
            certificate_state(certificate, day),
            certificate.number or "–",
            formats.thai_date(certificate.valid_to) or {"status": "unknown", "text": _("Unknown")},
        ]
        for certificate in service.certificates.all()
    ]


def certificate_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Certificate")},
        {"label": _("State")},
        {"label": _("Number")},
        {"label": _("Valid until")},
    ]


def account(status: AccountStatus | None, day: date) -> dict[str, Any]:
    """What components/account.html shows. The document itself stays with depa."""
    if status is None:
        return {"status": "unknown"}
    evidence = {"text": _("document kept by depa")} if status.evidence_id else None
    return {
        "status": ACCOUNT[standing(status, day)],
        "register_number": status.register_number,
        "item_group": status.item_group,
        "valid_from": status.valid_from,
        "valid_to": status.valid_to,
        "evidence": evidence,
        "trust": CHECKED,
        "checked_at": status.checked_at,
    }
