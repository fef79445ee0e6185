"""Introductions at work: the list of an organisation, one introduction, its moves and its consent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.models import Organisation
from marketplace.permissions import Actor
from matching import introductions, links, queues
from matching.forms import AcceptForm, NoteForm
from matching.introductions.life import BROKER, CITY, VENDOR
from matching.introductions.pace import PACES
from matching.models import Introduction
from matching.views.introduction_page import MOVE_FORMS, page, with_consent
from matching.views.need_form import put_beside

PER_PAGE = 20
ROLES = ("owner", "member", "official", "broker")
RELATED = ("service", "vendor", "city_organisation__city", "need")


def introductions_of(request: ActingRequest) -> QuerySet[Introduction]:
    """What the acting organisation takes part in; brokers see all."""
    actor = request.actor
    found = Introduction.objects.visible_to(request.user)
    if actor.is_depa():
        return found
    return found.filter(Q(city_organisation=actor.organisation) | Q(vendor=actor.organisation))


def party_of(actor: Actor) -> str:
    """The party that an actor's organisation is in introductions: city, vendor or broker."""
    assert actor.organisation is not None
    kinds: dict[str, str] = {"city": CITY, "vendor": VENDOR, "depa": BROKER}
    return kinds[actor.organisation.kind]


@require_safe
@acting(roles=ROLES)
def introduction_list(request: ActingRequest) -> HttpResponse:
    """What waits for us first, the longest waiting on top; then the rest."""
    actor = request.actor
    org = request.organisation
    mine = [state for state, pace in PACES.items() if pace.party == party_of(actor)]
    ordered = introductions_of(request).annotate(
        turn=Case(
            When(state__in=mine, then=Value(0)),
            When(state__in=list(PACES), then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )
    found = ordered.select_related(*RELATED).order_by("turn", "state_since", "pk")
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": [queues.row(one, org, party_of(actor)) for one in shown.object_list],
        "total": shown.paginator.count,
        "org": org,
        "crumbs": _crumbs(org),
        "private": True,
    }
    return render(request, "matching/introductions.html", context)


def _crumbs(org: Organisation, *more: dict[str, str]) -> list[dict[str, str]]:
    here = reverse("introductions", args=[org.public_id]) if more else ""
    return [
        {"text": _("My work"), "href": reverse("work", args=[org.public_id])},
        {"text": _("Introductions"), "href": here},
        *more,
    ]


def _one(request: ActingRequest, public_id: str) -> Introduction:
    related = (
        *RELATED,
        "need_version",
        "city_person",
        "vendor_person",
        "city_consent",
        "vendor_consent",
        "match",
    )
    return get_object_or_404(introductions_of(request).select_related(*related), public_id=public_id)


@require_safe
@acting(roles=ROLES)
def introduction(request: ActingRequest, public_id: str) -> HttpResponse:
    """One introduction as its side may see it."""
    return _show(request, _one(request, public_id))


def _show(request: ActingRequest, row: Introduction, **refused: Any) -> HttpResponse:
    actor = request.actor
    context = page(row, actor, party_of(actor), refused)
    context["crumbs"] = _crumbs(request.organisation, {"text": context["title"], "href": ""})
    return render(request, "matching/introduction.html", context, status=400 if refused else 200)


@acting(roles=ROLES)
@require_POST
def introduction_move(request: ActingRequest, public_id: str, move: str) -> HttpResponse:
    """Make a move of the lifecycle; what is missing comes back beside the field."""
    if move not in MOVE_FORMS:
        raise Http404
    row = _one(request, public_id)
    actor = request.actor
    form: AcceptForm | NoteForm = MOVE_FORMS[move](request.POST)
    if not form.is_valid():
        return _show(request, row, **{move: form})
    given: dict[str, Any] = {"note": form.cleaned_data["note"]}
    if move in with_consent:
        given["consent"] = form.cleaned_data["consent"]
    try:
        getattr(introductions, move)(row, by=actor, **given)
    except Invalid as problem:
        put_beside(form, problem)
        return _show(request, row, **{move: form})
    messages.success(request, _("Done. The other side is told by e-mail."))
    return redirect(links.introduction(request.organisation, row))


@acting(roles=ROLES)
@require_POST
def introduction_withdraw_consent(request: ActingRequest, public_id: str) -> HttpResponse:
    """Take back the own consent; the contact is gone from the other side's page with the answer."""
    row = _one(request, public_id)
    actor = request.actor
    introductions.withdraw_consent(row, by=actor)
    messages.success(request, _("Your consent is withdrawn. The other side no longer sees your contact."))
    return redirect(links.introduction(request.organisation, row))
