"""Regions, provinces and cities of the API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.models import Designation
from tests import factories
from tests.callers import Caller, asks_data, ids, refused

CITY_KEYS = {
    "id", "name_th", "name_en", "kind", "province", "district_code", "dla_code", "latitude", "longitude",
    "population", "designations",
}  # fmt: skip
PROVINCE_KEYS = {"code", "iso", "name_th", "name_en", "region_code", "latitude", "longitude"}

pytestmark = pytest.mark.django_db


def queries(path: str, **query: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert Caller().get(path, **query).status_code == 200
    return sum(asks_data(query["sql"]) for query in captured.captured_queries)


def test_regions_and_provinces_have_official_codes() -> None:
    factories.ProvinceFactory()
    [region] = Caller().get("regions/").json()["results"]
    assert region == {"code": "LS", "name_th": "ภาคใต้ตอนล่าง", "name_en": "Lower South"}
    [province] = Caller().get("provinces/").json()["results"]
    assert set(province) == PROVINCE_KEYS
    assert (province["code"], province["iso"], province["latitude"]) == ("90", "TH-90", "7.1000")


def test_cities_are_found_by_name_codes_and_designation() -> None:
    hat_yai = factories.CityFactory(name_th="เทศบาลนครหาดใหญ่", name_en="Hat Yai", dla_code="03900102")
    other = factories.CityFactory(kind="sao")
    Designation.objects.create(city=hat_yai, kind="zone", name_th="หาดใหญ่", precision="year", source="test")
    for query in ({"q": "หาดใหญ่"}, {"q": "hat yai"}, {"dla_code": "03900102"}, {"designation": "zone"}):
        assert ids(Caller().get("cities/", **query)) == [hat_yai.public_id]
    assert ids(Caller().get("cities/", kind="sao")) == [other.public_id]
    assert len(ids(Caller().get("cities/", region="LS", province="90"))) == 2
    refused(Caller().get("cities/", kind="village"), 400, "kind")
    refused(Caller().get("cities/", q="\x00"), 400, "q")
    refused(Caller().get("cities/", page="x"), 404)


def test_a_city_says_what_is_known_of_it() -> None:
    city = factories.CityFactory()
    [row] = Caller().get("cities/").json()["results"]
    assert set(row) == CITY_KEYS
    detail = Caller().get(f"cities/{city.public_id}/").json()
    assert set(detail) == CITY_KEYS | {
        "district_th", "district_en", "website", "population_note", "source", "source_date",
    }  # fmt: skip
    unknown = [Caller().get(f"cities/{x}/") for x in ("0000000000aa", "x", "%00", "a" * 300, "ไทย")]
    for response in unknown:
        refused(response, 404)
    assert len({response.content for response in unknown}) == 1


def test_the_list_of_cities_asks_as_often_for_twenty_as_for_one() -> None:
    factories.CityFactory()
    one = queries("cities/")
    factories.CityFactory.create_batch(19)
    assert queries("cities/") == one <= 8
