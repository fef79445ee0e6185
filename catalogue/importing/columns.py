"""What the columns of an import mean. docs/import.md tells it to people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from catalogue import questions
from catalogue.importing.reading import Fault, Line, Unreadable
from marketplace.errors import Invalid
from marketplace.organisations import clean_tax_id
from search.analysis import fold

# Other names under which a column comes.
SYNONYMS = {
    "name": "name_th",
    "domain": "dimensions",
    "dimension": "dimensions",
    "tags": "keywords",
    "organization": "vendor",
    "organisation": "vendor",
    "organization_en": "vendor_en",
    "organisation_en": "vendor_en",
}
VENDOR = {
    "vendor_en": "name_en",
    "phone": "sales_phone",
    "email": "sales_email",
    "line": "sales_line",
    "website": "website",
}
LIMITS = {"vendor": 200, "vendor_en": 200, "phone": 40, "email": 254, "line": 60, "website": 200, "id": 200}
THAI = re.compile("[ก-๛]")
SUMMARY = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One service to be: where it stood, its id in the source, what it says, and whose it is.

    ``vendor_key`` is "" where the source names nobody. ``notes`` tell what stays unknown.
    """

    line: int
    source_id: str
    answers: dict[str, Any]
    vendor_key: str
    vendor: dict[str, str]
    notes: tuple[str, ...] = field(default=())


def known_columns() -> set[str]:
    """All names that a column may have."""
    return {"id", "vendor", "tax_id", *VENDOR, *questions.questions(), *SYNONYMS}


def understand(columns: list[str], lines: Iterable[Line]) -> tuple[list[Entry], list[Fault]]:
    """Rows as entries, and what is wrong with the others.

    Raises:
        Unreadable: a column is missing without which nothing can be understood, or two mean the same.
    """
    names = [SYNONYMS.get(name, name) for name in columns if name]
    twice = sorted(
        f"{name} = {SYNONYMS[name]}" for name in columns if names.count(SYNONYMS.get(name, "")) > 1
    )
    if twice:
        raise Unreadable(_("Two columns mean the same: %(columns)s") % {"columns": ", ".join(twice)})
    missing = {"id", "name_th"} - set(names)
    if missing:
        raise Unreadable(_("The first line lacks: %(columns)s") % {"columns": ", ".join(sorted(missing))})
    entries: list[Entry] = []
    faults: list[Fault] = []
    dimensions = _names_of_dimensions()
    for line in lines:
        try:
            entries.append(_entry(line, dimensions))
        except Invalid as problem:
            faults += [Fault(line.number, reason) for reason in _reasons(problem)]
    return entries, sorted(faults + _clashes(entries), key=lambda fault: fault.line)


def _reasons(problem: Invalid) -> list[str]:
    if not hasattr(problem, "error_dict"):
        return list(problem.messages)
    return [f"{name}: {' '.join(messages)}" for name, messages in problem.message_dict.items()]


def _clashes(entries: list[Entry]) -> list[Fault]:
    """An id that stands twice, and a vendor that comes with two tax IDs."""
    found: list[Fault] = []
    first: dict[str, int] = {}
    taxes: dict[str, str] = {}
    for entry in entries:
        if entry.source_id in first:
            words = _("id: %(id)s stands in line %(line)s already.")
            found.append(
                Fault(entry.line, words % {"id": entry.source_id[:40], "line": first[entry.source_id]})
            )
        first.setdefault(entry.source_id, entry.line)
        tax_id = entry.vendor.get("tax_id")
        if tax_id and taxes.setdefault(entry.vendor_key, tax_id) != tax_id:
            words = _("tax_id: %(vendor)s has another one in an earlier line.")
            found.append(Fault(entry.line, words % {"vendor": entry.vendor["name_th"]}))
    return found


def _entry(line: Line, dimensions: dict[str, str]) -> Entry:
    cells = {SYNONYMS.get(name, name): cell for name, cell in line.cells.items() if cell}
    errors: dict[str, list[str]] = {}
    for name, limit in LIMITS.items():
        if len(cells.get(name, "")) > limit:
            errors[name] = [_("At most %(max)s characters.") % {"max": limit}]
    if not cells.get("id"):
        errors["id"] = [_("Every row needs an id of its own.")]
    notes: list[str] = []
    answers = _answers(cells, dimensions, errors, notes)
    try:
        answers = questions.clean(answers, complete=False)
    except Invalid as problem:
        for name, messages in problem.message_dict.items():
            errors.setdefault(name, []).extend(messages)
    vendor = _vendor(cells, errors)
    if errors:
        raise Invalid(errors)
    if not vendor:
        notes.append(_("names no organisation"))
    return Entry(
        line.number, cells["id"], answers, fold(vendor.get("name_th", ""))[:200], vendor, tuple(notes)
    )


