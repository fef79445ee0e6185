"""The documents say what is so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.core.management import get_commands

from tests.repository.tree import ROOT, files, parsed, text

SETTINGS = Path("marketplace/settings.py")


def documents() -> list[Path]:
    return [path for path in files() if path.suffix == ".md"]


def settings_read(tree: ast.Module) -> set[str]:
    """Names that the settings take from the environment."""
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_setting_is_documented() -> None:
    read = settings_read(parsed(SETTINGS))
    assert "DATABASE_URL" in read
    described = set(
        re.findall(r"^(?:\| *|#+ *|[-*] *)`([A-Z][A-Z_]+)`", text(Path("docs/settings.md")), re.MULTILINE)
    )
    assert read - described == set(), "say in docs/settings.md what these do"
    assert described - read == set(), "these are documented, and read by nobody"


def test_documents_that_people_look_for_are_there() -> None:
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"} <= {str(path) for path in files()}
    assert "Apache License" in text(Path("LICENSE"))


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in documents():
        for target in re.findall(r"\]\(([^)\s]+)\)", text(path)):
            if not target.startswith(("http://", "https://", "#", "mailto:")):
                place = (ROOT / path).parent / target.split("#")[0]
                if not place.exists():
                    broken.append(f"{path}: {target}")
    assert broken == []


def test_commands_that_documents_name_exist() -> None:
    ours = set(re.findall(r'add_parser\("(\w+)"', text(Path("dev.py"))))
    commands = set(get_commands())
    faults = []
    for path in documents():
        faults += [
            f"{path}: dev.py {name}" for name in re.findall(r"dev\.py (\w+)", text(path)) if name not in ours
        ]
        faults += [
            f"{path}: manage.py {name}"
            for name in re.findall(r"manage\.py (\w+)", text(path))
            if name not in commands
        ]
    assert {"demo", "test", "bench", "lock"} <= ours
    assert faults == []


def test_readme_has_the_two_commands_and_a_picture() -> None:
    readme = text(Path("README.md"))
    assert "python3 dev.py demo" in readme
    assert "python3 dev.py test" in readme
    assert re.search(r"!\[[^\]]+\]\(docs/[^)]+\.png\)", readme)
