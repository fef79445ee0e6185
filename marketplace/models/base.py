"""What every public row has: a random id and the database's time of creation."""

import secrets
from datetime import datetime

from django.db import connection, models
from django.db.models.functions import Now

# Crockford's alphabet: no i, l, o, u, so that an id survives being read out on the phone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_public_id() -> str:
    """Twelve random characters, 60 bits: unguessable and free of any order."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def database_now() -> datetime:
    """The database's clock as an aware datetime; the only clock that decides anything."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]
        cursor.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0] + "+00:00")


class PublicModel(models.Model):
    """A row that the outside knows by ``public_id``; the primary key never leaves."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
