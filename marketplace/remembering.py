"""Components that depend on nothing but their parameters are rendered once for the same parameters.

The key of what is remembered is everything that it is made from: the template, the language and all values.
So there is nothing to invalidate, and nothing of one reader can reach another: no request, user or context
of the page gets in, and what is no plain value is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# About two kilobytes each, so some megabytes in each process.
MOST = 4096


@dataclass(frozen=True, slots=True)
class Call:
    """What is rendered, compared by ``key``; ``values`` are what the key was made from."""

    template: str
    language: str | None
    key: Any
    values: Mapping[str, Any] = field(compare=False, repr=False)


def rendered(template: str, values: Mapping[str, Any]) -> SafeString:
    """The template with these values and nothing else in its context.

    Raises:
        TypeError: a value is not plain: text, number, date, list, mapping or dataclass of such.
    """
    call = Call(template, get_language(), frozen(values), values)
    # While developing, a template changes under a running process.
    return _render(call) if settings.DEBUG else _remembered(call)


def frozen(value: Any) -> Any:
    """A hashable likeness, equal only where both would be rendered alike.

    Equal values of different types are kept apart: text from safe HTML, 1 from True, 1.0 from 1.00.
    """
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind in (bool, int, SafeString):
        return kind, value
    # Most values are text, which needs no call.
    if kind is dict:
        return kind, *[(name, one if type(one) is str else frozen(one)) for name, one in value.items()]
    if isinstance(value, list | tuple):
        return kind, *[one if type(one) is str else frozen(one) for one in value]
    if isinstance(value, Promise):
        return frozen(str(value))
    if kind in (float, Decimal, date, datetime):
        return kind, str(value)
    if is_dataclass(value):
        return kind, *[frozen(getattr(value, one.name)) for one in fields(value)]
    raise TypeError(f"{kind.__name__} is no plain value: {value!r}")


def _render(call: Call) -> SafeString:
    return Engine.get_default().get_template(call.template).render(Context(dict(call.values)))


_remembered = lru_cache(maxsize=MOST)(_render)
forget = _remembered.cache_clear
