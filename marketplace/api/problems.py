"""Errors of the API as RFC 9457 problem details: one shape for everything that goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from marketplace.errors import Conflict, Gone, Invalid

CONTENT_TYPE = "application/problem+json"
# The key of messages that belong to no field in particular.
WHOLE = "non_field_errors"
LONGEST_MESSAGE = 300
MOST_FIELDS = 50

TITLES = {
    400: gettext_lazy("Wrong request"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("Only JSON is served here"),
    409: gettext_lazy("Changed meanwhile"),
    410: gettext_lazy("Withdrawn"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Only JSON is accepted here"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something failed on our side"),
}


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457). `errors`: field → messages. `changed`: what another person changed meanwhile."""

    type = serializers.CharField(help_text="Always about:blank: the status says what kind it is.")
    title = serializers.CharField(help_text="What kind of error, in the language of Accept-Language.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What to do about this one, in the same language.")
    errors = serializers.DictField(  # type: ignore[assignment]  # RFC 9457 names it as DRF names its own
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Path of the field, such as prices.0.amount, with its messages.",
    )
    changed = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()),
        required=False,
        help_text="Pairs of field and present value.",
    )


def body(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem. Surrogates and endless texts of the request never get into it."""
    return {
        "type": "about:blank",
        "title": str(TITLES.get(status, detail)),
        "status": status,
        "detail": _plain(detail),
        **more,
    }


def response(status: int, detail: str) -> HttpResponse:
    """A problem answered outside of the API's own views: by a middleware or the resolver. The same bytes."""
    return HttpResponse(JSONRenderer().render(body(status, detail)), status=status, content_type=CONTENT_TYPE)


def not_found() -> str:
    """The same words for what does not exist and for what may not be seen."""
    return _("There is nothing here that you can see.")


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The problem that an exception means, or None for one that is a defect of ours."""
    if isinstance(exception, Conflict):
        changed = [{"field": _plain(label), "value": _plain(value)} for label, value in exception.changed]
        return _problem(409, exception.message, changed=changed)
    if isinstance(exception, Gone):
        return _problem(410, exception.message)
    if isinstance(exception, Invalid):
        return _invalid(exception.message_dict if hasattr(exception, "error_dict") else exception.messages)
    if isinstance(exception, exceptions.ValidationError):
        return _invalid(exception.detail)
    # A page beyond the last is told in the same words.
    if isinstance(exception, Http404 | exceptions.NotFound):
        return _problem(404, not_found())
    if isinstance(exception, PermissionDenied):
        return _problem(403, str(exception) or _("Your role does not allow this."))
    answered = exception_handler(exception, context)
    if answered is None:
        return None
    kept = {
        k: v for k, v in answered.headers.items() if k.lower() in ("retry-after", "www-authenticate", "allow")
    }
    return _problem(answered.status_code, str(getattr(exception, "detail", "")), headers=kept)


def _invalid(errors: Any) -> Response:
    by_field: dict[str, list[str]] = {}
    for path, message in _flat(errors):
        if path in by_field or len(by_field) < MOST_FIELDS:
            by_field.setdefault(path, []).append(message)
    return _problem(400, _("Some answers are missing or wrong."), errors=by_field)


def _flat(errors: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Nested errors as pairs of a path, such as ``prices.0.amount``, and one message."""
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            own = "" if key == WHOLE else _plain(key)
            yield from _flat(inner, ".".join(part for part in (path, own) if part))
    elif isinstance(errors, list):
        for number, inner in enumerate(errors):
            nested = isinstance(inner, Mapping | list)
            yield from _flat(inner, f"{path}.{number}" if nested and path else path)
    else:
        yield path or WHOLE, _plain(errors)


def _plain(text: Any) -> str:
    return str(text).encode("utf-8", "replace").decode()[:LONGEST_MESSAGE]


def _problem(status: int, detail: str, *, headers: Any = None, **more: Any) -> Response:
    return Response(body(status, detail, **more), status=status, headers=headers, content_type=CONTENT_TYPE)
