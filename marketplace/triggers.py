"""Triggers that keep records as they were written, on SQLite and PostgreSQL alike.

SQLite loses a table's triggers when a migration rebuilds the table: such a migration installs them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.migrations.operations.base import Operation


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse ``operation`` (UPDATE or DELETE) on a table: always, or when ``condition`` holds for OLD."""

    table: str
    operation: str
    condition: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}_no_{self.operation.lower()}"


class Guarding(Operation):
    """Create triggers in a migration. It asks for no models, whose history RunPython would compute first."""

    reversible = True

    def __init__(self, *guards: Guard) -> None:
        self.guards = guards

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are not part of Django's picture of the tables."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for guard in self.guards:
            for statement in statements(guard, schema_editor.connection.vendor):
                schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for guard in self.guards:
            on = f" ON {guard.table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}", params=None)

    def describe(self) -> str:
        return f"Guard {', '.join(sorted({guard.table for guard in self.guards}))}"


class Unguarding(Guarding):
    """Take triggers away, before a table is changed that SQLite can only rebuild; ``Guarding`` follows."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Do not guard {', '.join(sorted({guard.table for guard in self.guards}))} meanwhile"


def statements(guard: Guard, vendor: str) -> list[str]:
    """The SQL that creates a guard in one of the two databases."""
    return _postgresql(guard) if vendor == "postgresql" else _sqlite(guard)


def _sqlite(guard: Guard) -> list[str]:
    when = f"WHEN {guard.condition} " if guard.condition else ""
    message = f"{guard.table} is append-only"
    return [
        f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} FOR EACH ROW {when}"
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    ]


def _postgresql(guard: Guard) -> list[str]:
    when = f"WHEN ({guard.condition}) " if guard.condition else ""
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END "
        "$$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} FOR EACH ROW {when}"
        "EXECUTE FUNCTION refuse_change()",
    ]


RECORDS = (Guard("marketplace_event", "UPDATE"), Guard("marketplace_event", "DELETE"))
VERSIONS = (
    Guard("catalogue_serviceversion", "UPDATE"),
    Guard("catalogue_price", "UPDATE"),
    Guard("catalogue_cityreference", "UPDATE"),
)
NEEDS = (
    Guard("matching_needversion", "UPDATE"),
    Guard("matching_criterion", "UPDATE"),
    Guard("matching_match", "UPDATE"),
    Guard("matching_matchrun", "UPDATE", "OLD.state = 'ready'"),
)
