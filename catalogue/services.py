"""The life of a service: drafted and submitted by its vendor, published by a reviewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue import questions
from catalogue.documents import facet_values, folded_text
from catalogue.models import CityReference, Price, Service, ServiceFacet, ServiceVersion
from marketplace import events, notifications, outbox
from marketplace.errors import Conflict, Invalid
from marketplace.lifecycle import Lifecycle, Move
from marketplace.models import Organisation, database_now
from marketplace.permissions import Actor, require
from marketplace.thai.sorting import sort_key

VENDOR, REVIEWER = "vendor", "reviewer"


def _parties(service: Service, by: Actor) -> frozenset[str]:
    mine = set()
    if by.acts_for(service.vendor_id) and by.role in ("owner", "member"):
        mine.add(VENDOR)
    if by.is_depa("reviewer"):
        mine.add(REVIEWER)
    return frozenset(mine)


LIFE = Lifecycle(
    (
        Move(
            "submit",
            gettext_lazy("Submit for review"),
            ("draft", "changes_requested"),
            "submitted",
            (VENDOR,),
        ),
        Move("take_back", gettext_lazy("Take back"), ("submitted",), "draft", (VENDOR,)),
        Move("publish", gettext_lazy("Publish"), ("submitted",), "published", (REVIEWER, "system")),
        Move(
            "request_changes",
            gettext_lazy("Ask for changes"),
            ("submitted",),
            "changes_requested",
            (REVIEWER,),
            True,
        ),
        Move("refuse", gettext_lazy("Refuse"), ("submitted",), "refused", (REVIEWER,), True),
        Move(
            "submit_revision", gettext_lazy("Submit the new version"), ("published",), "published", (VENDOR,)
        ),
        Move(
            "approve_revision",
            gettext_lazy("Publish the new version"),
            ("published",),
            "published",
            (REVIEWER,),
        ),
        Move(
            "return_revision",
            gettext_lazy("Return the new version"),
            ("published",),
            "published",
            (REVIEWER,),
            True,
        ),
        Move("suspend", gettext_lazy("Suspend"), ("published",), "suspended", (REVIEWER,), True),
        Move("restore", gettext_lazy("Restore"), ("suspended",), "published", (REVIEWER,)),
        Move(
            "withdraw",
            gettext_lazy("Withdraw"),
            ("published", "suspended"),
            "withdrawn",
            (VENDOR, REVIEWER),
            True,
        ),
    ),
    _parties,
)
# A revision move is offered only while there is a newer version, or one that waits.
REVISION_MOVES = {"submit_revision", "approve_revision", "return_revision"}


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says. ``prices``: amount, unit, vat_included, note. ``references``: city, name, since_year, scale."""

    answers: Mapping[str, Any]
    prices: Sequence[Mapping[str, Any]] = field(default=())
    references: Sequence[Mapping[str, Any]] = field(default=())


def moves_open_to(service: Service, by: Actor) -> list[Move]:
    """The moves that the actor can make now, revision moves only where they make sense."""
    waiting = service.revision_id is not None
    newer = service.head_id not in (service.current_id, service.revision_id)
    sense = {"submit_revision": newer, "approve_revision": waiting, "return_revision": waiting}
    return [m for m in LIFE.open_to(service, by) if sense.get(m.name, True)]


def add(vendor: Organisation, content: Content, *, by: Actor | None, **origin: Any) -> Service:
    """A new draft of the vendor. ``origin``: source, source_id, is_example of an import or the demo.

    Raises:
        NotAllowed: the actor does not act for the vendor.
        Invalid: question id → messages.
    """
    require(by is None or (by.acts_for(vendor.pk) and by.role in ("owner", "member")))
    if vendor.suspended_at is not None:
        raise Conflict(_("The vendor is suspended: %(reason)s") % {"reason": vendor.suspended_reason})
    with transaction.atomic():
        service = Service.objects.create(vendor=vendor, state_since=database_now(), **origin)
        _save_version(service, content, number=1, by=by, complete=False)
        events.record(service, "add", by=by, to_state=service.state, data={"version": 1})
    return service


