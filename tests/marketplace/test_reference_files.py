"""The reference files themselves, before any of them is loaded: complete, joined, sourced and dated."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import geothai
import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKETPLACE = ROOT / "marketplace" / "reference"
CATALOGUE = ROOT / "catalogue" / "reference"

CITY_KINDS = {
    "city_municipality",
    "town_municipality",
    "subdistrict_municipality",
    "province_based",
    "private_estate",
    "university_estate",
    "area",
    "district",
    "pao",
    "sao",
    "special",
    "unknown",
}
TABLES = [
    MARKETPLACE / "regions.csv",
    MARKETPLACE / "provinces.csv",
    MARKETPLACE / "municipalities.csv",
    MARKETPLACE / "smart_cities.csv",
    MARKETPLACE / "promotion_zones.csv",
    CATALOGUE / "categories.csv",
    CATALOGUE / "certificates.csv",
    CATALOGUE / "standards.csv",
]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REGIONS = read(MARKETPLACE / "regions.csv")
PROVINCES = read(MARKETPLACE / "provinces.csv")
MUNICIPALITIES = read(MARKETPLACE / "municipalities.csv")
SMART_CITIES = read(MARKETPLACE / "smart_cities.csv")
ZONES = read(MARKETPLACE / "promotion_zones.csv")
SOURCES = read(MARKETPLACE / "sources.csv")
ANNOUNCEMENTS = json.loads((MARKETPLACE / "announcement.json").read_text(encoding="utf-8"))["announcements"]

SOURCE_KEYS = {row["key"] for row in SOURCES}
REGION_CODES = {row["code"] for row in REGIONS}
PROVINCE_CODES = {row["code"] for row in PROVINCES}
MUNICIPALITY_OF = {row["dla_code"]: row for row in MUNICIPALITIES}


def announcement(key: str) -> dict[str, Any]:
    return next(row for row in ANNOUNCEMENTS if row["key"] == key)


def count_in(record: dict, measure: str, region: str | None = None) -> int:
    [value] = [c["value"] for c in record["counts"] if (c["measure"], c["region"]) == (measure, region)]
    return value


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_row_has_a_known_source_and_a_date(path: Path) -> None:
    rows = read(path)
    assert rows
    for row in rows:
        assert set(row["source"].split("|")) <= SOURCE_KEYS, row
        date.fromisoformat(row["recorded_on"])
        assert None not in row, f"too many cells: {row}"
        assert None not in row.values(), f"too few cells: {row}"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_row_has_its_names_in_both_languages(path: Path) -> None:
    for row in read(path):
        assert re.search("[ก-ฮ]|^[A-Z]", row["name_th"]), row
        assert re.search("[A-Za-z]", row["name_en"]), row
        assert not re.search("[\u0e00-\u0e7f]", row["name_en"]), row
        for value in row.values():
            assert value == value.strip()


def test_sources_are_described_once_and_dated() -> None:
    assert len(SOURCE_KEYS) == len(SOURCES)
    for row in SOURCES:
        assert row["title"]
        assert row["trust"] in {"given", "own", "high", "medium", "low"}
        assert row["licence"]
        date.fromisoformat(row["recorded_on"])


def test_the_77_provinces_are_those_of_geothai() -> None:
    assert len(PROVINCES) == 77
    ours = {(row["code"], row["name_th"], row["name_en"]) for row in PROVINCES}
    assert ours == {(p.code, p.name_th, p.name_en) for p in geothai.provinces()}
    for row in PROVINCES:
        assert row["iso"] == f"TH-{row['code']}"
        assert row["region_code"] in REGION_CODES
        assert 5.6 < float(row["latitude"]) < 20.5
        assert 97.3 < float(row["longitude"]) < 105.7


def test_the_region_of_a_province_stays_marked_as_a_proposal() -> None:
    assert {row["region_status"] for row in PROVINCES} == {"proposal"}


def test_the_announcement_names_8_regions_and_the_project_adds_two() -> None:
    announced = [row["code"] for row in REGIONS if row["in_announcement"] == "yes"]
    added = [row["code"] for row in REGIONS if row["in_announcement"] == "no"]
    assert len(announced) == 8
    assert sorted(added) == ["BKK", "UI"]


def test_there_are_256_municipalities_with_official_codes() -> None:
    assert len(MUNICIPALITIES) == len(MUNICIPALITY_OF) == 256
    kinds = Counter(row["kind"] for row in MUNICIPALITIES)
    assert set(kinds) == {"city_municipality", "town_municipality"}
    for row in MUNICIPALITIES:
        assert re.fullmatch(r"0[34]\d{6}", row["dla_code"])
        assert row["dla_code"][1] == {"city_municipality": "3", "town_municipality": "4"}[row["kind"]]
        assert row["dla_code"][2:4] == row["province_code"]
        assert row["province_code"] in PROVINCE_CODES


def test_districts_of_municipalities_exist_in_geothai() -> None:
    for row in MUNICIPALITIES:
        district = geothai.district(row["district_code"])
        assert district is not None, row
        assert district.province_code == row["province_code"]
        assert district.name_th.removeprefix("อำเภอ") == row["district_th"]
        assert district.name_en == row["district_en"]


def test_english_names_of_municipalities_say_where_they_come_from() -> None:
    statuses = Counter(row["name_en_status"] for row in MUNICIPALITIES)
    assert set(statuses) == {"geothai_province", "geothai_district", "geothai_subdistrict", "rtgs"}
    for row in MUNICIPALITIES:
        kind = {"city_municipality": "City", "town_municipality": "Town"}[row["kind"]]
        assert row["name_en"] == f"{row['place_en']} {kind} Municipality"
        assert row["name_th"].endswith(row["place_th"])
        if row["name_en_status"] == "geothai_district":
            assert row["place_en"] == row["district_en"]


def test_what_is_doubtful_or_unknown_about_municipalities_is_marked() -> None:
    for row in MUNICIPALITIES:
        assert row["population_status"] in {"as_found", "doubtful", "unknown"}
        assert (row["population"] == "") == (row["population_status"] == "unknown")
        assert (row["website"] == "") == (row["website_status"] == "unknown")
        assert re.fullmatch(r"(https?://[a-z0-9.-]+/)?", row["website"])
    figures = Counter(row["population"] for row in MUNICIPALITIES if row["population_status"] == "as_found")
    assert max(figures.values()) == 1, "the same figure for two bodies cannot both be right"
    assert sum(row["population"] != "" for row in MUNICIPALITIES) == 22


def test_37_cities_are_declared_and_the_first_36_lie_in_25_provinces() -> None:
    assert len({row["city_key"] for row in SMART_CITIES}) == len(SMART_CITIES) == 37
    first = [row for row in SMART_CITIES if int(row["number"]) <= 36]
    record = announcement("zones-2023-11")
    assert len(first) == count_in(record, "smart_cities_total") == 36
    provinces = {row["province_code"] for row in first}
    assert len(provinces) == count_in(record, "smart_city_provinces") == 25
    assert all(row["endorsed_on"] <= record["dated_on"] for row in first)
    assert SMART_CITIES[-1]["endorsed_on"] > record["dated_on"]


def test_regional_counts_of_the_announcement_add_up() -> None:
    record = announcement("zones-2023-11")
    by_region = {
        c["region"]: c["value"] for c in record["counts"] if c["measure"] == "zones_added" and c["region"]
    }
    assert set(by_region) == {row["code"] for row in REGIONS if row["in_announcement"] == "yes"}
    assert len(by_region) == count_in(record, "zone_regions") == 8
    assert sum(by_region.values()) == count_in(record, "zones_added") == 92
    assert count_in(record, "zone_provinces") == 38
    assert count_in(record, "zones_total") == 112


def test_counts_of_all_announcements_are_sourced_and_dated() -> None:
    assert len({row["key"] for row in ANNOUNCEMENTS}) == len(ANNOUNCEMENTS)
    for row in ANNOUNCEMENTS:
        assert set(row["source"].split("|")) <= SOURCE_KEYS
        assert_date_of_precision(row["dated_on"], row["precision"])
        date.fromisoformat(row["recorded_on"])
        pairs = [(c["measure"], c["region"]) for c in row["counts"]]
        assert len(set(pairs)) == len(pairs)
        assert {region for _, region in pairs if region} <= REGION_CODES


def assert_date_of_precision(written: str, precision: str) -> None:
    pattern = {
        "day": r"\d{4}-\d{2}-\d{2}",
        "month": r"\d{4}-\d{2}",
        "year": r"\d{4}",
        "before": r"\d{4}",
        "unknown": "",
    }[precision]
    assert re.fullmatch(pattern, written), (written, precision)


@pytest.mark.parametrize("row", [*SMART_CITIES, *ZONES], ids=lambda row: row["city_key"])
def test_designations_join_provinces_and_bodies(row: dict[str, str]) -> None:
    assert row["kind"] in CITY_KINDS
    assert row["province_code"] in PROVINCE_CODES
    assert row["body_th"]
    assert row["body_en"]
    assert row["body_status"] in {"named", "province", "estate", "inferred", "unknown"}
    if code := row["body_dla_code"]:
        body = MUNICIPALITY_OF[code]
        assert (body["name_th"], body["name_en"]) == (row["body_th"], row["body_en"])
        assert (body["kind"], body["province_code"]) == (row["kind"], row["province_code"])


def test_designations_are_dated_as_precisely_as_they_claim() -> None:
    for row in SMART_CITIES:
        assert_date_of_precision(row["endorsed_on"], row["endorsed_precision"])
        assert (row["latitude"] == "") == (row["coordinates_status"] == "unknown")
    for row in ZONES:
        assert_date_of_precision(row["announced_on"], row["announced_precision"])
        assert row["confidence"] in {"sourced", "weak"}


def test_a_zone_that_became_a_smart_city_is_the_same_body() -> None:
    declared = {row["city_key"]: row for row in SMART_CITIES}
    later = [row for row in ZONES if row["became_smart_city"]]
    assert len(later) == 7
    assert {row["city_key"] for row in ZONES} & set(declared) == {row["city_key"] for row in later}
    for row in later:
        city = declared[row["city_key"]]
        assert city["endorsed_on"][:4] == row["became_smart_city"]
        assert city["body_th"] == row["body_th"]


def test_categories_are_the_seven_dimensions_and_six_kinds() -> None:
    rows = read(CATALOGUE / "categories.csv")
    axes = Counter(row["axis"] for row in rows)
    assert axes == {"dimension": 7, "kind": 6}
    assert [row["code"] for row in rows if row["mandatory"] == "yes"] == ["environment"]
    for axis in axes:
        orders = [int(row["order"]) for row in rows if row["axis"] == axis]
        assert orders == list(range(1, len(orders) + 1))


CERTIFICATE_CODES = "dsure iso27001 iso27701 iso29110 iso20000 iso9001 cmmi iso22301 pentest tisi"
STANDARD_CODES = """
open_api ckan tgix ngsi_ld geojson mqtt oauth_oidc thaid line_oa promptpay gdx wcag iso37122 xlsx_csv
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [("certificates.csv", CERTIFICATE_CODES), ("standards.csv", STANDARD_CODES)],
)
def test_codes_that_services_and_needs_refer_to(name: str, expected: str) -> None:
    codes = [row["code"] for row in read(CATALOGUE / name)]
    assert len(set(codes)) == len(codes)
    assert set(expected.split()) <= set(codes)
    assert all(re.fullmatch("[a-z0-9_]+", code) for code in codes)
