"""A service is an identity with immutable versions; whatever refers to its content names a version."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.models import PublicModel


def new_lot() -> int:
    """A random number drawn once: it settles ties without regard to name, id or age."""
    return secrets.randbits(62)


class ServiceQuerySet(models.QuerySet["Service"]):
    def public(self) -> "ServiceQuerySet":
        """What anyone may read: published, and the vendor is not suspended."""
        return self.filter(state=Service.State.PUBLISHED, vendor__suspended_at__isnull=True)

    def for_work(self) -> "ServiceQuerySet":
        """With its versions and evidence, as work pages show them."""
        return self.select_related("vendor", "head", "current", "revision", "account_status__evidence")

    def for_page(self, version: str = "current") -> "ServiceQuerySet":
        """With what a page shows of ``version`` (current, head or revision), in four queries."""
        references = models.Prefetch(
            f"{version}__references", queryset=CityReference.objects.select_related("city")
        )
        return self.select_related(version, "vendor__province", "account_status").prefetch_related(
            f"{version}__prices", references, "certificates"
        )

    def visible_to(self, user: Any) -> "ServiceQuerySet":
        """Public ones for anyone; all of one's own organisations; all for depa."""
        public = Q(state=Service.State.PUBLISHED, vendor__suspended_at__isnull=True)
        if user is None or not user.is_authenticated:
            return self.filter(public)
        if user.is_depa:
            return self.all()
        return self.filter(public | Q(vendor_id__in=user.organisation_ids))


class Service(PublicModel):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for review")
        CHANGES = "changes_requested", _("Changes asked for")
        REFUSED = "refused", _("Refused")
        PUBLISHED = "published", _("Published")
        SUSPENDED = "suspended", _("Suspended")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    vendor = models.ForeignKey("marketplace.Organisation", on_delete=models.PROTECT, related_name="services")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField()
    # Why the last move was made, where somebody is told: changes, refusal, suspension, withdrawal.
    state_reason = models.CharField(max_length=1000, blank=True)
    # The newest saved version, the published one, and the one a reviewer is asked to publish instead.
    head = models.ForeignKey("ServiceVersion", on_delete=models.PROTECT, null=True, related_name="+")
    current = models.ForeignKey(
        "ServiceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.ForeignKey(
        "ServiceVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    # Of the current version, else of the head: what lists show and sort by without opening a version.
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    slug = models.SlugField(max_length=80, allow_unicode=True, blank=True)
    sort_key = models.CharField(max_length=255)
    # Folded text of the current version, for the database's own simplified search.
    folded_text = models.TextField(blank=True)
    lot = models.BigIntegerField(default=new_lot, editable=False)
    is_example = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=200, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["published", "suspended"])
                | Q(current__isnull=False, published_at__isnull=False),
                name="service_published_has_version",
            ),
            models.CheckConstraint(
                condition=Q(revision__isnull=True) | Q(state="published"),
                name="service_revision_of_published",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="service_source_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "sort_key"], name="service_state_sort")]

    def __str__(self) -> str:
        return self.name_th


class ServiceVersion(PublicModel):
    """What a service said at one time. Triggers refuse changing it."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    # Question id → answer. A missing key is unknown; an empty list says "none".
    answers = models.JSONField()
    created_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="service_version_number")]


class Unit(models.TextChoices):
    ONCE = "once", _("once")
    MONTH = "month", _("per month")
    USER = "user", _("per user")
    DEVICE = "device", _("per device")


class Price(models.Model):
    """A price of a version, in baht."""

    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="prices")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    vat_included = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(unit__in=["once", "month", "user", "device"]), name="price_unit"
            ),
        ]


class CityReference(models.Model):
    """Where the vendor says a version is in use."""

    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="references")
    city = models.ForeignKey(
        "marketplace.City", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)
    since_year = models.PositiveSmallIntegerField(null=True, blank=True)
    scale = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(city__isnull=False) | ~Q(name=""), name="reference_names_a_place"
            ),
            models.CheckConstraint(
                condition=Q(since_year__isnull=True) | Q(since_year__gte=1990, since_year__lt=2200),
                name="reference_year_ce",
            ),
        ]


class ServiceFacet(models.Model):
    """A value of the published version to filter and count by, rewritten whenever it changes."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="facets")
    facet = models.CharField(max_length=20)
    value = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "facet", "value"], name="facet_once")]
        indexes = [models.Index(fields=["facet", "value"], name="facet_value")]


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Any) -> "ClaimQuerySet":
        """The claiming vendor's people, and depa."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.is_depa:
            return self.all()
        return self.filter(vendor_id__in=user.organisation_ids)


class Claim(PublicModel):
    """A vendor says that services imported under its tax ID are its own."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for depa")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    vendor = models.ForeignKey("marketplace.Organisation", on_delete=models.PROTECT, related_name="claims")
    unclaimed = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, related_name="claims_on_it"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.REQUESTED)
    state_since = models.DateTimeField()
    requested_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=1000, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unclaimed"], condition=Q(state="requested"), name="claim_asked_once"
            ),
            models.CheckConstraint(condition=~Q(vendor=models.F("unclaimed")), name="claim_of_another"),
        ]
