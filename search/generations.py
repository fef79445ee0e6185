"""A folder of index generations: one is current, the one before is kept, a new one is built beside."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.files import locks

from search.documents import SearchError

_CURRENT = "CURRENT"
_LOCK = "writer.lock"


@dataclass(frozen=True, slots=True)
class Generation:
    """`name` is its folder; `description` and `analysis` are the fingerprints it was built with."""

    name: str
    description: str
    analysis: str
    previous: str = ""


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
                data = json.loads((self.folder / _CURRENT).read_text("utf-8"))
                self._seen = (stamp, Generation(**data))
            return self._seen[1]
        except FileNotFoundError as error:
            raise SearchError(f"There is no index in {self.folder}: run `manage.py reindex`.") from error
        except (ValueError, TypeError) as error:
            raise SearchError(f"The index in {self.folder} is broken: run `manage.py reindex`.") from error

    def begin(self, description: str, analysis: str) -> Generation:
        """An empty folder for a new generation. The caller holds the lock."""
        try:
            previous = self.current().name
        except SearchError:
            previous = ""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        (self.folder / name).mkdir(parents=True)
        return Generation(name, description, analysis, previous)

    def publish(self, generation: Generation) -> None:
        """Makes a complete generation the current one in one step, and forgets all but the one before."""
        draft = self.folder / f"{_CURRENT}.{generation.name}"
        draft.write_text(json.dumps(asdict(generation)), "utf-8")
        os.replace(draft, self.folder / _CURRENT)
        self._clear({generation.name, generation.previous})

    def abandon(self, generation: Generation) -> None:
        """Removes a generation that was not completed."""
        shutil.rmtree(self.path(generation), ignore_errors=True)

    @contextmanager
    def writing(self, patience: float) -> Iterator[None]:
        """One writer at a time over all processes; the system releases it if the holder dies.

        SearchError after `patience` seconds of waiting.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + patience
        with (self.folder / _LOCK).open("a") as file:
            while not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB):
                if time.monotonic() > deadline:
                    raise SearchError("Another process is writing the index; try again later.")
                time.sleep(0.02)
            try:
                yield
            finally:
                locks.unlock(file)

    def _clear(self, keep: set[str]) -> None:
        for entry in self.folder.iterdir():
            if entry.is_dir() and entry.name not in keep:
                shutil.rmtree(entry, ignore_errors=True)
