"""Opens indexes in folders: a view of the newest commit, whichever process wrote it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import tantivy


class Opening:
    """The one index that is read now. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: tuple[Path, tantivy.Index] | None = None
        self._stamp: tuple[int, int] | None = None

    def searcher(self, path: Path) -> tantivy.Searcher:
        status = os.stat(path / "meta.json")  # replaced as a whole by every commit
        stamp = (status.st_ino, status.st_mtime_ns)
        with self._lock:
            if self._open is None or self._open[0] != path:
                index = tantivy.Index.open(str(path))
                index.config_reader("manual")
                self._open, self._stamp = (path, index), None
            if self._stamp != stamp:
                self._open[1].reload()
                self._stamp = stamp
            return self._open[1].searcher()
