"""The moves of a service: submitted by its vendor, published or returned by a reviewer, hidden, withdrawn."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from catalogue import price_bands
from catalogue.documents import facet_values, folded_text
from catalogue.models import Service, ServiceFacet, ServiceVersion
from catalogue.services.life import LIFE
from catalogue.services.versions import check_complete, show
from marketplace import notifications, outbox
from marketplace.errors import Conflict
from marketplace.permissions import Actor


def submit(service: Service, *, by: Actor | None) -> Service:
    """Ask a reviewer to publish the newest version; every required question must be answered.

    The system submits what an import brought: nobody can ask its vendor yet, so what the source doesn't
    say stays unknown, and no reviewer is called.
    """

    def changes(fresh: Service, _now: Any) -> None:
        if fresh.vendor.suspended_at is not None:
            raise Conflict(
                _("The vendor is suspended: %(reason)s") % {"reason": fresh.vendor.suspended_reason}
            )
        assert fresh.head is not None
        imported = by is None and bool(fresh.source)
        fresh.state_reason = ""
        if not imported:
            check_complete(fresh.head)
            _call_reviewers(fresh)

    return LIFE.perform(service, "submit", by=by, changes=changes)


def _call_reviewers(service: Service) -> None:
    notifications.mail(
        notifications.depa_staff("reviewer"),
        "service_submitted",
        "/start/",
        service=service.name_th,
        vendor=service.vendor.name_th,
    )


def take_back(service: Service, *, by: Actor) -> Service:
    """Return a submitted service to draft, to change it."""
    return LIFE.perform(service, "take_back", by=by)


def publish(service: Service, *, by: Actor | None, note: str = "", seen: int | None = None) -> Service:
    """Make the submitted version public. ``seen`` is the version that the reviewer read, if given."""

    def changes(fresh: Service, now: Any) -> None:
        _must_be_read(fresh.head, seen)
        fresh.published_at = fresh.published_at or now
        fresh.state_reason = ""
        _make_current(fresh, fresh.head)
        _tell_vendor(fresh, "service_published", note)

    return LIFE.perform(service, "publish", by=by, note=note, changes=changes)


def _must_be_read(version: ServiceVersion | None, seen: int | None) -> None:
    if version is None or (seen is not None and version.number != seen):
        raise Conflict(_("There is a newer version than the one you read. Read it before you decide."))


def _make_current(service: Service, version: ServiceVersion | None) -> None:
    assert version is not None
    service.current = version
    show(service, version)
    service.folded_text = folded_text(version.answers, service.vendor.name_th, service.vendor.name_en)
    ServiceFacet.objects.filter(service=service).delete()
    ServiceFacet.objects.bulk_create(
        [
            ServiceFacet(service=service, facet=facet, value=value)
            for facet, value in [*facet_values(version.answers), *price_bands.facets(version.prices.all())]
        ]
    )
    reindex(service)


def reindex(service: Service) -> None:
    """Let the search index follow whatever has changed about the service."""
    outbox.put("catalogue.index_service", {"service": service.public_id})


def _tell_vendor(service: Service, template: str, reason: str = "") -> None:
    people = notifications.members_of(service.vendor)
    path = f"/o/{service.vendor.public_id}/services/{service.public_id}/"
    notifications.mail(people, template, path, service=service.name_th, reason=reason)


def request_changes(service: Service, *, by: Actor, note: str) -> Service:
    """Return it to the vendor, who reads what to change."""
    return LIFE.perform(
        service, "request_changes", by=by, note=note,
        changes=lambda fresh, _now: _tell_vendor(fresh, "service_changes", note),
    )  # fmt: skip


def refuse(service: Service, *, by: Actor, note: str) -> Service:
    """Refuse it for good; the vendor reads why."""
    return LIFE.perform(
        service,
        "refuse",
        by=by,
        note=note,
        changes=lambda fresh, _now: _tell_vendor(fresh, "service_refused", note),
    )


def submit_revision(service: Service, *, by: Actor | None) -> Service:
    """Ask a reviewer to publish the newest version in place of the public one.

    The system submits what an import brought, as in ``submit``.
    """

    def changes(fresh: Service, _now: Any) -> None:
        if fresh.head_id in (fresh.current_id, fresh.revision_id):
            raise Conflict(_("There is no newer version to submit."))
        assert fresh.head is not None
        fresh.revision = fresh.head
        fresh.state_reason = ""
        if by is not None or not fresh.source:
            check_complete(fresh.head)
            _call_reviewers(fresh)

    return LIFE.perform(service, "submit_revision", by=by, changes=changes)


def approve_revision(
    service: Service, *, by: Actor | None, note: str = "", seen: int | None = None
) -> Service:
    """Publish the waiting version in place of the public one."""

    def changes(fresh: Service, _now: Any) -> None:
        _must_be_read(fresh.revision, seen)
        version, fresh.revision = fresh.revision, None
        fresh.state_reason = ""
        _make_current(fresh, version)
        _tell_vendor(fresh, "service_published", note)

    return LIFE.perform(service, "approve_revision", by=by, note=note, changes=changes)


def return_revision(service: Service, *, by: Actor, note: str) -> Service:
    """Leave the public version as it is; the vendor reads what to change in the new one."""

    def changes(fresh: Service, _now: Any) -> None:
        _must_be_read(fresh.revision, None)
        fresh.revision = None
        _tell_vendor(fresh, "service_changes", note)

    return LIFE.perform(service, "return_revision", by=by, note=note, changes=changes)


def _hide(fresh: Service, _now: Any) -> None:
    fresh.revision = None
    reindex(fresh)


def suspend(service: Service, *, by: Actor, note: str) -> Service:
    """Hide a published service until it is restored."""

    def changes(fresh: Service, now: Any) -> None:
        _hide(fresh, now)
        _tell_vendor(fresh, "service_suspended", note)

    return LIFE.perform(service, "suspend", by=by, note=note, changes=changes)


def restore(service: Service, *, by: Actor, note: str = "") -> Service:
    """Show a suspended service again."""

    def changes(fresh: Service, _now: Any) -> None:
        fresh.state_reason = ""
        reindex(fresh)

    return LIFE.perform(service, "restore", by=by, note=note, changes=changes)


def withdraw(service: Service, *, by: Actor, note: str) -> Service:
    """Take it off the catalogue for good; its page then answers 410 with the reason."""
    return LIFE.perform(service, "withdraw", by=by, note=note, changes=_hide)
