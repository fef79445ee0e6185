"""From rows to the plain facts that scoring reads. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, QuerySet

from catalogue.documents import at_once, longer
from catalogue.models import CityReference, Service
from marketplace.models import City
from matching.models import Need, NeedVersion
from matching.scoring.facts import (
    AccountFacts,
    CertificateFacts,
    CriterionFacts,
    NeedFacts,
    PriceFacts,
    ReferenceFacts,
    ServiceFacts,
)
from search.analysis import asked_terms, said_terms


def with_facts(services: QuerySet[Service]) -> QuerySet[Service]:
    """The services with everything that their facts are made of, in a fixed number of queries."""
    references = CityReference.objects.select_related("city__province")
    return services.select_related("current", "vendor", "account_status").prefetch_related(
        "current__prices", Prefetch("current__references", queryset=references), "certificates"
    )


@lru_cache(maxsize=4096)
def _said(text: str) -> frozenset[str]:
    """Versions are read by many rankings and never change, and dividing Thai into words is the slow part."""
    return said_terms(text)


def words_of(answers: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """``terms`` and ``described`` of ServiceFacts: what a listing says at once, and in its longer texts."""
    return {"terms": _said(at_once(answers)), "described": _said(longer(answers))}


def of_service(service: Service) -> ServiceFacts:
    """What the published version and the checked evidence say today. A missing answer is unknown: None."""
    version = service.current
    assert version is not None
    answers = version.answers
    status = getattr(service, "account_status", None)
    prices = tuple(PriceFacts(p.amount, p.unit, p.vat_included) for p in version.prices.all())
    certificates = tuple(
        CertificateFacts(c.kind, c.verified_at is not None, c.valid_to) for c in service.certificates.all()
    )
    references = tuple(_reference(r) for r in version.references.all())
    return ServiceFacts(
        id=service.public_id,
        vendor=service.vendor.public_id,
        lot=str(service.lot),
        **words_of(answers),
        dimensions=_codes(answers.get("dimensions")),
        kind=answers.get("kind"),
        regions=_codes(answers.get("regions")),
        # No row means that nothing was stated, which is not the same as "none".
        prices=prices or None,
        certificates=certificates or None,
        accounts=None if status is None else _account(status),
        standards=_codes(answers.get("standards")),
        languages=_codes(answers.get("languages")),
        deployment=_codes(answers.get("deployment")),
        references=references or None,
        data_location=answers.get("data_location"),
    )


def _codes(values: Iterable[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)


def _account(status) -> tuple[AccountFacts, ...]:  # type: ignore[no-untyped-def]
    return (AccountFacts(status.valid_from, status.valid_to),) if status.listed else ()


def _reference(row: CityReference) -> ReferenceFacts:
    if row.city is None:
        return ReferenceFacts(since=row.since_year)
    return ReferenceFacts(row.city.kind, row.city.province.region_id, row.since_year, row.city.public_id)


def of_need(need: Need, version: NeedVersion) -> NeedFacts:
    """A version of a need with its criteria."""
    words = [version.title, version.problem, version.success]
    criteria = tuple(
        CriterionFacts.from_value(f"c{c.order}", c.kind, c.level, c.value, asked_terms(c.text))  # type: ignore[arg-type]
        for c in version.criteria.all()
    )
    return _facts(
        need.public_id,
        words,
        need.city,
        dimensions=frozenset(version.dimensions),
        budget_max=version.budget_amount,
        budget_state=version.budget_state or None,
        criteria=criteria,
    )


def of_sentence(sentence: str) -> NeedFacts:
    """What somebody typed on the home page, with nothing else known."""
    return NeedFacts(id="sentence", terms=asked_terms(sentence))


def _facts(public_id: str, words: list[str], city: City, **more) -> NeedFacts:  # type: ignore[no-untyped-def]
    return NeedFacts(
        id=public_id,
        terms=asked_terms("\n".join(words)),
        region=city.province.region_id,
        province=city.province_id,
        city_kind=city.kind,
        **more,
    )
