"""How search is: every index, the model of meaning, and what waits to be indexed; for administrators."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.views.work import home_crumb
from marketplace.access import ActingRequest, acting
from marketplace.models import Outbox
from search import embedding
from search.engine import SearchError, engine_name, get_engine, registered


@require_safe
@acting("depa", roles=("administrator",))
def search_health(request: ActingRequest) -> HttpResponse:
    """Asks every index and the model; what is away is said and breaks nothing."""
    waiting = Outbox.objects.filter(state="pending")
    context = {
        "engine": engine_name(),
        "indexes": [_index(name) for name in registered()],
        "model": embedding.health(),
        "waiting": waiting.count(),
        "failing": waiting.filter(attempts__gt=0).count(),
        "given_up": Outbox.objects.filter(state="dead").count(),
        "crumbs": [home_crumb(request.actor), {"text": _("State of search"), "href": ""}],
        "private": True,
    }
    return render(request, "catalogue/search_health.html", context)


def _index(name: str) -> dict[str, Any]:
    titles = {
        "services": _("Digital services"),
        "vendors": _("Vendors"),
        "cities": _("Cities"),
        "needs": _("Needs of cities"),
    }
    try:
        health = get_engine(name).health()
    except SearchError as error:
        return {"title": titles.get(name, name), "status": "unmet", "documents": 0, "detail": str(error)}
    status = "unmet" if not health.ok else "met" if health.current else "partly"
    return {
        "title": titles.get(name, name),
        "status": status,
        "documents": health.documents,
        "detail": health.detail,
    }
