"""The people who act for an organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace import organisations
from marketplace.access import ActingRequest, acting
from marketplace.errors import Invalid
from marketplace.forms import InvitationForm
from marketplace.models import ROLES_OF_KIND, Invitation, Membership, Organisation, Role
from marketplace.permissions import Actor
from marketplace.views.people import invalid


def manages(actor: Actor) -> bool:
    """Whether the actor may invite people and end memberships of the own organisation."""
    return actor.role in (Role.OWNER, Role.OFFICIAL, Role.ADMINISTRATOR)


@acting()
def team(request: ActingRequest) -> HttpResponse:
    """Who acts for us, who is invited, and how to hand over."""
    actor = request.actor
    organisation = actor.organisation
    assert organisation is not None
    roles = [(r.value, str(r.label)) for r in ROLES_OF_KIND[Organisation.Kind(organisation.kind)]]
    form = InvitationForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        replaces = _own_membership(organisation, request.POST.get("replaces", ""))
        try:
            organisations.invite(by=actor, organisation=organisation, replaces=replaces, **form.cleaned_data)
        except Invalid as problem:
            invalid(form, problem)
        else:
            messages.success(request, _("The invitation is on its way by e-mail."))
            return redirect("team", org=organisation.public_id)
    context = {
        "form": form,
        "members": organisation.memberships.filter(ended_at__isnull=True).select_related("user"),
        "invitations": Invitation.objects.filter(
            organisation=organisation, accepted_at__isnull=True, cancelled_at__isnull=True
        ),
        "manages": manages(actor),
        "private": True,
    }
    return render(request, "marketplace/team.html", context, status=400 if form.errors else 200)


def _own_membership(organisation: Organisation, public_id: str) -> Membership | None:
    if not public_id:
        return None
    return get_object_or_404(
        Membership, organisation=organisation, public_id=public_id, ended_at__isnull=True
    )


@acting()
@require_POST
def end_membership(request: ActingRequest, public_id: str) -> HttpResponse:
    """End a membership of the own organisation."""
    actor = request.actor
    membership = get_object_or_404(Membership, organisation=request.organisation, public_id=public_id)
    organisations.end_membership(membership, by=actor)
    messages.success(request, _("The membership has ended."))
    if membership.user_id == actor.user.pk:
        return redirect("start")
    return redirect("team", org=request.organisation.public_id)
