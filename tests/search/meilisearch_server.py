"""A real Meilisearch for tests: one server a process, unprivileged, on loopback, gone when the tests end.

The program is a third party's repackaging (see docs/search.md), pinned by its hash: a tool for tests only.
"""

from __future__ import annotations

import hashlib
import os
import platform
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from functools import lru_cache
from pathlib import Path

VERSION = "1.21.0"
SHA256 = "5354d854974433f8f903e59347c1c6a7f2ad947f21b3402a2cc01e07b1c952e0"
ROOT = Path(__file__).resolve().parents[2]
FETCHED = (
    ROOT / ".cache" / "meilisearch" / "node_modules" / "@gaubee" / "meilisearch-linux-amd64" / "meilisearch"
)
_PATIENCE = 60.0


@lru_cache(maxsize=1)
def program() -> Path | None:
    """The executable in MEILISEARCH_BIN, or the one that .ci/run fetches; None if there is none.

    RuntimeError if there is one and it is another than the pinned one.
    """
    path = Path(os.environ.get("MEILISEARCH_BIN") or FETCHED)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise RuntimeError(f"{path} is not the Meilisearch {VERSION} that the tests are pinned to.")
    return path


def why_not() -> str:
    """Why tests against the server are skipped; "" if they are not."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "Meilisearch: the pinned program is for Linux on x86-64 only"
    return "" if program() else "Meilisearch: no program in MEILISEARCH_BIN or .cache (.ci/run fetches it)"


def _roomy(folder: Path) -> bool:
    """A container's shared memory is often 64 MB, and a full one ends the server."""
    free = os.statvfs(folder)
    return free.f_bavail * free.f_frsize > 2_000_000_000


class MeilisearchServer:
    """A server in a folder of its own. `start` after `kill` opens the same data again, on the same port."""

    def __init__(self) -> None:
        # Memory rather than disk where there is some: hundreds of small indexes are written and thrown away.
        shared = Path("/dev/shm")
        place = shared if shared.is_dir() and os.access(shared, os.W_OK) and _roomy(shared) else None
        self.folder = Path(tempfile.mkdtemp(prefix="marketplace-meilisearch-", dir=place))
        self.key = secrets.token_urlsafe(24)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._user = None
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._user = "nobody"
        self._program = self._reachable(program())
        self._process: subprocess.Popen[bytes] | None = None

    def _reachable(self, path: Path | None) -> Path:
        """The program where the server's account can open it: not below a folder of root's own."""
        assert path is not None
        if self._user is None or all(one.stat().st_mode & 0o001 for one in path.resolve().parents):
            return path
        copy = self.folder / "meilisearch"
        shutil.copyfile(path, copy)
        copy.chmod(0o755)
        return copy

    def url(self, prefix: str) -> str:
        """SEARCH_URL for indexes whose names begin with `prefix`."""
        return f"meilisearch://{self.key}@127.0.0.1:{self.port}/{prefix}"

    def start(self) -> None:
        command = [str(self._program), "--http-addr", f"127.0.0.1:{self.port}", "--db-path", "data"]
        command += ["--no-analytics", "--max-indexing-memory", "256MiB", "--max-indexing-threads", "1"]
        environment = {"MEILI_MASTER_KEY": self.key, "MEILI_LOG_LEVEL": "WARN", "PATH": "/usr/bin:/bin"}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                user=self._user,
                group="nogroup" if self._user else None,
                extra_groups=[] if self._user else None,
                env=environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2_000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """As the system does when memory is short: at once, in whatever it is doing."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """It keeps its connections and says nothing more until `resume`."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.resume()
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False
