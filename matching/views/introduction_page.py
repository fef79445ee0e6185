"""What one introduction shows to one side: steps, contacts, history, and the moves that are open to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from marketplace import events
from marketplace.lifecycle import Move
from marketplace.models import Consent, Organisation, User
from marketplace.permissions import Actor
from marketplace.thai.text import localized
from matching import histories, introductions, links, queues
from matching.forms import AcceptForm, NoteForm
from matching.introductions.life import BROKER, CITY, LIFE
from matching.introductions.pace import PACES, PARTIES
from matching.models import Introduction

MOVES = {
    "suggest": gettext_noop("Suggested to the city"),
    "take_up": gettext_noop("Suggestion taken up by the city"),
    "request": gettext_noop("Introduction asked for"),
    "forward": gettext_noop("Checked and forwarded to the vendor"),
    "stop": gettext_noop("Stopped by the broker"),
    "accept": gettext_noop("Accepted by the vendor"),
    "introduce": gettext_noop("Introduced; both sides may see each other's contact"),
    "turn_down": gettext_noop("Suggestion declined by the city"),
    "decline": gettext_noop("Declined by the vendor"),
    "withdraw": gettext_noop("Withdrawn by the city"),
    "close": gettext_noop("Closed"),
    "expire": gettext_noop("Expired: nobody moved for 45 days"),
}
_reason = partial(NoteForm, label=gettext_lazy("Reason, which the other side reads"))
MOVE_FORMS: dict[str, Callable[..., Any]] = {
    "take_up": AcceptForm,
    "accept": AcceptForm,
    "forward": partial(NoteForm, required=False, label=gettext_lazy("Note to the city and the vendor")),
    "stop": _reason,
    "turn_down": _reason,
    "decline": _reason,
    "withdraw": _reason,
    "close": partial(NoteForm, label=gettext_lazy("What came of it")),
}
with_consent = ("take_up", "accept")
# Moves that go forward are shown as the page's primary action.
FORWARD = ("take_up", "forward", "accept", "close")
STEPS = (
    ("requested", gettext_lazy("The city asks"), gettext_lazy("with the consent of its person")),
    ("forwarded", gettext_lazy("A depa broker checks"), gettext_lazy("and forwards it, or says why not")),
    ("introduced", gettext_lazy("The vendor accepts"), gettext_lazy("with the consent of its person")),
    ("closed", gettext_lazy("Both sides meet"), gettext_lazy("and say what came of it")),
)
ORDER = ("suggested", "requested", "forwarded", "accepted", "introduced", "closed")


def page(row: Introduction, actor: Actor, party: str, refused: dict[str, Any]) -> dict[str, Any]:
    """Everything that ``matching/introduction.html`` shows to this side."""
    org = actor.organisation
    assert org is not None
    pace = PACES.get(row.state)
    return {
        "introduction": row,
        "org": org,
        "party": party,
        "title": _("Introduction: %(service)s") % {"service": localized(row.service, "name")},
        "mark": histories.MARKS[row.state],
        "waits_for": str(PARTIES[pace.party]) if pace else "",
        "waits_for_us": pace is not None and pace.party == party,
        "pace": pace,
        "age": queues.age(row.state_since),
        "service_href": links.service(row.service),
        "need_href": _need_href(row, org, party),
        "steps": _steps(row),
        "moves": [_move(move, row, actor, refused) for move in LIFE.open_to(row, actor)],
        "history": histories.lines(events.of(row), MOVES, row.city_organisation, row.vendor),
        "contacts": _contacts(row, actor, party),
        "own_consent": _own_consent(row, actor),
        "private": True,
    }


def _need_href(row: Introduction, org: Organisation, party: str) -> str:
    if row.need is None:
        return ""
    if party == BROKER or row.need.organisation_id == org.pk:
        return links.work_need(org, row.need)
    public = row.need.visibility == "public" and row.need.state in ("published", "closed")
    return links.need(row.need) if public else ""


def _steps(row: Introduction) -> list[dict[str, Any]]:
    """The path, with what is done and where it stands now."""
    ended = row.state not in ORDER
    reached = _reached(row)
    return [
        {
            "title": str(title),
            "text": str(text),
            "done": place <= reached,
            "now": not ended and place == reached + 1,
        }
        for place, (_state, title, text) in enumerate(STEPS, 1)
    ]


def _reached(row: Introduction) -> int:
    """How many of the steps are behind."""
    if row.state == "closed":
        return 4
    if row.introduced_at is not None:
        return 3
    if row.forwarded_at is not None:
        return 2
    return 1 if row.city_consent_id is not None else 0


def _move(move: Move, row: Introduction, actor: Actor, refused: dict[str, Any]) -> dict[str, Any]:
    """One open move with its form; the form as it was typed where it was refused."""
    form = refused.get(move.name) or MOVE_FORMS[move.name](auto_id=f"id_{move.name}_%s")
    other = row.vendor if actor.acts_for(row.city_organisation_id) else row.city_organisation
    return {
        "name": move.name,
        "label": move.label,
        "form": form,
        "consent": move.name in with_consent,
        "refused": move.name in refused,
        "primary": move.name in FORWARD,
        "shown": own_contact(actor.user),
        "to_whom": localized(other, "name"),
    }


def own_contact(person: User) -> list[str]:
    """What the other side would see of a person."""
    return [text for text in (person.name, person.phone, person.email) if text]


def _contacts(row: Introduction, actor: Actor, party: str) -> list[dict[str, Any]]:
    """The company's public contact, and the other side's person if consent allows it now."""
    found = [_company(row.vendor)] if party in (CITY, BROKER) else []
    if party == BROKER:
        return found
    other = row.vendor if party == CITY else row.city_organisation
    person = introductions.contact_for(row, actor)
    title = _("Person at %(organisation)s") % {"organisation": localized(other, "name")}
    if person is not None:
        contact = {"title": title, "name": person.name, "phone": person.phone, "email": person.email}
        return [{"contact": contact, "closed": ""}, *found]
    return [{"contact": {"title": title}, "closed": _why_closed(row, party)}, *found]


def _company(vendor: Organisation) -> dict[str, Any]:
    given = {
        "phone": vendor.sales_phone,
        "email": vendor.sales_email,
        "line": vendor.sales_line,
        "website": vendor.website,
    }
    title = _("Sales contact of %(vendor)s") % {"vendor": localized(vendor, "name")}
    closed = "" if any(given.values()) else _("The vendor has not given a public contact.")
    return {"contact": {"title": title, **given}, "closed": closed, "note": _("Public: shown to everyone")}


def _why_closed(row: Introduction, party: str) -> str:
    if row.state in ("introduced", "closed"):
        return _("The person has withdrawn the consent.")
    if row.state in ("suggested", "requested", "forwarded", "accepted"):
        return (
            _("Shown once the vendor has accepted and its person consents.")
            if party == CITY
            else _("Shown once you have accepted the introduction.")
        )
    return _("Not shown: the introduction did not come about.")


def _own_consent(row: Introduction, actor: Actor) -> Consent | None:
    """The actor's consent that holds now."""
    for consent in (row.city_consent, row.vendor_consent):
        if consent is not None and consent.user_id == actor.user.pk and consent.withdrawn_at is None:
            return consent
    return None
