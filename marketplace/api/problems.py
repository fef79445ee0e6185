"""Errors of the API as RFC 9457 problem details."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from marketplace.errors import Conflict, Gone, Invalid


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The problem that an exception means, or None for one that is a defect of ours."""
    if isinstance(exception, Conflict):
        changed = [{"field": label, "value": value} for label, value in exception.changed]
        return _problem(409, exception.message, changed=changed)
    if isinstance(exception, Gone):
        return _problem(410, exception.message)
    if isinstance(exception, Invalid):
        errors = exception.message_dict if hasattr(exception, "error_dict") else {"": exception.messages}
        return _problem(400, _("Some answers are missing or wrong."), errors=errors)
    if isinstance(exception, Http404):
        return _problem(404, _("There is nothing here that you can see."))
    if isinstance(exception, PermissionDenied):
        return _problem(403, str(exception) or _("Your role does not allow this."))
    if isinstance(exception, exceptions.ValidationError):
        detail = exception.detail
        errors = detail if isinstance(detail, dict) else {"": detail}
        return _problem(400, _("Some answers are missing or wrong."), errors=errors)
    response = exception_handler(exception, context)
    if response is None:
        return None
    detail = getattr(exception, "detail", "")
    return _problem(response.status_code, str(detail), headers=response.headers)


def _problem(status: int, title: str, *, headers: Any = None, **more: Any) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, **more}
    kept = {
        k: v for k, v in (headers or {}).items() if k.lower() in ("retry-after", "www-authenticate", "allow")
    }
    return Response(body, status=status, headers=kept, content_type="application/problem+json")
