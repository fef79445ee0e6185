"""The start page of an organisation: what waits for me and for how long, and where everything is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue import waiting as catalogue_waiting
from marketplace import waiting as site_waiting
from marketplace.access import ActingRequest, acting
from marketplace.models import Organisation
from marketplace.permissions import Actor
from marketplace.thai.text import localized
from matching import queues
from matching import waiting as own_waiting


@require_safe
@acting()
def work(request: ActingRequest) -> HttpResponse:
    """What waits, from all rooms, the longest waiting first; and the next steps when nothing does."""
    actor = request.actor
    org = request.organisation
    lines = [
        *site_waiting.for_actor(actor),
        *catalogue_waiting.for_actor(actor),
        *own_waiting.for_actor(actor),
    ]
    lines.sort(key=lambda line: (line.since is None, line.since))
    context = {
        "org": org,
        "waiting": [
            {
                "text": line.label,
                "note": _("%(count)s waiting") % {"count": line.count},
                "href": line.url,
                "age": queues.age(line.since) if line.since else None,
                "limit": None,
                "action": _("Open"),
            }
            for line in lines
        ],
        "places": _places(actor, org),
        "steps": _steps(org),
        "crumbs": [{"text": localized(org, "name"), "href": ""}],
        "role": actor.membership.get_role_display() if actor.membership else "",
        "private": True,
    }
    return render(request, "matching/start.html", context)


def _places(actor: Actor, org: Organisation) -> list[dict[str, Any]]:
    """The pages of work for this role."""
    city = [
        ("work_needs", _("Needs"), _("Draft, publish and see the matches")),
        ("need_new", _("New need"), _("Four parts; matches show already on the draft")),
        ("introductions", _("Introductions"), _("Who was asked, and what came of it")),
        ("team", _("People"), _("Colleagues and handing over")),
    ]
    vendor = [
        ("work_services", _("Services"), _("Describe, submit and keep up to date")),
        ("introductions", _("Introductions"), _("Cities that ask for you")),
        ("team", _("People"), _("Who acts for the company")),
        ("profile", _("Public profile"), _("Contact and what the company does")),
    ]
    broker = [
        ("board", _("Board of introductions"), _("Who waits for whom, and for how long")),
        ("work_needs", _("Needs"), _("Published needs, and drafts for cities")),
        ("introduction_suggest", _("Suggest a service"), _("To a city that looks for it")),
    ]
    review = [
        ("reviews", _("Reviews"), _("Listings and certificates to check")),
        ("searches", _("What is searched for"), _("Searches that find nothing, and names to add")),
    ]
    staff = [
        ("affiliation_list", _("Officials"), _("Letters to check")),
        ("team", _("People"), _("Members and roles")),
    ]
    effects = [
        ("effects", _("Effects that failed"), _("Mail and indexing that needs a look")),
        ("search_health", _("State of search"), _("Indexes and search by meaning")),
    ]
    by_role: dict[str, list[tuple[str, str, str]]] = {
        "official": city,
        "owner": vendor,
        "member": vendor[:3],
        "broker": [*broker, *staff],
        "reviewer": [*review, *staff],
        "administrator": [*broker, *review, *staff, *effects],
    }
    return [
        {"href": reverse(name, args=[org.public_id]), "title": title, "text": text}
        for name, title, text in by_role.get(actor.role, [])
    ]


def _steps(org: Organisation) -> list[dict[str, str]]:
    """How the work goes, for who is new."""
    if org.kind == Organisation.Kind.CITY:
        return [
            {"title": _("Draft a need"), "text": _("Problem, success, budget and criteria.")},
            {"title": _("See the matches"), "text": _("Privately, with the reasons of each.")},
            {"title": _("Publish, or keep it private"), "text": _("A step of its own.")},
            {"title": _("Ask to be introduced"), "text": _("A depa broker checks and forwards it.")},
        ]
    if org.kind == Organisation.Kind.VENDOR:
        return [
            {"title": _("Describe a service"), "text": _("In Thai and English, with prices and proof.")},
            {"title": _("Submit it"), "text": _("A depa reviewer publishes it or says what is missing.")},
            {
                "title": _("Answer cities"),
                "text": _("Accept or decline introductions within 5 working days."),
            },
        ]
    return []
