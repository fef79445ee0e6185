"""Typed filters → the server's filter language. One function writes values, and names come from a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from search.documents import Field, IndexDescription, Kind, SearchError, normal_value
from search.engine import AllOf, Filter, OneOf, Range
from search.meilisearch_engine.values import ID, TERMS, WHOLES, keyword, seconds
from search.shadow import encode

#: Matches no document: every document has an id.
NOTHING = f"{ID} NOT EXISTS"
_MAX_KEYWORD = 256
_AN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def quoted(value: str) -> str:
    """The only way in which a value enters a filter: as a quoted string that cannot end early."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def restrictions(description: IndexDescription, asked: Iterable[Filter], without: str = "") -> list[str]:
    """One expression a filter, leaving out those on the field `without`. SearchError for no filter."""
    return [
        _expression(description, one)
        for one in asked
        if getattr(one, "field", None) != without or not without
    ]


def all_of(expressions: Sequence[str]) -> str:
    """Every one of them; "" if there are none."""
    return " AND ".join(f"({one})" for one in expressions if one)


def any_of(expressions: Sequence[str]) -> str:
    return " OR ".join(f"({one})" for one in expressions) or NOTHING


def at_least(number: int, expressions: Sequence[str]) -> str:
    """At least so many of them. Its length grows with that power of theirs: meant for up to three."""
    if number <= 1:
        return any_of(expressions)
    if number >= len(expressions):
        return all_of(expressions)
    each = [
        f"({expressions[first]}) AND ({at_least(number - 1, expressions[first + 1 :])})"
        for first in range(len(expressions) - number + 1)
    ]
    return any_of(each)


def says(words: Sequence[str]) -> str:
    """Documents that say every one of the words."""
    return all_of([f"{TERMS} = {quoted(encode(word))}" for word in dict.fromkeys(words)])


def says_any(words: Sequence[str]) -> str:
    """Documents that say at least one of the words."""
    return f"{TERMS} IN [{', '.join(quoted(encode(word)) for word in words)}]"


def has_whole(wholes: Sequence[str]) -> str:
    """Documents that have at least one of the wholes."""
    return f"{WHOLES} IN [{', '.join(quoted(encode(whole)) for whole in wholes)}]"


def is_id(value: str) -> bool:
    """Whether a document can have this id."""
    return _AN_ID.fullmatch(value) is not None


def ids(public_ids: Iterable[str]) -> str:
    """Documents of these ids; what cannot be an id is no document's."""
    known = [quoted(keyword(one)) for one in public_ids if is_id(one)]
    return f"{ID} IN [{', '.join(known)}]" if known else NOTHING


def _expression(description: IndexDescription, asked: Filter) -> str:
    if isinstance(asked, OneOf):
        if asked.field == "id":
            return ids(_strings(asked))
        field = description.field(asked.field, Kind.KEYWORD, Kind.FLAG)
        values = [_exactly(field, value) for value in asked.values]
        known = [value for value in values if value]
        return f"{field.name} IN [{', '.join(known)}]" if known else NOTHING
    if isinstance(asked, AllOf):
        field = description.field(asked.field, Kind.KEYWORD)
        values = [_exactly(field, value) for value in asked.values]
        return all_of([f"{field.name} = {value}" if value else NOTHING for value in values])
    if isinstance(asked, Range):
        return _range(description.field(asked.field, Kind.NUMBER, Kind.DATE), asked)
    raise SearchError(f"{type(asked).__name__} is no filter.")


def _strings(asked: OneOf) -> list[str]:
    for value in asked.values:
        if not isinstance(value, str):
            raise SearchError("An id is a string.")
    return [str(value) for value in asked.values]


def _exactly(field: Field, value: Any) -> str:
    """The value as the filter language has it; "" for one that no document can have."""
    if field.kind is Kind.KEYWORD and isinstance(value, str):
        if len(value) > _MAX_KEYWORD:
            return ""  # an odd address in a link, not an error
        clean = value.encode("utf-8", "replace").decode()
        return quoted(keyword(clean)) if len(clean.encode()) <= _MAX_KEYWORD else ""
    return "true" if normal_value(value, field.kind, field.name) else "false"


def _range(field: Field, asked: Range) -> str:
    lower, upper = _bound(field, asked.minimum), _bound(field, asked.maximum)
    if lower is not None and upper is not None:
        # One value has to be inside; two comparisons could be met by two values.
        inside = f"{field.name} {lower} TO {upper}" if Decimal(lower) <= Decimal(upper) else NOTHING
    elif lower is not None:
        inside = f"{field.name} >= {lower}"
    elif upper is not None:
        inside = f"{field.name} <= {upper}"
    else:
        inside = f"{field.name} EXISTS"
    return any_of([inside, f"{field.name} NOT EXISTS"]) if asked.unknown else inside


def _bound(field: Field, value: Any) -> str | None:
    """The number in plain digits: the filter language has no exponents."""
    if value is None:
        return None
    normal: Any = normal_value(value, field.kind, field.name)
    return f"{Decimal(repr(normal)):f}" if field.kind is Kind.NUMBER else str(seconds(normal))
