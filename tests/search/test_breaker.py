"""A server that is away costs one wait in a while, not one a request."""

from __future__ import annotations

import threading

import pytest

from search.breaker import FAILURES, OPEN_SECONDS, Breaker, Breaking
from search.documents import SearchError


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Server:
    """Counts how often it is asked; away, refusing or answering."""

    def __init__(self) -> None:
        self.asked, self.away, self.refuses = 0, False, False

    def __call__(self) -> str:
        self.asked += 1
        if self.away or self.refuses:
            raise SearchError("no", away=self.away)
        return "answer"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Server:
    return Server()


def fail(breaker: Breaker, server: Server, times: int) -> None:
    for _time in range(times):
        with pytest.raises(SearchError):
            breaker.call(server)


def test_it_passes_answers_and_refusals_on(clock: Clock, server: Server) -> None:
    breaker = Breaker(clock)
    assert breaker.call(server) == "answer"
    server.refuses = True
    fail(breaker, server, 10)
    assert (server.asked, breaker.open) == (11, False)


def test_a_server_that_is_away_is_not_asked_again_at_once(clock: Clock, server: Server) -> None:
    breaker, server.away = Breaker(clock), True
    fail(breaker, server, FAILURES + 5)
    assert (server.asked, breaker.open) == (FAILURES, True)


def test_after_a_while_one_may_try(clock: Clock, server: Server) -> None:
    breaker, server.away = Breaker(clock), True
    fail(breaker, server, FAILURES)
    clock.now += OPEN_SECONDS
    fail(breaker, server, 3)
    assert server.asked == FAILURES + 1
    clock.now += OPEN_SECONDS
    server.away = False
    assert [breaker.call(server) for _time in range(3)] == ["answer"] * 3
    assert not breaker.open


def test_only_failures_in_a_row_count(clock: Clock, server: Server) -> None:
    breaker = Breaker(clock)
    for _round in range(5):
        server.away = True
        fail(breaker, server, FAILURES - 1)
        server.away = False
        assert breaker.call(server) == "answer"
    assert not breaker.open


def test_while_one_tries_the_others_are_refused(clock: Clock, server: Server) -> None:
    breaker, server.away = Breaker(clock), True
    fail(breaker, server, FAILURES)
    clock.now += OPEN_SECONDS
    inside, leave = threading.Event(), threading.Event()

    def slow() -> str:
        inside.set()
        leave.wait(10)
        return "answer"

    trying = threading.Thread(target=breaker.call, args=(slow,))
    trying.start()
    assert inside.wait(10)
    fail(breaker, server, 2)
    assert server.asked == FAILURES
    leave.set()
    trying.join(10)
    server.away = False
    assert breaker.call(server) == "answer"


def test_questions_to_an_engine_go_through_the_breaker_and_writes_do_not() -> None:
    class Engine:
        def __init__(self) -> None:
            self.calls: list[str] = []

        def search(self, query: str) -> str:
            self.calls.append(f"search {query}")
            raise SearchError("no", away=True)

        def similar(self, public_id: str, *, limit: int = 6) -> str:
            self.calls.append(f"similar {public_id} {limit}")
            raise SearchError("no", away=True)

        def index(self, documents: list[str]) -> int:
            self.calls.append("index")
            return len(documents)

    engine = Engine()
    guarded = Breaking(engine, Breaker(Clock()))
    for _time in range(FAILURES):
        with pytest.raises(SearchError):
            guarded.search("a")
    with pytest.raises(SearchError):
        guarded.similar("x", limit=3)
    assert guarded.index(["d"]) == 1
    assert engine.calls == ["search a"] * FAILURES + ["index"]
