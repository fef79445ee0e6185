"""Canonical JSON of frozen dataclasses: equal values give equal bytes, and the bytes give the value back.

Floats are refused: a stored figure must be recomputable to the digit on any machine.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dumps(value: object) -> str:
    """Canonical JSON: keys sorted, sets sorted, no spaces, Decimal, Fraction and date as strings.

    Raises TypeError for anything that has no exact form (a float, an unknown class).
    """
    return json.dumps(_plain(value, {}), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def loads(cls: type[T], text: str) -> T:
    """The value of dataclass `cls` that `dumps` wrote. Raises ValueError when the text does not fit."""
    return built(cls, json.loads(text))


def built(cls: type[T], data: object) -> T:
    """The value of dataclass `cls` from parsed JSON. Raises ValueError when the data does not fit."""
    kind: Any = cls
    try:
        return _decoder(kind)(data)
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"not a {cls.__name__}: {error!r}") from error


def _plain(value: object, seen: dict[int, object]) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, tuple | list):
        return [_plain(item, seen) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(_plain(item, seen) for item in value)  # type: ignore[type-var]
    if isinstance(value, Decimal | Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item, seen) for key, item in value.items()}
    if is_dataclass(value):
        # Reasons are shared between thousands of services: each is turned once.
        known = seen.get(id(value))
        if known is None:
            cls: Any = type(value)
            known = {name: _plain(getattr(value, name), seen) for name in _names(cls)}
            seen[id(value)] = known
        return known
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(args)
    if origin is tuple:
        item = _decoder(args[0])
        return lambda data: tuple(item(part) for part in data)
    if origin is frozenset:
        return frozenset
    if origin is dict:
        item = _decoder(args[1])
        return lambda data: {key: item(part) for key, part in data.items()}
    if kind is date:
        return date.fromisoformat
    if kind in (Decimal, Fraction):
        return kind
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    return lambda data: data


def _optional(args: tuple[Any, ...]) -> Callable[[Any], Any]:
    inner = [arg for arg in args if arg is not type(None)]
    if len(inner) == 1:
        decode = _decoder(inner[0])
        return lambda data: None if data is None else decode(data)
    # A parameter of a fact: text, number, yes or no, or a list of texts.
    return lambda data: tuple(data) if isinstance(data, list) else data


def _dataclass_decoder(cls: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(cls)
    parts = [(name, _decoder(hints[name])) for name in _names(cls)]
    return lambda data: cls(**{name: decode(data[name]) for name, decode in parts})
