"""Reference data of places: the files of ``marketplace/reference`` become rows, found again by their codes.

What a file says replaces what the database says; what a file does not know of is left alone and never
deleted. Loading twice changes nothing.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

from marketplace.models import Announcement, AnnouncementCount, City, Designation, Province, Region
from marketplace.thai.sorting import sort_key

FOLDER = Path(__file__).parent / "reference"
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows of one table were new, differed, or stood already as the file has them."""

    table: str
    added: int
    changed: int
    same: int


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def sources() -> dict[str, dict[str, str]]:
    """What the keys in ``source`` mean: title, published_by, address, trust, licence, note."""
    return {row["key"]: row for row in read(FOLDER / "sources.csv")}


def sources_of(text: str) -> list[dict[str, str]]:
    """The descriptions of the keys in a row's ``source``, such as ``"SEED|Q"``; unknown keys are left out."""
    return [sources()[key] for key in text.split("|") if key in sources()]


def store(
    rows: Iterable[models.Model],
    *,
    key: Callable[[Any], Hashable],
    fields: Collection[str],
    keep: Collection[str] = (),
) -> Outcome:
    """Add or overwrite rows of one table by ``key``; only ``fields`` are written.

    An empty value of a field in ``keep`` says nothing: what staff entered there stays.
    """
    wanted = list(rows)
    model = type(wanted[0])
    present: dict[Hashable, models.Model] = {}
    for row in model._default_manager.order_by("pk"):
        present.setdefault(key(row), row)
    added, changed = [], []
    for row in wanted:
        old = present.get(key(row))
        if old is None:
            added.append(row)
        elif _overwrite(old, row, fields, keep):
            changed.append(old)
    model._default_manager.bulk_create(added)
    if changed:
        model._default_manager.bulk_update(changed, fields)
    same = len(wanted) - len(added) - len(changed)
    return Outcome(model.__name__, len(added), len(changed), same)


def _overwrite(old: models.Model, new: models.Model, fields: Iterable[str], keep: Collection[str]) -> bool:
    differs = False
    for name in fields:
        field: Any = old._meta.get_field(name)
        value = field.to_python(getattr(new, field.attname))
        if field.to_python(getattr(old, field.attname)) == value or (name in keep and value in (None, "")):
            continue
        setattr(old, field.attname, value)
        differs = True
    return differs


def load() -> list[Outcome]:
    """Regions, provinces, cities, designations and announcements. Runs inside the caller's transaction."""
    return [
        load_regions(),
        load_provinces(),
        load_cities(),
        load_designations(),
        *load_announcements(),
    ]


def load_regions() -> Outcome:
    rows = [
        Region(
            code=row["code"],
            name_th=row["name_th"],
            name_en=row["name_en"],
            order=int(row["order"]),
            announced=row["in_announcement"] == "yes",
            source=row["source"],
            source_date=row["recorded_on"],
        )
        for row in read(FOLDER / "regions.csv")
    ]
    fields = ("name_th", "name_en", "order", "announced", "source", "source_date")
    return store(rows, key=lambda region: region.code, fields=fields)


