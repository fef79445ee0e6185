"""Loading the reference data: complete, twice the same, and what others wrote stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.db.models import Sum

from catalogue.models import Category
from marketplace import reference_data
from marketplace.models import (
    Announcement,
    AnnouncementCount,
    City,
    Designation,
    Organisation,
    Province,
    Region,
)
from marketplace.thai.sorting import sort_key

TABLES: list[type[models.Model]] = [
    Region,
    Province,
    City,
    Designation,
    Announcement,
    AnnouncementCount,
    Category,
]


@pytest.fixture
def loaded(db: None) -> None:
    call_command("load_reference", verbosity=0)


def everything() -> Iterator[Any]:
    for table in TABLES:
        yield from table._default_manager.order_by("pk").values()


def test_every_row_of_the_files_is_there(loaded: None) -> None:
    assert Region.objects.count() == 10
    assert Region.objects.filter(announced=True).count() == 8
    assert Province.objects.count() == 77
    assert City.objects.exclude(dla_code=None).count() == 256
    assert Designation.objects.filter(kind="smart_city").count() == 37
    assert Designation.objects.filter(kind="zone").count() == 17
    axes = Category.objects.values_list("axis").annotate(number=models.Count("pk"))
    assert dict(axes) == {"dimension": 7, "kind": 6, "certificate": 13, "standard": 18}


@pytest.mark.parametrize("table", TABLES[:4] + TABLES[6:], ids=lambda table: table.__name__)
def test_every_row_has_its_source(loaded: None, table: type[models.Model]) -> None:
    for source in table._default_manager.values_list("source", flat=True):
        assert len(reference_data.sources_of(source)) == source.count("|") + 1


def test_what_has_a_day_of_writing_keeps_it(loaded: None) -> None:
    for table in (Region, Province, City, Category):
        assert not table._default_manager.filter(source_date="").exists()
    assert set(Designation.objects.filter(dated_on="").values_list("precision", flat=True)) == {"unknown"}


def test_regional_counts_of_the_announcement_add_up_to_its_92_zones(loaded: None) -> None:
    counts = AnnouncementCount.objects.filter(announcement__key="zones-2023-11", what="zones_added")
    assert counts.get(region=None).number == 92
    regional = counts.exclude(region=None)
    assert regional.aggregate(total=Sum("number"))["total"] == 92
    assert set(regional.values_list("region_id", flat=True)) == set(
        Region.objects.filter(announced=True).values_list("code", flat=True)
    )


def test_the_36_cities_of_the_announcement_lie_in_25_provinces(loaded: None) -> None:
    record = Announcement.objects.get(key="zones-2023-11")
    cities = Designation.objects.filter(kind="smart_city", dated_on__lte=record.announced_on)
    assert cities.count() == record.counts.get(what="smart_cities_total").number == 36
    provinces = cities.values("city__province").distinct().count()
    assert provinces == record.counts.get(what="smart_city_provinces").number == 25


def test_a_designation_points_to_the_municipality_behind_it(loaded: None) -> None:
    hat_yai = City.objects.get(dla_code="03901101")
    assert hat_yai.name_en == "Hat Yai City Municipality"
    assert sorted(hat_yai.designations.values_list("kind", flat=True)) == ["smart_city", "zone"]
    assert City.objects.filter(name_th=hat_yai.name_th).count() == 1


def test_a_zone_that_became_a_smart_city_is_one_city(loaded: None) -> None:
    kinds = Designation.objects.values_list("city__key").annotate(number=models.Count("kind"))
    assert sum(number == 2 for _key, number in kinds) == 7
    assert City.objects.filter(dla_code=None).count() == len(
        {row["city_key"] for row in reference_data.designated().values() if not row["body_dla_code"]}
    )


def test_dates_stay_as_exact_as_their_source(loaded: None) -> None:
    lengths = {"day": 10, "month": 7, "year": 4, "before": 4, "unknown": 0}
    for row in Designation.objects.all():
        assert len(row.dated_on) == lengths[row.precision], row


def test_cities_stand_in_the_order_of_a_thai_dictionary(loaded: None) -> None:
    cities = list(City.objects.order_by("sort_key"))
    assert [c.sort_key for c in cities] == sorted(sort_key(c.name_th) for c in cities)


def test_loading_twice_changes_nothing(loaded: None) -> None:
    before = list(everything())
    call_command("load_reference", verbosity=0)
    assert list(everything()) == before


def test_what_the_files_say_replaces_what_was_changed(loaded: None) -> None:
    City.objects.filter(dla_code="03901101").update(name_th="ชื่อที่พิมพ์ผิด", sort_key="x")
    Designation.objects.filter(city__dla_code="03901101").update(dated_on="1999")
    call_command("load_reference", verbosity=0)
    assert City.objects.get(dla_code="03901101").name_th == "เทศบาลนครหาดใหญ่"
    assert not Designation.objects.filter(dated_on="1999").exists()


def test_what_the_files_do_not_know_stays(loaded: None) -> None:
    account = Organisation.objects.create(kind="city", name_th="เทศบาลนครหาดใหญ่", sort_key="x")
    City.objects.filter(dla_code="03901101").update(organisation=account)
    unknown = City.objects.filter(dla_code__isnull=False, population=None).first()
    assert unknown is not None
    City.objects.filter(pk=unknown.pk).update(population=1234, population_note="ทะเบียนราษฎร 2568")
    own = City.objects.create(
        name_th="อบต. ที่เพิ่มเอง", sort_key="x", kind="sao", province_id="90", source="letter"
    )
    call_command("load_reference", verbosity=0)
    assert City.objects.get(dla_code="03901101").organisation == account
    assert City.objects.get(pk=unknown.pk).population == 1234
    assert City.objects.filter(pk=own.pk, name_th="อบต. ที่เพิ่มเอง").exists()


def test_a_body_that_an_official_added_first_becomes_the_one_of_the_files(db: None) -> None:
    reference_data.load_regions()
    reference_data.load_provinces()
    own = City.objects.create(
        name_th="หาดใหญ่",
        sort_key="x",
        kind="city_municipality",
        province_id="90",
        dla_code="03901101",
        source="letter",
    )
    call_command("load_reference", verbosity=0)
    city = City.objects.get(dla_code="03901101")
    assert (city.pk, city.public_id, city.key) == (own.pk, own.public_id, "hat-yai")


def test_all_or_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError("a damaged file")

    monkeypatch.setattr(reference_data, "load_announcements", broken)
    with pytest.raises(ValueError, match="damaged"):
        call_command("load_reference", verbosity=0)
    assert not any(table._default_manager.exists() for table in TABLES)
