"""What is asked about a service: one declared list that forms, validation, API and documents read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.models import Category
from marketplace.errors import Invalid
from marketplace.models import Region
from search.thesaurus import capabilities

NATIONWIDE = "*"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice with its names."""

    code: str
    th: str
    en: str

    @property
    def label(self) -> str:
        return self.en if get_language() == "en" else self.th


@dataclass(frozen=True, slots=True)
class Question:
    """One entry of questions.json.

    ``max`` is characters of a text, items of lines, the highest number, or how many choices (0: any number).
    """

    id: str
    section: str
    kind: str
    required: bool
    th: str
    en: str
    help_th: str = ""
    help_en: str = ""
    max: int = 0
    list: str = ""
    # Whether "none of these" is an answer of its own, kept apart from unknown.
    none: bool = False
    fixed: tuple[Option, ...] = field(default=())

    @property
    def label(self) -> str:
        return self.en if get_language() == "en" else self.th

    @property
    def help(self) -> str:
        return self.help_en if get_language() == "en" else self.help_th

    @property
    def options(self) -> tuple[Option, ...]:
        """The values that may be chosen; lists kept in the database are read afresh."""
        if self.list == "region":
            regions = [Option(r.code, r.name_th, r.name_en) for r in Region.objects.all()]
            return (nationwide(), *regions)
        if self.list == "capability":
            return capability_options()
        if self.list:
            return tuple(
                Option(c.code, c.name_th, c.name_en)
                for c in Category.objects.filter(axis=self.list).order_by("order")
            )
        return self.fixed


def nationwide() -> Option:
    """The choice that stands for every region."""
    return Option(NATIONWIDE, "ทั่วประเทศ", "Nationwide")


@cache
def capability_options() -> tuple[Option, ...]:
    """The thesaurus as choices, in its order."""
    return tuple(Option(one.code, one.name_th, one.name_en) for one in capabilities().values())


@cache
def _declared() -> dict[str, Any]:
    with (Path(__file__).parent / "questions.json").open(encoding="utf-8") as file:
        return dict(json.load(file))


@cache
def questions() -> dict[str, Question]:
    """Every question by id, in the order of asking."""
    return {
        entry["id"]: Question(
            **{k: v for k, v in entry.items() if k != "options"},
            fixed=tuple(Option(**option) for option in entry.get("options", [])),
        )
        for entry in _declared()["questions"]
    }


def sections() -> list[dict[str, Any]]:
    """Sections in order, each with ``id``, ``th``, ``en`` and its ``questions``."""
    return [
        s | {"questions": [q for q in questions().values() if q.section == s["id"]]}
        for s in _declared()["sections"]
    ]


def clean(answers: dict[str, Any], *, complete: bool) -> dict[str, Any]:
    """Answers fit to be stored: known questions only, right shapes, within limits.

    A question left out stays unknown. With ``complete`` the required ones must be there;
    a draft needs no more than its Thai name.

    Raises:
        Invalid: question id → messages.
    """
    errors: dict[str, list[str]] = {
        key: [_("There is no such question.")] for key in answers.keys() - questions().keys()
    }
    kept: dict[str, Any] = {}
    for question in questions().values():
        value = answers.get(question.id)
        missing = value is None or value == ""
        if missing and (question.id == "name_th" or (complete and question.required)):
            errors[question.id] = [_("Answer this question.")]
        if missing:
            continue
        try:
            kept[question.id] = _CLEANERS[question.kind](question, value)
        except Invalid as problem:
            errors[question.id] = list(problem.messages)
    if complete and kept.get("dimensions") == []:
        errors["dimensions"] = [_("Choose at least one.")]
    if errors:
        raise Invalid(errors)
    return kept


def _text(question: Question, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid(_("Write text."))
    text = storable(value)
    if question.id.startswith("name"):
        # A name stands in headings, addresses and subjects of mails: one line.
        text = " ".join(text.split())
    if len(text) > question.max:
        raise Invalid(
            _("At most %(max)s characters; this has %(count)s.") % {"max": question.max, "count": len(text)}
        )
    return text


def storable(text: str) -> str:
    """Text that a database takes: no NUL, no half of a pair, one kind of line end, no outer space."""
    whole = text.encode("utf-8", "ignore").decode()
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _lines(question: Question, value: Any) -> list[str]:
    raw = value.splitlines() if isinstance(value, str) else value
    if not isinstance(raw, list) or not all(isinstance(line, str) for line in raw):
        raise Invalid(_("Write one item a line."))
    lines = [line[:200] for line in map(storable, raw) if line]
    if len(lines) > question.max:
        raise Invalid(
            _("At most %(max)s items; there are %(count)s.") % {"max": question.max, "count": len(lines)}
        )
    return lines


def _choice(question: Question, value: Any) -> str:
    if not isinstance(value, str) or value not in {option.code for option in question.options}:
        raise Invalid(_("Choose one of the listed values."))
    return str(value)


def _choices(question: Question, value: Any) -> list[str]:
    known = [option.code for option in question.options]
    if (
        not isinstance(value, list)
        or not all(isinstance(code, str) for code in value)
        or not set(value) <= set(known)
    ):
        raise Invalid(_("Choose from the listed values."))
    chosen = [code for code in known if code in value]
    if question.max and len(chosen) > question.max:
        raise Invalid(
            _("Choose at most %(max)s; there are %(count)s.") % {"max": question.max, "count": len(chosen)}
        )
    # Nationwide says all there is to say.
    return [NATIONWIDE] if NATIONWIDE in chosen else chosen


def _number(question: Question, value: Any) -> int:
    try:
        number = int(str(value))
    except (TypeError, ValueError):
        raise Invalid(_("Write a whole number.")) from None
    if not 0 <= number <= question.max:
        raise Invalid(_("Write a number from 0 to %(max)s.") % {"max": question.max})
    return number


_CLEANERS = {
    "text": _text,
    "markdown": _text,
    "lines": _lines,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
}
