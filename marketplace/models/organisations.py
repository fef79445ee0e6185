"""Organisations and who acts for them."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.models.base import PublicModel


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Vendors in good standing are public; an organisation is visible to its people and to depa."""
        public = Q(kind=Organisation.Kind.VENDOR, suspended_at__isnull=True, claimed=True) | Q(
            kind=Organisation.Kind.VENDOR, suspended_at__isnull=True, source__gt=""
        )
        if user is None or not user.is_authenticated:
            return self.filter(public)
        if user.is_depa:
            return self.all()
        return self.filter(public | Q(pk__in=user.organisation_ids))


class Organisation(PublicModel):
    class Kind(models.TextChoices):
        VENDOR = "vendor", _("Vendor")
        CITY = "city", _("City")
        DEPA = "depa", _("depa")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name_th = models.CharField(_("Thai name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    sort_key = models.CharField(max_length=255)
    tax_id = models.CharField(_("tax ID"), max_length=13, blank=True)
    about_th = models.TextField(_("about, in Thai"), max_length=2000, blank=True)
    about_en = models.TextField(_("about, in English"), max_length=2000, blank=True)
    size = models.CharField(_("size"), max_length=10, blank=True)
    province = models.ForeignKey("marketplace.Province", on_delete=models.PROTECT, null=True, blank=True)
    # The company's sales contact is public; a person's contact is not and lives on User.
    sales_phone = models.CharField(_("sales phone"), max_length=40, blank=True)
    sales_email = models.EmailField(_("sales e-mail"), blank=True)
    sales_line = models.CharField(_("LINE ID"), max_length=60, blank=True)
    website = models.URLField(_("website"), blank=True)
    # False for a vendor that an import made and nobody has taken over yet.
    claimed = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, null=True, related_name="+")
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.CharField(max_length=500, blank=True)
    is_example = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=200, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tax_id"],
                condition=Q(claimed=True, kind="vendor") & ~Q(tax_id=""),
                name="vendor_tax_id_once",
            ),
            models.CheckConstraint(
                condition=Q(tax_id="") | Q(tax_id__regex=r"^[0-9]{13}$"), name="organisation_tax_id_13_digits"
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="organisation_verified_pair",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="organisation_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name_th


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")
    OFFICIAL = "official", _("City official")
    REVIEWER = "reviewer", _("depa reviewer")
    BROKER = "broker", _("depa broker")
    ADMINISTRATOR = "administrator", _("depa administrator")


# Which roles an organisation of a kind can give.
ROLES_OF_KIND = {
    Organisation.Kind.VENDOR: (Role.OWNER, Role.MEMBER),
    Organisation.Kind.CITY: (Role.OFFICIAL,),
    Organisation.Kind.DEPA: (Role.REVIEWER, Role.BROKER, Role.ADMINISTRATOR),
}


class Membership(PublicModel):
    """A person acts for an organisation in one role until the membership ends."""

    user = models.ForeignKey("marketplace.User", on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=15, choices=Role.choices)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(ended_at__isnull=True), name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")),
                name="membership_ends_later",
            ),
        ]


class Invitation(PublicModel):
    """An offer of a membership, sent by e-mail. The secret is in the mail only; its digest is here."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="invitations"
    )
    # depa may invite the first official of a city that has no account yet.
    city = models.ForeignKey(
        "marketplace.City", on_delete=models.CASCADE, null=True, related_name="invitations"
    )
    email = models.EmailField(_("e-mail"))
    role = models.CharField(max_length=15, choices=Role.choices)
    secret_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("marketplace.User", on_delete=models.CASCADE, related_name="+")
    # A hand-over: accepting the invitation ends this membership.
    replaces = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(city__isnull=False),
                name="invitation_into_something",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_pair",
            ),
        ]


class AffiliationQuerySet(models.QuerySet["AffiliationRequest"]):
    def visible_to(self, user: Any) -> "AffiliationQuerySet":
        """The person who asked, and depa."""
        if user is None or not user.is_authenticated:
            return self.none()
        if user.is_depa:
            return self.all()
        return self.filter(user=user)


class AffiliationRequest(PublicModel):
    """An official's claim to act for a local government, proven by an official letter."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waiting for depa")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    user = models.ForeignKey(
        "marketplace.User", on_delete=models.CASCADE, related_name="affiliation_requests"
    )
    city = models.ForeignKey("marketplace.City", on_delete=models.PROTECT, null=True, blank=True)
    # Filled when the body is none of ours yet; the city row is made on approval.
    body_name_th = models.CharField(_("name of the body"), max_length=200, blank=True)
    body_name_en = models.CharField(max_length=200, blank=True)
    body_kind = models.CharField(_("kind of body"), max_length=30, blank=True)
    body_district = models.CharField(_("district"), max_length=4, blank=True)
    body_dla_code = models.CharField(_("DLA code"), max_length=8, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    letter_number = models.CharField(_("letter number"), max_length=80)
    letter_date = models.DateField(_("letter date"))
    letter_scan = models.ForeignKey("marketplace.StoredFile", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.REQUESTED)
    state_since = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(city__isnull=False) | ~Q(body_name_th=""), name="affiliation_names_a_body"
            ),
            # 22/11/2569 read as a year of the common era would lie far outside of this.
            models.CheckConstraint(
                condition=Q(letter_date__gte="2000-01-01", letter_date__lt="2200-01-01"),
                name="affiliation_letter_date_ce",
            ),
            models.UniqueConstraint(
                fields=["user", "city"],
                condition=Q(state="requested", city__isnull=False),
                name="affiliation_asked_once",
            ),
        ]
