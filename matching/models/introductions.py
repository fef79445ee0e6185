"""An introduction of a city and a vendor about one service."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.models import PublicModel

OPEN_STATES = ("suggested", "requested", "forwarded", "accepted", "introduced")


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def visible_to(self, user: Any) -> "IntroductionQuerySet":
        """The city's people; the vendor's once a broker forwarded it or they suggested it; depa's brokers."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.has_depa_role("broker"):
            return self.all()
        mine = user.organisation_ids
        return self.filter(
            Q(city_organisation_id__in=mine)
            | Q(vendor_id__in=mine, forwarded_at__isnull=False)
            | Q(vendor_id__in=mine, origin="vendor")
        )


class Introduction(PublicModel):
    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested to the city")
        REQUESTED = "requested", _("Waiting for the broker")
        FORWARDED = "forwarded", _("Waiting for the vendor")
        ACCEPTED = "accepted", _("Accepted by the vendor")
        INTRODUCED = "introduced", _("Introduced")
        CLOSED = "closed", _("Closed")
        STOPPED = "stopped", _("Stopped by the broker")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    class Origin(models.TextChoices):
        MATCH = "match", _("From a match")
        CATALOGUE = "catalogue", _("From the catalogue")
        BROKER = "broker", _("Suggested by a broker")
        VENDOR = "vendor", _("Suggested by the vendor")

    city_organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    vendor = models.ForeignKey("marketplace.Organisation", on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey("catalogue.Service", on_delete=models.PROTECT, related_name="introductions")
    service_version = models.ForeignKey(
        "catalogue.ServiceVersion", on_delete=models.PROTECT, related_name="+"
    )
    need = models.ForeignKey(
        "matching.Need", on_delete=models.PROTECT, null=True, related_name="introductions"
    )
    need_version = models.ForeignKey(
        "matching.NeedVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    match = models.ForeignKey("matching.Match", on_delete=models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    state_since = models.DateTimeField()
    message = models.TextField(_("message"), max_length=2000, blank=True)
    # Why the last move was made; the other sides read it.
    state_reason = models.CharField(max_length=1000, blank=True)
    outcome = models.CharField(max_length=1000, blank=True)
    suggested_by = models.ForeignKey(
        "marketplace.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    city_person = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, null=True, related_name="+")
    city_consent = models.ForeignKey(
        "marketplace.Consent", on_delete=models.PROTECT, null=True, related_name="+"
    )
    vendor_person = models.ForeignKey(
        "marketplace.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    vendor_consent = models.ForeignKey(
        "marketplace.Consent", on_delete=models.PROTECT, null=True, related_name="+"
    )
    broker = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, null=True, related_name="+")
    forwarded_at = models.DateTimeField(null=True, blank=True)
    introduced_at = models.DateTimeField(null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-state_since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "service"],
                condition=Q(state__in=OPEN_STATES, need__isnull=False),
                name="introduction_open_once_for_need",
            ),
            models.UniqueConstraint(
                fields=["city_organisation", "service"],
                condition=Q(state__in=OPEN_STATES, need__isnull=True),
                name="introduction_open_once_for_city",
            ),
            models.CheckConstraint(
                condition=~Q(state="suggested") | Q(origin__in=["broker", "vendor"]),
                name="introduction_suggested_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(origin__in=["broker", "vendor"]) | Q(suggested_by__isnull=False),
                name="introduction_suggested_by_somebody",
            ),
            # A vendor knows of public needs; to a city without one it sends nothing.
            models.CheckConstraint(
                condition=~Q(origin="vendor") | Q(need__isnull=False), name="introduction_vendor_for_a_need"
            ),
            models.CheckConstraint(
                condition=Q(state="suggested")
                | Q(state__in=["declined", "stopped", "expired", "withdrawn"])
                | Q(city_person__isnull=False, city_consent__isnull=False),
                name="introduction_city_consented",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "introduced", "closed"])
                | Q(vendor_person__isnull=False, vendor_consent__isnull=False, forwarded_at__isnull=False),
                name="introduction_vendor_consented",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["introduced", "closed"]) | Q(introduced_at__isnull=False),
                name="introduction_introduced_when",
            ),
        ]
        indexes = [models.Index(fields=["state", "state_since"], name="introduction_board")]
