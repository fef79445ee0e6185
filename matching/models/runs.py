"""A ranking, stored with everything it was computed from."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.models import PublicModel


class MatchRunQuerySet(models.QuerySet["MatchRun"]):
    def visible_to(self, user: Any) -> "MatchRunQuerySet":
        """The city's people and depa's brokers. A vendor reads its own matches only, never a run."""
        if user is None or not user.is_authenticated:
            return self.none()
        mine = Q(need__organisation_id__in=user.organisation_ids)
        if user.is_depa:
            return self.filter(
                mine | Q(need__state__in=["published", "closed"]) | Q(need__drafted_by__isnull=False)
            )
        return self.filter(mine)


class MatchRun(PublicModel):
    """What was considered, by which rules, and what came of it. Immutable once ready."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being computed")
        READY = "ready", _("Ready")

    need = models.ForeignKey("matching.Need", on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey("matching.NeedVersion", on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(
        "marketplace.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    computed_at = models.DateTimeField(null=True, blank=True)
    weight_version = models.PositiveSmallIntegerField(null=True, blank=True)
    rule_version = models.PositiveSmallIntegerField(null=True, blank=True)
    considered = models.PositiveIntegerField(default=0)
    # Compressed canonical JSON: the facts that went in and the whole ranking that came out.
    inputs = models.BinaryField(null=True)
    result = models.BinaryField(null=True)
    result_hash = models.CharField(max_length=64, blank=True)

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["need", "number"], name="run_number"),
            models.UniqueConstraint(fields=["need"], condition=Q(state="waiting"), name="run_waiting_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", computed_at__isnull=True)
                | (Q(state="ready", computed_at__isnull=False) & ~Q(result_hash="")),
                name="run_ready_has_result",
            ),
        ]


class MatchQuerySet(models.QuerySet["Match"]):
    def visible_to(self, user: Any) -> "MatchQuerySet":
        """As the run; and a vendor its own services' rows of public needs' runs on the published version."""
        if user is None or not user.is_authenticated:
            return self.none()
        runs = MatchRun.objects.visible_to(user)
        own = Q(
            service__vendor_id__in=user.organisation_ids,
            run__need__visibility="public",
            run__need__state__in=["published", "closed"],
            run__version=models.F("run__need__current"),
        )
        return self.filter(Q(run__in=runs) | own)


class Match(PublicModel):
    """One service in one run, kept or left out, with every reason."""

    run = models.ForeignKey(MatchRun, on_delete=models.PROTECT, related_name="matches")
    service = models.ForeignKey("catalogue.Service", on_delete=models.PROTECT, related_name="matches")
    service_version = models.ForeignKey(
        "catalogue.ServiceVersion", on_delete=models.PROTECT, related_name="+"
    )
    kept = models.BooleanField()
    tier = models.CharField(max_length=8, blank=True)
    # Ranks of one tie group are equal: rank_from to rank_to; position is the order of display.
    position = models.PositiveIntegerField(default=0)
    rank_from = models.PositiveIntegerField(default=0)
    rank_to = models.PositiveIntegerField(default=0)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    low = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    band = models.CharField(max_length=10, blank=True)
    questions = models.PositiveSmallIntegerField(default=0)
    # For a service left out: the criterion that removed it.
    removed_by = models.CharField(max_length=40, blank=True)
    # The reasons exactly as the pure scoring gave them.
    reasons = models.JSONField(default=list)

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["-kept", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "service"], name="match_once"),
            models.CheckConstraint(
                condition=Q(kept=True, score__gte=0, score__lte=100, removed_by="")
                | (Q(kept=False, score__isnull=True) & ~Q(removed_by="")),
                name="match_kept_or_left_out",
            ),
        ]
        indexes = [models.Index(fields=["service", "-id"], name="match_of_service")]
