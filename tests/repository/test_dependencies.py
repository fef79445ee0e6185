"""What is installed: each package has a reason, is used, and is locked by its hash."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, files, text

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)
LOCKS = ("base", "dev", "installer")
LOCKED = re.compile(r"^([a-z0-9][a-z0-9.-]*)(?:\[[^\]]*\])?==(\S+)(?: ; (.+?))? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
# Used without being imported.
WITHOUT_IMPORT = {
    "granian": "started by the demo as a program",
    "psycopg": "imported by Django where DATABASE_URL says PostgreSQL",
    "tzdata": "read by zoneinfo",
}


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


def runtime() -> list[str]:
    extras = chain.from_iterable(PROJECT["project"]["optional-dependencies"].values())
    return [name_of(item) for item in chain(PROJECT["project"]["dependencies"], extras)]


def locked(lock: str) -> dict[str, str]:
    """Package and version of each line of a lock."""
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines()
    return {match[1]: match[2] for line in lines if (match := LOCKED.match(line))}


def without_reason(source: str) -> list[str]:
    """Requirements with no comment on the line above; a line may hold several that share one."""
    lines = source.splitlines()
    start = re.compile(r'^\s*(?:\w+ = \[)?\s*"[A-Za-z0-9][\w.\[\]<>=,-]*"')
    return [
        line.strip()
        for before, line in zip(["", *lines], lines, strict=False)
        if start.match(line) and not before.strip().startswith("#")
    ]


def test_every_dependency_has_its_reason() -> None:
    build_up = PYPROJECT.split("[tool.", 1)[0].split("\ndependencies = [\n", 1)[1]
    assert "django-stubs" in build_up
    assert without_reason(build_up) == []


def test_a_dependency_without_reason_is_found() -> None:
    assert without_reason('    # Why.\n    "django>=5.2",\n    "requests",') == ['"requests",']


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_names_versions_and_hashes_only(lock: str) -> None:
    """No address of a registry: where packages come from is the machine's affair."""
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines()
    assert [line for line in lines if not LOCKED.match(line) and not HASH.match(line)] == []
    assert locked(lock)


def test_locks_hold_what_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    assert set(runtime()) <= set(locked("base"))
    assert {name_of(item) for item in groups["dev"]} <= set(locked("dev"))
    assert {name_of(item) for item in groups["installer"]} <= set(locked("installer"))


def test_the_site_is_tested_with_what_it_runs_on() -> None:
    base, dev = locked("base"), locked("dev")
    assert {name: dev.get(name) for name in base} == base


def test_every_dependency_is_used() -> None:
    program = "\n".join(
        text(path)
        for path in files()
        if path.parts[0] in {"marketplace", "catalogue", "matching", "search", "templates"}
        and path.suffix in {".py", ".html"}
    )
    modules: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            modules.setdefault(distribution.lower(), set()).add(module)
    unused = [
        name
        for name in runtime()
        if name not in WITHOUT_IMPORT
        and not any(re.search(rf"\b{re.escape(module)}\b", program) for module in modules.get(name, ()))
    ]
    assert unused == []


def test_ci_calls_the_command_that_developers_use() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert re.search(r"^env -u DATABASE_URL python3 dev\.py test$", script, re.MULTILINE)
    assert "|| true" not in script.replace("stop || true", ""), "a check that cannot fail"
    assert Path(ROOT / ".ci" / "run").stat().st_mode & 0o100
