"""Facts about a service that depa checks: certificates, and the entry in the digital services account."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from catalogue.models.services import Service
from marketplace.models import PublicModel


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Any) -> "CertificateQuerySet":
        """Certificates of services that the reader may see."""
        return self.filter(service__in=Service.objects.visible_to(user))


class Certificate(PublicModel):
    """A certificate that the vendor states; verified once depa has seen the evidence."""

    service = models.ForeignKey("catalogue.Service", on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey("marketplace.StoredFile", on_delete=models.PROTECT, null=True, blank=True)
    # Where a public register says so, when there is no document.
    register_link = models.URLField(max_length=300, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="certificate_verified_pair",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(evidence__isnull=False) | ~Q(register_link=""),
                name="certificate_verified_on_evidence",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="certificate_period",
            ),
            models.CheckConstraint(
                condition=(Q(valid_from__isnull=True) | Q(valid_from__lt="2200-01-01"))
                & (Q(valid_to__isnull=True) | Q(valid_to__lt="2200-01-01")),
                name="certificate_dates_ce",
            ),
        ]


class AccountStatus(PublicModel):
    """An entry of depa's digital services account, as checked by staff on a day.

    No row means that nobody has checked: unknown. ``listed=False`` is a checked absence.
    """

    service = models.OneToOneField(
        "catalogue.Service", on_delete=models.CASCADE, related_name="account_status"
    )
    listed = models.BooleanField()
    register_number = models.CharField(max_length=60, blank=True)
    item_group = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey("marketplace.StoredFile", on_delete=models.PROTECT, null=True, blank=True)
    checked_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(listed=False, register_number="")
                | (Q(listed=True, valid_from__isnull=False) & ~Q(register_number="")),
                name="account_listed_has_number",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="account_period"
            ),
            models.CheckConstraint(
                condition=(Q(valid_from__isnull=True) | Q(valid_from__lt="2200-01-01"))
                & (Q(valid_to__isnull=True) | Q(valid_to__lt="2200-01-01")),
                name="account_dates_ce",
            ),
        ]
