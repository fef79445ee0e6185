"""What a person typed into a search box → the words asked for, and those that have to stand in sequence."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Characters of a query that are looked at.
MAX_QUERY = 400
_MAX_PHRASES = 4
_QUOTED = re.compile('"([^"“”]*)"|“([^"“”]*)”')
_QUOTES = re.compile('["“”]')


class Asked(NamedTuple):
    """`text` without its quotes, phrases included; `phrases` as they were written."""

    text: str
    phrases: tuple[str, ...]


def asked(text: str) -> Asked:
    """The first MAX_QUERY characters of a query. A quote without its other half is no more than a space."""
    text = text[:MAX_QUERY]
    phrases = [match.group(1) or match.group(2) or "" for match in _QUOTED.finditer(text)]
    return Asked(_QUOTES.sub(" ", text), tuple(one for one in phrases if one.strip())[:_MAX_PHRASES])
