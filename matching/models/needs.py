"""A need of a city: an identity with immutable versions."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.models import PublicModel


class NeedQuerySet(models.QuerySet["Need"]):
    def public(self) -> "NeedQuerySet":
        """What anyone may read: published or closed, and not kept private."""
        return self.filter(visibility=Need.Visibility.PUBLIC, state__in=["published", "closed"])

    def visible_to(self, user: Any) -> "NeedQuerySet":
        """Public ones for anyone; all of one's own city; for depa all published and all that it drafted."""
        public = Q(visibility="public", state__in=["published", "closed"])
        if user is None or not user.is_authenticated:
            return self.filter(public)
        mine = Q(organisation_id__in=user.organisation_ids)
        if user.is_depa:
            return self.filter(
                public | mine | Q(state__in=["published", "closed"]) | Q(drafted_by__isnull=False)
            )
        return self.filter(public | mine)


class Need(PublicModel):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        PRIVATE = "private", _("Private: only our city and depa")

    city = models.ForeignKey("marketplace.City", on_delete=models.PROTECT, related_name="needs")
    # The account whose people work on it; null while a broker drafts for a city without one.
    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="needs"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField()
    state_reason = models.CharField(max_length=1000, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    head = models.ForeignKey("NeedVersion", on_delete=models.PROTECT, null=True, related_name="+")
    current = models.ForeignKey(
        "NeedVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    # Of the current version, else of the head.
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, allow_unicode=True, blank=True)
    # A broker drafts for the city; the city confirms by a link before it can be published.
    drafted_by = models.ForeignKey(
        "marketplace.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirm_email = models.EmailField(blank=True)
    confirm_digest = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField(default=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["published", "closed"])
                | Q(current__isnull=False, published_at__isnull=False),
                name="need_published_has_version",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(drafted_by__isnull=True) | Q(confirmed_at__isnull=False),
                name="need_of_a_broker_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(drafted_by__isnull=False),
                name="need_belongs_to_someone",
            ),
        ]
        indexes = [models.Index(fields=["state", "visibility", "-published_at"], name="need_public")]

    def __str__(self) -> str:
        return self.title


class BudgetState(models.TextChoices):
    FUNDED = "funded", _("Funded")
    PLANNED = "planned", _("In the plan")
    NONE = "none", _("Not funded yet")


class NeedVersion(PublicModel):
    """What a need said at one time. Triggers refuse changing it."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    problem = models.TextField(max_length=4000)
    success = models.TextField(max_length=2000, blank=True)
    dimensions = models.JSONField(default=list)
    # Codes of the thesaurus that the author has confirmed; empty: not said.
    capabilities = models.JSONField(default=list)
    budget_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    budget_state = models.CharField(max_length=8, choices=BudgetState.choices, blank=True)
    # The common-era year in which the Thai fiscal year ends: 2570 พ.ศ. is 2027.
    fiscal_year = models.PositiveSmallIntegerField(null=True, blank=True)
    money_source = models.CharField(max_length=200, blank=True)
    start_by = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["need", "number"], name="need_version_number"),
            models.CheckConstraint(
                condition=Q(budget_amount__isnull=True) | Q(budget_amount__gt=0), name="need_budget_positive"
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__isnull=True) | Q(fiscal_year__gte=2020, fiscal_year__lt=2200),
                name="need_fiscal_year_ce",
            ),
            models.CheckConstraint(
                condition=Q(start_by__isnull=True) | Q(start_by__lt="2200-01-01"), name="need_start_ce"
            ),
        ]


class CriterionKind(models.TextChoices):
    CATEGORY = "category", _("Kind of supply")
    DIMENSION = "dimension", _("Smart dimension")
    REGION = "region", _("Delivered in the region")
    PRICE = "price", _("Price within")
    CERTIFICATE = "certificate", _("Certificate held")
    ACCOUNT = "account", _("In the digital services account")
    STANDARD = "standard", _("Standard or integration supported")
    LANGUAGE = "language", _("Language")
    DEPLOYMENT = "deployment", _("Deployment")
    REFERENCE = "reference", _("In use in a similar city")
    FREE_TEXT = "free_text", _("In our own words")


class Criterion(models.Model):
    """One thing asked of a service: a must removes what does not meet it, a nice to have adds points."""

    class Level(models.TextChoices):
        MUST = "must", _("Must")
        NICE = "nice", _("Nice to have")

    version = models.ForeignKey(NeedVersion, on_delete=models.PROTECT, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=CriterionKind.choices)
    level = models.CharField(max_length=4, choices=Level.choices)
    value = models.JSONField(default=dict)
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="criterion_order"),
            models.CheckConstraint(condition=Q(level__in=["must", "nice"]), name="criterion_level"),
        ]
