"""A vendor's own services: the list, each with its state, its history and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalogue import services
from catalogue.models import Service
from catalogue.presentation import work
from catalogue.presentation.listing import address_of
from catalogue.wording import Wording
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.permissions import Actor
from marketplace.thai.text import localized

PER_PAGE = 20
ROLES = ("owner", "member")


@require_safe
@acting("vendor", roles=ROLES)
def service_list(request: ActingRequest) -> HttpResponse:
    """``/o/<org>/services/``: all of the vendor's services, by state."""
    actor = request.actor
    own = Service.objects.visible_to(request.user).filter(vendor=actor.organisation)
    counts = dict(own.order_by().values_list("state").annotate(n=Count("pk")))
    chosen = state if (state := request.GET.get("state", "")) in counts else ""
    listed = own.filter(state=chosen) if chosen else own
    page = Paginator(listed.select_related("head").order_by("sort_key", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "organisation": actor.organisation,
        "page": page,
        "rows": [_row(service, actor) for service in page],
        "tabs": _tabs(counts, chosen),
        "crumbs": [home_crumb(actor), {"text": _("Our services"), "href": ""}],
        "private": True,
    }
    return render(request, "catalogue/work_services.html", context)


def _row(service: Service, actor: Actor) -> dict[str, Any]:
    assert actor.organisation is not None
    return {
        "service": service,
        "name": localized(service, "name"),
        "href": reverse("work_service", args=[actor.organisation.public_id, service.public_id]),
        "state": work.state_of(service),
        "newer": service.state == "published" and service.head_id != service.current_id,
        "waiting": service.revision_id is not None,
    }


def _tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    return [
        {"value": "", "label": _("All"), "count": sum(counts.values()), "chosen": not chosen},
        *(
            {"value": state.value, "label": state.label, "count": counts[state], "chosen": state == chosen}
            for state in Service.State
            if state in counts
        ),
    ]


def home_crumb(actor: Actor) -> dict[str, str]:
    """The start page of the organisation that the actor acts for."""
    assert actor.organisation is not None
    return {
        "text": _("My work"),
        "href": reverse("work", args=[actor.organisation.public_id]),
    }


def own_service(request: ActingRequest, public_id: str) -> Service:
    """The service of the organisation in the URL; anything else does not exist here."""
    actor = request.actor
    return get_object_or_404(
        Service.objects.visible_to(request.user).filter(vendor=actor.organisation).for_work(),
        public_id=public_id,
    )


@require_safe
@acting("vendor", roles=ROLES)
def service_page(request: ActingRequest, public_id: str) -> HttpResponse:
    """``/o/<org>/services/<id>/``: the newest version, what differs from the public one, moves, history."""
    return _show(request, own_service(request, public_id))


def _show(request: ActingRequest, service: Service, error: str = "", move: str = "") -> HttpResponse:
    actor = request.actor
    services.open_versions(service)
    assert service.head is not None
    wording, org = Wording(), request.organisation.public_id
    editable = service.state in ("draft", "changes_requested", "published")
    context = work.version_context(service, service.head, wording) | {
        "service": service,
        "state": work.state_of(service),
        "moves": work.moves(service, actor),
        "move_address": reverse("work_service_move", args=[org, service.public_id]),
        "error": error,
        "failed_move": move,
        "note": request.POST.get("note", ""),
        "differences": work.differences(service, service.head, wording),
        "difference_columns": work.difference_columns(),
        "history": work.history(service),
        "edit": reverse("work_service_edit", args=[org, service.public_id]) if editable else "",
        "certificates": reverse("work_certificates", args=[org, service.public_id]),
        "public": address_of(service) if service.state == "published" else "",
        "crumbs": [
            home_crumb(actor),
            {"text": _("Our services"), "href": reverse("work_services", args=[org])},
            {"text": localized(service, "name"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "catalogue/work_service.html", context, status=400 if error else 200)


# What a vendor can do, by the name of the move.
VERBS: dict[str, Callable[..., Service]] = {
    "submit": services.submit,
    "take_back": services.take_back,
    "submit_revision": services.submit_revision,
    "withdraw": services.withdraw,
}


@acting("vendor", roles=ROLES)
@require_POST
def service_move(request: ActingRequest, public_id: str) -> HttpResponse:
    """Make one move. What is missing is said beside the questions, or beside the reason."""
    actor = request.actor
    service, name = own_service(request, public_id), request.POST.get("move", "")
    if name not in VERBS:
        raise Http404
    note = {"note": request.POST.get("note", "")[:1000]} if services.LIFE.moves[name].reason else {}
    try:
        VERBS[name](service, by=actor, **note)
    except Invalid as problem:
        if "note" in getattr(problem, "error_dict", {}):
            return _show(request, service, error=" ".join(problem.messages), move=name)
        edit = reverse("work_service_edit", args=[request.organisation.public_id, public_id])
        return redirect(f"{edit}?check=1")
    messages.success(request, _("Done: %(move)s.") % {"move": services.LIFE.moves[name].label})
    return redirect("work_service", org=request.organisation.public_id, public_id=public_id)
