"""Lists that services are described with: dimensions, kinds of supply, certificates, standards."""

from django.db import models


class Category(models.Model):
    """A dimension or a kind of supply, or a certificate or standard that a service may name."""

    class Axis(models.TextChoices):
        DIMENSION = "dimension"
        KIND = "kind"
        CERTIFICATE = "certificate"
        STANDARD = "standard"

    axis = models.CharField(max_length=12, choices=Axis.choices)
    code = models.CharField(max_length=40)
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    note_th = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200)
    source_date = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["axis", "order"]
        constraints = [models.UniqueConstraint(fields=["axis", "code"], name="category_once")]

    def __str__(self) -> str:
        return self.name_th
