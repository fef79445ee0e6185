"""The need and the services that the examples tell about, and generated ones for the properties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from matching.scoring import (
    AccountFacts,
    CertificateFacts,
    CriterionFacts,
    NeedFacts,
    PriceFacts,
    Ranking,
    Reason,
    ReferenceFacts,
    Scored,
    ServiceFacts,
    score_all,
    weights_number,
)

TODAY = date(2026, 11, 22)
WEEK = "2026-W47"
WEIGHTS = weights_number(1)
WORDS = ("ขยะ", "ตกค้าง", "แจ้ง", "มือถือ", "ร้องเรียน", "รถเก็บขยะ", "แผนที่", "ระบบ", "ได้", "=waste")


def criterion(kind: str, level: str = "must", key: str = "c1", **value: Any) -> CriterionFacts:
    terms = value.pop("terms", ())
    return CriterionFacts.from_value(key, kind, level, value, terms)  # type: ignore[arg-type]


def need(*criteria: CriterionFacts, **facts: Any) -> NeedFacts:
    return NeedFacts("n1", criteria=criteria, **facts)


def service(key: str = "s1", **facts: Any) -> ServiceFacts:
    return ServiceFacts(
        key, facts.pop("vendor", f"vendor of {key}"), facts.pop("lot", f"lot of {key}"), **facts
    )


def rank(asked: NeedFacts, *services: ServiceFacts, weights: Any = WEIGHTS, week: str = WEEK) -> Ranking:
    return score_all(asked, services, weights, TODAY, week)


def judged(asked: CriterionFacts, offered: ServiceFacts, **facts: Any) -> Reason:
    """The one criterion's reason, for a service kept or left out."""
    ranking = rank(need(asked, **facts), offered)
    kept = [reason for scored in ranking.kept for reason in (*scored.musts, *scored.graded)]
    reasons = kept or [reason for rejection in ranking.rejected for reason in rejection.musts]
    return next(reason for reason in reasons if reason.criterion == asked.id)


def price(amount: str, unit: str = "once", vat_included: bool | None = True) -> PriceFacts:
    return PriceFacts(Decimal(amount), unit, vat_included)


def by_id(ranking: Ranking) -> dict[str, Scored]:
    return {scored.service: scored for scored in ranking.kept}


# Generated facts. Small alphabets, so that needs and services meet.


def some(*codes: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(codes), max_size=3)


words = st.frozensets(st.sampled_from(WORDS), max_size=6)
amounts = st.integers(0, 300_000_000).map(lambda satang: Decimal(satang) / 100)
days = st.dates(date(2026, 11, 1), date(2026, 12, 15))
regions = some("LS", "US", "UN", "*")
prices = st.builds(
    PriceFacts,
    amounts,
    st.sampled_from(["once", "month", "user", "device"]),
    st.sampled_from([True, False, None]),
)
certificates = st.builds(
    CertificateFacts, st.sampled_from(["dsure", "iso27001", "other"]), st.booleans(), st.none() | days
)
references = st.builds(
    ReferenceFacts,
    st.none() | st.sampled_from(["municipality", "province"]),
    st.none() | st.sampled_from(["LS", "UN"]),
    st.none() | st.integers(2020, 2028),
)


def few(item: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.lists(item, max_size=3).map(tuple)


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "terms": st.none() | words,
    "described": st.none() | words,
    "dimensions": st.none() | some("environment", "living", "energy"),
    "kind": st.none() | st.sampled_from(["saas", "software", "hardware"]),
    "regions": st.none() | regions,
    "prices": few(prices),
    "certificates": few(certificates),
    "accounts": few(st.builds(AccountFacts, st.none() | days, st.none() | days)),
    "standards": st.none() | some("open_api", "ckan", "mqtt"),
    "languages": st.none() | some("th", "en", "ms"),
    "deployment": st.none() | some("cloud", "on_premises", "device"),
    "references": few(references),
}
services = st.lists(st.fixed_dictionaries(FIELDS), max_size=4).map(
    lambda rows: [service(f"s{i}", vendor=f"v{i % 3}", **row) for i, row in enumerate(rows)]
)

CODES: dict[str, st.SearchStrategy[frozenset[str]]] = {
    "category": some("saas", "software"),
    "dimension": some("environment", "living"),
    "region": some("LS", "US"),
    "certificate": some("dsure", "iso27001"),
    "standard": some("open_api", "ckan", "mqtt"),
    "language": some("th", "en", "ms"),
    "deployment": some("cloud", "on_premises"),
}
KINDS = (*CODES, "price", "account", "reference", "free_text")


@st.composite
def criteria(draw: st.DrawFn, levels: tuple[str, ...] = ("must", "nice")) -> tuple[CriterionFacts, ...]:
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=5))
    made = []
    for number, kind in enumerate(kinds):
        made.append(
            CriterionFacts(
                f"c{number}",
                kind,
                draw(st.sampled_from(levels)),  # type: ignore[arg-type]
                draw(CODES[kind]) if kind in CODES else frozenset(),
                draw(st.none() | amounts) if kind == "price" else None,
                draw(st.sampled_from(["any", "once", "month", "user"])) if kind == "price" else "any",
                draw(words) if kind == "free_text" else frozenset(),
            )
        )
    return tuple(made)


@st.composite
def needs(draw: st.DrawFn, levels: tuple[str, ...] = ("must", "nice")) -> NeedFacts:
    return NeedFacts(
        "n1",
        draw(words),
        draw(some("environment", "living")),
        draw(st.none() | amounts),
        draw(st.sampled_from([None, "funded", "planned", "none"])),
        draw(st.none() | st.sampled_from(["LS", "UN"])),
        None,
        draw(st.none() | st.sampled_from(["municipality", "province"])),
        draw(criteria(levels)),
    )
