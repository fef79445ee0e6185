"""Pages of depa's staff: letters of officials, effects that failed, invitations of cities."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace import affiliations, events, files, organisations, outbox
from marketplace.access import ActingRequest, acting, signed_in
from marketplace.errors import Invalid
from marketplace.forms import InvitationForm, ReasonForm
from marketplace.models import AffiliationRequest, City, Organisation, Outbox, Role, StoredFile
from marketplace.views.people import invalid


@require_safe
@acting("depa", roles=("broker", "reviewer"))
def affiliation_list(request: ActingRequest) -> HttpResponse:
    """Requests to act for a local government, waiting ones first, oldest first."""
    rows = (
        AffiliationRequest.objects.visible_to(request.user)
        .select_related("user", "city__province", "letter_scan")
        .order_by("-state", "state_since")
    )
    waiting = rows.filter(state="requested").order_by("state_since")
    decided = Paginator(rows.exclude(state="requested").order_by("-state_since"), 20)
    context = {"waiting": waiting, "page": decided.get_page(request.GET.get("page")), "private": True}
    return render(request, "marketplace/affiliation_list.html", context)


@acting("depa", roles=("broker", "reviewer"))
def affiliation(request: ActingRequest, public_id: str) -> HttpResponse:
    """One request with its letter; approve or refuse it."""
    row = get_object_or_404(
        AffiliationRequest.objects.visible_to(request.user).select_related(
            "user", "city__province", "letter_scan"
        ),
        public_id=public_id,
    )
    form = ReasonForm(request.POST or None)
    form.fields["note"].required = request.POST.get("move") == "refuse"
    if request.method == "POST" and form.is_valid():
        actor, note = request.actor, form.cleaned_data["note"]
        if request.POST.get("move") == "refuse":
            affiliations.refuse(row, by=actor, note=note)
        else:
            affiliations.approve(row, by=actor, note=note)
        messages.success(request, _("Decided. The person is told by e-mail."))
        return redirect("affiliation_list", org=request.organisation.public_id)
    context = {"row": row, "form": form, "events": events.of(row), "private": True}
    return render(request, "marketplace/affiliation.html", context, status=400 if form.errors else 200)


@require_safe
@signed_in
def stored_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """A private file, as a download that no browser runs."""
    row = get_object_or_404(StoredFile.objects.visible_to(request.user), public_id=public_id)
    response = FileResponse(
        files.open_stored(row), as_attachment=True, filename=row.original_name, content_type=row.content_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@acting("depa", roles=("administrator",))
def effects(request: ActingRequest) -> HttpResponse:
    """Effects that were given up or wait long, and whether the log of events is whole."""
    dead = Outbox.objects.filter(state="dead").order_by("created_at")
    pending = Outbox.objects.filter(state="pending")
    context = {
        "page": Paginator(dead, 20).get_page(request.GET.get("page")),
        "pending": pending.count(),
        "oldest": pending.order_by("created_at").first(),
        "broken": list(events.broken_links())[:10] if "verify" in request.GET else None,
        "private": True,
    }
    return render(request, "marketplace/effects.html", context)


@acting("depa", roles=("administrator",))
@require_POST
def retry_effect(request: ActingRequest, public_id: str) -> HttpResponse:
    """Try a given-up effect again."""
    outbox.retry(get_object_or_404(Outbox, public_id=public_id, state="dead"))
    messages.success(request, _("It will be tried again now."))
    return redirect("effects", org=request.organisation.public_id)


@acting("depa", roles=("broker",))
def invite_city(request: ActingRequest, public_id: str) -> HttpResponse:
    """Invite an official of a city by e-mail, instead of a letter."""
    city = get_object_or_404(City.objects.select_related("organisation"), public_id=public_id)
    form = InvitationForm(request.POST or None, roles=[(Role.OFFICIAL.value, str(Role.OFFICIAL.label))])
    if request.method == "POST" and form.is_valid():
        target: Organisation | None = city.organisation
        try:
            organisations.invite(
                form.cleaned_data["email"],
                by=request.actor,
                role=form.cleaned_data["role"],
                organisation=target,
                city=city,
            )
        except Invalid as problem:
            invalid(form, problem)
        else:
            messages.success(request, _("The invitation is on its way by e-mail."))
            return redirect("city", public_id=city.public_id)
    context = {"form": form, "city": city, "private": True}
    return render(request, "marketplace/invite_city.html", context, status=400 if form.errors else 200)
