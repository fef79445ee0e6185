"""An organisation's public profile, and the private papers by which a vendor shows who it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace import organisations, papers
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.forms import PapersForm, ProfileForm
from marketplace.models import Organisation
from marketplace.views.people import invalid


@acting("vendor", "city", roles=("owner", "official"))
def profile(request: ActingRequest) -> HttpResponse:
    """What everybody reads about the organisation; a vendor also sends its papers here."""
    form = ProfileForm(request.POST or None, instance=_fresh(request.organisation))
    if request.method == "POST" and form.is_valid():
        organisations.edit_profile(request.organisation, by=request.actor, **form.cleaned_data)
        messages.success(request, _("The profile is saved."))
        return redirect("work", org=request.organisation.public_id)
    return _show(request, form, PapersForm())


def _fresh(organisation: Organisation) -> Organisation:
    """A copy of its own for the form, which writes what was typed into it."""
    return Organisation.objects.get(pk=organisation.pk)


def _show(request: ActingRequest, form: ProfileForm, papers_form: PapersForm) -> HttpResponse:
    organisation = request.organisation
    context = {
        "form": form,
        # The page also stands at the address of the papers, when these were refused.
        "action": reverse("profile", args=[organisation.public_id]),
        "organisation": organisation,
        "takes_papers": organisation.kind == Organisation.Kind.VENDOR,
        "papers_form": papers_form,
        "papers": [
            {
                "file": paper,
                "remove": reverse("paper_remove", args=[organisation.public_id, paper.public_id])
                if papers.may_remove(paper, organisation)
                else "",
            }
            for paper in papers.of(organisation)
        ],
        "private": True,
    }
    status = 400 if form.errors or papers_form.errors else 200
    return render(request, "marketplace/profile.html", context, status=status)


@acting("vendor", roles=("owner",))
@require_POST
def papers_add(request: ActingRequest) -> HttpResponse:
    """Send one or several papers."""
    form = PapersForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            papers.add(request.organisation, form.cleaned_data["papers"], by=request.actor)
        except Invalid as problem:
            invalid(form, problem)
        else:
            messages.success(request, _("The papers are sent. Only your own people and depa can open them."))
            return redirect("profile", org=request.organisation.public_id)
    return _show(request, ProfileForm(instance=_fresh(request.organisation)), form)


@acting("vendor", roles=("owner",))
@require_POST
def paper_remove(request: ActingRequest, public_id: str) -> HttpResponse:
    """Take a paper back before depa has checked the vendor on it."""
    papers.remove(get_object_or_404(papers.of(request.organisation), public_id=public_id), by=request.actor)
    messages.success(request, _("The paper is removed."))
    return redirect("profile", org=request.organisation.public_id)