def save(service: Service, content: Content, *, by: Actor | None, seen: int) -> Service:
    """Save a new version on top of version ``seen``, the one that the editor had open.

    A published service stays public as it is until a reviewer approves the new version.

    Raises:
        NotAllowed, Invalid: as ``add``.
        Conflict: somebody saved meanwhile, or the service can't be edited now.
    """
    with transaction.atomic():
        fresh = Service.objects.select_for_update(of=("self",)).select_related("head").get(pk=service.pk)
        require(by is None or VENDOR in _parties(fresh, by))
        if fresh.state not in ("draft", "changes_requested", "published"):
            raise Conflict(
                _("This can't be edited now. It is: %(state)s.") % {"state": fresh.get_state_display()},
                [(_("State"), str(fresh.get_state_display()))],
            )
        head = fresh.head
        number = head.number if head else 0
        if number != seen:
            raise Conflict(
                _("Somebody saved version %(number)s while you were writing.") % {"number": number},
                changed_answers(ServiceVersion.objects.filter(service=fresh, number=seen).first(), head),
            )
        _save_version(fresh, content, number=number + 1, by=by, complete=fresh.state == "published")
        events.record(
            fresh, "save", by=by, from_state=fresh.state, to_state=fresh.state, data={"version": number + 1}
        )
    return fresh


def changed_answers(old: ServiceVersion | None, new: ServiceVersion | None) -> list[tuple[str, str]]:
    """What differs between two versions: (question, present answer)."""
    before, after = (old.answers if old else {}), (new.answers if new else {})
    return [
        (question.label, str(after.get(question.id, "")))
        for question in questions.questions().values()
        if before.get(question.id) != after.get(question.id)
    ]


def _save_version(
    service: Service, content: Content, *, number: int, by: Actor | None, complete: bool
) -> None:
    answers = questions.clean(dict(content.answers), complete=complete)
    version = ServiceVersion.objects.create(
        service=service, number=number, answers=answers, created_by=by.user if by else None
    )
    Price.objects.bulk_create([Price(version=version, **_price(row)) for row in content.prices])
    CityReference.objects.bulk_create([CityReference(version=version, **row) for row in content.references])
    service.head = version
    if service.current_id is None:
        _show(service, version)
    service.save()


def _price(row: Mapping[str, Any]) -> dict[str, Any]:
    amount = Decimal(row["amount"])
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 12:
        raise Invalid({"prices": _("A price is a positive amount in baht below one trillion.")})
    return {**row, "amount": amount.quantize(Decimal("0.01"))}


def _show(service: Service, version: ServiceVersion) -> None:
    """Put the names of a version on the identity row."""
    service.name_th = version.answers["name_th"]
    service.name_en = version.answers.get("name_en", "")
    service.slug = slugify(service.name_en or service.name_th, allow_unicode=True)[:80]
    service.sort_key = sort_key(service.name_th)


def submit(service: Service, *, by: Actor) -> Service:
    """Ask a reviewer to publish the newest version; every required question must be answered."""

    def changes(fresh: Service, _now: Any) -> None:
        if fresh.vendor.suspended_at is not None:
            raise Conflict(
                _("The vendor is suspended: %(reason)s") % {"reason": fresh.vendor.suspended_reason}
            )
        assert fresh.head is not None
        questions.clean(fresh.head.answers, complete=True)
        notifications.mail(
            notifications.depa_staff("reviewer"), "service_submitted", "/start/", service=fresh.name_th
        )

    return LIFE.perform(service, "submit", by=by, changes=changes)


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
    _show(service, version)
    service.folded_text = folded_text(version.answers, service.vendor.name_th, service.vendor.name_en)
    ServiceFacet.objects.filter(service=service).delete()
    ServiceFacet.objects.bulk_create(
        [ServiceFacet(service=service, facet=f, value=v) for f, v in facet_values(version.answers)]
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


def submit_revision(service: Service, *, by: Actor) -> Service:
    """Ask a reviewer to publish the newest version in place of the public one."""

    def changes(fresh: Service, _now: Any) -> None:
        if fresh.head_id in (fresh.current_id, fresh.revision_id):
            raise Conflict(_("There is no newer version to submit."))
        assert fresh.head is not None
        questions.clean(fresh.head.answers, complete=True)
        fresh.revision = fresh.head
        notifications.mail(
            notifications.depa_staff("reviewer"), "service_submitted", "/start/", service=fresh.name_th
        )

    return LIFE.perform(service, "submit_revision", by=by, changes=changes)


def approve_revision(service: Service, *, by: Actor, note: str = "", seen: int | None = None) -> Service:
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
