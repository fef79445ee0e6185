"""The tables of people, organisations, cities and records."""

from marketplace.models.base import PublicModel, database_now, new_public_id
from marketplace.models.organisations import (
    ROLES_OF_KIND,
    AffiliationRequest,
    Invitation,
    Membership,
    Organisation,
    Role,
)
from marketplace.models.places import (
    Announcement,
    AnnouncementCount,
    City,
    CityKind,
    Designation,
    Province,
    Region,
)
from marketplace.models.records import Consent, Event, EventHead, Outbox, StoredFile
from marketplace.models.users import User

__all__ = [
    "ROLES_OF_KIND",
    "AffiliationRequest",
    "Announcement",
    "AnnouncementCount",
    "City",
    "CityKind",
    "Consent",
    "Designation",
    "Event",
    "EventHead",
    "Invitation",
    "Membership",
    "Organisation",
    "Outbox",
    "Province",
    "PublicModel",
    "Region",
    "Role",
    "StoredFile",
    "User",
    "database_now",
    "new_public_id",
]
