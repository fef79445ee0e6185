"""What is indexed: the description of an index, its documents, and their form as JSON."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any


class SearchError(Exception):
    """The one exception of this room: engine away, index missing or broken, or a question it cannot take.

    `away`: the engine could not be reached or took too long; asking again at once would only wait again.
    """

    def __init__(self, message: str = "", *, away: bool = False) -> None:
        super().__init__(message)
        self.away = away


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"  # words, searched
    KEYWORD = "keyword"  # exact strings up to MAX_KEYWORD bytes: filtered, counted, sorted
    NUMBER = "number"  # finite; filtered by Range, sorted to two decimals
    DATE = "date"  # date or aware datetime; filtered by Range, sorted, to the second
    FLAG = "flag"  # true or false


Scalar = str | bool | int | float | Decimal | date | datetime
Value = Scalar | Sequence[Scalar] | None

MAX_KEYWORD = 256
#: Every index has this keyword of its documents, so that what is in it can be compared with what should be.
DIGEST = "digest"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SORTABLE = (Kind.KEYWORD, Kind.NUMBER, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an index. `boost` weighs TEXT in the score; `facet` (KEYWORD, FLAG) and `sort` allow it."""

    name: str
    kind: Kind
    boost: float = 1.0
    facet: bool = False
    sort: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or "__" in self.name or self.name in ("id", "source"):
            raise SearchError(f"{self.name!r} cannot be a field's name.")
        if self.facet and self.kind not in (Kind.KEYWORD, Kind.FLAG):
            raise SearchError(f"{self.name} is {self.kind}: only keywords and flags can be counted.")
        if self.sort and self.kind not in _SORTABLE:
            raise SearchError(
                f"{self.name} is {self.kind}: only keywords, numbers and dates can be sorted by."
            )


@dataclass(frozen=True, slots=True)
class IndexDescription:
    """The name of an index and the only fields that it knows; each gets one more, the document's DIGEST."""

    name: str
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise SearchError(f"{self.name!r} cannot be an index's name.")
        own = Field(DIGEST, Kind.KEYWORD)
        object.__setattr__(self, "fields", (*(one for one in self.fields if one != own), own))
        object.__setattr__(self, "by_name", {one.name: one for one in self.fields})
        if len(self.by_name) != len(self.fields):
            raise SearchError(f"Index {self.name} names a field twice.")

    def field(self, name: str, *kinds: Kind) -> Field:
        """The field of that name, or SearchError if there is none or it is of another kind."""
        found = self.by_name.get(name)
        if found is None:
            raise SearchError(f"Index {self.name} has no field {name!r}.")
        if kinds and found.kind not in kinds:
            raise SearchError(f"Field {name} is {found.kind}; this needs {' or '.join(kinds)}.")
        return found

    @property
    def texts(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.kind is Kind.TEXT)

    @property
    def fingerprint(self) -> str:
        """Changes when an index built before no longer fits. Boosts weigh the question and do not matter."""
        shape = [(one.name, one.kind.value, one.facet, one.sort) for one in self.fields]
        return hashlib.sha256(repr(shape).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed of one thing: its random public id and values by field name. No key or None: unknown.

    Only what everybody may read belongs in a document: the index is a second copy of the data.
    """

    id: str
    fields: Mapping[str, Value]

    def as_json(self) -> dict[str, Any]:
        """For an outbox payload: {"id": …, "fields": {name: [values]}}, decimals and dates as strings."""
        return {
            "id": self.id,
            "fields": {
                name: [_plain(one) for one in values_of(value)] for name, value in self.fields.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], description: IndexDescription) -> Document:
        """The document of `as_json`, or SearchError."""
        try:
            fields = {
                name: [_typed(one, description.field(name).kind) for one in values_of(value)]
                for name, value in data["fields"].items()
            }
            return cls(data["id"], fields).checked(description)
        except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
            raise SearchError(f"Not a document of {description.name}: {error!r}") from error

    def checked(self, description: IndexDescription) -> Document:
        """Itself with every value normalised to a list of its field's kind and its digest, or SearchError."""
        if not _ID.fullmatch(str(self.id)) or str(self.id) != self.id:
            raise SearchError(f"{self.id!r} cannot be a document's id.")
        fields: dict[str, Value] = {}
        for name, value in self.fields.items():
            if name == DIGEST:
                continue
            kind = description.field(name).kind
            fields[name] = [normal_value(one, kind, name) for one in values_of(value)]
        plain = {name: [_plain(one) for one in values_of(value)] for name, value in fields.items()}
        told = json.dumps([self.id, {name: each for name, each in plain.items() if each}], sort_keys=True)
        fields[DIGEST] = [hashlib.sha256(told.encode()).hexdigest()[:32]]
        return Document(self.id, fields)


def values_of(value: Value) -> list[Scalar]:
    """The values of a field as a list; None is no value."""
    if value is None:
        return []
    if isinstance(value, str | bool | int | float | Decimal | date):
        return [value]
    return list(value)


def normal_value(value: Any, kind: Kind, name: str) -> Scalar:
    """`value` as the one type of its kind (str, float, aware datetime, bool), or SearchError.

    A date becomes midnight UTC, the same in index and filter. Lone surrogates become question marks.
    """
    if kind in (Kind.TEXT, Kind.KEYWORD) and isinstance(value, str):
        clean = value.encode("utf-8", "replace").decode("utf-8")
        if kind is Kind.KEYWORD and len(clean.encode()) > MAX_KEYWORD:
            raise SearchError(f"A value of {name} is longer than {MAX_KEYWORD} bytes.")
        return clean
    if kind is Kind.FLAG and isinstance(value, bool):
        return value
    if kind is Kind.NUMBER and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        try:
            number = float(value)
        except (OverflowError, ValueError):
            number = math.inf
        if math.isfinite(number):
            return number
    if kind is Kind.DATE and isinstance(value, date):
        return _moment(value)
    raise SearchError(f"{value!r:.80} is no {kind} for {name}.")


def _moment(value: date) -> datetime:
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        return value.replace(tzinfo=UTC)


def _plain(value: Scalar) -> str | bool | int | float:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _typed(value: Any, kind: Kind) -> Scalar:
    if kind is Kind.NUMBER and isinstance(value, str):
        return Decimal(value)
    if kind is Kind.DATE and isinstance(value, str):
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value  # checked afterwards
