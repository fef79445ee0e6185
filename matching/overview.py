"""Live counts of the whole marketplace, all of what is public, with the time of counting."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from catalogue.models import Service, ServiceFacet
from marketplace import map as country
from marketplace.models import City, Designation, Province, database_now
from marketplace.thai.text import localized
from matching import links
from matching.models import Introduction, Match, MatchRun, Need
from matching.wording import names
from matching.wording.names import PICTURES


def counted() -> dict[str, Any]:
    """Everything on the home page that comes from data, in the present language; plain values, to be cached.

    ``counts``, ``dimensions`` (services and open needs of each), ``map``, ``places``, ``links``, ``as_of``.
    """
    needs = _open_needs()
    services = Service.objects.public().aggregate(
        services=Count("pk"), vendors=Count("vendor", distinct=True)
    )
    by_dimension = dict(
        ServiceFacet.objects.filter(facet="dimension", service__in=Service.objects.public())
        .values_list("value")
        .annotate(n=Count("pk"))
    )
    asked = Counter(code for need in needs for code in need["current__dimensions"] or ())
    known = names()
    counts = services | {
        "needs": len(needs),
        "cities": len({need["city_id"] for need in needs}),
        "introduced": _introduced(),
        "unserved": sum(need["ranked"] and not need["served"] for need in needs),
    }
    return {
        "counts": counts,
        "dimensions": [
            {
                "code": code,
                "name": known.of("dimension", code),
                "picture": PICTURES.get(code, "box"),
                "services": by_dimension.get(code, 0),
                "needs": asked[code],
            }
            for code in known.codes("dimension")
        ],
        "as_of": database_now(),
        **_map({need["city_id"] for need in needs}),
    }


def _introduced() -> int:
    """Introductions that came about, of what all may know: a public service, and no need or a public one."""
    return (
        Introduction.objects.filter(introduced_at__isnull=False, service__in=Service.objects.public())
        .filter(Q(need__isnull=True) | Q(need__in=Need.objects.public()))
        .count()
    )


def _open_needs() -> list[Any]:
    """City and dimensions of each; whether what is published was ranked, and met all musts of anything."""
    matches = Match.objects.filter(run__need=OuterRef("pk"), run__version=OuterRef("current"))
    return list(
        Need.objects.public()
        .filter(state="published")
        .order_by()
        .annotate(
            ranked=Exists(
                MatchRun.objects.filter(need=OuterRef("pk"), version=OuterRef("current"), state="ready")
            ),
            served=Exists(matches.filter(kept=True, tier="meets")),
        )
        .values("city_id", "current__dimensions", "ranked", "served")
    )


def _map(with_needs: set[int]) -> dict[str, Any]:
    """The country from its centroids, and the smart cities on it; those with open needs stand out."""
    provinces = Province.objects.order_by().values_list("latitude", "longitude", "region_id")
    smart = Designation.objects.filter(city=OuterRef("pk"), kind="smart_city")
    cities = list(
        City.objects.exclude(latitude=None)
        .annotate(smart=Exists(smart), region=F("province__region_id"))
        .only("public_id", "name_th", "name_en", "latitude", "longitude")
    )
    land = (
        *(country.Point(float(y), float(x), region, province=True) for y, x, region in provinces),
        *(country.Point(*_place(city), city.region) for city in cities),
    )
    dots, shown = [], []
    for city in (city for city in cities if city.smart):
        x, y = country.project(*_place(city))
        name = str(localized(city, "name"))
        dots.append({"name": name, "x": x, "y": y, "chosen": city.pk in with_needs})
        shown.append({"text": name, "href": links.city(city)})
    return {"map": country.draw(land), "places": dots, "links": shown}


def _place(city: City) -> tuple[float, float]:
    return float(city.latitude or 0), float(city.longitude or 0)
