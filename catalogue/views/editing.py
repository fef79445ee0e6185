"""A vendor writes about a service: a new draft, or a new version."""

from __future__ import annotations

import base64
from hashlib import sha256
from secrets import token_urlsafe

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue import services
from catalogue.forms.editing import Editing
from catalogue.models import Service
from catalogue.views.work import ROLES, home_crumb
from marketplace.access import ActingRequest, acting
from marketplace.errors import Conflict, Invalid
from marketplace.models.base import ALPHABET
from marketplace.permissions import Actor


@acting("vendor", roles=ROLES)
def service_new(request: ActingRequest) -> HttpResponse:
    """A new draft. The form carries a random mark, so that sending it twice makes one draft."""
    actor = request.actor
    if request.method != "POST":
        return _page(request, Editing(), once=token_urlsafe(12))
    editing, once = Editing(request.POST), request.POST.get("once", "")[:40]
    if _only_shown_again(request):
        editing.unjudged()
        return _page(request, editing, once=once)
    public_id = _id_of(actor, once or token_urlsafe(12))
    made = Service.objects.visible_to(request.user).filter(public_id=public_id).first()
    if made is None and editing.is_valid(complete="submit" in request.POST):
        try:
            with transaction.atomic():
                made = services.add(request.organisation, editing.content(), by=actor, public_id=public_id)
                _submit_if_asked(request, made, actor)
        except Invalid as problem:
            made = None
            editing.refuse(problem)
    if made is None:
        return _page(request, editing, once=once, status=400)
    return _done(request, made, actor)


def _id_of(actor: Actor, once: str) -> str:
    """The public id of what a form with this mark makes: one mark, one draft; nobody else can guess it."""
    assert actor.organisation is not None
    digest = sha256(f"{actor.organisation.public_id} {actor.user.public_id} {once}".encode()).digest()
    return base64.b32encode(digest).decode().translate(_TO_ALPHABET)[:12]


_TO_ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)


@acting("vendor", roles=ROLES)
def service_edit(request: ActingRequest, public_id: str) -> HttpResponse:
    """A new version on top of the newest one. Somebody else's newer version is shown, never overwritten."""
    actor = request.actor
    service = get_object_or_404(
        Service.objects.visible_to(request.user)
        .filter(vendor=actor.organisation)
        .select_related("head", "vendor"),
        public_id=public_id,
    )
    assert service.head is not None
    if request.method != "POST":
        editing = Editing(version=service.head)
        if "check" in request.GET:
            _say_what_is_missing(editing, service)
        return _page(request, editing, service, seen=service.head.number)
    editing, seen = Editing(request.POST), _number(request.POST.get("seen", ""))
    if _only_shown_again(request):
        editing.unjudged()
        return _page(request, editing, service, seen=seen)
    if not editing.is_valid(complete="submit" in request.POST):
        return _page(request, editing, service, seen=seen, status=400)
    try:
        with transaction.atomic():
            saved = services.save(service, editing.content(), by=actor, seen=seen)
            _submit_if_asked(request, saved, actor)
    except Invalid as problem:
        editing.refuse(problem)
        return _page(request, editing, service, seen=seen, status=400)
    except Conflict as conflict:
        # What was typed stays. The next sending is on top of the version that this answer tells of.
        service.refresh_from_db()
        return _page(request, editing, service, seen=service.head.number, conflict=conflict, status=409)
    return _done(request, saved, actor)


def _only_shown_again(request: HttpRequest) -> bool:
    """One more row is wanted, or suggestions for what is typed: nothing is checked and nothing saved."""
    return any(name in request.POST for name in ("add_prices", "add_references", "suggest"))


def _number(typed: str) -> int:
    return int(typed[:9]) if typed[:9].isdecimal() else 0


def _submit_if_asked(request: HttpRequest, service: Service, actor: Actor) -> None:
    """Saving and submitting is one step: if something is missing, neither happens."""
    if "submit" not in request.POST:
        return
    if service.state == Service.State.PUBLISHED:
        services.submit_revision(service, by=actor)
    else:
        services.submit(service, by=actor)


def _say_what_is_missing(editing: Editing, service: Service) -> None:
    assert service.head is not None
    try:
        services.check_complete(service.head)
    except Invalid as problem:
        editing.refuse(problem)


def _done(request: HttpRequest, service: Service, actor: Actor) -> HttpResponse:
    assert actor.organisation is not None
    submitted = "submit" in request.POST
    messages.success(
        request, _("Submitted. A reviewer of depa reads it next.") if submitted else _("Saved as a draft.")
    )
    return redirect("work_service", org=actor.organisation.public_id, public_id=service.public_id)


def _page(
    request: ActingRequest,
    editing: Editing,
    service: Service | None = None,
    *,
    once: str = "",
    seen: int = 0,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    org = request.organisation.public_id
    crumbs = [home_crumb(actor), {"text": _("Our services"), "href": reverse("work_services", args=[org])}]
    if service is not None:
        back = reverse("work_service", args=[org, service.public_id])
        crumbs.append({"text": service.name_th, "href": back})
    title = _("Edit the service") if service else _("New service")
    context = editing.context() | {
        "service": service,
        "title": title,
        "once": once,
        "seen": seen,
        "conflict": conflict,
        "crumbs": [*crumbs, {"text": title, "href": ""}],
        "private": True,
    }
    return render(request, "catalogue/work_edit.html", context, status=status)
