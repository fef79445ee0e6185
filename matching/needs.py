"""The life of a need: drafted, published and closed by the city; or a broker's draft, confirmed by link."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.services.versions import slug
from marketplace import events, notifications
from marketplace.errors import Conflict, Invalid
from marketplace.lifecycle import Lifecycle, Move
from marketplace.models import City, database_now
from marketplace.organisations import secret_digest
from marketplace.permissions import Actor, require
from matching import criteria, indexing, runs
from matching.models import Criterion, Need, NeedVersion

CITY, BROKER = "city", "broker"


def _parties(need: Need, by: Actor) -> frozenset[str]:
    mine = set()
    if by.acts_for(need.organisation_id) and by.role == "official":
        mine.add(CITY)
    if need.drafted_by_id is not None and by.is_depa("broker"):
        mine.add(BROKER)
    return frozenset(mine)


LIFE = Lifecycle(
    (
        Move("publish", gettext_lazy("Publish"), ("draft",), "published", (CITY,)),
        Move("close", gettext_lazy("Close"), ("published",), "closed", (CITY, "system")),
        Move(
            "withdraw", gettext_lazy("Withdraw"), ("draft", "published", "closed"), "withdrawn", (CITY,), True
        ),
    ),
    _parties,
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a version of a need says. ``criteria``: rows of kind, level, value, text, in order."""

    title: str
    problem: str
    success: str = ""
    dimensions: Sequence[str] = ()
    capabilities: Sequence[str] = ()
    budget_amount: Decimal | None = None
    budget_state: str = ""
    fiscal_year: int | None = None
    money_source: str = ""
    start_by: date | None = None
    criteria: Sequence[Mapping[str, Any]] = field(default=())


def add(
    city: City,
    content: Content,
    *,
    by: Actor | None,
    visibility: str = "public",
    deadline: datetime | None = None,
    confirm_email: str = "",
    **origin: Any,
) -> Need:
    """A new draft: of an official for the own city, or of a broker who names who will confirm it.

    Raises:
        NotAllowed, Invalid.
    """
    official = by is not None and by.acts_for(city.organisation_id) and by.role == "official"
    broker = by is not None and by.is_depa("broker")
    require(by is None or official or broker, _("You do not act for this city."))
    if by is not None and broker and not official and not confirm_email.strip():
        raise Invalid(
            {"confirm_email": _("Write the e-mail address of the person at the city who will confirm.")}
        )
    with transaction.atomic():
        need = Need.objects.create(
            city=city,
            organisation=city.organisation,
            title=content.title[:200],
            state_since=database_now(),
            visibility=visibility,
            deadline=deadline,
            drafted_by=by.user if by and broker and not official else None,
            confirm_email=confirm_email.strip().lower() if broker and not official else "",
            **origin,
        )
        _save_version(need, content, number=1, by=by)
        events.record(need, "add", by=by, to_state="draft", data={"version": 1})
        runs.start(need, by=by)
        if need.drafted_by_id:
            _send_confirmation(need, by=by)
    return need


def _send_confirmation(need: Need, *, by: Actor | None) -> None:
    secret = secrets.token_urlsafe(24)
    Need.objects.filter(pk=need.pk).update(confirm_digest=secret_digest(secret))
    notifications.mail_to_address(
        need.confirm_email,
        "need_confirm",
        f"/confirm/{secret}/",
        names=_names(need),
    )


def _names(need: Need) -> dict[str, str]:
    """For mails: what is called how in either language. A need is written in one."""
    return {"need_th": need.title, "city_th": need.city.name_th, "city_en": need.city.name_en}


def to_confirm(secret: str) -> Need | None:
    """The broker's draft behind a mailed secret, or None."""
    return (
        Need.objects.filter(confirm_digest=secret_digest(secret), state="draft", confirm_digest__gt="")
        .select_related("city", "head", "drafted_by")
        .first()
    )


def confirm(need: Need, *, secret: str) -> Need:
    """The person at the city says that the draft is theirs, without an account. Twice is once.

    The event names nobody: the address that got the link is in the need.
    """
    with transaction.atomic():
        fresh = Need.objects.select_for_update(of=("self",)).get(pk=need.pk)
        require(bool(fresh.confirm_digest) and fresh.confirm_digest == secret_digest(secret))
        if fresh.confirmed_at is None:
            fresh.confirmed_at = database_now()
            fresh.save(update_fields=["confirmed_at"])
            events.record(fresh, "confirm", by=None, from_state="draft", to_state="draft")
            if fresh.drafted_by:
                depa = notifications.depa()
                path = f"/o/{depa.public_id}/needs/{fresh.public_id}/" if depa else "/start/"
                notifications.mail([fresh.drafted_by], "need_confirmed", path, names=_names(fresh))
    return fresh


