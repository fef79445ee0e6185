"""Verbs of people."""

from __future__ import annotations

from django.db import transaction

from marketplace import events
from marketplace.models import User
from marketplace.permissions import Actor, require


def edit(user: User, *, by: Actor, name: str, phone: str, language: str) -> User:
    """Change the own name, phone and language. The event says which, never what: the log is not forgotten."""
    require(by.user.pk == user.pk)
    given = {"name": name, "phone": phone, "language": language}
    with transaction.atomic():
        fresh = User.objects.select_for_update().get(pk=user.pk)
        changed = sorted(field for field, value in given.items() if getattr(fresh, field) != value)
        if changed:
            for field in changed:
                setattr(fresh, field, given[field])
            fresh.save(update_fields=changed)
            events.record(fresh, "edit_account", by=by, data={"fields": changed})
    return fresh
