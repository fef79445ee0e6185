"""Criteria answered by papers with an end: certificates and the digital services account."""

from __future__ import annotations

from datetime import date

from matching.scoring.facts import AccountFacts, CertificateFacts, CriterionFacts
from matching.scoring.outcome import (
    Context,
    Fact,
    Outcome,
    Param,
    Question,
    codes,
    met,
    not_stated,
    partly,
    unknown,
    unmet,
)


def certificate(
    criterion: CriterionFacts, held: tuple[CertificateFacts, ...] | None, context: Context
) -> Outcome:
    """Any of the kinds asked: verified counts fully, stated in part, expired nothing.

    As a must, a certificate that is only stated has to be confirmed first.
    """
    if held is None:
        return not_stated("certificates", "certificate", codes=codes(criterion.codes))
    fitting = sorted((c for c in held if c.code in criterion.codes), key=_best_first)
    current = [c for c in fitting if c.valid_to is None or c.valid_to >= context.as_of]
    if current and current[0].verified:
        return met(_certificate_fact("certificate_verified", current[0]))
    if current:
        fact = _certificate_fact("certificate_stated", current[0])
        question = Question("certificate_proof", {"code": current[0].code})
        return partly(context.weights.certificate_stated, fact, question=question)
    if fitting:
        return unmet(_certificate_fact("certificate_expired", fitting[0]))
    return unmet(Fact("certificate_none", {"asked": codes(criterion.codes)}))


def account(
    _criterion: CriterionFacts, entries: tuple[AccountFacts, ...] | None, context: Context
) -> Outcome:
    """In the digital services account on the day of the run."""
    if entries is None:
        return not_stated("account", "account")
    if not entries:
        return unmet(Fact("account_none", {}))
    current = [e for e in entries if _holds(e, context.as_of)]
    if current:
        last = max(current, key=lambda e: (e.valid_to or date.max, e.valid_from or date.min))
        return met(Fact("account_current", _period(last)))
    if any(e.valid_from is None and e.valid_to is None for e in entries):
        return unknown(Fact("account_dates_missing", {}), Question("account_dates", {}))
    last = max(entries, key=lambda e: (e.valid_to or date.max, e.valid_from or date.min))
    expired = last.valid_to is not None and last.valid_to < context.as_of
    return unmet(Fact("account_expired" if expired else "account_not_yet", _period(last)))


def _best_first(held: CertificateFacts) -> tuple[bool, int, str]:
    """Verified first, then the one that holds longest."""
    return not held.verified, -(held.valid_to or date.max).toordinal(), held.code


def _certificate_fact(code: str, held: CertificateFacts) -> Fact:
    return Fact(code, {"code": held.code, "valid_to": _iso(held.valid_to)})


def _holds(entry: AccountFacts, day: date) -> bool:
    if entry.valid_from is None and entry.valid_to is None:
        return False
    return (entry.valid_from or day) <= day <= (entry.valid_to or day)


def _period(entry: AccountFacts) -> dict[str, Param]:
    return {"valid_from": _iso(entry.valid_from), "valid_to": _iso(entry.valid_to)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
