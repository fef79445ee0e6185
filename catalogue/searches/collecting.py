"""The worker takes the noted searches into the database, and drops what is too old."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.files import locks
from django.db import transaction
from django.utils import timezone

from catalogue.models import Search
from catalogue.searches import log


def collect() -> int:
    """Chore: store what was noted since the last time; returns how many searches.

    A worker that dies between the commit and the removal of the file counts these searches twice.
    """
    folder = log.path().parent
    with (folder / "searches.lock").open("a") as turn:
        if not locks.lock(turn, locks.LOCK_EX | locks.LOCK_NB):
            return 0
        try:
            taken = folder / "searches.taken"
            if not taken.exists():
                _take(taken)
            count = _store(list(_rows(taken))) if taken.exists() else 0
            taken.unlink(missing_ok=True)
        finally:
            locks.unlock(turn)
    forget()
    return count


def forget() -> None:
    """Drop searches older than SEARCH_LOG_DAYS."""
    last = timezone.localdate() - timedelta(days=settings.SEARCH_LOG_DAYS)
    Search.objects.filter(day__lt=last).delete()


def _take(taken: Any) -> None:
    """Move the lines away while nobody writes."""
    if not log.path().exists() or not log.path().stat().st_size:
        return
    with log.path().open("rb+") as file:
        locks.lock(file, locks.LOCK_EX)
        try:
            taken.write_bytes(file.read())
            file.truncate(0)
        finally:
            locks.unlock(file)


def _rows(taken: Any) -> Iterator[dict[str, Any]]:
    """The whole lines of a file; a line that was cut off is left out."""
    for line in taken.read_bytes().splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def _store(rows: list[dict[str, Any]]) -> int:
    with transaction.atomic():
        searches = [
            Search(**({key: row[key] for key in FIELDS} | {"day": date.fromisoformat(row["day"])}))
            for row in rows
            if row.get("what") == log.SEARCH
        ]
        Search.objects.bulk_create(searches, batch_size=500)
        for row in rows:
            if row.get("what") == log.OPENING:
                _open(row)
    return len(searches)


def _open(row: dict[str, Any]) -> None:
    """The newest search of that reference from which nothing was opened yet; none for an invented one."""
    search = Search.objects.filter(ref=row["ref"], clicked_rank__isnull=True).order_by("-pk").first()
    if search is not None:
        search.clicked_rank, search.clicked_kind = row["rank"], row["kind"]
        search.save(update_fields=["clicked_rank", "clicked_kind"])


FIELDS = ("day", "place", "text", "filters", "found", "degraded", "took_ms", "ref")
