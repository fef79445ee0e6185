"""The files that the world is made from; tests hold them to their promises before anything is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOMS = Path(__file__).resolve().parents[2]


def document(path: str) -> Any:
    """A JSON file of the project, such as ``matching/demo/needs.json``."""
    return json.loads((ROOMS / path).read_text(encoding="utf-8"))


def people() -> dict[str, Any]:
    """password, depa, people."""
    found: dict[str, Any] = document("marketplace/demo/people.json")
    return found


def vendors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document("catalogue/demo/vendors.json")
    return found


def services() -> list[dict[str, Any]]:
    """The services of all files, in the order of the files' names."""
    paths = sorted((ROOMS / "catalogue" / "demo").glob("services-*.json"))
    return [row for path in paths for row in document(f"catalogue/demo/{path.name}")]


def afterwards() -> dict[str, Any]:
    """revisions, withdrawals: what happened to published services."""
    found: dict[str, Any] = document("catalogue/demo/afterwards.json")
    return found


def needs() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document("matching/demo/needs.json")["needs"]
    return found


def introductions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document("matching/demo/introductions.json")["introductions"]
    return found


def waiting() -> dict[str, Any]:
    """affiliations, claim: what waits for depa."""
    found: dict[str, Any] = document("matching/demo/waiting.json")
    return found
