"""Pages and API read through visible_to(): what an actor may not see does not exist for it."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.repository.tree import faults_in_python, python_of_rooms

# Tables without anything to hide.
PUBLIC = {"Region", "Province", "Category", "Announcement", "AnnouncementCount", "Designation"}
# Places that read by other means, each with its reason.
ALLOWED: dict[str, str] = {}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}


def reading_places() -> list[Path]:
    return [path for path in python_of_rooms() if {"views", "api"} & set(path.parts[:-1])]


def bare_managers(tree: ast.Module) -> list[str]:
    """Uses of Model.objects (or a default manager) whose next step is not visible_to()."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    faults = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            model = node.value.id if isinstance(node.value, ast.Name) else ast.unparse(node.value)
            step = parents[node]
            if model not in PUBLIC and not (isinstance(step, ast.Attribute) and step.attr == "visible_to"):
                faults.append(f"line {node.lineno}: {model}.{node.attr} without visible_to()")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SHORTCUTS:
            source = node.args[0]
            if isinstance(source, ast.Name) and source.id[0].isupper() and source.id not in PUBLIC:
                faults.append(f"line {node.lineno}: {node.func.id}({source.id}) without visible_to()")
    return faults


def test_pages_and_api_read_through_visible_to() -> None:
    assert len(reading_places()) > 4, "where have the views gone?"
    found = faults_in_python(bare_managers, reading_places())
    assert [fault for fault in found if fault.split(": line")[0] not in ALLOWED] == []


def test_every_allowed_place_is_still_needed() -> None:
    places = {str(path) for path in reading_places() if faults_in_python(bare_managers, [path])}
    assert set(ALLOWED) <= places


def test_a_bare_manager_is_found() -> None:
    def faults(source: str) -> int:
        return len(bare_managers(ast.parse(source)))

    assert faults("Service.objects.all()") == 1
    assert faults("Service.objects.filter(state='published')") == 1
    assert faults("x = Service.objects") == 1
    assert faults("Service._default_manager.all()") == 1
    assert faults("get_object_or_404(Need, public_id=1)") == 1
    assert faults("Service.objects.visible_to(user).filter(a=1)") == 0
    assert faults("get_object_or_404(Need.objects.visible_to(user), public_id=1)") == 0
    assert faults("Province.objects.all()") == 0
