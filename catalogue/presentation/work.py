"""A service on work pages: where it stands, what can be done, what happened."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from catalogue import services
from catalogue.models import Service, ServiceVersion
from catalogue.presentation import page
from catalogue.wording import Wording
from marketplace import events
from marketplace.models import Event, Organisation, Role
from marketplace.permissions import Actor

# state → (status of components/state.html, picture)
STATES = {
    "draft": ("plain", "edit"),
    "submitted": ("info", "clock"),
    "changes_requested": ("partly", "alert"),
    "refused": ("unmet", "x"),
    "published": ("met", "check"),
    "suspended": ("unmet", "lock"),
    "withdrawn": ("plain", "out"),
}


def state_of(service: Service) -> dict[str, str]:
    """The state for {% state %}: status, label, picture."""
    status, picture = STATES[service.state]
    return {"status": status, "label": str(service.get_state_display()), "picture": picture}


def version_context(service: Service, version: ServiceVersion, wording: Wording) -> dict[str, Any]:
    """What catalogue/answers.html shows of one version."""
    stated = page.origin(service, version)
    return {
        "version": version,
        "name": page.said(version.answers, "name"),
        "summary": page.said(version.answers, "summary"),
        "sections": page.sections(version, wording, stated),
        "fact_columns": page.fact_columns(),
        "price_rows": page.price_rows(version),
        "price_columns": page.price_columns(),
        "reference_rows": page.reference_rows(version, stated),
        "reference_columns": page.reference_columns(),
    }


def moves(service: Service, by: Actor) -> list[dict[str, Any]]:
    """The buttons: what the actor can do now, and what each does or asks for."""
    seen = service.revision if service.revision_id else service.head
    return [
        {
            "name": move.name,
            "label": move.label,
            "reason": move.reason,
            "tone": "primary" if move.name in _FORWARD else "outline",
            "seen": seen.number if seen else "",
        }
        for move in services.moves_open_to(service, by)
    ]


_FORWARD = {"submit", "submit_revision", "publish", "approve_revision", "restore"}


def history(service: Service) -> list[dict[str, Any]]:
    """What happened, newest first, by role: names of people are nobody's business here."""
    rows = list(events.of(service).order_by("-number")[:100])
    return [
        {"what": _what(event), "who": _who(event, service.vendor), "at": event.at, "note": event.note}
        for event in rows
    ]


def _what(event: Event) -> str:
    move = services.LIFE.moves.get(event.move)
    if event.move == "save":
        return _("Version %(number)s saved") % {"number": event.data.get("version", "")}
    words = {
        "add": _("Draft made"),
        "record_account_status": _("Account status recorded"),
        "change_vendor": _("Taken over by its vendor"),
    }
    return words.get(event.move) or (str(move.label) if move else event.move)


def _who(event: Event, vendor: Organisation) -> str:
    if not event.actor_role:
        return _("the system")
    role = str(Role(event.actor_role).label) if event.actor_role in Role.values else event.actor_role
    own = event.actor_organisation_id == vendor.public_id
    return _("%(role)s of the vendor") % {"role": role} if own else role


def differences(service: Service, newer: ServiceVersion | None, wording: Wording) -> list[list[str]]:
    """Rows of question, public answer, answer of a newer version; nothing where that is the public one."""
    if service.current is None or newer is None or newer.pk == service.current_id:
        return []
    return [
        [change.label, change.before or "–", change.after or "–"]
        for change in services.changes(service.current, newer, wording)
    ]


def difference_columns() -> list[dict[str, str]]:
    return [{"label": _("Question")}, {"label": _("Public")}, {"label": _("New version")}]
