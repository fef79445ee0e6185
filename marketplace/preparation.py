"""What stands between a checkout and a running site; each step runs only when its inputs have changed.

All steps run in one process: starting Python and Django eight times would take longer than the steps.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

STAMPS = "prepared.json"


@dataclass(frozen=True)
class Step:
    """A management command, and the files that its result is made from."""

    command: str
    says: str
    inputs: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    # The folder in VAR_DIR that it fills; if it is gone, the step is due again.
    makes: str = ""
    in_database: bool = False


STEPS = (
    Step(
        "build_fonts",
        "Cutting the typeface down to the characters of the site",
        inputs=("marketplace/fonts.py", "requirements/base.txt"),
        makes="fonts/fonts",
    ),
    Step(
        "load_reference",
        "Loading regions, provinces, municipalities, cities and categories",
        inputs=("*/reference/**/*", "*/management/commands/load_reference.py"),
        in_database=True,
    ),
    Step(
        "load_demo",
        "Loading the demo's people, services, needs and introductions",
        inputs=("*/demo/**/*", "*/management/commands/load_demo.py"),
        in_database=True,
    ),
    Step(
        "reindex",
        "Building the search index",
        inputs=(
            "*/reference/**/*",
            "*/demo/**/*",
            "search/**/*.py",
            "catalogue/documents.py",
            "catalogue/indexing/**/*.py",
            "matching/documents.py",
            "matching/indexing.py",
        ),
        makes="search",
        in_database=True,
    ),
    Step(
        "collectstatic",
        "Collecting static files",
        inputs=(
            "marketplace/static/**/*",
            "marketplace/static_files.py",
            "marketplace/fonts.py",
            "requirements/base.txt",
        ),
        arguments=("--no-input", "--verbosity=0"),
        makes="static",
    ),
)


def prepare(say: Callable[[str], None]) -> None:
    """Bring everything up to date, saying what takes a moment."""
    call_command("messages", "--compile", verbosity=0)
    fresh = migrate(say)
    stamps = Stamps()
    if fresh:
        stamps.forget([step.command for step in STEPS if step.in_database])
    for step in STEPS:
        digest = digest_of(step.inputs)
        if stamps.holds(step.command, digest) and (
            not step.makes or any((settings.VAR_DIR / step.makes).glob("*"))
        ):
            continue
        run(step.says, partial(call_command, step.command, *step.arguments), say)
        stamps.set(step.command, digest)


def migrate(say: Callable[[str], None]) -> bool:
    """Apply what is missing; return whether the database was empty before."""
    executor = MigrationExecutor(connection)
    fresh = not executor.loader.applied_migrations
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        run("Preparing the database", partial(call_command, "migrate", verbosity=0), say)
    return fresh


def run(what: str, action: Callable[[], object], say: Callable[[str], None]) -> None:
    say(f"{what} …")
    started = time.monotonic()
    action()
    say(f"  done in {time.monotonic() - started:.1f} s")


def digest_of(patterns: Iterable[str]) -> str:
    """One figure for the contents of the files, which is the same on each machine."""
    total = hashlib.sha256()
    base = Path(settings.BASE_DIR)
    for path in sorted({path for pattern in patterns for path in base.glob(pattern) if path.is_file()}):
        if "__pycache__" not in path.parts:
            total.update(str(path.relative_to(base)).encode() + path.read_bytes())
    return total.hexdigest()


class Stamps:
    """What was made from what, kept beside what was made."""

    def __init__(self) -> None:
        self.path = settings.VAR_DIR / STAMPS
        self.values: dict[str, str] = {}
        if self.path.exists():
            self.values = json.loads(self.path.read_text())

    def holds(self, name: str, digest: str) -> bool:
        return self.values.get(name) == digest

    def set(self, name: str, digest: str) -> None:
        self.values[name] = digest
        self.save()

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            self.values.pop(name, None)
        self.save()

    def save(self) -> None:
        self.path.write_text(json.dumps(self.values, indent=1))
