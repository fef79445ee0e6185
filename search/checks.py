"""Django's system check of the search indexes; with `check --deploy` only, because it asks the engine."""

from __future__ import annotations

from typing import Any

from django.core import checks

from search.engine import SearchError, get_engine, registered


def drift_of(index: str) -> list[str]:
    """What is wrong with an index in English, a sentence each; empty if it is as the code wants."""
    try:
        engine = get_engine(index)
        health = engine.health()
        if not health.ok:
            return [health.detail or "The index does not answer."]
        return engine.settings_drift()
    except SearchError as error:
        return [str(error)]


def indexes_are_as_the_code_wants(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """One warning for each difference; never an error: the database answers meanwhile."""
    return [
        checks.Warning(f"Search index {name}: {sentence}", hint="Run `manage.py reindex`.", id="search.W001")
        for name in registered()
        for sentence in drift_of(name)
    ]
