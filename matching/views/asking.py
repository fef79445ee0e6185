"""How an introduction begins on a page: the city asks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.models import Service
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.thai.text import localized
from matching import introductions, links, reports, runs
from matching.forms import AskForm
from matching.models import Match, Need
from matching.views.introduction_page import own_contact
from matching.views.matches import needs_of
from matching.views.need_form import put_beside
from matching.wording import CriterionLabels, names


@acting("city", roles=("official",))
def introduction_new(request: ActingRequest) -> HttpResponse:
    """Ask to be introduced, from a match (``?match=``) or a service (``?service=``, ``&need=``)."""
    actor = request.actor
    org = request.organisation
    service, need, match = _subject(request)
    form = AskForm(request.POST or None, initial={"message": _questions(match)})
    if request.method == "POST" and form.is_valid():
        try:
            row = introductions.request(
                service,
                by=actor,
                consent=form.cleaned_data["consent"],
                need=need,
                match=match,
                message=form.cleaned_data["message"],
            )
        except Invalid as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("Your request is with a depa broker now."))
            return redirect(links.introduction(org, row))
    context = {
        "service": service,
        "service_href": links.service(service),
        "need": need,
        "needs": needs_of(request).filter(state__in=["draft", "published"]) if match is None else [],
        "match": match,
        "form": form,
        "shown": own_contact(actor.user),
        "vendor": localized(service.vendor, "name"),
        "crumbs": [
            {"text": _("My work"), "href": reverse("work", args=[org.public_id])},
            {"text": _("Introductions"), "href": reverse("introductions", args=[org.public_id])},
            {"text": _("Ask to be introduced"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "matching/introduction_new.html", context, status=400 if form.errors else 200)


def _questions(match: Match | None) -> str:
    """What the ranking left open, as a beginning of the message."""
    if match is None or not match.questions:
        return ""
    known = names(reports.cities_named([match]))
    labels = CriterionLabels(match.run.version.criteria.all(), known)
    words = reports.MatchWords(known, labels, runs.today())
    return "\n".join(f"- {question}" for question in reports.questions_of(match, words))


def _subject(request: ActingRequest) -> tuple[Service, Need | None, Match | None]:
    """What the introduction is about; 404 for what the official may not see."""
    org = request.organisation
    asked = request.POST.get("match") or request.GET.get("match")
    if asked:
        match = get_object_or_404(
            Match.objects.visible_to(request.user)
            .filter(run__need__organisation=org, kept=True)
            .select_related("service__vendor", "service__current", "run__need__head", "run__version")
            .defer("run__inputs", "run__result"),
            public_id=asked,
        )
        return match.service, match.run.need, match
    services = Service.objects.visible_to(None).select_related("vendor", "current")
    service = get_object_or_404(services, public_id=request.GET.get("service", ""))
    chosen = request.POST.get("need") or request.GET.get("need")
    need = get_object_or_404(needs_of(request), public_id=chosen) if chosen else None
    return service, need, None
