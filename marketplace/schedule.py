"""What the worker does by the clock, such as letting introductions expire. Named at start, like handlers."""

from collections.abc import Callable

_chores: dict[str, Callable[[], object]] = {}


def register(name: str, chore: Callable[[], object]) -> None:
    """Name a chore that the worker runs about every half minute; it must be cheap when nothing is due."""
    _chores[name] = chore


def run_due() -> None:
    """Run every chore once."""
    for chore in _chores.values():
        chore()
