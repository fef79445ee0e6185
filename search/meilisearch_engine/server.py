"""The HTTP side: an address, a kept connection for each thread, deadlines, and tasks followed to their end.

The standard library's client is enough for a dozen routes. It keeps connections (the published client opens
one for every request) and lets the time for a whole answer be bounded, not only the time between two bytes.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from search.documents import SearchError

#: Seconds for all requests of one search together.
SEARCH_SECONDS = 1.5
#: Seconds for one request that changes something; its task may then take TASK_SECONDS.
WRITE_SECONDS = 30.0
TASK_SECONDS = 60.0
_LARGEST_ANSWER = 64_000_000
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


class RefusedError(SearchError):
    """The server answered with an error; `code` is its own name for it."""

    def __init__(self, code: str, message: str, *, away: bool = False) -> None:
        super().__init__(f"Meilisearch refused: {message} ({code})"[:500], away=away)
        self.code = code


@contextmanager
def guarded(doing: str) -> Iterator[None]:
    """Turns an answer that is not this server's, and whatever else goes wrong, into SearchError."""
    try:
        yield
    except SearchError:
        raise
    except Exception as error:
        raise SearchError(
            f"Meilisearch failed while {doing}: {type(error).__name__} {error!s:.200}"
        ) from error


@dataclass(frozen=True, slots=True)
class Address:
    """`meilisearch://[key@]host[:port]/prefix[?tls=1]` without its scheme; indexes are named `prefix`_…"""

    host: str
    port: int
    prefix: str
    tls: bool = False
    key: str = field(default="", repr=False)

    @classmethod
    def parse(cls, where: str) -> Address:
        """SearchError if it is no address; the message never has the key in it."""
        try:
            parts = urlsplit(f"//{where}")
            host, port = parts.hostname, parts.port or 7700
        except ValueError as error:
            raise SearchError("SEARCH_URL has no valid host and port.") from error
        prefix = parts.path.strip("/") or "marketplace"
        if not host or not _PREFIX.fullmatch(prefix) or parts.query not in ("", "tls=1"):
            raise SearchError(
                "SEARCH_URL must be meilisearch://[key@]host:port/prefix, or with ?tls=1 after it."
            )
        key = unquote(parts.password or parts.username or "")
        if not key.isascii() or not key.isprintable():
            raise SearchError("The key in SEARCH_URL must be plain ASCII.")
        return cls(host, port, prefix, parts.query == "tls=1", key)


class Server:
    """Requests to one server. Every failure is a SearchError."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._kept = threading.local()

    def call(self, method: str, path: str, body: Any = None, *, until: float | None = None) -> Any:
        """The JSON answer to a request. `until`: a time.monotonic(); without one, WRITE_SECONDS from now.

        A request on a kept connection that the server had closed meanwhile is sent once more: every request
        but a swap may be repeated.
        """
        until = time.monotonic() + WRITE_SECONDS if until is None else until
        again = self._connection() is not None and path != "/swap-indexes"
        if not again:
            self._drop()
        try:
            try:
                status, answer = self._exchange(method, path, body, until)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                if not again:
                    raise
                self._drop()
                status, answer = self._exchange(method, path, body, until)
            data = json.loads(answer) if answer else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._drop()
            raise SearchError(
                f"Meilisearch does not answer: {type(error).__name__} {error!s:.200}", away=True
            ) from error
        except BaseException:
            self._drop()  # half an answer may be left in it
            raise
        if status >= 400:
            said = data if isinstance(data, dict) else {}
            raise RefusedError(
                str(said.get("code", status)), str(said.get("message", "")), away=status >= 500
            )
        return data

    def follow(self, tasks: Iterable[Any], *, seconds: float = TASK_SECONDS) -> None:
        """Waits until tasks that `call` answered with are done. SearchError if one fails or takes longer."""
        for task in tasks:
            self._follow(int(task["taskUid"]), time.monotonic() + seconds)

    def _follow(self, number: int, until: float) -> None:
        pause = 0.002
        while True:
            task = self.call("GET", f"/tasks/{number}")
            if task["status"] == "succeeded":
                return
            if task["status"] in ("failed", "canceled"):
                error = task.get("error") or {}
                raise RefusedError(str(error.get("code", task["status"])), str(error.get("message", "")))
            if time.monotonic() > until:
                raise SearchError(f"Meilisearch has not done task {number} in time; it is tried again later.")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.1)

    def _exchange(self, method: str, path: str, body: Any, until: float) -> tuple[int, bytes]:
        connection = self._connection() or self._connect(until)
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json"} if data is not None else {}
        if self.address.key:
            headers["Authorization"] = f"Bearer {self.address.key}"
        _allow(connection, until)
        connection.request(method, path, data, headers)
        _allow(connection, until)
        answer = connection.getresponse()
        parts: list[bytes] = []
        size = 0
        while part := answer.read1(1 << 20):
            parts.append(part)
            size += len(part)
            if size > _LARGEST_ANSWER:
                raise http.client.HTTPException("the answer is too long")
            _allow(connection, until)
        answer.close()  # ready for the next request; `read1` leaves it half open at the end
        if answer.will_close:
            self._drop()
        return answer.status, b"".join(parts)

    def _connection(self) -> http.client.HTTPConnection | None:
        kept = getattr(self._kept, "connection", None)
        # A child process must not speak on its parent's connection.
        return kept if kept is not None and self._kept.process == os.getpid() else None

    def _connect(self, until: float) -> http.client.HTTPConnection:
        left = max(0.01, until - time.monotonic())
        if self.address.tls:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                self.address.host, self.address.port, timeout=left, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(self.address.host, self.address.port, timeout=left)
        self._kept.connection, self._kept.process = connection, os.getpid()
        return connection

    def _drop(self) -> None:
        kept = self._connection()
        self._kept.connection = None
        if kept is not None:
            kept.close()


def _allow(connection: http.client.HTTPConnection, until: float) -> None:
    """No single wait on the socket past `until`."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is up")
    if connection.sock is not None:
        connection.sock.settimeout(left)
