"""Choosing capabilities: what the words suggest first, then everything by smart dimension."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from catalogue.questions import capability_options
from search.thesaurus import Suggestion, capabilities, suggest


class CapabilitiesField(forms.MultipleChoiceField):
    """Codes of the thesaurus. components/capabilities.html shows it as ``picker`` arranges it."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=_choices, **options)


def _choices() -> list[tuple[str, str]]:
    return [(option.code, option.label) for option in capability_options()]


def picker(field: BoundField, text: str, dimensions: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """For components/capabilities.html: ``first``, what is chosen or suggested by ``text``, and ``groups``.

    ``dimensions``: code and name in the order of showing. A suggestion is a mark beside a choice, never a
    choice: only the author knows whether it is true.
    """
    value = field.value() or ()
    chosen = set(value if isinstance(value, list | tuple) else ())
    found = {one.code: one for one in suggest(text)}
    labels = {option.code: option.label for option in capability_options()}
    codes = [code for code in labels if code in chosen] + [code for code in found if code not in chosen]
    rows = {code: _row(field, code, label, chosen, found) for code, label in labels.items()}
    groups = [
        {
            "label": name,
            "rows": [rows[code] for code in rows if code not in codes and _home(code) == dimension],
        }
        for dimension, name in dimensions
    ]
    return {
        "first": [rows[code] for code in codes],
        "suggested": any(code not in chosen for code in found),
        "groups": [group for group in groups if group["rows"]],
    }


def _home(code: str) -> str:
    return capabilities()[code].dimensions[0]


def _row(
    field: BoundField, code: str, label: str, chosen: set[str], found: Mapping[str, Suggestion]
) -> dict[str, Any]:
    return {
        "code": code,
        "label": label,
        "id": f"{field.auto_id}_{code}",
        "chosen": code in chosen,
        "words": ", ".join(found[code].words) if code in found and code not in chosen else "",
    }
