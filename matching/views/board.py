"""The broker's board: who waits for whom, and for how long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.access import ActingRequest, acting
from marketplace.models import Region
from marketplace.thai.text import localized
from matching import queues
from matching.introductions.life import BROKER, CITY, VENDOR
from matching.introductions.pace import PACES, PARTIES
from matching.models import Introduction
from matching.models.introductions import OPEN_STATES

PER_PAGE = 20
AGES = (2, 5, 10)
WAITS = {BROKER: BROKER, VENDOR: VENDOR, CITY: CITY, "both": ""}


@require_safe
@acting("depa", roles=("broker",))
def board(request: ActingRequest) -> HttpResponse:
    """All open introductions by lane, and as a table with the longest overdue on top."""
    org = request.organisation
    chosen = {key: request.GET.get(key, "") for key in ("waits", "age", "region", "q")}
    everything = Introduction.objects.visible_to(request.user).filter(state__in=OPEN_STATES)
    waiting = list(everything.order_by().values_list("pk", "state", "state_since"))
    found = _overdue_first(_narrowed(everything, chosen).order_by().values_list("pk", "state", "state_since"))
    found = [one for one in found if not chosen["age"].isdecimal() or one[1] >= int(chosen["age"])]
    page = Paginator([pk for pk, _age in found], PER_PAGE).get_page(request.GET.get("page"))
    rows = {
        row.pk: row
        for row in everything.filter(pk__in=list(page.object_list)).select_related(
            "service", "vendor", "city_organisation", "need"
        )
    }
    filters = _filters(chosen)
    late = sum(queues.age(since) > PACES[state].limit for _pk, state, since in waiting)
    context = {
        "page": page,
        "rows": [queues.row(rows[pk], org, BROKER) for pk in page.object_list if pk in rows],
        "lanes": queues.lanes((state, since) for _pk, state, since in waiting),
        "filters": filters,
        "chips": _chips(chosen, filters),
        "q": chosen["q"],
        "meta": [
            _("%(count)s open") % {"count": len(waiting)},
            _("%(count)s late") % {"count": late},
            _("%(count)s wait for depa") % {"count": sum(s == "requested" for _pk, s, _since in waiting)},
        ],
        "found": len(found),
        "now": timezone.now(),
        "org": org,
        "crumbs": [
            {"text": _("My work"), "href": reverse("work", args=[org.public_id])},
            {"text": _("Board of introductions"), "href": ""},
        ],
        "private": True,
    }
    return render(request, "matching/board.html", context)


def _overdue_first(rows: Any) -> list[tuple[int, int]]:
    """(pk, working days in this step), by how far each is beyond its limit."""

    def late(row: tuple[int, str, datetime]) -> tuple[int, datetime]:
        return PACES[row[1]].limit - queues.age(row[2]), row[2]

    return [(row[0], queues.age(row[2])) for row in sorted(rows, key=late)]


def _narrowed(rows: Any, chosen: dict[str, str]) -> Any:
    if chosen["waits"] in WAITS:
        states = [state for state, pace in PACES.items() if pace.party == WAITS[chosen["waits"]]]
        rows = rows.filter(state__in=states)
    if chosen["region"]:
        rows = rows.filter(city_organisation__city__province__region_id=chosen["region"])
    text = chosen["q"].strip()[:80]
    if text:
        rows = rows.filter(
            Q(service__name_th__icontains=text)
            | Q(service__name_en__icontains=text)
            | Q(city_organisation__name_th__icontains=text)
            | Q(vendor__name_th__icontains=text)
            | Q(need__title__icontains=text)
            | Q(public_id=text.lower())
        )
    return rows


def _filters(chosen: dict[str, str]) -> list[dict[str, Any]]:
    """One select each: key, label, options with what is chosen."""
    waits = [(code, str(PARTIES[party])) for code, party in WAITS.items()]
    ages = [(str(days), _("%(days)s working days or more") % {"days": days}) for days in AGES]
    regions = [(region.code, localized(region, "name")) for region in Region.objects.all()]
    return [
        {
            "name": name,
            "label": label,
            "every": every,
            "options": [{"value": v, "label": text, "chosen": v == chosen[name]} for v, text in options],
        }
        for name, label, every, options in (
            ("waits", _("Waits for"), _("Everyone"), waits),
            ("age", _("Age in this step"), _("Any"), ages),
            ("region", _("Region"), _("All regions"), regions),
        )
    ]


def _chips(chosen: dict[str, str], filters: list[dict[str, Any]]) -> list[dict[str, str]]:
    labels = {(f["name"], option["value"]): option["label"] for f in filters for option in f["options"]}
    return [
        {"name": key, "value": value, "label": labels.get((key, value), value)}
        for key, value in chosen.items()
        if value
    ]
