"""The shape of the program: small files, imports that point downwards, names that say something."""

from __future__ import annotations

import ast
import re

import pytest

from tests.repository.tree import (
    ROOMS,
    faults_in_python,
    files,
    imported_names,
    imports_of,
    python_of_rooms,
    text,
)

LINES_OF_A_FILE = 320
LINES_OF_A_FUNCTION = 45
# Names under which anything can be put, and is.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "tools"}
MAY_IMPORT = {
    "marketplace": {"marketplace"},
    "search": {"search"},
    "catalogue": {"catalogue", "marketplace", "search"},
    "matching": {"matching", "catalogue", "marketplace", "search"},
}
# Values in, values out: what must not appear among their imports.
PURE = ("matching/scoring", "search/analysis", "catalogue/documents.py", "marketplace/thai/sorting.py")
IMPURE = {"django", "rest_framework", "sqlite3", "psycopg", "tantivy", "requests", "socket"}


def test_files_are_short() -> None:
    python = [path for path in files() if path.suffix == ".py" and "migrations" not in path.parts]
    long = {str(path): count for path in python if (count := len(text(path).splitlines())) > LINES_OF_A_FILE}
    assert long == {}, "split by noun into a package of the same name"


def long_functions(tree: ast.Module) -> list[str]:
    return [
        f"{node.name} has {length} lines"
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := node.end_lineno - node.lineno + 1) > LINES_OF_A_FUNCTION
    ]


def test_functions_are_short() -> None:
    assert faults_in_python(long_functions, python_of_rooms()) == []


def test_a_long_function_is_found() -> None:
    assert long_functions(ast.parse("def f():\n" + "    x = 1\n" * LINES_OF_A_FUNCTION)) == [
        f"f has {LINES_OF_A_FUNCTION + 1} lines"
    ]


def test_names_say_something() -> None:
    names = {part.removesuffix(".py") for path in files() for part in path.parts if path.suffix == ".py"}
    assert names & EMPTY_NAMES == set()


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_downwards(room: str) -> None:
    faults = [
        f"{path} imports {name}"
        for path in files()
        if path.suffix == ".py" and path.parts[0] == room
        for name in imported_names(path)
        if name.split(".")[0] in {*ROOMS, "tests"} - MAY_IMPORT[room]
    ]
    assert faults == []


def test_every_room_has_files() -> None:
    """Otherwise the tests above would pass on nothing."""
    assert {path.parts[0] for path in python_of_rooms()} == set(ROOMS)


def test_what_is_pure_stays_pure() -> None:
    pure = [path for path in python_of_rooms() if str(path).startswith(PURE)]
    assert {next(name for name in PURE if str(path).startswith(name)) for path in pure} == set(PURE)
    faults = [
        f"{path} imports {name}"
        for path in pure
        for name in imported_names(path)
        if name.split(".")[0] in IMPURE or ".models" in name
    ]
    assert faults == []


def imports_inside_functions(tree: ast.Module) -> list[str]:
    """AppConfig.ready is the one place where a room may reach upwards: it names effects for the outbox."""
    return [
        f"line {inner.lineno}: import inside {node.name}"
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name != "ready"
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]


def test_imports_stand_at_the_top() -> None:
    python = [path for path in files() if path.suffix == ".py" and "migrations" not in path.parts]
    assert faults_in_python(imports_inside_functions, python) == []
    ready = [path for path in python if path.parts[0] in ROOMS and "def ready(" in text(path)]
    assert {path.name for path in ready} <= {"apps.py"}


def test_an_import_inside_a_function_is_found() -> None:
    assert imports_inside_functions(ast.parse("def f():\n    if 1:\n        import os")) == [
        "line 3: import inside f"
    ]


def signals(tree: ast.Module) -> list[str]:
    return sorted(
        name for name in imports_of(tree) if name.startswith(("django.db.models.signals", "django.dispatch"))
    )


def test_nothing_happens_behind_the_verbs_back() -> None:
    """What follows a change is the next line of the verb, never a signal."""
    assert faults_in_python(signals, python_of_rooms()) == []


def test_a_signal_is_found() -> None:
    assert signals(ast.parse("from django.db.models.signals import post_save")) == [
        "django.db.models.signals"
    ]


def test_every_exception_from_a_rule_has_its_reason() -> None:
    """`# noqa: E402 - why`; a type that is ignored names what is wrong: `# type: ignore[code]`."""
    bare = re.compile(r"#\s*noqa(?!: [A-Z0-9, ]+ - \w)|#\s*type: ignore(?!\[)|#\s*pragma(?!.* - \w)")
    here = "test_shape.py"
    faults = [
        f"{path}:{number}: {line.strip()}"
        for path in files()
        if path.suffix == ".py" and path.name != here
        for number, line in enumerate(text(path).splitlines(), 1)
        if bare.search(line)
    ]
    assert faults == []


def test_pages_know_by_type_who_acts() -> None:
    """``ActingRequest`` carries the actor; a view that asks a bare request for one isn't checked."""
    unchecked = [
        f"{path}:{number}"
        for path in python_of_rooms()
        if "views" in str(path)
        for number, line in enumerate(text(path).splitlines(), 1)
        if "request" in line and "type: ignore[attr-defined]" in line
    ]
    assert unchecked == []


def test_only_the_demos_world_tells_events_afterwards() -> None:
    """Everywhere else an event carries the database's clock, or the log would prove nothing."""
    users = {str(path) for path in python_of_rooms() if "told_at(" in text(path)}
    assert users == {"marketplace/events.py", "matching/demo_world/meetings.py"}
