"""The demo data itself, before it is loaded: every reference resolves, every state and role is there."""

from __future__ import annotations

import base64
import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def rows(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(path: str) -> Any:
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


NEEDS = document("matching/demo/needs.json")["needs"]
INTRODUCTIONS = document("matching/demo/introductions.json")["introductions"]
PEOPLE = document("marketplace/demo/people.json")
NEED_OF = {need["key"]: need for need in NEEDS}
SERVICE_OF = {
    service["key"]: service
    for path in sorted((ROOT / "catalogue" / "demo").glob("services-*.json"))
    for service in json.loads(path.read_text(encoding="utf-8"))
}
VENDORS = {vendor["key"] for vendor in document("catalogue/demo/vendors.json")}
MUNICIPALITIES = {row["dla_code"]: row for row in rows("marketplace/reference/municipalities.csv")}
SMART_CITIES = {row["city_key"]: row for row in rows("marketplace/reference/smart_cities.csv")}
REGION_OF = {row["code"]: row["region_code"] for row in rows("marketplace/reference/provinces.csv")}

CATEGORIES = rows("catalogue/reference/categories.csv")
DIMENSIONS = {row["code"] for row in CATEGORIES if row["axis"] == "dimension"}
CODES = {
    "category": {row["code"] for row in CATEGORIES if row["axis"] == "kind"},
    "dimension": DIMENSIONS,
    "region": {row["code"] for row in rows("marketplace/reference/regions.csv")},
    "certificate": {row["code"] for row in rows("catalogue/reference/certificates.csv")},
    "standard": {row["code"] for row in rows("catalogue/reference/standards.csv")},
    "language": {"th", "en", "ms", "zh", "my", "km", "lo"},
    "deployment": {"cloud", "government_cloud", "on_premises", "device"},
}

# move → from, to, who; "" is nothing yet. What the verbs of matching/introductions.py allow.
MOVES = {
    "request": ("", "requested", {"city"}),
    "suggest": ("", "suggested", {"broker", "vendor"}),
    "take_up": ("suggested", "requested", {"city"}),
    "turn_down": ("suggested", "declined", {"city"}),
    "forward": ("requested", "forwarded", {"broker"}),
    "accept": ("forwarded", "introduced", {"vendor"}),
    "decline": ("forwarded", "declined", {"vendor"}),
    "close": ("introduced", "closed", {"city", "vendor", "broker"}),
}
ENDINGS = {
    "stop": ("stopped", {"broker"}),
    "withdraw": ("withdrawn", {"city"}),
    "expire": ("expired", {"system"}),
}
MUST_GIVE_A_REASON = {"stop", "turn_down", "decline", "withdraw", "close"}


def region_of(city: dict[str, str]) -> str:
    row = MUNICIPALITIES[city["dla_code"]] if "dla_code" in city else SMART_CITIES[city["city_key"]]
    return REGION_OF[row["province_code"]]


def test_there_are_enough_needs_of_real_cities_all_marked_as_examples() -> None:
    assert len(NEEDS) == len(NEED_OF) >= 24
    assert all(need["is_example"] is True for need in NEEDS)
    assert {region_of(need["city"]) for need in NEEDS} == CODES["region"]
    assert {code for need in NEEDS for code in need["dimensions"]} == DIMENSIONS
    assert Counter(need["language"] for need in NEEDS)["en"] == 4
    states = Counter(need["state"] for need in NEEDS)
    assert states["draft"] == 3
    assert states["closed"] == 2
    assert {need["budget_state"] for need in NEEDS} == {"funded", "planned", "none"}
    assert {need["visibility"] for need in NEEDS} == {"public", "private"}


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need["key"])
def test_a_need_is_complete(need: dict[str, Any]) -> None:
    assert 10 <= len(need["title"]) <= 200
    assert len(need["problem"]) >= 80
    assert need["success"]
    assert set(need["dimensions"]) <= DIMENSIONS
    assert need["fiscal_year"] is None or 2026 <= need["fiscal_year"] <= 2030
    if need["budget_state"] == "funded":
        assert need["budget_amount"]
        assert need["money_source"]
    if need["state"] == "closed":
        assert need["deadline_days"] < 0
    if need["state"] == "published":
        assert need["deadline_days"] > 0


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need["key"])
def test_criteria_ask_for_known_things(need: dict[str, Any]) -> None:
    levels = Counter(row["level"] for row in need["criteria"])
    assert 1 <= levels["must"] <= 3
    assert 2 <= levels["nice"] <= 5
    for row in need["criteria"]:
        kind, value = row["kind"], row["value"]
        if kind in CODES:
            assert value["codes"]
            assert set(value["codes"]) <= CODES[kind], (need["key"], row)
        elif kind == "price":
            assert float(value["max"]) > 0
            assert value["unit"] in {"once", "month", "user", "device", "any"}
        elif kind == "free_text":
            assert 0 < len(row["text"]) <= 300
        else:
            assert kind in {"account", "reference"}


