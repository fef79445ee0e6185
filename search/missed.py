"""The notes of one generation: what was written while another was in use. The last word on an id counts."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: An id with its document as JSON (`Document.as_json`), or None where it was removed.
Change = tuple[str, dict[str, Any] | None]

# Notes that grow past this are rewritten, one for each id, at every doubling.
_COMPACT_BYTES = 4_000_000


class Missed:
    """A file of changes, one a line. Whoever adds holds the writing lock; reading needs none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, changes: Sequence[Change]) -> None:
        """On the disk when it returns."""
        with self.path.open("a", encoding="utf-8") as file:
            before = file.tell()
            # After a kill in mid-line, what follows begins a line of its own.
            file.write("".join(f"\n{json.dumps(one)}" for one in changes) + "\n")
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if size > _COMPACT_BYTES and size.bit_length() > before.bit_length():
            self._compact()

    def read(self) -> dict[str, dict[str, Any] | None]:
        """The last word on each id."""
        found: dict[str, dict[str, Any] | None] = {}
        if not self.path.exists():
            return found
        with self.path.open("rb") as file:
            for line in file:
                change = _change(line)
                if change is not None:
                    found[change[0]] = change[1]
        return found

    def _compact(self) -> None:
        draft = self.path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(one)}\n" for one in self.read().items())
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)


def _change(line: bytes) -> Change | None:
    """The change of a line; None for a blank one and for one that a kill cut off (never acknowledged)."""
    try:
        public_id, document = json.loads(line)
    except (ValueError, TypeError):
        return None
    return public_id, document
