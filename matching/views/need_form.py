"""The form of a need: a new draft, or a new version of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.access import ActingRequest, acting
from marketplace.errors import Conflict, Invalid
from marketplace.models import City
from marketplace.permissions import Actor
from matching import links, needs, supplies
from matching.forms import DraftForm, NeedForm, criterion_rows, initial_of
from matching.forms.criteria import CriterionRows
from matching.models import Need
from matching.models.needs import CriterionKind
from matching.sentence import MAX_LENGTH
from matching.views.matches import needs_of
from matching.views.work_needs import ROLES, crumbs
from matching.wording import Names, names


@acting("city", "depa", roles=ROLES)
def need_new(request: ActingRequest) -> HttpResponse:
    """A new draft; ``?sentence=`` brings what was typed on the home page."""
    actor = request.actor
    known = names()
    form_class = DraftForm if actor.is_depa() else NeedForm
    if request.method != "POST":
        sentence = request.GET.get("sentence", "")[:MAX_LENGTH]
        form = form_class(initial=NeedForm.initial_from(sentence), names=known)
        return _page(request, None, form, criterion_rows(None, known), known)
    form, rows = form_class(request.POST, names=known), criterion_rows(request.POST, known)
    if _only_shown_again(request):
        return _page(request, None, form, rows, known)
    if form.is_valid() and rows.is_valid():
        try:
            need = needs.add(
                _city(form, actor),
                form.content(rows.rows()),
                by=actor,
                visibility=form.cleaned_data["visibility"],
                deadline=form.cleaned_data["deadline"],
                confirm_email=form.cleaned_data.get("confirm_email", ""),
            )
        except Invalid as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("The draft is saved. Nobody outside sees it."))
            return _after(request, need)
    return _page(request, None, form, rows, known, status=400)


@acting("city", "depa", roles=ROLES)
def need_edit(request: ActingRequest, public_id: str) -> HttpResponse:
    """A new version on top of the one that was read."""
    actor = request.actor
    need = get_object_or_404(needs_of(request), public_id=public_id)
    assert need.head is not None
    known = names()
    if request.method != "POST":
        form = NeedForm(initial=NeedForm.initial_of(need, need.head), names=known)
        return _page(
            request, need, form, criterion_rows(None, known, initial_of(need.head.criteria.all())), known
        )
    form = NeedForm(request.POST, initial=NeedForm.initial_of(need, need.head), names=known)
    rows = criterion_rows(request.POST, known)
    if _only_shown_again(request):
        return _page(request, need, form, rows, known)
    if form.is_valid() and rows.is_valid():
        try:
            needs.save(
                need,
                form.content(rows.rows()),
                by=actor,
                seen=form.cleaned_data["seen"] or 0,
                visibility=form.cleaned_data["visibility"],
                deadline=form.cleaned_data["deadline"],
            )
        except Invalid as refused:
            put_beside(form, refused)
        except Conflict as conflict:
            return _page(request, need, form, rows, known, status=409, conflict=conflict)
        else:
            messages.success(request, _("The new version is saved."))
            return _after(request, need)
    return _page(request, need, form, rows, known, status=400)


def put_beside(form: BaseForm, refused: Invalid) -> None:
    """A verb's messages beside the fields that they are about, or above the form."""
    found = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
    for field, texts in found.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)


def _only_shown_again(request: HttpRequest) -> bool:
    """One more row is wanted, suggestions, or the count of what is left: nothing is checked or saved."""
    return any(name in request.POST for name in ("add", "suggest", "count"))


def _city(form: NeedForm, actor: Actor) -> City:
    if "city" in form.fields:
        chosen: City = form.cleaned_data["city"]
        return chosen
    assert actor.organisation is not None
    return actor.organisation.city


def _after(request: ActingRequest, need: Need) -> HttpResponse:
    """To the matches, or to the need's own page, as the button said."""
    org = request.organisation
    if request.POST.get("then") == "matches":
        return redirect("match_latest", org.public_id, need.public_id)
    return redirect(links.work_need(org, need))


def _page(
    request: ActingRequest,
    need: Need | None,
    form: NeedForm,
    rows: CriterionRows,
    known: Names,
    *,
    status: int = 200,
    conflict: Conflict | None = None,
) -> HttpResponse:
    org = request.organisation
    here = {"text": _("New need"), "href": ""}
    way = crumbs(org, here)
    if need is not None:
        way = crumbs(
            org, {"text": need.title, "href": links.work_need(org, need)}, {"text": _("Edit"), "href": ""}
        )
    counted = "count" in request.POST
    context: dict[str, Any] = {
        "need": need,
        "form": form,
        "rows": rows,
        "kinds": CriterionKind.choices,
        "supply": supplies.of_rows(form, rows, _home_of(request, need), known) if counted else None,
        "check": status != 200,
        "conflict": conflict,
        # After a conflict the next save stands on what is there now.
        "newest": _number(need) if conflict else None,
        "added": request.POST.get("add", ""),
        "cancel": links.work_need(org, need) if need else reverse("work_needs", args=[org.public_id]),
        "crumbs": way,
        "private": True,
    }
    return render(request, "matching/need_form.html", context, status=status)


def _home_of(request: ActingRequest, need: Need | None) -> City | None:
    """The city whose region and kind count."""
    if need is not None:
        return need.city
    city: Model | None = getattr(request.organisation, "city", None)
    return city if isinstance(city, City) else None


def _number(need: Need | None) -> int:
    latest = need.versions.order_by("-number").values_list("number", flat=True).first() if need else None
    return latest or 0
