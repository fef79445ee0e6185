"""Regions, provinces, cities and what they were designated as. All of it is data with a source."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.base import PublicModel


class Region(models.Model):
    code = models.CharField(max_length=4, primary_key=True)
    name_th = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    # Of the announcement's eight; Bangkok and Upper Isan are buckets of our own.
    announced = models.BooleanField(default=True)
    source = models.CharField(max_length=200)
    source_date = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name_th


class Province(models.Model):
    code = models.CharField(_("DOPA code"), max_length=2, primary_key=True)
    iso = models.CharField(_("ISO 3166-2"), max_length=6)
    name_th = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    sort_key = models.CharField(max_length=255)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="provinces")
    latitude = models.DecimalField(max_digits=7, decimal_places=4)
    longitude = models.DecimalField(max_digits=7, decimal_places=4)
    source = models.CharField(max_length=200)
    source_date = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name_th


class CityKind(models.TextChoices):
    CITY = "city_municipality", _("City municipality")
    TOWN = "town_municipality", _("Town municipality")
    SUBDISTRICT = "subdistrict_municipality", _("Subdistrict municipality")
    SAO = "sao", _("Subdistrict administrative organisation")
    PAO = "pao", _("Provincial administrative organisation")
    PROVINCE = "province_based", _("Province")
    DISTRICT = "district", _("District")
    AREA = "area", _("Area")
    SPECIAL = "special", _("Special administrative area")
    UNIVERSITY = "university_estate", _("University estate")
    ESTATE = "private_estate", _("Private estate")
    UNKNOWN = "unknown", _("Kind not known")


class City(PublicModel):
    """The body: a municipality, province, district or estate. Designations point to it."""

    # Joins the reference files; empty for bodies that an official added.
    key = models.CharField(max_length=80, unique=True, null=True, blank=True)
    name_th = models.CharField(_("Thai name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    sort_key = models.CharField(max_length=255)
    kind = models.CharField(_("kind"), max_length=30, choices=CityKind.choices)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="cities")
    district_code = models.CharField(_("district code"), max_length=4, blank=True)
    district_th = models.CharField(max_length=80, blank=True)
    district_en = models.CharField(max_length=80, blank=True)
    dla_code = models.CharField(_("DLA code"), max_length=8, unique=True, null=True, blank=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    website = models.URLField(blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200)
    source_date = models.CharField(max_length=20, blank=True)
    # The account that officials act through; made when the first of them is approved.
    organisation = models.OneToOneField(
        "marketplace.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="city"
    )

    class Meta:
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.name_th


class Designation(PublicModel):
    """A dated fact about a city, such as being a promotion zone or a smart city."""

    class Kind(models.TextChoices):
        ZONE = "zone", _("Smart City Promotion Zone")
        SMART_CITY = "smart_city", _("Smart City")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="designations")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    batch = models.PositiveSmallIntegerField(null=True, blank=True)
    # As exact as the source: "2021", "2020-10", "2019-10-31" or "" where nobody says.
    dated_on = models.CharField(max_length=20, blank=True)
    precision = models.CharField(max_length=10)
    confidence = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["kind", "dated_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["city", "kind", "name_th"], name="designation_once")]


class Announcement(PublicModel):
    """A dated public count. Counts of different sources stand beside each other."""

    key = models.CharField(max_length=60, unique=True)
    title_th = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    announced_on = models.CharField(max_length=20, blank=True)
    precision = models.CharField(max_length=10)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["announced_on", "pk"]


class Measure(models.TextChoices):
    ZONES_ADDED = "zones_added", _("New promotion zones")
    ZONES_TOTAL = "zones_total", _("Promotion zones in all")
    ZONE_PROVINCES = "zone_provinces", _("Provinces with the new zones")
    ZONE_REGIONS = "zone_regions", _("Regions with the new zones")
    SMART_CITIES = "smart_cities_total", _("Smart cities in all")
    SMART_CITY_PROVINCES = "smart_city_provinces", _("Provinces with a smart city")
    PROPOSALS = "proposals_total", _("Proposals in all")


class AnnouncementCount(models.Model):
    """One figure of an announcement, of a region or of the whole country."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="counts")
    what = models.CharField(max_length=40, choices=Measure.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "what", "region"], name="count_once"),
            models.UniqueConstraint(
                fields=["announcement", "what"], condition=models.Q(region__isnull=True), name="total_once"
            ),
        ]
