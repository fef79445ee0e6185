"""Pages and API read through visible_to(): what an actor may not see does not exist for it."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.repository.tree import parsed, python_of_rooms

# Tables without anything to hide.
PUBLIC = {"Region", "Province", "City", "Category", "Announcement", "AnnouncementCount", "Designation"}
# Places that read by other means: file, model, reason.
ALLOWED = {
    ("catalogue/api/reading.py", "CityReference"): "prefetched for services that are read through public()",
    ("catalogue/views/health.py", "Outbox"): "a page of depa's administrators alone: counts of effects",
    ("catalogue/views/searches.py", "AddedTerm"): "a page of depa's staff alone, who see every added name",
    ("marketplace/views/people.py", "Consent"): "the reader's own consents",
    (
        "marketplace/views/profile.py",
        "Organisation",
    ): "a fresh copy of the organisation for which the reader acts",
    ("marketplace/views/staff.py", "Outbox"): "a page of depa's administrators alone, who see every effect",
    ("marketplace/views/teams.py", "Invitation"): "those of the organisation for which the reader acts",
    ("marketplace/views/teams.py", "Membership"): "those of the organisation for which the reader acts",
}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
# visible_to() is for this reader, public() for everybody; none() tells the schema a type.
SAFE_STEPS = {"visible_to", "public", "none"}


def reading_places() -> list[Path]:
    return [path for path in python_of_rooms() if {"views", "api"} & set(path.parts[:-1])]


def bare_managers(tree: ast.Module) -> list[str]:
    """Models whose default manager is used without visible_to() as its next step, one entry a use."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            step = parents[node]
            if not (isinstance(step, ast.Attribute) and step.attr in SAFE_STEPS):
                found.append(ast.unparse(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SHORTCUTS:
            source = node.args[0]
            if isinstance(source, ast.Name) and source.id[0].isupper():
                found.append(source.id)
    return [model for model in found if model not in PUBLIC]


def uses() -> set[tuple[str, str]]:
    return {(str(path), model) for path in reading_places() for model in bare_managers(parsed(path))}


def test_pages_and_api_read_through_visible_to() -> None:
    assert len(reading_places()) > 4, "where have the views gone?"
    assert uses() - set(ALLOWED) == set()


def test_every_allowed_place_is_still_needed() -> None:
    assert set(ALLOWED) - uses() == set()


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
