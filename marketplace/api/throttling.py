"""Limits on how often the API is asked, shared by all server processes."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

# A process settles with the shared count this many times in a window, rather than at every request:
# the cache is a table, and a write for each read would cost more than the read.
SETTLEMENTS = 20
_MOST_CALLERS = 10_000


class _Window:
    """One caller in one window: requests known of all processes, and those of ours not yet told."""

    __slots__ = ("known", "number", "untold")

    def __init__(self, number: int) -> None:
        self.number, self.known, self.untold = number, 0, 0


class _Settled(SimpleRateThrottle):
    """Fixed windows. With n processes a caller gets at most n twentieths more than the limit."""

    num_requests: int | None
    duration: int | None
    _windows: dict[str, _Window] = {}
    _lock = threading.Lock()

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view)
        if self.rate is None or key is None:
            return True
        assert self.num_requests is not None
        assert self.duration is not None
        self.now = time.time()
        number = int(self.now // self.duration)
        with self._lock:
            window = self._windows.get(key)
            first = window is None or window.number != number
            if window is None or window.number != number:
                if len(self._windows) >= _MOST_CALLERS:
                    self._windows.clear()
                window = self._windows[key] = _Window(number)
            window.untold += 1
            due = first or window.untold > self.num_requests // SETTLEMENTS
            told, window.untold = (window.untold, 0) if due else (0, window.untold)
        if due:
            shared = f"{key}:{number}"
            window.known = int(cache.get(shared, 0)) + told
            cache.set(shared, window.known, self.duration * 2)
        return window.known + window.untold <= self.num_requests

    def wait(self) -> float | None:
        assert self.duration is not None
        return self.duration - self.now % self.duration


class Anonymous(_Settled, AnonRateThrottle):
    """By address."""


class SignedIn(_Settled, UserRateThrottle):
    """By person."""
