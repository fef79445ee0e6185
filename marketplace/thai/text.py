"""Bilingual text kept in pairs of fields, ``name_th`` and ``name_en``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def localized(obj: Any, field: str, language: str | None = None) -> Any:
    """The field in the reader's language, or in the other one where that is empty.

    ``obj`` is an object or a mapping. Where neither is there: an empty string.
    """
    reading = (language or get_language() or "th")[:2]
    order = ("en", "th") if reading == "en" else ("th", "en")
    for code in order:
        name = f"{field}_{code}"
        value = obj.get(name) if isinstance(obj, Mapping) else getattr(obj, name, None)
        if value:
            return value
    return ""
