"""Each rule's answers: as a must, and as a nice to have, where alone it carries all 100 points."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from matching.scoring import AccountFacts, CertificateFacts, CriterionFacts, ReferenceFacts, ServiceFacts
from tests.matching.scoring.cast import TODAY, criterion, judged, price, service

YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


def answers(kind: str, offered: ServiceFacts, **value: Any) -> tuple[str, str, int, str]:
    """Status as a must, as a nice to have, tenths of points, and the code of the first fact."""
    must = judged(criterion(kind, "must", **value), offered, terms=frozenset(["ขยะ"]))
    nice = judged(criterion(kind, "nice", **value), offered)
    assert (must.points, must.max_points, nice.max_points) == (0, 0, 1000)
    assert must.facts == nice.facts
    return must.status, nice.status, nice.points, nice.facts[0].code


def some(*codes: str) -> frozenset[str]:
    return frozenset(codes)


@pytest.mark.parametrize(
    ("kind", "field", "offered", "codes", "expected"),
    [
        ("category", "kind", "saas", ["saas", "software"], ("met", "met", 1000, "kind_is")),
        ("category", "kind", "hardware", ["saas"], ("unmet", "unmet", 0, "kind_is")),
        ("category", "kind", None, ["saas"], ("unknown", "unknown", 250, "not_stated")),
        ("dimension", "dimensions", some("living"), ["living"], ("met", "met", 1000, "dimensions_covered")),
        (
            "dimension",
            "dimensions",
            some("living"),
            ["living", "energy"],
            ("met", "partly", 500, "dimensions_covered"),
        ),
        ("dimension", "dimensions", some(), ["living"], ("unmet", "unmet", 0, "dimensions_covered")),
        ("dimension", "dimensions", None, ["living"], ("unknown", "unknown", 250, "not_stated")),
        ("region", "regions", some("*"), ["LS", "US"], ("met", "met", 1000, "region_nationwide")),
        ("region", "regions", some("LS", "US"), ["LS"], ("met", "met", 1000, "regions_covered")),
        ("region", "regions", some("LS"), ["LS", "US"], ("unmet", "partly", 500, "regions_covered")),
        ("region", "regions", some("UN"), ["LS"], ("unmet", "unmet", 0, "regions_covered")),
        ("region", "regions", None, ["LS"], ("unknown", "unknown", 250, "not_stated")),
        ("standard", "standards", some("ckan"), ["ckan"], ("met", "met", 1000, "standards_covered")),
        (
            "standard",
            "standards",
            some("ckan"),
            ["ckan", "mqtt", "tgix"],
            ("unmet", "partly", 333, "standards_covered"),
        ),
        ("standard", "standards", some(), ["ckan"], ("unmet", "unmet", 0, "standards_covered")),
        ("standard", "standards", None, ["ckan"], ("unknown", "unknown", 200, "not_stated")),
        ("language", "languages", some("th", "en"), ["th", "en"], ("met", "met", 1000, "languages_covered")),
        ("language", "languages", some("th"), ["th", "ms"], ("unmet", "partly", 500, "languages_covered")),
        ("language", "languages", None, ["th"], ("unknown", "unknown", 250, "not_stated")),
        (
            "deployment",
            "deployment",
            some("cloud", "device"),
            ["cloud", "on_premises"],
            ("met", "met", 1000, "deployment_offered"),
        ),
        ("deployment", "deployment", some("device"), ["cloud"], ("unmet", "unmet", 0, "deployment_other")),
        ("deployment", "deployment", None, ["cloud"], ("unknown", "unknown", 250, "not_stated")),
    ],
)
def test_lists(
    kind: str, field: str, offered: Any, codes: list[str], expected: tuple[str, str, int, str]
) -> None:
    assert answers(kind, service(field, **{field: offered}), codes=codes) == expected


@pytest.mark.parametrize(
    ("prices", "unit", "expected", "cost"),
    [
        # 17.5 % below 1.2 million: half the points for fitting, 17.5/25 of the other half for the saving.
        ([price("990000")], "any", ("met", "met", 850, "price_within"), "990000.00"),
        ([price("1150000")], "any", ("met", "partly", 583, "price_within"), "1150000.00"),
        ([price("1200000")], "any", ("met", "partly", 500, "price_within"), "1200000.00"),
        ([price("900000")], "any", ("met", "met", 1000, "price_within"), "900000.00"),
        ([price("0")], "any", ("met", "met", 1000, "price_within"), "0.00"),
        ([price("1200000.01")], "any", ("unmet", "unmet", 0, "price_over"), "1200000.01"),
        # VAT of 7 % is added where it is not included, and asked for where it is not said.
        (
            [price("1121495.32", vat_included=False)],
            "any",
            ("met", "partly", 500, "price_within"),
            "1199999.99",
        ),
        (
            [price("1121495.33", vat_included=False)],
            "any",
            ("met", "partly", 500, "price_within"),
            "1200000.00",
        ),
        ([price("1121495.34", vat_included=False)], "any", ("unmet", "unmet", 0, "price_over"), "1200000.01"),
        (
            [price("1150000", vat_included=None)],
            "any",
            ("unknown", "unknown", 250, "price_vat_unclear"),
            "1230500.00",
        ),
        ([price("900000", vat_included=None)], "any", ("met", "met", 895, "price_within"), "963000.00"),
        ([price("1300000", vat_included=None)], "any", ("unmet", "unmet", 0, "price_over"), "1391000.00"),
        # A monthly price counts as twelve months; users and devices have to be counted by the vendor.
        ([price("82500", "month")], "any", ("met", "met", 850, "price_within"), "990000.00"),
        ([price("100001", "month")], "any", ("unmet", "unmet", 0, "price_over"), "1200012.00"),
        ([price("50", "user")], "any", ("unknown", "unknown", 250, "price_unit_differs"), "50.00"),
        ([price("1200001", "device")], "any", ("unmet", "unmet", 0, "price_over"), "1200001.00"),
        # A limit with a unit compares that unit only.
        ([price("990000", "month")], "month", ("met", "met", 850, "price_within"), "990000.00"),
        ([price("99000000")], "month", ("unknown", "unknown", 250, "price_unit_differs"), "99000000.00"),
        # The most favourable of several.
        ([price("2000000"), price("990000")], "any", ("met", "met", 850, "price_within"), "990000.00"),
        (
            [price("2000000"), price("50", "user")],
            "any",
            ("unknown", "unknown", 250, "price_unit_differs"),
            "50.00",
        ),
    ],
)
def test_price(prices: list[object], unit: str, expected: tuple[str, str, int, str], cost: str) -> None:
    offered = service(prices=tuple(prices))
    assert answers("price", offered, max="1200000.00", unit=unit) == expected
    fact = judged(criterion("price", max="1200000.00", unit=unit), offered).facts[0]
    assert (fact.params["cost"], fact.params["limit"]) == (cost, "1200000.00")
    assert fact.params["other_prices"] == len(prices) - 1


@pytest.mark.parametrize("prices", [None, ()])
def test_no_price_is_unknown_and_never_free(prices: object) -> None:
    expected = ("unknown", "unknown", 250, "not_stated")
    assert answers("price", service(prices=prices), max="1", unit="any") == expected


def test_a_budget_of_zero_fits_what_costs_nothing() -> None:
    assert answers("price", service(prices=(price("0"),)), max="0")[:3] == ("met", "met", 1000)
    assert answers("price", service(prices=(price("0.01"),)), max="0")[:3] == ("unmet", "unmet", 0)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([("iso27001", True, TODAY)], ("met", "met", 1000, "certificate_verified")),
        ([("iso27001", True, None)], ("met", "met", 1000, "certificate_verified")),
        ([("iso27001", True, YESTERDAY)], ("unmet", "unmet", 0, "certificate_expired")),
        ([("iso27001", False, TOMORROW)], ("unknown", "partly", 667, "certificate_stated")),
        (
            [("iso27001", True, YESTERDAY), ("dsure", False, None)],
            ("unknown", "partly", 667, "certificate_stated"),
        ),
        ([("iso9001", True, TOMORROW)], ("unmet", "unmet", 0, "certificate_none")),
        ([], ("unmet", "unmet", 0, "certificate_none")),
        (None, ("unknown", "unknown", 200, "not_stated")),
    ],
)
def test_certificate(
    held: list[tuple[str, bool, object]] | None, expected: tuple[str, str, int, str]
) -> None:
    facts = None if held is None else tuple(CertificateFacts(*one) for one in held)  # type: ignore[arg-type]
    assert answers("certificate", service(certificates=facts), codes=["iso27001", "dsure"]) == expected


def test_a_stated_certificate_is_asked_for_only_where_it_is_a_must() -> None:
    offered = service(certificates=(CertificateFacts("dsure", False),))
    must = judged(criterion("certificate", codes=["dsure"]), offered)
    assert must.question is not None
    assert (must.question.code, must.question.params) == ("certificate_proof", {"code": "dsure"})
    assert judged(criterion("certificate", "nice", codes=["dsure"]), offered).question is None


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([(YESTERDAY, TODAY)], ("met", "met", 1000, "account_current")),
        ([(TODAY, None)], ("met", "met", 1000, "account_current")),
        ([(None, YESTERDAY)], ("unmet", "unmet", 0, "account_expired")),
        ([(TOMORROW, None)], ("unmet", "unmet", 0, "account_not_yet")),
        ([(None, None)], ("unknown", "unknown", 200, "account_dates_missing")),
        ([(None, YESTERDAY), (YESTERDAY, TOMORROW)], ("met", "met", 1000, "account_current")),
        ([], ("unmet", "unmet", 0, "account_none")),
        (None, ("unknown", "unknown", 200, "not_stated")),
    ],
)
def test_account(entries: list[tuple[object, object]] | None, expected: tuple[str, str, int, str]) -> None:
    facts = None if entries is None else tuple(AccountFacts(*one) for one in entries)  # type: ignore[arg-type]
    assert answers("account", service(accounts=facts)) == expected


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([("municipality", "LS", 2024)], ("met", "met", 333, "reference_similar")),
        ([("municipality", "UN", 2024)], ("met", "met", 266, "reference_similar")),
        ([("province", "LS", None)], ("met", "met", 266, "reference_similar")),
        ([("province", "UN", 2024)], ("unmet", "unmet", 0, "reference_elsewhere")),
        ([("municipality", "LS", 2027)], ("unmet", "unmet", 0, "reference_elsewhere")),
        ([(None, None, 2024)], ("unknown", "unknown", 67, "reference_unclear")),
        ([("province", None, 2024)], ("unknown", "unknown", 67, "reference_unclear")),
        ([], ("unmet", "unmet", 0, "reference_none")),
        (None, ("unknown", "unknown", 67, "not_stated")),
    ],
)
def test_reference(places: list[tuple[object, ...]] | None, expected: tuple[str, str, int, str]) -> None:
    facts = None if places is None else tuple(ReferenceFacts(*one) for one in places)  # type: ignore[arg-type]
    asked = criterion("reference", similar=True)
    city = {"city_kind": "municipality", "region": "LS"}
    must = judged(asked, service(references=facts), **city)
    nice = judged(criterion("reference", "nice", similar=True), service(references=facts), **city)
    # Beside it stand the region and the certificates, which a city always asks, each worth as much.
    assert nice.max_points == 333
    assert (must.status, nice.status, nice.points, nice.facts[0].code) == expected


def test_a_need_without_a_city_asks_no_vendor_for_similar_ones() -> None:
    reason = judged(criterion("reference", "nice"), service(references=(ReferenceFacts("municipality"),)))
    assert (reason.status, reason.facts[0].code, reason.question) == ("unknown", "need_city_unknown", None)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        # Weights 1, 5, 8; ให้ says nothing.
        (some("แจ้ง", "มือถือ", "ขยะ"), ("unknown", "met", 1000, "words_found")),
        (some("แจ้ง", "มือถือ"), ("unknown", "partly", 429, "words_found")),
        (some("แจ้ง"), ("unknown", "partly", 200, "words_found")),
        (some("น้ำเสีย"), ("unknown", "unknown", 200, "words_found")),
        (None, ("unknown", "unknown", 200, "not_stated")),
    ],
)
def test_free_text_proves_nothing(terms: frozenset[str] | None, expected: tuple[str, str, int, str]) -> None:
    asked = ["แจ้ง", "มือถือ", "ขยะ", "ให้"]
    assert answers("free_text", service(terms=terms), terms=asked) == expected
    must = judged(criterion("free_text", terms=asked), service(terms=terms))
    assert must.question is not None
    assert (must.question.code, must.question.params) == ("free_text", {"criterion": "c1"})


def test_one_word_of_a_long_wish_counts_no_less_than_none() -> None:
    wish = [f"คำ{number}" for number in range(60)]
    assert answers("free_text", service(terms=some("คำ1")), terms=wish)[2] == 200
    assert answers("free_text", service(terms=some("อื่น")), terms=wish)[2] == 200


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "many", "1e14"])
def test_amounts_that_are_none_are_refused(value: str) -> None:
    with pytest.raises(ValueError):
        CriterionFacts.from_value("c1", "price", "must", {"max": value})


def test_unknown_kinds_levels_and_units_are_refused() -> None:
    for wrong in [("colour", "must", {}), ("price", "wish", {}), ("price", "must", {"unit": "year"})]:
        with pytest.raises(ValueError):
            CriterionFacts.from_value("c1", wrong[0], wrong[1], wrong[2])  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        price("1", "year")
    assert CriterionFacts.from_value("c1", "price", "must", {"max": 1200000}).maximum == Decimal(1200000)
