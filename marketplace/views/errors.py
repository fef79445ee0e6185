"""Pages for what went wrong."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from marketplace.access import typed_fields
from marketplace.api import problems


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open too long: what was typed can be sent again, if it came from our own page."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    ours = urlsplit(origin).netloc == request.get_host()
    fields = typed_fields(request) if ours else []
    return render(request, "errors/resend.html", {"fields": fields, "signed_out": False}, status=403)


def _of_the_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _of_the_api(request):
        return problems.response(400, _("The request can't be understood."))
    return render(request, "errors/400.html", {"messages_": []}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", {"message": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what does not exist and for what may not be seen."""
    if _of_the_api(request):
        return problems.response(404, problems.not_found())
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if _of_the_api(request):
        return problems.response(500, _("It is written down. Try again later."))
    return render(request, "errors/500.html", status=500)
