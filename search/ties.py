"""The order of equals: drawn by lot from the id and a secret, a new lot each week, the same in every engine.

Nobody gains by a name, an age or an id of their choice, and nobody comes last for ever.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

#: An index holds this many lots for each document; after as many weeks they come round again.
LOTS = 4
#: Lots are whole numbers below 2 ** LOT_BITS.
LOT_BITS = 32

_BANGKOK = ZoneInfo("Asia/Bangkok")


def lots(public_id: str) -> tuple[int, ...]:
    """The lots of a document, one for each week of the round."""
    key = settings.SECRET_KEY.encode()[:64]
    digest = hashlib.blake2b(
        public_id.encode(), key=key, digest_size=4 * LOTS, person=b"search ties"
    ).digest()
    return tuple(int.from_bytes(digest[4 * week : 4 * week + 4]) for week in range(LOTS))


def this_week(now: datetime | None = None) -> int:
    """Which lot counts now: it changes with the ISO week of Bangkok, on Monday at midnight."""
    day = (now or timezone.now()).astimezone(_BANGKOK).date()
    return (day.toordinal() - 1) // 7 % LOTS
