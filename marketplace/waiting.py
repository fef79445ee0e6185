"""What waits for somebody: one line of a start page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """``count`` things wait, the oldest ``since`` a time; ``url`` leads to them."""

    label: str
    count: int
    since: datetime | None
    url: str
