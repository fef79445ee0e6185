"""Work on needs: the list of an organisation, one need with its history, and its moves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from marketplace import events
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.models import Organisation
from matching import cards, histories, links, needs, reports
from matching.forms import NoteForm
from matching.models import Introduction, MatchRun, Need
from matching.views.matches import needs_of
from matching.wording import CriterionLabels, kept_words, names

PER_PAGE = 20
STATES = ("draft", "published", "closed", "withdrawn")
ROLES = ("official", "broker")
TOP = 3
MOVES = {
    "add": gettext_noop("Draft begun"),
    "save": gettext_noop("New version saved"),
    "confirm": gettext_noop("Confirmed by the city"),
    "publish": gettext_noop("Published"),
    "close": gettext_noop("Closed"),
    "withdraw": gettext_noop("Withdrawn"),
}


def crumbs(org: Organisation, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to a page about needs at work."""
    return [
        {"text": _("My work"), "href": reverse("work", args=[org.public_id])},
        {"text": _("Needs"), "href": reverse("work_needs", args=[org.public_id])},
        *more,
    ]


@require_safe
@acting("city", "depa", roles=ROLES)
def work_needs(request: ActingRequest) -> HttpResponse:
    """Drafts first, then what is published, closed and withdrawn; depa sees its drafts and all published."""
    org = request.organisation
    chosen = request.GET.get("state", "")
    everything = needs_of(request)
    counts = dict(everything.order_by().values_list("state").annotate(n=Count("pk")))
    found = everything.filter(state=chosen) if chosen in STATES else everything
    page = Paginator(found.order_by("-state_since", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    known = names()
    context = {
        "page": page,
        "needs": [
            cards.need_card(need, need.head, known, href=links.work_need(org, need))
            for need in page.object_list
        ],
        "states": [
            {"code": code, "label": str(Need.State(code).label), "count": counts.get(code, 0)}
            for code in STATES
        ],
        "chosen": chosen,
        "total": sum(counts.values()),
        "crumbs": [*crumbs(org)[:-1], {"text": _("Needs"), "href": ""}],
        "private": True,
    }
    return render(request, "matching/work_needs.html", context)


@require_safe
@acting("city", "depa", roles=ROLES)
def work_need(request: ActingRequest, public_id: str) -> HttpResponse:
    """One need with its versions, newest matches, introductions and history."""
    need = get_object_or_404(needs_of(request), public_id=public_id)
    return show(request, need)


def show(request: ActingRequest, need: Need, **forms: NoteForm) -> HttpResponse:
    """The page, with the forms of moves as they were typed where one was refused."""
    actor = request.actor
    org, version = request.organisation, need.head
    assert version is not None
    known = names()
    criteria = list(version.criteria.all())
    labels = CriterionLabels(criteria, known)
    moves = {move.name: move for move in needs.LIFE.open_to(need, actor)}
    context = {
        "need": need,
        "org": org,
        "version": version,
        "facts": cards.need_facts(need, version, known),
        "criteria": [{"level": c.level, "text": labels[f"c{c.order}"]} for c in criteria],
        "runs": list(
            MatchRun.objects.visible_to(request.user)
            .filter(need=need)
            .values("public_id", "number", "state", "computed_at", "considered")[:8]
        ),
        "best": _best(request, need),
        "introductions": _introductions(request, need, org),
        "history": histories.lines(events.of(need), MOVES, need.organisation),
        "moves": moves,
        "may_edit": need.state in ("draft", "published") and bool(needs.LIFE.parties(need, actor)),
        "close_form": forms.get("close") or NoteForm(required=False, label=_("What came of it")),
        "withdraw_form": forms.get("withdraw") or NoteForm(label=_("Reason")),
        "mark": cards.MARKS[need.state],
        "crumbs": crumbs(org, {"text": need.title, "href": ""}),
        "private": True,
    }
    return render(request, "matching/work_need.html", context, status=400 if forms else 200)


def _best(request: HttpRequest, need: Need) -> list[dict[str, Any]]:
    """The first matches of the newest ready ranking, in words."""
    newest = (
        MatchRun.objects.visible_to(request.user).filter(need=need, state="ready").order_by("-number")[:1]
    )
    rows = reports.kept_of(newest).order_by("position")[:TOP]
    return [
        {
            "name": reports.name_of(row),
            "href": reports.page_of(row),
            "words": kept_words(row.band, row.questions),
            "score": row.score,
        }
        for row in rows
    ]


def _introductions(request: HttpRequest, need: Need, org: Organisation) -> list[dict[str, Any]]:
    found = (
        Introduction.objects.visible_to(request.user).filter(need=need).select_related("service", "vendor")
    )
    return [
        {
            "row": row,
            "href": links.introduction(org, row),
            "mark": histories.MARKS[row.state],
        }
        for row in found[:20]
    ]


@acting("city", "depa", roles=ROLES)
def need_publish(request: ActingRequest, public_id: str) -> HttpResponse:
    """A step of its own: first what everyone will see, then the button."""
    need = get_object_or_404(needs_of(request), public_id=public_id)
    actor = request.actor
    org = request.organisation
    assert need.head is not None
    problem = ""
    if request.method == "POST":
        try:
            needs.publish(need, by=actor, seen=_seen(request))
        except Invalid as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, _("The need is published."))
            return redirect(links.work_need(org, need))
    known = names()
    criteria = list(need.head.criteria.all())
    labels = CriterionLabels(criteria, known)
    context = {
        "need": need,
        "org": org,
        "version": need.head,
        "facts": cards.need_facts(need, need.head, known),
        "criteria": [{"level": c.level, "text": labels[f"c{c.order}"]} for c in criteria],
        "open": any(move.name == "publish" for move in needs.LIFE.open_to(need, actor)),
        "waits_for_city": need.drafted_by_id is not None and need.confirmed_at is None,
        "problem": problem,
        "crumbs": crumbs(
            org, {"text": need.title, "href": links.work_need(org, need)}, {"text": _("Publish"), "href": ""}
        ),
        "private": True,
    }
    return render(request, "matching/need_publish.html", context, status=400 if problem else 200)


def _seen(request: HttpRequest) -> int | None:
    value = request.POST.get("version", "")
    return int(value) if value.isdecimal() else None


@acting("city", "depa", roles=ROLES)
@require_POST
def need_move(request: ActingRequest, public_id: str, move: str) -> HttpResponse:
    """Close or withdraw; a missing reason comes back beside the field."""
    need = get_object_or_404(needs_of(request), public_id=public_id)
    actor = request.actor
    form = NoteForm(request.POST, required=move == "withdraw", label=_("Reason"))
    if not form.is_valid():
        return show(request, need, **{move: form})
    verb = needs.close if move == "close" else needs.withdraw
    verb(need, by=actor, note=form.cleaned_data["note"])
    done = {"close": _("The need is closed."), "withdraw": _("The need is withdrawn.")}
    messages.success(request, done[move])
    return redirect(links.work_need(request.organisation, need))
