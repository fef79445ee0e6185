"""One small rule for each kind of criterion, and what its answers mean for a must.

A rule sees the criterion, the one fact that it judges, and the context; it is called once for each distinct
fact, so ten thousand services that say the same cost one call.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from matching.scoring.facts import CriterionFacts, ServiceFacts
from matching.scoring.outcome import Context, Outcome, Status
from matching.scoring.rules import listed, price, proof, reference, words

# Raised whenever a rule answers anything differently: an old run is then shown from its record.
RULE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """`read` takes the judged fact from a service; `must` turns a graded answer into a must's answer."""

    read: Callable[[CriterionFacts, ServiceFacts], Hashable]
    judge: Callable[[CriterionFacts, Any, Context], Outcome]
    must: dict[Status, Status]


def _found(criterion: CriterionFacts, service: ServiceFacts) -> Hashable:
    """The words of the criterion that the listing says: at once, and only in its longer texts."""
    if service.terms is None and service.described is None:
        return None
    at_once = criterion.terms & (service.terms or frozenset())
    return at_once, (criterion.terms & (service.described or frozenset())) - at_once


def _stated(field: str) -> Callable[[CriterionFacts, ServiceFacts], Hashable]:
    get: Callable[[ServiceFacts], Hashable] = attrgetter(field)
    return lambda _criterion, service: get(service)


ALL_NEEDED: dict[Status, Status] = {"partly": "unmet"}
ENOUGH: dict[Status, Status] = {"partly": "met"}
TO_CONFIRM: dict[Status, Status] = {"partly": "unknown"}
NEVER_PROVEN: dict[Status, Status] = {"met": "unknown", "partly": "unknown", "unmet": "unknown"}

RULES: dict[str, Rule] = {
    "text": Rule(_found, words.text, NEVER_PROVEN),
    "category": Rule(_stated("kind"), listed.category, ENOUGH),
    "dimension": Rule(_stated("dimensions"), listed.dimension, ENOUGH),
    "region": Rule(_stated("regions"), listed.region, ALL_NEEDED),
    "price": Rule(_stated("prices"), price.price, ENOUGH),
    "certificate": Rule(_stated("certificates"), proof.certificate, TO_CONFIRM),
    "account": Rule(_stated("accounts"), proof.account, ENOUGH),
    "standard": Rule(_stated("standards"), listed.standard, ALL_NEEDED),
    "language": Rule(_stated("languages"), listed.language, ALL_NEEDED),
    "deployment": Rule(_stated("deployment"), listed.deployment, ENOUGH),
    "reference": Rule(_stated("references"), reference.reference, ENOUGH),
    "free_text": Rule(_found, words.free_text, NEVER_PROVEN),
}
