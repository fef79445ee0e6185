"""Finding cities by name."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from marketplace.models import City, Designation


def cities(*, text: str = "") -> QuerySet[City]:
    """Cities whose Thai or English name, or DLA code, contains every word of ``text``."""
    found = City.objects.select_related("province__region").prefetch_related(
        Prefetch("designations", queryset=Designation.objects.order_by("kind", "dated_on"))
    )
    for word in text.split():
        found = found.filter(
            Q(name_th__icontains=word)
            | Q(name_en__icontains=word)
            | Q(province__name_th__icontains=word)
            | Q(dla_code=word)
        )
    return found
