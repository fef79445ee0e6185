"""Price within a budget.

Compared are amounts in THB with VAT, rounded to a satang; a price without VAT gets the rate of the day.
* A criterion with a unit compares prices of that unit only; another unit needs a question, because the number
  of users, devices or months is not known.
* Unit "any", and the budget of the need itself, is money for the whole: a price paid once counts as it is, a
  monthly price as the months that a budget carries (data), a price per user or device needs a question.
  One user or device is the least that can be bought: if that is already above the limit, the price is over.
Of several prices the most favourable counts ("from"). No price at all is unknown, never free of charge.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from matching.scoring.facts import CriterionFacts, PriceFacts
from matching.scoring.outcome import (
    FULL_SHARE,
    Context,
    Fact,
    Outcome,
    Param,
    Question,
    met,
    not_stated,
    partly,
    unknown,
    unmet,
)

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a price means for the limit: `low` to `high` satang with VAT; `high` None when open-ended."""

    price: PriceFacts
    low: int
    high: int | None
    times: int


def price(criterion: CriterionFacts, prices: tuple[PriceFacts, ...] | None, context: Context) -> Outcome:
    """Within the limit, and the more the further below it."""
    if criterion.maximum is None:
        raise ValueError(f"criterion {criterion.id} has no limit to compare a price with")
    if not prices:
        return not_stated("prices", "price", unit=criterion.unit)
    limit, others = _satang(criterion.maximum), len(prices) - 1
    costs = sorted((_cost(p, criterion.unit, context) for p in prices), key=_favourable)
    for cost in costs:
        if cost.high is not None and cost.high <= limit:
            return _within(cost, limit, others, context)
    for cost in costs:
        if cost.low <= limit:
            return _unclear(cost, limit, others, criterion.unit)
    return unmet(Fact("price_over", _shown(costs[0], limit, others)))


def _cost(price: PriceFacts, unit: str, context: Context) -> Cost:
    published = _satang(price.amount)
    with_vat = published if price.vat_included else _with_vat(price.amount, context)
    low = published if price.vat_included is None else with_vat
    if price.unit == unit or (unit == "any" and price.unit == "once"):
        return Cost(price, low, with_vat, 1)
    if unit == "any" and price.unit == "month":
        months = context.weights.price.budget_months
        return Cost(price, low * months, with_vat * months, months)
    # Between two stated units there is no bound at all; against money for the whole, one unit is the least.
    return Cost(price, low if unit == "any" else 0, None, 1)


def _with_vat(amount: Decimal, context: Context) -> int:
    percent = context.vat_percent
    return _satang(amount * (100 * percent.denominator + percent.numerator) / (100 * percent.denominator))


def _satang(amount: Decimal) -> int:
    return int((amount * HUNDRED).to_integral_value(ROUND_HALF_UP))


def _favourable(cost: Cost) -> tuple[bool, int, int, str, Decimal, int]:
    """Known totals first, then the cheaper; the rest only makes the order complete."""
    vat = {None: 0, False: 1, True: 2}[cost.price.vat_included]
    return cost.high is None, cost.high or 0, cost.low, cost.price.unit, cost.price.amount, vat


def _within(cost: Cost, limit: int, others: int, context: Context) -> Outcome:
    weights = context.weights.price
    saving = Fraction(limit - (cost.high or 0), limit) if limit else FULL_SHARE
    share = weights.at_limit + (1 - weights.at_limit) * min(FULL_SHARE, saving / weights.full_saving)
    below = {"below_tenths_percent": int(saving * 1000)}
    fact = Fact("price_within", {**_shown(cost, limit, others), **below})
    return met(fact, share=share) if share >= context.weights.met_from else partly(share, fact)


def _unclear(cost: Cost, limit: int, others: int, unit: str) -> Outcome:
    shown = _shown(cost, limit, others)
    if cost.high is not None:
        return unknown(Fact("price_vat_unclear", shown), Question("price_vat", {"unit": cost.price.unit}))
    fact = Fact("price_unit_differs", {**shown, "asked_unit": unit})
    return unknown(fact, Question("price_total", {"unit": cost.price.unit, "asked_unit": unit}))


def _shown(cost: Cost, limit: int, others: int) -> dict[str, Param]:
    """`cost` with VAT for all `times` (of one unit, where their number is unknown); the rest as published."""
    published = _satang(cost.price.amount)
    return {
        "cost": _baht(published if cost.high is None else cost.high),
        "limit": _baht(limit),
        "amount": _baht(published),
        "unit": cost.price.unit,
        "times": cost.times,
        "vat_included": cost.price.vat_included,
        "other_prices": others,
    }


def _baht(satang: int) -> str:
    return f"{satang // 100}.{satang % 100:02d}"
