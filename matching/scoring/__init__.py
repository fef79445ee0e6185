"""Scores and reasons from facts: values in, values out. No Django, no clock, no settings, no language.

`score_all` ranks, `supply` counts, `RunInputs` keeps what is needed to do it again. Pages put these codes
into words:

Facts: not_stated(field) · words_found(found, asked, words, described) ·
kind_is(kind, asked) ·
dimensions_covered, regions_covered, standards_covered, languages_covered(covered, missing) ·
region_nationwide(asked) · deployment_offered, deployment_other(offered, asked) ·
price_within(cost, limit, amount, unit, times, vat_included, other_prices, below_tenths_percent) ·
price_over, price_vat_unclear(the same without below_tenths_percent) ·
price_unit_differs(the same and asked_unit) · certificate_verified, certificate_stated,
certificate_expired(code, valid_to) · certificate_none(asked) · account_current, account_expired,
account_not_yet(valid_from, valid_to) · account_none() · account_dates_missing() ·
reference_similar(city, city_kind, region, since, same_kind, same_region) · reference_none() ·
reference_elsewhere, reference_unclear(places) · need_city_unknown()

Questions: text() · kind, dimensions, regions, standards, languages, deployment, certificate(codes) ·
price(unit) · price_total(unit, asked_unit) · price_vat(unit) · certificate_proof(code) · account() ·
account_dates() · references(city_kind, region) · reference_city() · free_text(criterion)
"""

from matching.scoring.facts import (
    AccountFacts,
    CertificateFacts,
    CriterionFacts,
    NeedFacts,
    PriceFacts,
    ReferenceFacts,
    ServiceFacts,
)
from matching.scoring.outcome import Fact, Question
from matching.scoring.rank import OtherRules, score_all, week_of
from matching.scoring.record import RunInputs
from matching.scoring.result import Ranking, Reason, Rejected, Scored, points_text
from matching.scoring.rules import RULE_VERSION
from matching.scoring.supply import Count, Supply, SupplyStep, supply
from matching.scoring.weights import WeightVersion, weights_number

__all__ = [
    "RULE_VERSION",
    "AccountFacts",
    "CertificateFacts",
    "Count",
    "CriterionFacts",
    "Fact",
    "NeedFacts",
    "OtherRules",
    "PriceFacts",
    "Question",
    "Ranking",
    "Reason",
    "ReferenceFacts",
    "Rejected",
    "RunInputs",
    "Scored",
    "ServiceFacts",
    "Supply",
    "SupplyStep",
    "WeightVersion",
    "points_text",
    "score_all",
    "supply",
    "week_of",
    "weights_number",
]