def load_provinces() -> Outcome:
    rows = [
        Province(
            code=row["code"],
            iso=row["iso"],
            name_th=row["name_th"],
            name_en=row["name_en"],
            sort_key=sort_key(row["name_th"]),
            region_id=row["region_code"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            source=row["source"],
            source_date=row["recorded_on"],
        )
        for row in read(FOLDER / "provinces.csv")
    ]
    fields = (
        *("iso", "name_th", "name_en", "sort_key", "region"),
        *("latitude", "longitude", "source", "source_date"),
    )
    return store(rows, key=lambda province: province.code, fields=fields)


def designated() -> dict[str, Row]:
    """For each city key the row that knows the place best: the smart city's, else the zone's."""
    rows = [*read(FOLDER / "smart_cities.csv"), *read(FOLDER / "promotion_zones.csv")]
    best: dict[str, Row] = {}
    for row in rows:
        best.setdefault(row["city_key"], row)
    return best


def city_identity(city: City) -> Hashable:
    """A city is found again by the code of local governments, else by the key of the files."""
    return city.dla_code or city.key or f"row {city.pk}"


def load_cities() -> Outcome:
    """The municipalities, and one city for each designated body that is none of them."""
    places = designated()
    of_municipality = {row["body_dla_code"]: row for row in places.values() if row["body_dla_code"]}
    municipalities = read(FOLDER / "municipalities.csv")
    rows = [_municipality(row, of_municipality.get(row["dla_code"])) for row in municipalities]
    rows += [_other_body(row) for row in places.values() if not row["body_dla_code"]]
    fields = (
        *("key", "name_th", "name_en", "sort_key", "kind", "province", "district_code", "district_th"),
        *("district_en", "dla_code", "latitude", "longitude", "website", "population", "population_note"),
        *("source", "source_date"),
    )
    keep = ("dla_code", "district_code", "district_th", "district_en", "website")
    return store(rows, key=city_identity, fields=fields, keep=(*keep, "population", "population_note"))


def _municipality(row: Row, designation: Row | None) -> City:
    # A declared city's own point is nearer than the middle of the district.
    nearer = designation if designation and designation.get("latitude") else row
    return City(
        key=designation["city_key"] if designation else f"dla-{row['dla_code']}",
        dla_code=row["dla_code"],
        name_th=row["name_th"],
        name_en=row["name_en"],
        sort_key=sort_key(row["name_th"]),
        kind=row["kind"],
        province_id=row["province_code"],
        district_code=row["district_code"],
        district_th=row["district_th"],
        district_en=row["district_en"],
        latitude=nearer["latitude"] or None,
        longitude=nearer["longitude"] or None,
        website=row["website"],
        population=int(row["population"]) if row["population"] else None,
        population_note=row["population_status"] if row["population"] else "",
        source=row["source"],
        source_date=row["recorded_on"],
    )


def _other_body(row: Row) -> City:
    # No point of its own: maps use the province's.
    return City(
        key=row["city_key"],
        name_th=row["body_th"],
        name_en=row["body_en"],
        sort_key=sort_key(row["body_th"]),
        kind=row["kind"],
        province_id=row["province_code"],
        latitude=row.get("latitude") or None,
        longitude=row.get("longitude") or None,
        source=row["source"],
        source_date=row["recorded_on"],
    )


def load_designations() -> Outcome:
    """A body has at most one designation of a kind; its name and date may be corrected later."""
    city_of = dict(City.objects.exclude(key=None).values_list("key", "pk"))
    rows = [
        Designation(
            city_id=city_of[row["city_key"]],
            kind=Designation.Kind.SMART_CITY,
            name_th=row["name_th"],
            name_en=row["name_en"],
            batch=int(row["batch"]),
            dated_on=row["endorsed_on"],
            precision=row["endorsed_precision"],
            confidence=row["name_status"],
            source=row["source"],
        )
        for row in read(FOLDER / "smart_cities.csv")
    ]
    rows += [
        Designation(
            city_id=city_of[row["city_key"]],
            kind=Designation.Kind.ZONE,
            name_th=row["name_th"],
            name_en=row["name_en"],
            dated_on=row["announced_on"],
            precision=row["announced_precision"],
            confidence=row["confidence"],
            source=row["source"],
        )
        for row in read(FOLDER / "promotion_zones.csv")
    ]
    fields = ("name_th", "name_en", "batch", "dated_on", "precision", "confidence", "source")
    return store(rows, key=lambda designation: (designation.city_id, designation.kind), fields=fields)


def load_announcements() -> list[Outcome]:
    """Dated public counts; those of different sources stand beside each other."""
    records = json.loads((FOLDER / "announcement.json").read_text(encoding="utf-8"))["announcements"]
    announcements = store(
        [
            Announcement(
                key=record["key"],
                title_th=record["title_th"],
                title_en=record["title_en"],
                announced_on=record["dated_on"],
                precision=record["precision"],
                source=record["source"],
            )
            for record in records
        ],
        key=lambda announcement: announcement.key,
        fields=("title_th", "title_en", "announced_on", "precision", "source"),
    )
    row_of = dict(Announcement.objects.values_list("key", "pk"))
    counts = store(
        [
            AnnouncementCount(
                announcement_id=row_of[record["key"]],
                what=count["measure"],
                region_id=count["region"],
                number=count["value"],
            )
            for record in records
            for count in record["counts"]
        ],
        key=lambda count: (count.announcement_id, count.what, count.region_id),
        fields=("number",),
    )
    return [announcements, counts]
