"""Reading a request's JSON within limits: nothing that a client sends may cost us more than a message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.parsers import BaseParser

MAX_BYTES = 1024 * 1024


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = gettext_lazy("The request is larger than one megabyte.")
    default_code = "too_large"


class BoundedJSON(BaseParser):
    """UTF-8 JSON of at most one megabyte, without NaN, lone surrogates or bottomless nesting."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise TooLarge
        try:
            data = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
            # Fails on lone surrogates, which neither the database nor an answer could hold.
            json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
        except UnicodeError:
            raise exceptions.ParseError(_("The text is not valid Unicode.")) from None
        except json.JSONDecodeError as error:
            raise exceptions.ParseError(
                _("This is not valid JSON: look at line %(line)s, column %(column)s.")
                % {"line": error.lineno, "column": error.colno}
            ) from None
        except (ValueError, RecursionError):
            raise exceptions.ParseError(
                _("This is not valid JSON: a number or the nesting is too large.")
            ) from None
        return data


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
