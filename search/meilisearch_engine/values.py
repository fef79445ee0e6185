"""What a value of ours is in the server: keywords, moments, orders, words.

The server compares strings loosely (case and Thai vowel signs and tone marks are nothing to it), so none of
ours reaches it as it is written.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from search.analysis import tokens, wholes
from search.documents import Document, Field, IndexDescription, Kind, values_of
from search.shadow import encode, encode_all
from search.ties import lots

#: The document's id as a keyword; the field of every word that a document says.
ID, TERMS = "by__id", "terms"
#: What is said in several words or a long one: a mistyped run is held against these.
WHOLES = "wholes"
CODE_LENGTH = 5
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,199}")
_MARK = "="
_SORT_BYTES = 200
# Compounds are kept of what weighs at least this much; of the rest, single words.
_HEAVY = 2.0
_SORT_LIMIT = 8_000_000_000_000


def shadow_of(field: str) -> str:
    """Searched: the tokens of a text field in Ethiopic letters."""
    return f"w__{field}"


def codes_of(field: str) -> str:
    """Read for ranking: the same tokens as short codes, " abcde fghij"."""
    return f"r__{field}"


def text_of(field: str) -> str:
    """The text as it was written, for highlights."""
    return f"x__{field}"


def order_of(field: str) -> str:
    """What the server sorts by."""
    return f"s__{field}"


def lot_of(week: int) -> str:
    """The lots of a week: with no other order, the smaller one comes first."""
    return f"lot__{week}"


def keyword(value: str) -> str:
    """A keyword as one that the server compares exactly."""
    if _PLAIN.fullmatch(value):
        return value
    return _MARK + base64.b32encode(value.encode()).decode().rstrip("=").lower()


def from_keyword(stored: str) -> str:
    """The keyword that `keyword` made this of."""
    if not stored.startswith(_MARK):
        return stored
    letters = stored.removeprefix(_MARK).upper()
    return base64.b32decode(letters + "=" * (-len(letters) % 8)).decode()


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


@lru_cache(maxsize=65_536)
def code(token: str) -> str:
    """30 bits of a token, with a space before it: found in a text of codes by a plain search."""
    digest = hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=4).digest()
    return " " + base64.urlsafe_b64encode(digest).decode()[:CODE_LENGTH]


def built(document: Document, description: IndexDescription) -> dict[str, Any]:
    """The server's document of a checked document. A field without a value is left out."""
    made: dict[str, Any] = {"id": document.id, ID: keyword(document.id)}
    made |= {lot_of(week): lot for week, lot in enumerate(lots(document.id))}
    terms: dict[str, None] = {}
    whole: set[str] = set()
    for field in description.fields:
        values = values_of(document.fields.get(field.name))
        if field.kind is Kind.TEXT:
            text = "\n".join(map(str, values))
            said = tokens(text)
            terms |= dict.fromkeys(said)
            whole |= wholes(text, compounds=field.boost >= _HEAVY)
            made[text_of(field.name)] = text
            made[shadow_of(field.name)] = encode_all(said)
            made[codes_of(field.name)] = "".join([code(one) for one in said])
        elif values:
            made[field.name] = [_stored(field, value) for value in values]
            if field.sort:
                made[order_of(field.name)] = _order(field, values[0])
    made[TERMS] = [encode(one) for one in terms]
    made[WHOLES] = sorted(encode(one) for one in whole)
    return made


def _stored(field: Field, value: Any) -> Any:
    if field.kind is Kind.KEYWORD:
        return keyword(value)
    return seconds(value) if field.kind is Kind.DATE else value


def _order(field: Field, value: Any) -> str | int:
    if field.kind is Kind.KEYWORD:
        return str(value).encode()[:_SORT_BYTES].hex()
    whole = seconds(value) if field.kind is Kind.DATE else round(value * 100)
    return max(-_SORT_LIMIT, min(_SORT_LIMIT, whole))


def sort_rules(week: int, by: str = "", *, descending: bool = False) -> Sequence[str]:
    """The server's `sort`: the field asked for (no value comes last either way), then the week's lots."""
    first = [f"{order_of(by)}:{'desc' if descending else 'asc'}"] if by else []
    return [*first, f"{lot_of(week)}:asc"]
