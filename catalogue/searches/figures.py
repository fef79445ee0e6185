"""What the noted searches say, for staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet
from django.utils import timezone

from catalogue.models import Search

PERIODS = (7, 30, 90)
SHOWN = 20
CLICKED = Q(clicked_rank__isnull=False)


def since(days: int) -> QuerySet[Search]:
    """The searches of the last ``days`` days, today included."""
    return Search.objects.filter(day__gt=timezone.localdate() - timedelta(days=days))


def totals(rows: QuerySet[Search]) -> dict[str, int]:
    """Counts of searches: ``all``, ``without`` any result, ``clicked``, ``degraded``."""
    return rows.aggregate(
        all=Count("pk"),
        without=Count("pk", filter=Q(found=0)),
        clicked=Count("pk", filter=CLICKED),
        degraded=Count("pk", filter=Q(degraded=True)),
    )


def without_result(rows: QuerySet[Search]) -> list[dict[str, Any]]:
    """Texts that found nothing, the most frequent first: text, place, times, last day, with filters."""
    return list(
        _by_text(rows.filter(found=0))
        .annotate(last=Max("day"), narrowed=Count("pk", filter=~Q(filters="")))
        .order_by("-times", "text", "place")[:SHOWN]
    )


def most_asked(rows: QuerySet[Search]) -> list[dict[str, Any]]:
    """The most frequent texts: results found, openings, and the mean place of what was opened."""
    return list(
        _by_text(rows)
        .annotate(results=Max("found"), openings=Count("pk", filter=CLICKED), rank=Avg("clicked_rank"))
        .order_by("-times", "text", "place")[:SHOWN]
    )


def slow(rows: QuerySet[Search]) -> list[dict[str, Any]]:
    """The texts whose slowest answer took longest, in milliseconds."""
    return list(_by_text(rows).annotate(slowest=Max("took_ms")).order_by("-slowest", "text", "place")[:10])


def _by_text(rows: QuerySet[Search]) -> Any:
    return rows.order_by().values("text", "place").annotate(times=Count("pk"))
