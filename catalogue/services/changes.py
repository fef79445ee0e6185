"""What differs between two versions of a service, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalogue import questions
from catalogue.models import ServiceVersion
from catalogue.wording import Wording, price_text, reference_text


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer differs; empty text where it was, or is, unknown."""

    label: str
    before: str
    after: str


def changes(
    old: ServiceVersion | None, new: ServiceVersion | None, wording: Wording | None = None
) -> list[Change]:
    """The answers, prices and references that differ, in the order of the questions."""
    words = wording or Wording()
    before, after = (old.answers if old else {}), (new.answers if new else {})
    found = [
        Change(question.label, words.answer(question, before), words.answer(question, after))
        for question in questions.questions().values()
        if before.get(question.id) != after.get(question.id)
    ]
    rows = (
        (_("Prices"), _prices(old), _prices(new)),
        (_("References"), _references(old), _references(new)),
    )
    return found + [Change(label, was, now) for label, was, now in rows if was != now]


def changed_answers(old: ServiceVersion | None, new: ServiceVersion | None) -> list[tuple[str, str]]:
    """What differs, as (question, present answer)."""
    return [(change.label, change.after or "–") for change in changes(old, new)]


def _prices(version: ServiceVersion | None) -> str:
    return "\n".join(price_text(price) for price in version.prices.all()) if version else ""


def _references(version: ServiceVersion | None) -> str:
    if version is None:
        return ""
    return "\n".join(reference_text(row) for row in version.references.all())
