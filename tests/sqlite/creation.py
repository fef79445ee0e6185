"""Migrating an empty database takes ten seconds; a copy of one that has just been migrated takes none."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.sqlite3 import creation


def template() -> Path:
    """Where the migrated database for the present migrations is kept."""
    base = Path(settings.BASE_DIR)
    sources = [base / "requirements" / "dev.txt", base / "marketplace" / "triggers.py"]
    sources += base.glob("*/migrations/*.py")
    digest = hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in sorted(sources)))
    return base / "var" / "tests" / f"{digest.hexdigest()[:16]}.sqlite3"


class DatabaseCreation(creation.DatabaseCreation):
    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name: str = super()._create_test_db(verbosity, autoclobber, keepdb)
        if template().exists():
            shutil.copyfile(template(), name)
        return name

    def create_test_db(self, *args: Any, **options: Any) -> str:
        """Django migrates what is missing, which is nothing in a copy."""
        name: str = super().create_test_db(*args, **options)
        if not template().exists():
            self.keep(template())
        return name

    def keep(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        # Several test processes may do this at once: each writes its own, and the last one stays.
        temporary = path.with_suffix(f".{os.getpid()}")
        self.connection.ensure_connection()
        with sqlite3.connect(temporary) as copy:
            self.connection.connection.backup(copy)
        copy.close()
        temporary.replace(path)
