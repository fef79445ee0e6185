"""The lifecycle of a service: which move leads where, and who may make it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from catalogue.models import Service
from marketplace.lifecycle import Lifecycle, Move
from marketplace.permissions import Actor

VENDOR, REVIEWER = "vendor", "reviewer"


def parties(service: Service, by: Actor) -> frozenset[str]:
    mine = set()
    if by.acts_for(service.vendor_id) and by.role in ("owner", "member"):
        mine.add(VENDOR)
    if by.is_depa("reviewer"):
        mine.add(REVIEWER)
    return frozenset(mine)


LIFE = Lifecycle(
    (
        Move(
            "submit",
            gettext_lazy("Submit for review"),
            ("draft", "changes_requested"),
            "submitted",
            # The system submits what an import brings; see moves.submit.
            (VENDOR, "system"),
        ),
        Move("take_back", gettext_lazy("Take back"), ("submitted",), "draft", (VENDOR,)),
        Move("publish", gettext_lazy("Publish"), ("submitted",), "published", (REVIEWER, "system")),
        Move(
            "request_changes",
            gettext_lazy("Ask for changes"),
            ("submitted",),
            "changes_requested",
            (REVIEWER,),
            True,
        ),
        Move("refuse", gettext_lazy("Refuse"), ("submitted",), "refused", (REVIEWER,), True),
        Move(
            "submit_revision",
            gettext_lazy("Submit the new version"),
            ("published",),
            "published",
            # As with submit: a later import brings a newer version of what nobody has claimed.
            (VENDOR, "system"),
        ),
        Move(
            "approve_revision",
            gettext_lazy("Publish the new version"),
            ("published",),
            "published",
            (REVIEWER, "system"),
        ),
        Move(
            "return_revision",
            gettext_lazy("Return the new version"),
            ("published",),
            "published",
            (REVIEWER,),
            True,
        ),
        Move("suspend", gettext_lazy("Suspend"), ("published",), "suspended", (REVIEWER,), True),
        Move("restore", gettext_lazy("Restore"), ("suspended",), "published", (REVIEWER,)),
        Move(
            "withdraw",
            gettext_lazy("Withdraw"),
            ("published", "suspended"),
            "withdrawn",
            (VENDOR, REVIEWER),
            True,
        ),
    ),
    parties,
)
# A revision move is offered only while there is a newer version, or one that waits.
REVISION_MOVES = {"submit_revision", "approve_revision", "return_revision"}


def moves_open_to(service: Service, by: Actor) -> list[Move]:
    """The moves that the actor can make now, revision moves only where they make sense."""
    waiting = service.revision_id is not None
    newer = service.head_id not in (service.current_id, service.revision_id)
    sense = {"submit_revision": newer, "approve_revision": waiting, "return_revision": waiting}
    return [m for m in LIFE.open_to(service, by) if sense.get(m.name, True)]
