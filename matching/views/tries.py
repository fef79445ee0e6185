"""One sentence, and the services that fit it. Nothing of it is stored."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.access import signed_in
from matching import facts, links, reports, runs, sentence
from matching.wording import CriterionLabels, names


def examples() -> list[str]:
    """Sentences to begin with, in the reader's language."""
    return [
        _("Residents complain about uncollected waste; they should be able to report it by phone"),
        _("The main street floods every year; we want to know before the water comes"),
        _("Street lights are out because nobody reports them"),
        _("Elderly people at home need to see a doctor without travelling"),
    ]


@require_safe
@never_cache
def try_sentence(request: HttpRequest) -> HttpResponse:
    """Fits for ``?q=``, with reasons, for anyone."""
    typed = " ".join(request.GET.get("q", "").replace("\x00", " ").split())
    text = typed[: sentence.MAX_LENGTH]
    found, degraded = sentence.fits(text) if text else ([], False)
    context: dict[str, Any] = {
        "q": text,
        "cut": len(typed) > len(text),
        "matches": _cards(found),
        "degraded": degraded,
        "examples": examples(),
        "doors": _doors(request, text),
        "private": bool(text),
        "preview": {"title": _("Services that fit a sentence")},
    }
    return render(request, "matching/try.html", context)


def _cards(found: list[Any]) -> list[dict[str, Any]]:
    rows = [runs.kept_row(None, scored, place, service) for place, (service, scored) in enumerate(found, 1)]
    known = names(reports.cities_named(rows))
    words = reports.MatchWords(known, CriterionLabels((), known), runs.today())
    return [
        reports.card(
            row,
            words,
            facts.of_service(service),
            href=links.service(service),
            rank=str(place),
            open=place == 1,
        )
        for place, (row, (service, _scored)) in enumerate(zip(rows, found, strict=True), 1)
    ]


def _doors(request: HttpRequest, text: str) -> list[dict[str, str]]:
    """Where the sentence becomes a need: one's own city, or after signing in."""
    query = urlencode({"sentence": text})
    found = [
        {
            "href": f"{reverse('need_new', args=[m.organisation.public_id])}?{query}",
            "org": m.organisation,
        }
        for m in getattr(request.user, "active_memberships", [])
        if m.role in ("official", "broker", "administrator")
    ]
    if found or request.user.is_authenticated:
        return found
    after = f"{reverse('sentence_to_need')}?{query}"
    return [{"href": f"{reverse('account_login')}?{urlencode({'next': after})}"}]


@require_safe
@signed_in
def sentence_to_need(request: HttpRequest) -> HttpResponse:
    """After signing in: to the form of the own city's need, or to the way of getting there."""
    text = request.GET.get("sentence", "")[: sentence.MAX_LENGTH]
    doors = _doors(request, text)
    if len(doors) == 1:
        return redirect(doors[0]["href"])
    context = {"doors": doors, "q": text, "private": True}
    return render(request, "matching/sentence_to_need.html", context)
