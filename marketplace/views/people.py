"""Pages of a person: where to start, the own profile, invitations, and how to come to act for a body."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace import affiliations, directory, files, organisations, people
from marketplace.access import signed_in
from marketplace.errors import Invalid
from marketplace.forms import AccountForm, BodyForm, LetterForm, VendorForm
from marketplace.models import City, Consent, Invitation, User
from marketplace.permissions import Actor


def invalid(form: BaseForm, problem: Invalid) -> None:
    """Put a verb's messages beside the fields they are about, or above the form."""
    errors = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
    for field, texts in errors.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)


@require_safe
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """To the only organisation that one acts for, else a choice, or how to get one."""
    memberships = request.user.active_memberships  # type: ignore[union-attr]
    if len(memberships) == 1:
        return redirect("work", org=memberships[0].organisation.public_id)
    asked = affiliations.sent_by(request.user)  # type: ignore[arg-type]
    return render(
        request, "marketplace/start.html", {"choices": memberships, "asked": asked, "private": True}
    )


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """The own name, phone and language, memberships, and the consents that were given."""
    user: User = request.user  # type: ignore[assignment]
    form = AccountForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        people.edit(user, by=Actor(user), **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("account")
    given = Consent.objects.filter(user=request.user).select_related("organisation")  # type: ignore[misc]
    asked = affiliations.sent_by(request.user)  # type: ignore[arg-type]
    context = {"form": form, "given": given, "asked": asked, "private": True}
    return render(request, "marketplace/account.html", context, status=400 if form.errors else 200)


@signed_in
def join_vendor(request: HttpRequest) -> HttpResponse:
    """A vendor's account with the person as its first owner."""
    form = VendorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            vendor = organisations.add_vendor(by=Actor(request.user), **form.cleaned_data)  # type: ignore[arg-type]
        except Invalid as problem:
            invalid(form, problem)
        else:
            messages.success(request, _("The account is ready. Now describe your first service."))
            return redirect("work", org=vendor.public_id)
    return render(
        request,
        "marketplace/join_vendor.html",
        {"form": form, "private": True},
        status=400 if form.errors else 200,
    )


@require_safe
@signed_in
def join_city(request: HttpRequest) -> HttpResponse:
    """Find the body that one works for."""
    query = request.GET.get("q", "").strip()[:80]
    found = directory.cities(text=query).order_by("sort_key") if query else City.objects.none()
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    return render(request, "marketplace/join_city.html", {"q": query, "page": page, "private": True})


@signed_in
def join_city_with_letter(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Prove by an official letter that one acts for a listed body, or describe one that is missing."""
    city = get_object_or_404(City, public_id=public_id) if public_id else None
    form = (LetterForm if city else BodyForm)(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        by = Actor(request.user)  # type: ignore[arg-type]
        details = dict(form.cleaned_data)
        try:
            scan = files.store(details.pop("letter_scan"), by=by, field="letter_scan")
            affiliations.ask(by=by, city=city, letter_scan=scan, **details)
        except Invalid as problem:
            invalid(form, problem)
        else:
            messages.success(request, _("depa will check the letter and write to you by e-mail."))
            return redirect("start")
    context = {"form": form, "city": city, "private": True}
    return render(request, "marketplace/join_letter.html", context, status=400 if form.errors else 200)


def invitation(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Read an invitation; accept it when signed in with the address it was sent to."""
    offer = organisations.open_invitation(secret)
    if offer is None:
        raise Http404
    if request.method == "POST":
        return _accept(request, offer)
    return render(request, "marketplace/invitation.html", {"offer": offer, "private": True})


@signed_in
def _accept(request: HttpRequest, offer: Invitation) -> HttpResponse:
    membership = organisations.accept_invitation(offer, by=Actor(request.user))  # type: ignore[arg-type]
    messages.success(request, _("You act for this organisation now."))
    return redirect("work", org=membership.organisation.public_id)
