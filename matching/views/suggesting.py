"""How an introduction begins on a page: a broker or a vendor suggests a service to a city."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue import browsing
from catalogue.models import Service
from marketplace import directory
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.models import City
from matching import introductions, links
from matching.forms import SuggestForm
from matching.models import Need
from matching.views.need_form import put_beside

FOUND = 10


@acting("depa", "vendor", roles=("broker", "owner", "member"))
def introduction_suggest(request: ActingRequest) -> HttpResponse:
    """Suggest a service: first for which need, or (a broker) to which city; then which one; then why."""
    actor, org = request.actor, request.organisation
    need, city, services = _need_to_serve(request), _city_to_serve(request), _services(request)
    to = need.organisation if need else city.organisation if city else None
    chosen = request.GET.get("service", "")
    service = get_object_or_404(services, public_id=chosen) if chosen else None
    form = SuggestForm(request.POST or None, why_needed=not actor.is_depa())
    if request.method == "POST" and form.is_valid():
        if service is None or to is None:
            form.add_error(None, _("Choose whom it is for and which service first."))
        else:
            try:
                row = introductions.suggest(
                    service, to, by=actor, need=need, message=form.cleaned_data["message"]
                )
            except Invalid as refused:
                put_beside(form, refused)
            else:
                messages.success(request, _("The suggestion is with the city now."))
                return redirect(links.introduction(org, row))
    context = {
        "need": need,
        "city": city,
        "service": service,
        "form": form,
        "needs": [] if need or city else _open_needs(request),
        "cities": [] if need or city else _cities(request),
        "found": [] if service else _found(request, services),
        "q": request.GET.get("q", "")[:200],
        "body": request.GET.get("body", "")[:200],
        "broker": actor.is_depa(),
        "crumbs": [
            {"text": _("My work"), "href": reverse("work", args=[org.public_id])},
            {"text": _("Introductions"), "href": reverse("introductions", args=[org.public_id])},
            {"text": _("Suggest a service"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "matching/introduction_suggest.html", context, status=400 if form.errors else 200)


def _services(request: ActingRequest) -> QuerySet[Service]:
    """What the actor can suggest: a vendor its own, a broker all that is published."""
    services = Service.objects.visible_to(None).select_related("vendor", "current")
    return services if request.actor.is_depa() else services.filter(vendor=request.organisation)


def _needs(request: ActingRequest) -> QuerySet[Need]:
    """Needs that a suggestion can be for; a vendor knows of public ones only, whatever the person may see."""
    found = Need.objects.visible_to(request.user if request.actor.is_depa() else None)
    return found.filter(organisation__isnull=False)


def _open_needs(request: ActingRequest) -> QuerySet[Need]:
    return _needs(request).filter(state="published").select_related("city")[:100]


def _need_to_serve(request: ActingRequest) -> Need | None:
    chosen = request.GET.get("need", "")
    if not chosen:
        return None
    found = _needs(request).select_related("city", "organisation", "head")
    if request.method != "POST":
        # A need that has closed meanwhile is answered by the verb, with what changed.
        found = found.filter(state="published")
    return get_object_or_404(found, public_id=chosen)


def _city_to_serve(request: ActingRequest) -> City | None:
    """The city that a broker chose; a vendor chooses a need, and no city."""
    chosen = request.GET.get("city", "")
    if not chosen or not request.actor.is_depa() or request.GET.get("need"):
        return None
    cities = City.objects.filter(organisation__isnull=False).select_related("organisation")
    return get_object_or_404(cities, public_id=chosen)


def _cities(request: ActingRequest) -> list[City]:
    """Cities with an account that a broker looks for by name."""
    text = request.GET.get("body", "")[:200].strip()
    if not text or not request.actor.is_depa():
        return []
    return list(directory.cities(text=text).filter(organisation__isnull=False).order_by("sort_key")[:FOUND])


def _found(request: ActingRequest, services: QuerySet[Service]) -> list[Service]:
    """Services to choose from: a vendor's own, or what a broker searches for."""
    if not request.actor.is_depa():
        return list(services.order_by("sort_key")[:100])
    text = request.GET.get("q", "")[:200].strip()
    if not text:
        return []
    ids = browsing.find(text, per_page=FOUND).ids
    by_id: dict[str, Any] = {service.public_id: service for service in services.filter(public_id__in=ids)}
    return [by_id[public_id] for public_id in ids if public_id in by_id]
