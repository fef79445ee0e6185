"""Who an introduction waits for in each state, and within how many working days the answer is due."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.introductions.life import BROKER, CITY, VENDOR


@dataclass(frozen=True, slots=True)
class Pace:
    """``limit`` in working days; ``party`` is whose turn it is, "" where both sides act."""

    party: str
    limit: int
    what: Promise


# Agreed times of answering; they warn, nothing ends by them.
PACES = {
    "suggested": Pace(CITY, 5, _("answer the suggestion")),
    "requested": Pace(BROKER, 3, _("check and forward")),
    "forwarded": Pace(VENDOR, 5, _("accept or decline")),
    "accepted": Pace("", 1, _("be introduced")),
    "introduced": Pace("", 10, _("meet and say what came of it")),
}
PARTIES = {
    BROKER: _("Waits for depa"),
    VENDOR: _("Waits for the vendor"),
    CITY: _("Waits for the city"),
    "": _("Waits for both sides"),
}
