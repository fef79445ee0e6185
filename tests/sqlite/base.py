"""Between tests that commit, Django empties every table; append-only tables refuse that, as they should."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base, operations

from tests.sqlite import creation


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: Any, tables: Any, **options: Any) -> list[str]:
        """Django's statements, with the triggers taken away before and put back after them."""
        statements = super().sql_flush(style, tables, **options)
        if not statements:
            return statements
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drop = [f"DROP TRIGGER {self.quote_name(name)};" for name, _sql in triggers]
        return [*drop, *statements, *(f"{sql};" for _name, sql in triggers)]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    creation_class = creation.DatabaseCreation
