"""Who may open a work page: the organisation stands in the URL, the membership is looked up afresh."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from marketplace.models import Organisation, User
from marketplace.permissions import Actor, require

View = Callable[..., HttpResponseBase]


class HtmxRequest(HttpRequest):
    """A request as django-htmx passes it on: whether it asks for a part of a page only."""

    htmx: HtmxDetails


class ActingRequest(HtmxRequest):
    """A request that ``acting`` let through: who acts, and the organisation in the URL for which they do."""

    actor: Actor
    organisation: Organisation


def actor_for(user: Any, organisation_id: str) -> Actor | None:
    """The person acting for the organisation with this public id, or None where they don't."""
    if not isinstance(user, User):
        return None
    for membership in user.active_memberships:
        if membership.organisation.public_id == organisation_id:
            return Actor(user, membership)
    return None


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; what was typed before the session ended is kept and can be sent again."""
    if request.method == "POST":
        return render(
            request, "errors/resend.html", {"fields": typed_fields(request), "signed_out": True}, status=403
        )
    return redirect_to_login(request.get_full_path())


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form carried, without its token and without passwords."""
    hidden = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code")
    return [(key, value) for key, values in request.POST.lists() if key not in hidden for value in values]


def signed_in(view: View) -> View:
    """The page is for people with an account, whatever they act for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(request, *args, **kwargs)

    return guarded


def acting(*kinds: str, roles: tuple[str, ...] = ()) -> Callable[[View], View]:
    """The page is for people of the organisation in the URL, which must be of one of ``kinds``.

    Strangers get the 404 of an unknown organisation; a member in another role than ``roles`` gets 403.
    An administrator of depa has every depa role. The view takes an ``ActingRequest``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, org: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            actor = actor_for(request.user, org)
            if (
                actor is None
                or actor.organisation is None
                or (kinds and actor.organisation.kind not in kinds)
            ):
                raise Http404
            require(not roles or actor.role in roles or actor.role == "administrator")
            # Django makes the request; from here on it is one that carries its actor.
            acting_request = cast(ActingRequest, request)
            acting_request.actor, acting_request.organisation = actor, actor.organisation
            return view(acting_request, *args, **kwargs)

        return guarded

    return decorate