def test_every_kind_of_criterion_is_shown() -> None:
    kinds = {row["kind"] for need in NEEDS for row in need["criteria"]}
    assert kinds == {*CODES, "price", "account", "reference", "free_text"}


def test_introductions_show_every_state() -> None:
    assert len(INTRODUCTIONS) >= 14
    assert {row["state"] for row in INTRODUCTIONS} == {
        "suggested",
        "requested",
        "forwarded",
        "introduced",
        "closed",
        "stopped",
        "declined",
        "withdrawn",
        "expired",
    }
    pairs = Counter((row["need"], row["service"]) for row in INTRODUCTIONS)
    assert max(pairs.values()) == 1


@pytest.mark.parametrize("row", INTRODUCTIONS, ids=lambda row: row["key"])
def test_the_steps_of_an_introduction_lead_to_its_state(row: dict[str, Any]) -> None:
    state = ""
    for step in row["steps"]:
        move, who = step["move"], step["who"]
        if move in ENDINGS:
            assert state in {"suggested", "requested", "forwarded"}
            state, allowed = ENDINGS[move]
        else:
            before, after, allowed = MOVES[move]
            assert state == before
            state = after
        assert who in allowed
        assert step["note"] or move not in MUST_GIVE_A_REASON
    assert state == row["state"]
    first = row["steps"][0]
    assert (first["move"] == "suggest") == (row["origin"] in {"broker", "vendor"})
    assert first["move"] != "suggest" or first["who"] == row["origin"]


@pytest.mark.parametrize("row", INTRODUCTIONS, ids=lambda row: row["key"])
def test_an_introduction_joins_a_live_need_or_city_with_a_service(row: dict[str, Any]) -> None:
    assert row["service"] in SERVICE_OF
    assert (row["need"] is None) != (row["city"] is None)
    if row["need"]:
        need = NEED_OF[row["need"]]
        assert need["state"] == "published"
        assert row["origin"] != "vendor" or need["visibility"] == "public"


def organisation_key(organisation: dict[str, Any]) -> str:
    [value] = organisation.values()
    return str(value)


def test_people_cover_every_role_and_one_belongs_to_two_bodies() -> None:
    people = PEOPLE["people"]
    shown = [person for person in people if person["shown_at_start"]]
    roles = {membership["role"] for person in shown for membership in person["memberships"]}
    assert roles == {"owner", "member", "official", "reviewer", "broker", "administrator"}
    assert any(len(person["memberships"]) == 2 for person in shown)
    assert len({person["email"] for person in people}) == len(people)
    for person in people:
        assert person["email"].endswith("@example.com")
        assert person["name"].split()[-1] in {"ตัวอย่าง", "สมมติ"}
        staff = any("depa" in membership["organisation"] for membership in person["memberships"])
        assert bool(person["totp_secret"]) == staff
        if staff:
            assert len(base64.b32decode(person["totp_secret"])) == 20


def test_everybody_who_has_to_act_in_the_demo_exists() -> None:
    members = {
        organisation_key(membership["organisation"])
        for person in PEOPLE["people"]
        for membership in person["memberships"]
    }
    for need in NEEDS:
        assert need["drafted_by_broker"] or organisation_key(need["city"]) in members, need["key"]
    for row in INTRODUCTIONS:
        vendor = SERVICE_OF[row["service"]]["vendor"]
        assert vendor in VENDORS
        assert vendor in members