def _answers(
    cells: dict[str, str], dimensions: dict[str, str], errors: dict[str, list[str]], notes: list[str]
) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in questions.questions().values():
        cell = cells.get(question.id)
        if not cell:
            continue
        if question.kind in ("choices", "lines"):
            parts = [
                part.strip() for part in re.split(r"[|\n]" if question.kind == "lines" else r"[|,;\n]", cell)
            ]
            answers[question.id] = [part for part in parts if part]
        else:
            answers[question.id] = cell
    if "dimensions" in answers:
        typed = answers["dimensions"]
        answers["dimensions"] = [dimensions.get(fold(name), name) for name in typed]
        unknown = [name for name in typed if fold(name) not in dimensions]
        if unknown:
            answers.pop("dimensions")
            errors["dimensions"] = [
                _("There is no such dimension: %(names)s") % {"names": ", ".join(unknown)}
            ]
    if "name_en" not in answers and not THAI.search(cells.get("name_th", "")):
        # The name of a product in Latin letters is its English name too.
        answers["name_en"] = cells.get("name_th", "")
    for stem in ("summary", "description"):
        _sort_languages(answers, stem)
    _summarise(answers)
    if not any(answers.get(f"{stem}_en") for stem in ("summary", "description")):
        # Two things that a reader would count apart: nothing was given, or something that is no English.
        given = any(cells.get(f"{stem}_en") for stem in ("summary", "description"))
        notes.append(_("Thai in the English column") if given else _("no English text at all"))
    return answers


def _sort_languages(answers: dict[str, Any], stem: str) -> None:
    """Sources fill both columns with the same text. What isn't in a language doesn't stand for it."""
    thai, english = answers.get(f"{stem}_th", ""), answers.get(f"{stem}_en", "")
    if english and THAI.search(english):
        answers.pop(f"{stem}_en")
        if not thai:
            answers[f"{stem}_th"] = english
    elif thai and not THAI.search(thai):
        answers.pop(f"{stem}_th")
        if not english:
            answers[f"{stem}_en"] = thai


def _summarise(answers: dict[str, Any]) -> None:
    """A description of one line is a summary; of a longer one its beginning is."""
    for language in ("th", "en"):
        text = answers.get(f"description_{language}", "")
        if not text or answers.get(f"summary_{language}"):
            continue
        if len(text) <= SUMMARY and "\n" not in text:
            answers[f"summary_{language}"] = answers.pop(f"description_{language}")
        else:
            first = text.split("\n", 1)[0]
            answers[f"summary_{language}"] = first if len(first) <= SUMMARY else _cut(first)


def _cut(text: str) -> str:
    """The beginning up to a space, so that no word is divided where the text has spaces."""
    begin = text[: SUMMARY - 1]
    return (begin.rsplit(" ", 1)[0] if " " in begin[SUMMARY // 2 :] else begin) + "…"


def _vendor(cells: dict[str, str], errors: dict[str, list[str]]) -> dict[str, str]:
    """The vendor's own columns; nothing where the row names no vendor."""
    if not cells.get("vendor"):
        return {}
    vendor = {"name_th": cells["vendor"]}
    vendor |= {column: cells[name] for name, column in VENDOR.items() if cells.get(name)}
    if "name_en" not in vendor and not THAI.search(cells["vendor"]):
        vendor["name_en"] = cells["vendor"]
    checks: dict[str, Any] = {"email": validate_email, "website": URLValidator(schemes=["http", "https"])}
    for name, check in checks.items():
        if cells.get(name):
            try:
                check(cells[name])
            except ValidationError as problem:
                errors.setdefault(name, []).extend(problem.messages)
    if cells.get("tax_id"):
        try:
            vendor["tax_id"] = clean_tax_id(cells["tax_id"])
        except Invalid as problem:
            errors["tax_id"] = list(problem.messages)
    return vendor


def _names_of_dimensions() -> dict[str, str]:
    """Folded code, Thai or English name → code."""
    names: dict[str, str] = {}
    for option in questions.questions()["dimensions"].options:
        names |= {fold(name): option.code for name in (option.code, option.th, option.en)}
    return names
