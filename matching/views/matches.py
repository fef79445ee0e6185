"""Pages of a stored ranking: the newest of a need, and any earlier one unchanged."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from marketplace.access import ActingRequest, acting
from marketplace.thai.text import localized
from matching import links, reports, runs
from matching.models import Introduction, Match, MatchRun, Need
from matching.models.introductions import OPEN_STATES
from matching.scoring import Ranking, points_text
from matching.wording import CriterionLabels, names

LEFT_OUT_PER_PAGE = 50


def needs_of(request: ActingRequest) -> QuerySet[Need]:
    """The needs that the acting organisation works on: a city its own, depa published ones and its drafts."""
    actor = request.actor
    found = Need.objects.visible_to(request.user)
    if actor.is_depa():
        found = found.filter(Q(state__in=["published", "closed"]) | Q(drafted_by__isnull=False))
    else:
        found = found.filter(organisation=actor.organisation)
    return found.select_related("city__province__region", "organisation", "head", "current")


@require_safe
@acting("city", "depa", roles=("official", "broker"))
def match_latest(request: ActingRequest, public_id: str) -> HttpResponse:
    """The newest ranking of a need; while the first one is being computed, a page that waits for it."""
    need = get_object_or_404(needs_of(request), public_id=public_id)
    newest = list(MatchRun.objects.visible_to(request.user).filter(need=need).select_related("version")[:2])
    ready = next((run for run in newest if run.state == MatchRun.State.READY), None)
    waiting = bool(newest) and newest[0].state == MatchRun.State.WAITING
    if request.htmx and "poll" in request.GET:
        # 204 leaves the page as it is; HX-Refresh shows the new ranking.
        return HttpResponse(status=204) if waiting else HttpResponse(headers={"HX-Refresh": "true"})
    if ready is None:
        context = {"need": need, "crumbs": _crumbs(request, need), "waiting": waiting, "private": True}
        return render(request, "matching/matches_waiting.html", context)
    return _show(request, need, ready, waiting=waiting)


@require_safe
@acting("city", "depa", roles=("official", "broker"))
def match_run(request: ActingRequest, public_id: str, run: str) -> HttpResponse:
    """One stored ranking, as it was computed."""
    need = get_object_or_404(needs_of(request), public_id=public_id)
    return _show(request, need, _run_of(request, need, run), waiting=False)


def _run_of(request: HttpRequest, need: Need, public_id: str) -> MatchRun:
    runs_ = MatchRun.objects.visible_to(request.user).filter(need=need, state="ready")
    return get_object_or_404(runs_.select_related("version"), public_id=public_id)


@acting("city", "depa", roles=("official", "broker"))
@require_POST
def match_again(request: ActingRequest, public_id: str) -> HttpResponse:
    """Ask for a new ranking; the worker computes it."""
    need = get_object_or_404(needs_of(request), public_id=public_id)
    runs.again(need, by=request.actor)
    messages.success(request, _("A new ranking is being computed. This takes a few seconds."))
    return redirect("match_latest", request.resolver_match.kwargs["org"], public_id)  # type: ignore[union-attr]


def _crumbs(request: ActingRequest, need: Need, last: str = "") -> list[dict[str, str]]:
    org = request.organisation
    crumbs = [
        {"text": _("My work"), "href": reverse("work", args=[org.public_id])},
        {"text": _("Needs"), "href": reverse("work_needs", args=[org.public_id])},
        {"text": need.title, "href": links.work_need(org, need)},
        {"text": _("Matches"), "href": reverse("match_latest", args=[org.public_id, need.public_id])},
    ]
    return [*crumbs, {"text": last, "href": ""}] if last else crumbs


def _show(request: ActingRequest, need: Need, run: MatchRun, *, waiting: bool) -> HttpResponse:
    record = reports.record(run)
    ranking = record.ranking
    page = Paginator(ranking.kept, reports.PER_PAGE).get_page(request.GET.get("page"))
    rows = reports.rows_named(run, ranking, page.object_list)
    words = _words(run, ranking, rows.values())
    kept = [row for row in rows.values() if row.kept]
    asked = _introductions(request, need)
    cards = {
        row.service.public_id: reports.card(
            row,
            words,
            record.facts(row.service.public_id),
            href=reports.page_of(row),
            open=row.position == 1,
            actions=_actions(request, need, row, asked),
        )
        for row in kept
    }
    base = reverse("match_latest", args=[request.organisation.public_id, need.public_id])
    shown = [scored for scored in page.object_list if scored.service in cards]
    context = {
        "need": need,
        "run": run,
        "waiting": waiting,
        "page": page,
        "ranking": ranking,
        "crumbs": _crumbs(request, need),
        "meta": _meta(need, run, ranking),
        "overview": reports.overview(ranking, rows, page.number),
        "tiers": reports.tiers_of(shown, cards),
        "supply": reports.supply_of(ranking, words.labels),
        "left_out": reports.left_out_rows(run, ranking, rows, words, base),
        "facts": _facts(need, run, words),
        "lot": reports.lot(ranking),
        "gap": points_text(ranking.epsilon),
        "private": True,
    }
    return render(request, "matching/matches.html", context)


def _words(run: MatchRun, ranking: Ranking, rows: Any) -> reports.MatchWords:
    known = names(reports.cities_named(rows))
    return reports.MatchWords(known, CriterionLabels(run.version.criteria.all(), known), ranking.as_of)


def _introductions(request: HttpRequest, need: Need) -> dict[int, Introduction]:
    """Open introductions about this need, by service."""
    found = Introduction.objects.visible_to(request.user).filter(need=need, state__in=OPEN_STATES)
    return {row.service_id: row for row in found}


def _actions(
    request: ActingRequest, need: Need, row: Match, asked: dict[int, Introduction]
) -> list[dict[str, Any]]:
    actor = request.actor
    org = request.organisation
    open_one = asked.get(row.service_id)
    if open_one is not None:
        state = {"state": open_one.get_state_display()}
        return [{"text": _("Introduction: %(state)s") % state, "href": links.introduction(org, open_one)}]
    if need.state not in ("draft", "published") or not reports.page_of(row):
        return []
    if actor.is_depa():
        if need.organisation_id is None:
            return []
        href = reverse("introduction_suggest", args=[org.public_id])
        query = f"?need={need.public_id}&service={row.service.public_id}"
        return [{"text": _("Suggest to the city"), "href": href + query}]
    href = reverse("introduction_new", args=[org.public_id])
    first = row.position == 1
    return [{"text": _("Ask to be introduced"), "href": f"{href}?match={row.public_id}", "primary": first}]


def _meta(need: Need, run: MatchRun, ranking: Ranking) -> list[str]:
    considered = ngettext("%(count)s service considered", "%(count)s services considered", ranking.considered)
    return [
        str(localized(need.city, "name")),
        _("Ranking %(number)s") % {"number": run.number},
        considered % {"count": ranking.considered},
    ]


def _facts(need: Need, run: MatchRun, words: reports.MatchWords) -> dict[str, Any]:
    """The version that was ranked, beside the ranking."""
    return {
        "version": run.version,
        "dimensions": words.names.listed("dimension", run.version.dimensions),
        "region": localized(need.city.province.region, "name"),
        "old": need.head_id != run.version_id,
    }


@require_safe
@acting("city", "depa", roles=("official", "broker"))
def match_left_out(request: ActingRequest, public_id: str, run: str, rule: str) -> HttpResponse:
    """All services that one must removed, each with the fact that was used."""
    need = get_object_or_404(needs_of(request), public_id=public_id)
    stored = _run_of(request, need, run)
    ranking = reports.record(stored, facts_of=()).ranking
    removed = [row for row in ranking.rejected if row.rule == rule]
    if not removed:
        raise Http404
    page = Paginator(removed, LEFT_OUT_PER_PAGE).get_page(request.GET.get("page"))
    rows = {
        row.service.public_id: row
        for row in stored.matches.filter(
            service__public_id__in=[row.service for row in page.object_list]
        ).select_related("service__vendor", "service_version")
    }
    words = _words(stored, ranking, rows.values())
    group = next(g for g in reports.groups(ranking, words.labels, words.names) if g.criterion == rule)
    lines = [
        [
            {"text": reports.name_of(rows[row.service]), "href": reports.page_of(rows[row.service])},
            str(localized(rows[row.service].service.vendor, "name")),
            group.facts[row.service],
        ]
        for row in page.object_list
    ]
    context = {
        "need": need,
        "run": stored,
        "group": group,
        "page": page,
        "rows": lines,
        "columns": [{"label": _("Service")}, {"label": _("Vendor")}, {"label": _("Fact that was used")}],
        "crumbs": _crumbs(request, need, last=group.label),
        "private": True,
    }
    return render(request, "matching/left_out.html", context)
