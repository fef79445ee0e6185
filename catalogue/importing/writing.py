"""Stores an import: published services of vendors that nobody has taken over yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue import services
from catalogue.importing.columns import Entry
from catalogue.models import Service
from marketplace import events, organisations, outbox
from marketplace.models import Organisation, Outbox
from marketplace.thai.sorting import sort_key

# Stands for all vendors that a source does not name.
UNNAMED = {
    "name_th": "ผู้ให้บริการที่แหล่งข้อมูลไม่ได้ระบุชื่อ",
    "name_en": "Vendor not named by the source",
}
UNNAMED_ID = "unnamed"
# From here on the index is built anew once instead of followed service by service.
MANY = 50
FOLLOWING = ("catalogue.index_service", "marketplace.organisation_changed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many services and vendors are new, how many were here already, and how many of those changed.

    ``kept``: (line, names of answers that differ, why it is left) of rows that say something else now.
    """

    services: int
    vendors: int
    present: int
    updated: int = 0
    kept: tuple[tuple[int, tuple[str, ...], str], ...] = ()


class DryRun(Exception):
    """Takes everything back."""


def store(
    entries: list[Entry],
    *,
    source: str,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _n: None,
) -> Outcome:
    """Publish what is new, all or nothing. What has come from the source before and says something else now
    becomes a new version, unless its vendor has taken it over: then it stays, and the outcome says so.

    ``progress`` is told how many entries are done. A dry run does the same and takes it back.
    """
    outcome: list[Outcome] = []
    try:
        with transaction.atomic():
            outcome.append(_store(entries, source, progress))
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return outcome[0]


def _store(entries: list[Entry], source: str, progress: Callable[[int], None]) -> Outcome:
    last = Outbox.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    known = {
        s.source_id: s
        for s in Service.objects.filter(source=source).select_related("vendor", "head", "current")
    }
    vendors = {
        v.source_id: v for v in Organisation.objects.filter(source=source, kind=Organisation.Kind.VENDOR)
    }
    details = _details(entries)
    before, added, updated = len(vendors), 0, 0
    kept: list[tuple[int, tuple[str, ...], str]] = []
    for number, entry in enumerate(entries, 1):
        if entry.source_id not in known:
            key = f"name:{entry.vendor_key}"[:200] if entry.vendor_key else UNNAMED_ID
            if key not in vendors:
                vendors[key] = _add_vendor(key, details.get(entry.vendor_key, UNNAMED), source)
            _publish(entry, vendors[key], source)
            added += 1
        elif differing := _differing(known[entry.source_id], entry):
            reason = _why_left(known[entry.source_id])
            if reason:
                kept.append((entry.line, differing, reason))
            else:
                _renew(known[entry.source_id], entry)
                updated += 1
        progress(number)
    if added + updated > MANY:
        Outbox.objects.filter(pk__gt=last, handler__in=FOLLOWING).delete()
        outbox.put("catalogue.reindex", {})
    return Outcome(
        services=added,
        vendors=len(vendors) - before,
        present=len(entries) - added,
        updated=updated,
        kept=tuple(kept),
    )


def _differing(service: Service, entry: Entry) -> tuple[str, ...]:
    """Names of the answers that the row gives otherwise than the newest version does."""
    stored = service.head.answers if service.head else {}
    names = stored.keys() | entry.answers.keys()
    return tuple(sorted(name for name in names if stored.get(name) != entry.answers.get(name)))


def _why_left(service: Service) -> str:
    """Why an import must not touch the service; "" where nobody but imports has written it."""
    if service.vendor.claimed:
        return _("claimed by its vendor")
    if service.state != Service.State.PUBLISHED:
        return str(service.get_state_display())
    return ""


def _renew(service: Service, entry: Entry) -> None:
    """A new version of what nobody has claimed, public at once as the first one was."""
    assert service.head is not None
    saved = services.save(service, services.Content(entry.answers), by=None, seen=service.head.number)
    services.approve_revision(services.submit_revision(saved, by=None), by=None)


def _details(entries: Iterable[Entry]) -> dict[str, dict[str, str]]:
    """What the rows together say of each vendor; the first to say something counts."""
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry.vendor_key:
            found[entry.vendor_key] = entry.vendor | found.get(entry.vendor_key, {})
    return found


def _add_vendor(key: str, details: dict[str, str], source: str) -> Organisation:
    """A vendor that nobody acts for: unclaimed, unverified, and said to come from the source."""
    vendor = Organisation.objects.create(
        kind=Organisation.Kind.VENDOR,
        claimed=False,
        source=source,
        source_id=key,
        sort_key=sort_key(details["name_th"]),
        **details,
    )
    events.record(vendor, "import", by=None, to_state="unclaimed", data={"source": source})
    organisations.tell_rooms(vendor)
    return vendor


def _publish(entry: Entry, vendor: Organisation, source: str) -> None:
    content = services.Content(entry.answers)
    service = services.add(vendor, content, by=None, source=source, source_id=entry.source_id)
    services.publish(services.submit(service, by=None), by=None)
