"""What is known of a need and of a service on one day, as plain values.

Everywhere: None means unknown; an empty set or tuple means "none, and that is known". Names, popularity and
age are absent on purpose: what is not here cannot count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

Level = Literal["must", "nice", "base"]

# The order in which criteria are judged, numbered and shown, whatever the order in which they were written.
KINDS = (
    "text",
    "category",
    "dimension",
    "region",
    "price",
    "certificate",
    "account",
    "standard",
    "language",
    "deployment",
    "reference",
    "free_text",
)
UNITS = ("once", "month", "user", "device")
# A need with more is a mistake or an attack; 1,000 tenths of a point cannot say anything about more anyway.
MAX_CRITERIA = 100
# Above the budget of the country; beyond it Decimal would start to round.
MAX_AMOUNT = 10**14


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """One thing that a need asks.

    `codes` are the codes asked for, `maximum` (THB, VAT included) and `unit` (once, month, user, device, any)
    belong to a price, `terms` to a free text. Level "base" is given by the rules, never by a city.
    """

    id: str
    kind: str
    level: Level
    codes: frozenset[str] = frozenset()
    maximum: Decimal | None = None
    unit: str = "any"
    terms: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of criterion: {self.kind!r}")
        if self.level not in ("must", "nice", "base"):
            raise ValueError(f"unknown level of criterion: {self.level!r}")
        if self.kind == "text" and self.level != "base":
            raise ValueError("the meaning of the whole text is no criterion of a city; use free_text")
        if self.unit not in (*UNITS, "any"):
            raise ValueError(f"unknown unit of price: {self.unit!r}")
        _check_amount(self.maximum)

    @classmethod
    def from_value(
        cls, key: str, kind: str, level: Level, value: Mapping[str, Any], terms: Iterable[str] = ()
    ) -> CriterionFacts:
        """From a stored criterion's id and `value` JSON. Raises ValueError for a wrong amount."""
        raw = value.get("max")
        try:
            maximum = None if raw in (None, "") else Decimal(str(raw))
        except InvalidOperation as error:
            raise ValueError(f"not an amount: {raw!r}") from error
        codes = frozenset(str(code) for code in value.get("codes") or ())
        unit = value.get("unit") or "any"
        return cls(key, kind, level, codes, maximum, unit, frozenset(terms))


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A need. `budget_max` is the whole budget in THB, VAT included; region and kind are its city's."""

    id: str
    terms: frozenset[str] = frozenset()
    dimensions: frozenset[str] = frozenset()
    budget_max: Decimal | None = None
    budget_state: str | None = None
    region: str | None = None
    province: str | None = None
    city_kind: str | None = None
    criteria: tuple[CriterionFacts, ...] = ()

    def __post_init__(self) -> None:
        _check_amount(self.budget_max)
        if len(self.criteria) > MAX_CRITERIA:
            raise ValueError(f"a need has at most {MAX_CRITERIA} criteria, this one has {len(self.criteria)}")
        if len({criterion.id for criterion in self.criteria}) < len(self.criteria):
            raise ValueError("two criteria of one need carry the same id")
        if any(criterion.level == "base" for criterion in self.criteria):
            raise ValueError("a criterion of a need is a must or a nice to have")


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """THB for one unit. `vat_included` None: not said."""

    amount: Decimal
    unit: str
    vat_included: bool | None

    def __post_init__(self) -> None:
        _check_amount(self.amount)
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit of price: {self.unit!r}")


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """`valid_to` is the last day it holds; None: no end is known."""

    code: str
    verified: bool
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An entry in the digital services account."""

    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    """A place that uses the service. `city` is its public id, only to name it beside the reason."""

    city_kind: str | None = None
    region: str | None = None
    since: int | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A published service. `lot` is a random text drawn once at creation: it alone orders equals.

    `terms`: what its name, summary and list of functions say; `described`: what its longer texts say.
    """

    id: str
    vendor: str
    lot: str
    terms: frozenset[str] | None = None
    described: frozenset[str] | None = None
    dimensions: frozenset[str] | None = None
    kind: str | None = None
    regions: frozenset[str] | None = None
    prices: tuple[PriceFacts, ...] | None = None
    certificates: tuple[CertificateFacts, ...] | None = None
    accounts: tuple[AccountFacts, ...] | None = None
    standards: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    deployment: frozenset[str] | None = None
    references: tuple[ReferenceFacts, ...] | None = None
    data_location: str | None = None


def _check_amount(amount: Decimal | None) -> None:
    if amount is not None and not (amount.is_finite() and 0 <= amount < MAX_AMOUNT):
        raise ValueError(f"an amount of money is from zero to below {MAX_AMOUNT} THB: {amount}")
