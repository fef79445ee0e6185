"""A circuit breaker: a server that is away is asked again only now and then, so that nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from search.documents import SearchError

FAILURES = 3
OPEN_SECONDS = 10.0
_T = TypeVar("_T")


class Breaker:
    """Counts failures in a row to reach one server, in this process.

    After FAILURES of them every question is refused at once for OPEN_SECONDS; then a single one may try, and
    its success closes the breaker. A refusal of the question itself says that the server is there.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_at = 0.0

    @property
    def open(self) -> bool:
        """Whether questions are refused at present."""
        return self._failures >= FAILURES and self._clock() < self._closed_at

    def call(self, ask: Callable[[], _T]) -> _T:
        """The answer of `ask`. SearchError at once while the breaker is open."""
        self._admit()
        try:
            answer = ask()
        except SearchError as error:
            self._learn(reached=not error.away)
            raise
        self._learn(reached=True)
        return answer

    def _admit(self) -> None:
        with self._lock:
            if self._failures < FAILURES:
                return
            if self._clock() < self._closed_at:
                raise SearchError(
                    "The search server was away a moment ago; it is asked again soon.", away=True
                )
            # This one tries; the others go on being refused until it has come back.
            self._closed_at = self._clock() + OPEN_SECONDS

    def _learn(self, *, reached: bool) -> None:
        with self._lock:
            self._failures = 0 if reached else self._failures + 1
            if not reached:
                self._closed_at = self._clock() + OPEN_SECONDS


class Breaking:
    """An engine whose questions go through a breaker; everything else is the engine's own.

    The worker's writes do not: they wait for a server that is away anyway, and are tried again later.
    """

    def __init__(self, engine: Any, breaker: Breaker) -> None:
        self._engine, self.breaker = engine, breaker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, *args: Any, **options: Any) -> Any:
        return self.breaker.call(lambda: self._engine.search(*args, **options))

    def similar(self, *args: Any, **options: Any) -> Any:
        return self.breaker.call(lambda: self._engine.similar(*args, **options))
