"""What must not be lost or changed: events, consents, outgoing effects, private files."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from marketplace.models.base import PublicModel, new_public_id


class EventHead(models.Model):
    """The one row whose lock orders all events."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_number = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="event_head_single")]


class Event(models.Model):
    """One move of one thing: who, when, from, to, note. Triggers refuse changing or deleting it."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    # Kept as plain values: an event outlives the person and the organisation it names.
    actor_id = models.CharField(max_length=12, blank=True)
    actor_organisation_id = models.CharField(max_length=12, blank=True)
    actor_role = models.CharField(max_length=15, blank=True)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=12)
    move = models.CharField(max_length=40)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "number"], name="event_subject")]


class Consent(PublicModel):
    """A PDPA record: who allowed what, in which words, when, and when no longer."""

    class Purpose(models.TextChoices):
        SHARE_CONTACT = "share_contact", _("share my contact with the other side of an introduction")

    user = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, related_name="consents")
    organisation = models.ForeignKey("marketplace.Organisation", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30, choices=Purpose.choices)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=12)
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_later",
            ),
            models.UniqueConstraint(
                fields=["user", "purpose", "subject_kind", "subject_id"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_active_once",
            ),
        ]


class Outbox(models.Model):
    """An effect outside the database, written in the transaction that causes it."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    handler = models.CharField(max_length=60)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["available_at", "id"], condition=Q(state="pending"), name="outbox_pending")
        ]


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: Any) -> "StoredFileQuerySet":
        """The uploader, active members of the owning organisation, and depa.

        Identity papers: only the members, and of depa those who check who a vendor is.
        """
        if user is None or not user.is_authenticated:
            return self.none()
        if user.has_depa_role("reviewer"):
            return self.all()
        others = Q(is_identity=False) if user.is_depa else Q(is_identity=False, uploaded_by=user)
        return self.filter(others | Q(organisation_id__in=user.organisation_ids))


class StoredFile(PublicModel):
    """A private file under a random name; its content type is what its bytes say."""

    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, related_name="+")
    stored_name = models.CharField(max_length=100, unique=True)
    original_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Shows who a vendor is, such as a company's registration; fewer people may read it.
    is_identity = models.BooleanField(default=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_identity=False) | Q(organisation__isnull=False),
                name="file_identity_of_somebody",
            )
        ]
