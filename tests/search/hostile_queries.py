"""Generated searches of the small catalogue of conftest: whatever is typed, and whatever a link holds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from search.engine import AllOf, Filter, Match, OneOf, Query, Range, Sort
from tests.hostile import strings

EXTREMES = (
    "a" * 100_000,
    "ก" * 100_000,
    "\ufdfa" * 10_000,
    "น้" * 50_000,
    "่้๊๋็์ัี" * 1_000,
    "\u202eกลับ\u2066 " * 5_000,
    "😀👨‍👩‍👧‍👦🇹🇭" * 5_000,
    '"' * 50_000,
    '"ขยะ' * 20_000,
    "\\" * 50_000,
    "\x00" * 1_000,
    "\ud800" * 1_000,
    "a-" * 50_000,
    "ขยะ " * 25_000,
    "กล้องวงจรปด" * 10_000,
)
_NUMBERS = (0, -1, 1, 9000, 10**15, -(10**15), 0.5, Decimal("9000.01"), 1e300, -1e300)
_DATES = (
    date.min,
    date.max,
    date(2025, 1, 15),
    datetime.min.replace(tzinfo=UTC),
    datetime(2024, 3, 1, tzinfo=UTC),
)


def queries(count: int, seed: int) -> Iterator[Query]:
    """As many queries, the same at each run; each is a right question of `SERVICES`, with any text in it."""
    chance = random.Random(seed)
    yield from (Query(text, highlight=("name", "body"), facets=("kind",)) for text in EXTREMES)
    texts = list(strings(count, seed))
    for text in texts[len(EXTREMES) :]:
        yield Query(
            text=text,
            filters=[_filter(chance, texts) for _n in range(chance.choice((0, 0, 1, 2, 5)))],
            facets=chance.sample(("kind", "dimension", "in_account"), chance.randint(0, 3)),
            sort=chance.choice((None, None, Sort("price"), Sort("sort_key", descending=True), Sort("since"))),
            page=chance.choice((1, 1, 2, 0, -5, 10**6, 10**30)),
            per_page=chance.choice((1, 20, 100, 0, 10**9)),
            highlight=chance.choice(((), ("name",), ("name", "body"))),
            match=chance.choice(list(Match)),
            prefix=chance.random() < 0.7,
            tolerant=chance.random() < 0.7,
        )


def _filter(chance: random.Random, texts: Sequence[str]) -> Filter:
    values = chance.sample((*texts, "saas", "living", "waste", "environment"), chance.choice((0, 1, 2, 40)))
    return chance.choice(
        (
            OneOf(chance.choice(("kind", "dimension", "id")), values),
            OneOf("in_account", chance.choice(([True], [False], [True, False], []))),
            AllOf(chance.choice(("kind", "dimension")), values),
            Range("price", *chance.choices((None, *_NUMBERS), k=2), unknown=chance.random() < 0.5),
            Range("since", *chance.choices((None, *_DATES), k=2), unknown=chance.random() < 0.5),
        )
    )
