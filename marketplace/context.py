"""What every page shows: for whom one acts, and the ways to change it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from marketplace.models import User


def site(request: HttpRequest) -> dict[str, Any]:
    """``actor`` on work pages, ``memberships`` of the person, ``demo``, and the address for preview cards."""
    user = getattr(request, "user", None)
    memberships = user.active_memberships if isinstance(user, User) else []
    return {
        "actor": getattr(request, "actor", None),
        "memberships": memberships,
        "demo": settings.DEMO,
        "site_url": settings.SITE_URL,
    }
