"""Who acts: a person in one membership, or the system."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.errors import NotAllowed
from marketplace.models import Membership, Organisation, User


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for an organisation in a role. Every verb takes one as ``by=``; None is the system.

    A client bound to an organisation will be a second way to fill this; verbs read only these fields.
    """

    user: User
    membership: Membership | None = None

    @property
    def organisation(self) -> Organisation | None:
        return self.membership.organisation if self.membership else None

    @property
    def role(self) -> str:
        return self.membership.role if self.membership else ""

    def is_depa(self, *roles: str) -> bool:
        """Whether the actor acts for depa in one of ``roles``; an administrator holds them all."""
        organisation = self.organisation
        if organisation is None or organisation.kind != Organisation.Kind.DEPA:
            return False
        return not roles or self.role in roles or self.role == "administrator"

    def acts_for(self, organisation_id: int | None) -> bool:
        """Whether the actor acts for the organisation with this primary key."""
        return self.membership is not None and self.membership.organisation_id == organisation_id


def require(allowed: bool, message: str = "") -> None:
    """Refuse unless ``allowed``.

    Raises:
        NotAllowed: with a message in the user's language.
    """
    if not allowed:
        raise NotAllowed(message or _("Your role does not allow this."))
