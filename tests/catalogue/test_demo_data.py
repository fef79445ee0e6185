"""The demo catalogue is our own writing: complete in two languages, plainly fictional, codes valid."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stdnum.th import tin

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "catalogue" / "demo"
AS_OF = date(2026, 11, 22)

DIMENSIONS = {"environment", "energy", "mobility", "economy", "living", "people", "governance"}
UNITS = {"once", "month", "user", "device"}
STATES = {"published", "draft", "submitted", "changes_requested", "suspended"}
BILINGUAL = ["name", "summary", "description", "functions"]
# What an answer may leave unknown; the text that makes a listing readable may not be missing.
OPTIONAL = ["regions", "deployment", "data_location", "standards", "languages", "setup_weeks", "support_th"]


def read_json(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DEMO / name).read_text(encoding="utf-8"))
    return rows


def codes(path: Path, column: str, **only: str) -> set[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[column] for row in csv.DictReader(file) if all(row[k] == v for k, v in only.items())}


CATALOGUE = ROOT / "catalogue" / "reference"
PLACES = ROOT / "marketplace" / "reference"
KINDS = codes(CATALOGUE / "categories.csv", "code", axis="kind")
STANDARDS = codes(CATALOGUE / "standards.csv", "code")
CERTIFICATES = codes(CATALOGUE / "certificates.csv", "code")
MUNICIPALITIES = codes(PLACES / "municipalities.csv", "dla_code")
PROVINCES = codes(PLACES / "provinces.csv", "code")
REGIONS = codes(PLACES / "regions.csv", "code")
QUESTIONS = {
    question["id"]: question
    for question in json.loads((ROOT / "catalogue" / "questions.json").read_text(encoding="utf-8"))[
        "questions"
    ]
}

VENDORS = read_json("vendors.json")
BY_FILE = {path.stem.removeprefix("services-"): read_json(path.name) for path in DEMO.glob("services-*.json")}
SERVICES = [service for services in BY_FILE.values() for service in services]
PUBLISHED = [service for service in SERVICES if service.get("state", "published") == "published"]
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service["key"])


def certificates() -> list[dict[str, Any]]:
    return [row for service in SERVICES for row in service.get("certificates", [])]


def choices_of(question: str) -> set[str]:
    return {option["code"] for option in QUESTIONS[question]["options"]}


class TestVendors:
    def test_there_are_enough_and_each_supplies_something(self) -> None:
        keys = [vendor["key"] for vendor in VENDORS]
        assert len(keys) >= 27
        assert len(set(keys)) == len(keys)
        assert {service["vendor"] for service in SERVICES} == set(keys)

    @pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor["key"])
    def test_a_vendor_is_plainly_fictional_in_both_languages(self, vendor: dict[str, Any]) -> None:
        assert "ตัวอย่าง" in vendor["name_th"] or "สมมติ" in vendor["name_th"]
        assert "Example" in vendor["name_en"] or "Sample" in vendor["name_en"]
        assert vendor["sales_email"].endswith((".example.com", ".example.org"))
        assert vendor["website"].startswith("https://")
        assert vendor["website"].endswith(".example")
        assert vendor["sales_line"].startswith("@example-")
        assert vendor["sales_phone"].startswith("02-000-")

    @pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor["key"])
    def test_a_vendor_is_complete(self, vendor: dict[str, Any]) -> None:
        assert tin.is_valid(vendor["tax_id"])
        assert vendor["tax_id"].startswith("0999")
        assert vendor["province"] in PROVINCES
        assert vendor["size"] in {"start-up", "SME", "large"}
        assert vendor["about_th"]
        assert vendor["about_en"]

    def test_tax_ids_are_distinct(self) -> None:
        assert len({vendor["tax_id"] for vendor in VENDORS}) == len(VENDORS)

    def test_most_vendors_are_verified_and_some_are_not(self) -> None:
        verified = sum(vendor["verified"] for vendor in VENDORS)
        assert len(VENDORS) / 2 < verified < len(VENDORS)


class TestAsAWhole:
    def test_there_are_enough_published_services(self) -> None:
        assert len(PUBLISHED) >= 66

    def test_keys_and_names_are_distinct(self) -> None:
        for question in ("name_th", "name_en", "summary_th", "description_th"):
            assert len({service["answers"][question] for service in SERVICES}) == len(SERVICES)
        assert len({service["key"] for service in SERVICES}) == len(SERVICES)

    def test_every_dimension_has_supply(self) -> None:
        first = Counter(service["answers"]["dimensions"][0] for service in PUBLISHED)
        assert set(first) == DIMENSIONS == set(BY_FILE)
        assert min(first.values()) >= 7
        assert first["environment"] >= 12
        assert first["governance"] >= 12

    def test_every_kind_of_supply_occurs(self) -> None:
        assert {service["answers"]["kind"] for service in SERVICES} == KINDS

    def test_certificates_show_every_state(self) -> None:
        ended = [
            row["valid_to"] is not None and date.fromisoformat(row["valid_to"]) < AS_OF
            for row in certificates()
        ]
        verified = [row["verified"] for row in certificates()]
        states = set(zip(ended, verified, strict=True))
        assert states == {(False, True), (False, False), (True, True), (True, False)}
        assert sum(not service.get("certificates") for service in SERVICES) >= 15

    def test_the_account_is_in_every_state(self) -> None:
        accounts = [service.get("account") for service in SERVICES]
        listed = [account for account in accounts if account and account.get("listed", True)]
        ends = [date.fromisoformat(account["valid_to"]) for account in listed]
        assert None in accounts
        assert {"listed": False} in accounts
        assert any(end < AS_OF for end in ends)
        assert any(end >= AS_OF for end in ends)

    def test_a_third_leaves_something_unknown(self) -> None:
        sparse = [
            service
            for service in SERVICES
            if sum(question not in service["answers"] for question in OPTIONAL) + (not service.get("prices"))
            >= 2
        ]
        assert len(sparse) >= len(SERVICES) / 4

    def test_complaints_about_rubbish_have_several_answers(self) -> None:
        texts = [json.dumps(service["answers"], ensure_ascii=False) for service in PUBLISHED]
        assert sum("ขยะ" in text and "แจ้ง" in text and "มือถือ" in text for text in texts) >= 3


@each_service
class TestAService:
    def test_reads_in_both_languages(self, service: dict[str, Any]) -> None:
        answers = service["answers"]
        for question in BILINGUAL:
            assert answers[f"{question}_th"]
            assert answers[f"{question}_en"]
        assert ("support_th" in answers) == ("support_en" in answers)
        assert len(answers["functions_th"]) == len(answers["functions_en"])
        assert 4 <= len(answers["functions_th"]) <= 8
        assert answers["description_th"].count("\n\n") == answers["description_en"].count("\n\n")

    def test_keeps_to_the_questions(self, service: dict[str, Any]) -> None:
        answers = service["answers"]
        assert set(answers) <= set(QUESTIONS)
        for question, answer in answers.items():
            if isinstance(answer, str) and "max" in QUESTIONS[question]:
                assert len(answer) <= QUESTIONS[question]["max"]
        assert answers["kind"] in KINDS
        assert set(answers["dimensions"]) <= DIMENSIONS
        assert 1 <= len(answers["dimensions"]) <= 3
        assert set(answers.get("standards", [])) <= STANDARDS
        assert set(answers.get("deployment", [])) <= choices_of("deployment")
        assert set(answers.get("languages", [])) <= choices_of("languages")
        assert answers.get("data_location", "both") in choices_of("data_location")
        assert answers.get("regions", ["*"]) == ["*"] or set(answers["regions"]) <= REGIONS

    def test_has_a_known_state(self, service: dict[str, Any]) -> None:
        state = service.get("state", "published")
        assert state in STATES
        assert ("state_reason_th" in service) == (state in {"changes_requested", "suspended"})
        assert ("state_reason_en" in service) == ("state_reason_th" in service)

    def test_prices_are_exact(self, service: dict[str, Any]) -> None:
        for price in service.get("prices", []):
            assert isinstance(price["amount"], str)
            assert Decimal(price["amount"]) > 0
            assert price["unit"] in UNITS
            assert isinstance(price["vat_included"], bool)
        assert len(service.get("prices", [])) <= 3

    def test_references_name_a_place(self, service: dict[str, Any]) -> None:
        for reference in service.get("references", []):
            if reference["city"] is None:
                assert "ตัวอย่าง" in reference["name_th"] or "สมมติ" in reference["name_th"]
                assert "Example" in reference["name_en"] or "Sample" in reference["name_en"]
            else:
                assert reference["city"] in MUNICIPALITIES
                assert reference["name_th"] is None
            assert 2015 <= reference["since_year"] <= AS_OF.year
            assert reference["scale_th"]
            assert reference["scale_en"]

    def test_evidence_is_marked_as_an_example(self, service: dict[str, Any]) -> None:
        for certificate in service.get("certificates", []):
            assert certificate["kind"] in CERTIFICATES
            assert certificate["number"].startswith("EX-")
            assert certificate["valid_to"] is None or certificate["valid_from"] < certificate["valid_to"]
        account = service.get("account")
        if account and account.get("listed", True):
            assert account["register_number"].startswith("EX-")
            assert account["item_group"]
            assert account["valid_from"] < account["valid_to"]
