"""What people looked for, without who they are; and names of capabilities that staff added from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.base import PublicModel


class Search(models.Model):
    """One search on one day: no person, no address, no session, and no text that looks like personal data."""

    class Place(models.TextChoices):
        SERVICES = "services", _("Digital services")
        NEEDS = "needs", _("Needs of cities")
        CITIES = "cities", _("Cities")
        EVERYWHERE = "everywhere", _("Everywhere")

    day = models.DateField()
    place = models.CharField(max_length=12, choices=Place.choices)
    # Folded: letters of one case, digits of one script, no tone mark twice.
    text = models.CharField(max_length=100)
    # Names of the facets that narrowed it, joined by commas; not what was chosen.
    filters = models.CharField(max_length=120, blank=True)
    found = models.PositiveIntegerField()
    degraded = models.BooleanField(default=False)
    took_ms = models.PositiveIntegerField(default=0)
    # The same for the same search on the same day; links of its results carry it.
    ref = models.CharField(max_length=16)
    # The first result that was opened: its place, counted from 1 over all pages, and what it was.
    clicked_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    clicked_kind = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clicked_rank__isnull=True, clicked_kind="")
                | (models.Q(clicked_rank__gte=1) & ~models.Q(clicked_kind="")),
                name="search_click_whole",
            )
        ]
        indexes = [
            models.Index(fields=["day", "text"], name="search_day_text"),
            models.Index(fields=["ref"], name="search_ref"),
        ]


class AddedTerm(PublicModel):
    """Another name of a capability, added by depa; queries understand it, the index needs no rebuild."""

    term = models.CharField(_("term"), max_length=80)
    folded = models.CharField(max_length=160)
    # A code of search.thesaurus.
    capability = models.CharField(_("capability"), max_length=60)
    created_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["folded", "capability"], name="added_term_once")]
