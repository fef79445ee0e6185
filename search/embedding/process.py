"""The model's process as the site sees it: started by who needs it first, shared by all, asked by socket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from search.embedding import wire
from search.embedding.texts import Kind

_ROOT = Path(__file__).resolve().parents[2]
_LONGEST_PATH = 100  # of a Unix socket; the system's limit is 108 bytes
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0  # seconds between two starts; doubled each time
# Nothing of the site's own environment (keys, passwords) is the model's business. One thread: the
# process leaves its network behind, which the system allows to a single thread only.
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"}


class AwayError(Exception):
    """The process is not there, or not yet."""


class LateError(Exception):
    """It did not answer in time; it may be busy with others."""


class DiedError(Exception):
    """It ended while it had the text, perhaps because of the text."""


class ModelProcess:
    """One process that embeds, known by the socket `folder`/`name`.sock. Safe between threads and forks."""

    def __init__(self, folder: Path, name: str, *, nice: int = 0) -> None:
        self.folder = folder
        self.name = name
        self.nice = nice
        self.starts = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._may_start = 0.0
        self._wait = _FIRST_WAIT
        self._lock = threading.Lock()

    def ask(self, kind: Kind, text: str, patience: float) -> bytes:
        """The bytes of a prepared text's vector. AwayError, LateError (after `patience` s), DiedError."""
        deadline = time.monotonic() + patience
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(max(patience, 0.001))
            self._connect(connection)
            try:
                connection.sendall(wire.question(kind, text))
                connection.settimeout(max(deadline - time.monotonic(), 0.001))
                answer = wire.read(connection, wire.ANSWER_BYTES)
            except TimeoutError as error:
                raise LateError(f"No answer within {patience} s.") from error
            except (OSError, EOFError) as error:
                raise DiedError("The model's process ended at its work.") from error
        self._wait = _FIRST_WAIT
        return answer

    def start(self) -> None:
        """Starts the process, unless it was started a moment ago. Does not wait until it answers.

        Two at once are no harm: the second finds the first one's lock and ends.
        """
        with self._lock:
            now = time.monotonic()
            # One that loads, or has much to do, is there; a hung one is ended by its own watch.
            if now < self._may_start or (self._child is not None and self._child.poll() is None):
                return
            self._may_start = now + self._wait
            self._wait = min(self._wait * 2, _LONGEST_WAIT)
            self.starts += 1
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.chmod(self.folder, 0o700)  # whoever reaches the socket may ask
            command = [sys.executable, "-m", "search.embedding.server", str(self.folder), self.name]
            self._child = subprocess.Popen(  # noqa: S603 - this very program, no words of anybody
                [*command, str(self.nice), str(os.getpid())],
                cwd=_ROOT,
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def await_ready(self, patience: float) -> bool:
        """Starts the process where it is away and waits until it takes questions. Whether it does."""
        deadline = time.monotonic() + patience
        while True:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                try:
                    self._connect(connection)
                    return True
                except AwayError:
                    self.start()
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)

    def _connect(self, connection: socket.socket) -> None:
        path = str(self.folder / f"{self.name}.sock")
        if len(os.fsencode(path)) < _LONGEST_PATH:
            return _connect_to(connection, path)
        try:
            folder = os.open(self.folder, os.O_RDONLY)
        except OSError as error:
            raise AwayError(str(error)) from error
        try:
            _connect_to(connection, f"/proc/self/fd/{folder}/{self.name}.sock")
        finally:
            os.close(folder)


def _connect_to(connection: socket.socket, path: str) -> None:
    try:
        connection.connect(path)
    except OSError as error:  # refused, missing, or its queue is full for longer than the patience
        raise AwayError(str(error)) from error
