"""A version of the weights: every number that the rules use, frozen, with who set it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path

from matching.scoring import canonical

# Points are whole tenths everywhere: 1,000 is the highest score, shown as 100.
FULL = 1000


@dataclass(frozen=True, slots=True)
class Graded:
    """Relative points of a graded criterion, and the share that it gets while unknown (0 < prior < 1)."""

    points: Fraction
    prior: Fraction


@dataclass(frozen=True, slots=True)
class Band:
    """A word for scores from `at_least` tenths."""

    code: str
    at_least: int


@dataclass(frozen=True, slots=True)
class WordClass:
    """Words and concepts of one weight, and why they have it.

    `at_least`: the share of texts from which `manage.py word_weights` put them here; None: chosen by hand.
    """

    weight: int
    at_least: Fraction | None
    reason: str
    words: frozenset[str]


# Without slots, for the table that is made once.
@dataclass(frozen=True)
class TextWeights:
    """How words count. What no class names weighs `usual`; a concept (its name begins with "=") weighs
    `concept_factor` times as much as a word, unless a hand chose its weight.

    A word of the longer texts only counts for `described` of its weight. Full marks come at `full_share` of
    the need's words by weight, or at `full_weight`, whichever is less.
    """

    usual: int
    concept_factor: int
    described: Fraction
    full_share: Fraction
    full_weight: int
    classes: tuple[WordClass, ...]

    def __post_init__(self) -> None:
        if not (0 < self.described < 1 and 0 < self.full_share <= 1 and self.full_weight > 0):
            raise ValueError("a word of the longer texts counts for a part, and full marks lie above none")
        if len(self._table) < sum(len(one.words) for one in self.classes):
            raise ValueError("a word stands in two classes")

    @cached_property
    def _table(self) -> dict[str, int]:
        return {
            word: one.weight * (self.concept_factor if one.at_least and _is_concept(word) else 1)
            for one in self.classes
            for word in one.words
        }

    def weight(self, term: str) -> int:
        """Weight of one word or concept."""
        weight = self._table.get(term)
        if weight is not None:
            return weight
        return self.usual * self.concept_factor if _is_concept(term) else self.usual

    def of(self, terms: frozenset[str]) -> int:
        """Weight of a set of words."""
        return sum(map(self.weight, terms))

    def weighed(self, terms: frozenset[str]) -> tuple[int, tuple[str, ...]]:
        """Weight of a set of words, and those of them that count, the heaviest first."""
        pairs = sorted((-weight, term) for term in terms if (weight := self.weight(term)))
        return -sum(weight for weight, _ in pairs), tuple(term for _, term in pairs)


def _is_concept(term: str) -> bool:
    return term.startswith("=")


@dataclass(frozen=True, slots=True)
class PriceWeights:
    """`at_limit`: share of a price equal to the budget; full marks from `full_saving` below it.

    `budget_months`: how many months of a monthly price a budget has to carry.
    """

    at_limit: Fraction
    full_saving: Fraction
    budget_months: int


@dataclass(frozen=True, slots=True)
class VatRate:
    """VAT in percent from a day on."""

    since: date
    percent: Fraction
    basis: str


@dataclass(frozen=True, slots=True)
class WeightVersion:
    """One version. `base` and `nice` are keyed by kind of criterion; `epsilon` is in tenths of a point."""

    number: int
    rule_version: int
    author: str
    reason: str
    dated: date
    base: dict[str, Graded]
    nice: dict[str, Graded]
    bands: tuple[Band, ...]
    epsilon: int
    salt: str
    met_from: Fraction
    text: TextWeights
    price: PriceWeights
    certificate_stated: Fraction
    base_certificates: frozenset[str]
    reference_half_similar: Fraction
    vat: tuple[VatRate, ...]

    def __post_init__(self) -> None:
        for graded in (*self.base.values(), *self.nice.values()):
            if graded.points <= 0 or not 0 < graded.prior < 1:
                raise ValueError(f"points must be above 0 and a prior between 0 and 1: {graded}")
        for key in ("base", "nice"):
            price = getattr(self, key).get("price")
            # Otherwise a price that fits could count less than a price that is not known.
            if price and price.prior > self.price.at_limit:
                raise ValueError("the prior of a price must not exceed the share of a price at the limit")
        if self.epsilon < 0 or not self.bands or not self.vat or self.price.full_saving <= 0:
            raise ValueError("epsilon from 0, at least one band and one VAT rate, a saving above 0")
        if [band.at_least for band in self.bands] != sorted((b.at_least for b in self.bands), reverse=True):
            raise ValueError("bands go from the highest to the lowest")
        if self.bands[-1].at_least > 0:
            raise ValueError("the lowest band starts at 0")

    def graded(self, level: str, kind: str) -> Graded:
        """Points and prior of a graded criterion. Raises KeyError for a kind that this version lacks."""
        return (self.base if level == "base" else self.nice)[kind]

    def band(self, score: int) -> str:
        """The word's code for a score in tenths."""
        return next(band.code for band in self.bands if score >= band.at_least)

    def vat_percent(self, day: date) -> Fraction:
        """VAT on a day; before the first known rate, the first."""
        rates = sorted(self.vat, key=lambda rate: rate.since)
        return next((rate.percent for rate in reversed(rates) if rate.since <= day), rates[0].percent)


def load_weights(path: Path) -> WeightVersion:
    """A version from its JSON file. Raises ValueError when it does not hold together."""
    return canonical.loads(WeightVersion, path.read_text(encoding="utf-8"))


@cache
def weights_number(number: int) -> WeightVersion:
    """The version that ships under a number. Raises FileNotFoundError for one that does not exist."""
    return load_weights(Path(__file__).with_name(f"weights-{number}.json"))