def save(
    need: Need,
    content: Content,
    *,
    by: Actor,
    seen: int,
    visibility: str | None = None,
    deadline: datetime | None = None,
) -> Need:
    """Save a new version on top of version ``seen``. A published need takes the new version at once.

    Raises:
        NotAllowed, Invalid; Conflict when somebody saved meanwhile or the need is closed.
    """
    with transaction.atomic():
        fresh = Need.objects.select_for_update(of=("self",)).select_related("head").get(pk=need.pk)
        require(bool(_parties(fresh, by)))
        if fresh.state not in ("draft", "published"):
            raise Conflict(
                _("This can't be edited now. It is: %(state)s.") % {"state": fresh.get_state_display()},
                [(_("State"), str(fresh.get_state_display()))],
            )
        number = fresh.head.number if fresh.head else 0
        if number != seen:
            raise Conflict(
                _("Somebody saved version %(number)s while you were writing.") % {"number": number},
                changed_fields(NeedVersion.objects.filter(need=fresh, number=seen).first(), fresh.head),
            )
        fresh.visibility = visibility or fresh.visibility
        fresh.deadline = deadline
        if fresh.drafted_by_id and BROKER in _parties(fresh, by) and CITY not in _parties(fresh, by):
            # What the city confirmed is no longer what stands here.
            fresh.confirmed_at = None
        _save_version(fresh, content, number=number + 1, by=by)
        events.record(
            fresh, "save", by=by, from_state=fresh.state, to_state=fresh.state, data={"version": number + 1}
        )
        if fresh.drafted_by_id and fresh.confirmed_at is None:
            _send_confirmation(fresh, by=by)
        indexing.reindex(fresh)
        runs.start(fresh, by=by)
    return fresh


VERSION_LABELS = {
    "title": gettext_lazy("Title"),
    "problem": gettext_lazy("Problem"),
    "success": gettext_lazy("What counts as success"),
    "budget_amount": gettext_lazy("Budget"),
    "budget_state": gettext_lazy("State of the budget"),
    "fiscal_year": gettext_lazy("Fiscal year"),
    "money_source": gettext_lazy("Source of money"),
    "start_by": gettext_lazy("Start by"),
    "dimensions": gettext_lazy("Smart dimensions"),
    "capabilities": gettext_lazy("Capabilities"),
}


# Fields of codes, and where their names come from.
LISTED = {"dimensions": "dimension", "capabilities": "capability"}


def changed_fields(old: NeedVersion | None, new: NeedVersion | None) -> list[tuple[str, str]]:
    """What differs between two versions: (field, present value)."""
    return [
        (str(label), _shown(new, name))
        for name, label in VERSION_LABELS.items()
        if getattr(old, name, None) != getattr(new, name, None)
    ]


def _shown(version: NeedVersion | None, name: str) -> str:
    value = getattr(version, name, "")
    if name not in LISTED:
        return str(value)
    labels = {option.code: option.label for option in criteria.options(LISTED[name])}
    return ", ".join(labels.get(code, code) for code in value)


def _save_version(need: Need, content: Content, *, number: int, by: Actor | None) -> None:
    rows = criteria.clean(content.criteria)
    if not content.title.strip() or not content.problem.strip():
        empty = _("Answer this question.")
        raise Invalid({n: empty for n in ("title", "problem") if not getattr(content, n).strip()})
    version = NeedVersion.objects.create(
        need=need,
        number=number,
        title=content.title.strip(),
        problem=content.problem.strip(),
        success=content.success.strip(),
        dimensions=criteria.clean_dimensions(content.dimensions),
        capabilities=criteria.clean_capabilities(content.capabilities),
        budget_amount=content.budget_amount,
        budget_state=content.budget_state,
        fiscal_year=content.fiscal_year,
        money_source=content.money_source,
        start_by=content.start_by,
        created_by=by.user if by else None,
    )
    Criterion.objects.bulk_create(
        [Criterion(version=version, order=n, **row) for n, row in enumerate(rows, 1)]
    )
    need.head = version
    if need.state == Need.State.PUBLISHED:
        need.current = version
    need.title = version.title
    need.slug = slug(version.title) or "need"
    need.save()


def publish(need: Need, *, by: Actor, seen: int | None = None) -> Need:
    """Show the newest version: to everyone, or to depa only where the need is private.

    Raises:
        Conflict: a broker's draft is not confirmed, the deadline has passed, or there is a newer version.
    """

    def changes(fresh: Need, now: datetime) -> None:
        if fresh.head is None or (seen is not None and fresh.head.number != seen):
            raise Conflict(_("There is a newer version than the one you read. Read it before you decide."))
        if fresh.drafted_by_id and fresh.confirmed_at is None:
            raise Conflict(_("The city has not confirmed this draft yet."))
        if fresh.deadline and fresh.deadline <= now:
            raise Invalid({"deadline": _("The deadline has passed. Choose a later day.")})
        fresh.current, fresh.published_at = fresh.head, fresh.published_at or now
        indexing.reindex(fresh)
        runs.start(fresh, by=by)

    return LIFE.perform(need, "publish", by=by, changes=changes)


def close(need: Need, *, by: Actor | None, note: str = "") -> Need:
    """No longer looking; what was found stays readable."""
    return LIFE.perform(need, "close", by=by, note=note, changes=_leave)


def withdraw(need: Need, *, by: Actor, note: str) -> Need:
    """Take it back; nobody but the city sees it any more."""
    return LIFE.perform(need, "withdraw", by=by, note=note, changes=_leave)


def _leave(fresh: Need, _now: datetime) -> None:
    indexing.reindex(fresh)


def close_overdue() -> int:
    """Close published needs whose deadline has passed, by the database's clock. Returns how many."""
    overdue = Need.objects.filter(state="published", deadline__lte=database_now())
    for need in overdue:
        close(need, by=None)
    return len(overdue)
