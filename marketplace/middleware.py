"""Answers that hold on every page: staff need a second factor, and refused verbs become pages."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from marketplace.api import problems
from marketplace.errors import Conflict, Gone, Invalid

GetResponse = Callable[[HttpRequest], HttpResponse]

# Where staff without a second factor may still go: to set it up, to sign out, to change the language.
WITHOUT_SECOND_FACTOR = ("mfa_", "account_", "set_language")


class WithoutNul:
    """PostgreSQL keeps no NUL: an address with one names nothing, a question is asked without it.

    The API refuses it by itself, and says where it stands.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            if "\x00" in request.path_info:
                raise Http404
            if "%00" in request.META.get("QUERY_STRING", ""):
                asked = request.GET.copy()
                for key, values in list(asked.lists()):
                    asked.setlist(key, [value.replace("\x00", "") for value in values])
                request.GET = asked  # type: ignore[assignment]
        return self.get_response(request)


class StaffSecondFactor:
    """depa staff see nothing but the set-up of their second factor until they have one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.is_depa and not is_mfa_enabled(user):
            name = resolve(request.path_info).url_name or "" if _resolves(request) else ""
            if not name.startswith(WITHOUT_SECOND_FACTOR):
                if request.path_info.startswith("/api/"):
                    return problems.response(403, _("depa staff need a second factor to sign in."))
                return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)


def _resolves(request: HttpRequest) -> bool:
    try:
        resolve(request.path_info)
    except Resolver404:
        return False
    return True


class AnswerErrors:
    """What a verb raised, as a page in the reader's language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Conflict):
            context = {"message": exception.message, "changed": exception.changed}
            return render(request, "errors/409.html", context, status=409)
        if isinstance(exception, Gone):
            return render(request, "errors/410.html", {"message": exception.message}, status=410)
        if isinstance(exception, Invalid):
            return render(request, "errors/400.html", {"messages_": exception.messages}, status=400)
        return None
