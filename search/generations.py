"""A folder of index generations: one is current, the one before is kept, a new one is built beside.

Whoever writes holds the writing lock, and notes each change also for every generation that is not current
(`Missed`). A new generation catches up from those notes before the swap, an old one before rolling back: no
acknowledged write is lost, whichever process made it. Killed at any point, the old generation stays in use.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.core.files import locks

from search.documents import SearchError
from search.missed import Change, Missed

_CURRENT = "CURRENT"
_WRITING = "writer.lock"
_BUILDING = "rebuild.lock"


@dataclass(frozen=True, slots=True)
class Generation:
    """`name` is its folder; `description` and `analysis` are the fingerprints it was built with.

    `previous` is the generation to roll back to, as its own name and fingerprints; None if there is none.
    """

    name: str
    description: str
    analysis: str
    previous: Generation | None = None


class Generations:
    """The generations of one index below `folder`. They raise OSError, or SearchError where they say so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: tuple[tuple[int, int], Generation] | None = None

    def path(self, generation: Generation) -> Path:
        return self.folder / generation.name

    def current(self) -> Generation:
        """The generation to use now, whichever process swapped it in. SearchError if there is none."""
        try:
            status = os.stat(self.folder / _CURRENT)
            stamp = (status.st_ino, status.st_mtime_ns)
            if self._seen is None or self._seen[0] != stamp:
                self._seen = (stamp, _read(json.loads((self.folder / _CURRENT).read_text("utf-8"))))
            return self._seen[1]
        except FileNotFoundError as error:
            raise SearchError(f"There is no index in {self.folder}: run `manage.py reindex`.") from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SearchError(f"The index in {self.folder} is broken: run `manage.py reindex`.") from error

    def begin(self, description: str, analysis: str) -> Generation:
        """An empty folder for a new generation; from now on it is told what it misses.

        The caller is building (see `building`); what a killed rebuild left is removed.
        """
        previous = self._current_or_none()
        self._clear(previous)
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        (self.folder / name).mkdir(parents=True)
        kept = replace(previous, previous=None) if previous else None
        return Generation(name, description, analysis, kept)

    def publish(self, generation: Generation) -> None:
        """Makes a complete generation the current one in one step; all but it and the one before go.

        The caller is writing, and the generation has caught up.
        """
        draft = self.folder / f"{_CURRENT}.{generation.name}"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(generation), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.folder / _CURRENT)
        self._clear(generation)

    def abandon(self, generation: Generation) -> None:
        """Removes a generation that was not completed."""
        shutil.rmtree(self.path(generation), ignore_errors=True)

    def note(self, changes: list[Change]) -> None:
        """Tells every generation but the current one what it misses. The caller is writing."""
        current = self.current().name
        for entry in self._entries():
            if entry.name != current:
                self._missed(entry.name).add(changes)

    def missed(self, generation: Generation) -> Missed:
        """What was written while the generation was not current."""
        return self._missed(generation.name)

    @contextmanager
    def writing(self, patience: float) -> Iterator[None]:
        """One writer at a time over all processes; the system releases it if the holder dies.

        SearchError after `patience` seconds of waiting.
        """
        with self._locked(_WRITING, patience, "Another process is writing the index; try again later."):
            yield

    @contextmanager
    def building(self, patience: float) -> Iterator[None]:
        """One rebuild or roll back at a time over all processes; others write meanwhile."""
        with self._locked(_BUILDING, patience, "Another process is rebuilding the index; try again later."):
            yield

    @contextmanager
    def _locked(self, name: str, patience: float, refusal: str) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + patience
        with (self.folder / name).open("a") as file:
            while not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
                if time.monotonic() > deadline:
                    raise SearchError(refusal)
                time.sleep(0.02)
            try:
                yield
            finally:
                locks.unlock(file)

    def _missed(self, name: str) -> Missed:
        return Missed(self.folder / f"{name}.missed")

    def _current_or_none(self) -> Generation | None:
        try:
            return self.current()
        except SearchError:
            return None

    def _entries(self) -> list[Path]:
        return [entry for entry in self.folder.iterdir() if entry.is_dir()]

    def _clear(self, current: Generation | None) -> None:
        """Removes every generation but the current one and the one before it, and notes of what is gone."""
        known = (current, current.previous if current else None)
        keep = {one.name for one in known if one}
        for entry in self._entries():
            if entry.name not in keep:
                shutil.rmtree(entry, ignore_errors=True)
        for notes in self.folder.glob("*.missed"):
            if notes.stem not in keep or (current and notes.stem == current.name):
                notes.unlink(missing_ok=True)


def _read(data: dict[str, object]) -> Generation:
    previous = data.get("previous")
    return Generation(
        name=_text(data["name"]),
        description=_text(data["description"]),
        analysis=_text(data["analysis"]),
        previous=_read(previous) if isinstance(previous, dict) else None,
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("A generation is described by texts.")
    return value
