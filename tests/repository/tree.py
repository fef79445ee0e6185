"""The project's own files, as the tests of the repository look at them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("marketplace", "search", "catalogue", "matching")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project that git keeps or would keep, relative to its root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return tuple(sorted(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()))


def files_like(*patterns: str) -> list[Path]:
    """Files whose whole relative path matches one of the patterns ("marketplace/**", "*.py")."""
    return [path for path in files() if any(path.match(pattern) for pattern in patterns)]


def python_of_rooms() -> list[Path]:
    return [
        path
        for path in files()
        if path.suffix == ".py" and path.parts[0] in ROOMS and "migrations" not in path.parts
    ]


def templates() -> list[Path]:
    return [path for path in files() if path.parts[0] == "templates"]


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def faults_in_python(check: Callable[[ast.Module], list[str]], paths: list[Path]) -> list[str]:
    """What the check finds in each file, with the file's name before it."""
    return [f"{path}: {fault}" for path in paths for fault in check(parsed(path))]


def imports_of(tree: ast.Module) -> set[str]:
    """Full names of all modules that are imported, wherever the import stands."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(f"{'.' * node.level}{node.module or ''}")
    return found


def imported_names(path: Path) -> set[str]:
    return imports_of(parsed(path))
