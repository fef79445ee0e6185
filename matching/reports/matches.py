"""One stored match in words, as the components of a match page take it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from marketplace.formats import baht, price_unit
from marketplace.thai.text import localized
from matching.models import Match
from matching.scoring import ServiceFacts
from matching.wording import CriterionLabels, Names, band, fact, question

Reasons = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MatchWords:
    """Everything that turns the codes of a run's matches into words."""

    names: Names
    labels: CriterionLabels
    as_of: date


def cities_named(matches: Iterable[Match]) -> set[str]:
    """Public ids of the cities that reasons name."""
    return {
        found["params"]["city"]
        for match in matches
        for reason in match.reasons
        for found in reason["facts"]
        if found["params"].get("city")
    }


def _rank(match: Match) -> str:
    same = match.rank_from == match.rank_to
    return str(match.rank_from) if same else f"{match.rank_from}–{match.rank_to}"


def overview_row(match: Match, href: str) -> dict[str, Any]:
    """A line of ``components/overview.html``."""
    return {
        "rank": _rank(match),
        "name": name_of(match),
        "href": href,
        "score": match.score,
        "low": match.low,
        "high": match.high,
        "tied": match.rank_from != match.rank_to,
    }


def name_of(match: Match) -> str:
    """The service's name as it was when the run was computed."""
    return str(localized(match.service_version.answers, "name") or localized(match.service, "name"))


def card(match: Match, words: MatchWords, facts: ServiceFacts | None, **more: Any) -> dict[str, Any]:
    """A match as ``components/match.html`` takes it; ``more`` adds to it or replaces of it."""
    musts = [_reason(r, words) for r in match.reasons if r["level"] == "must"]
    nices = [_reason(r, words) for r in match.reasons if r["level"] != "must"]
    to_confirm = sum(reason["status"] == "unknown" for reason in musts)
    return {
        "anchor": f"m-{match.service.public_id}",
        "rank": _rank(match),
        "name": name_of(match),
        "href": "",
        "vendor": localized(match.service.vendor, "name"),
        "price": price_words(facts),
        "account": account_state(facts, words.as_of),
        "words": band(match.band),
        "questions": match.questions,
        "to_confirm": to_confirm,
        "score": match.score,
        "low": match.low,
        "high": match.high,
        "musts": musts,
        "nices": nices,
        "open": False,
    } | more


def _reason(reason: Mapping[str, Any], words: MatchWords) -> dict[str, Any]:
    asked = reason["question"]
    return {
        "number": reason["number"],
        "label": words.labels[reason["criterion"]],
        "status": reason["status"],
        "why": " ".join(fact(f["code"], f["params"], words.names) for f in reason["facts"]),
        "points": reason["points"] / 10,
        "max_points": reason["max_points"] / 10,
        "estimated": reason["estimated"],
        "ask": question(asked["code"], asked["params"], words.names, words.labels) if asked else "",
    }


def questions_of(match: Match, words: MatchWords) -> list[str]:
    """What to ask the vendor, each question once, in the order of the reasons."""
    asked = [_reason(reason, words)["ask"] for reason in match.reasons if reason["question"]]
    return list(dict.fromkeys(asked))


def price_words(facts: ServiceFacts | None) -> str:
    """``990,000 บาท`` or ``from 12,000 บาท ต่อเดือน``; says so where no price was stated."""
    if facts is None:
        return ""
    if not facts.prices:
        return _("price not stated")
    price = min(facts.prices, key=lambda p: (p.amount, p.unit))
    words = baht(price.amount) if price.unit == "once" else f"{baht(price.amount)} {price_unit(price.unit)}"
    return _("from %(price)s") % {"price": words} if len(facts.prices) > 1 else words


def account_state(facts: ServiceFacts | None, day: date) -> str:
    """in · expired · not · unknown, on the day of the run."""
    if facts is None or facts.accounts is None:
        return "unknown"
    if not facts.accounts:
        return "not"
    current = any(
        (entry.valid_from or day) <= day <= (entry.valid_to or day)
        for entry in facts.accounts
        if entry.valid_from or entry.valid_to
    )
    if current:
        return "in"
    undated = any(entry.valid_from is None and entry.valid_to is None for entry in facts.accounts)
    if undated:
        return "unknown"
    return "expired" if any(entry.valid_to and entry.valid_to < day for entry in facts.accounts) else "not"
