"""The contract on a real Meilisearch, and what is particular to a server."""

from __future__ import annotations

import secrets
import socket
import threading
import time

import pytest

from search.documents import Document, SearchError
from search.engine import OneOf, Query
from search.meilisearch_engine import MeilisearchEngine
from search.meilisearch_engine.server import SEARCH_SECONDS
from search.meilisearch_engine.shape import DIMENSIONS
from tests.search.conftest import DOCUMENTS, SERVICES
from tests.search.engine_contract import EngineContract
from tests.search.meilisearch_server import MeilisearchServer, why_not


@pytest.fixture
def engine_url(meilisearch):
    return meilisearch.url(f"t{secrets.token_hex(6)}")


class TestContract(EngineContract):
    """The class that every engine passes."""


@pytest.fixture
def own_server():
    """A server for one test that kills it."""
    if reason := why_not():
        pytest.skip(reason)
    server = MeilisearchServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def killable(own_server, make_engine):
    """The four documents on a server that may be killed; questions go past the breaker."""
    engine = MeilisearchEngine(own_server.url("k").removeprefix("meilisearch://"), SERVICES)
    make_engine()
    engine.rebuild(DOCUMENTS)
    return engine


def document(number):
    return Document(f"n{number}", {"name": f"ห้องสมุด {number}", "kind": "saas", "price": number})


class TestFaults:
    def test_killed_in_mid_index_loses_nothing_that_was_acknowledged(self, own_server, killable):
        acknowledged, failed = [], []

        def write():
            for number in range(200):
                try:
                    killable.index([document(number)])
                    acknowledged.append(f"n{number}")
                except SearchError:
                    failed.append(number)
                    return

        writer = threading.Thread(target=write)
        writer.start()
        while len(acknowledged) < 5 and writer.is_alive():
            time.sleep(0.01)
        own_server.kill()
        writer.join()
        assert failed
        with pytest.raises(SearchError):
            killable.search(Query("ขยะ"))
        assert not killable.health().ok
        own_server.start()
        # What was on its way may be there or not; nothing else is, and trying again converges.
        found = set(killable.search(Query(filters=[OneOf("kind", ["saas"])], per_page=100)).ids)
        assert set(acknowledged) | {"waste", "flood"} <= found
        assert found <= {*acknowledged, "waste", "flood", f"n{failed[0]}"}
        killable.index([document(failed[0])])
        killable.remove(acknowledged)
        again = killable.search(Query(filters=[OneOf("kind", ["saas"])], per_page=100))
        assert set(again.ids) == {"waste", "flood", f"n{failed[0]}"}

    def test_killed_in_a_rebuild_the_old_index_answers_and_the_next_rebuild_works(self, own_server, killable):
        def documents():
            for number in range(1_200):
                if number == 1_100:
                    own_server.kill()
                yield document(number)

        with pytest.raises(SearchError):
            killable.rebuild(documents())
        own_server.start()
        assert set(killable.search(Query()).ids) == {one.id for one in DOCUMENTS}
        killable.index([document(1)])
        assert killable.count() == 5
        assert killable.rebuild([document(2)]) == 1
        assert killable.search(Query()).ids == ("n2",)

    def test_a_server_that_says_nothing_is_an_error_within_the_time(self, own_server, killable):
        # A listening socket that never answers, and a server that stops in mid-life.
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            mute = MeilisearchEngine(f"k@127.0.0.1:{deaf.getsockname()[1]}/p", SERVICES)
            waited = timed_failure(lambda: mute.search(Query("ขยะ")))
            assert SEARCH_SECONDS * 0.9 <= waited < SEARCH_SECONDS * 4
        own_server.pause()
        assert timed_failure(lambda: killable.search(Query("ขยะ"))) < SEARCH_SECONDS * 4
        own_server.resume()
        assert killable.search(Query("ขยะ")).ids == ("waste",)

    @pytest.mark.parametrize("where", ["127.0.0.1:1/p", "name.invalid:7700/p"])
    def test_an_absent_server_is_an_error_that_says_it_is_away(self, where):
        engine = MeilisearchEngine(where, SERVICES)
        with pytest.raises(SearchError) as caught:
            engine.search(Query("ขยะ"))
        assert caught.value.away
        assert not engine.health().ok

    def test_a_wrong_key_is_an_error_that_does_not_tell_the_key(self, meilisearch):
        url = f"wrong-secret@127.0.0.1:{meilisearch.port}/p"
        engine = MeilisearchEngine(url, SERVICES)
        with pytest.raises(SearchError) as caught:
            engine.search(Query("ขยะ"))
        assert "wrong-secret" not in str(caught.value)
        assert "wrong-secret" not in repr(engine.server.address)


def timed_failure(ask):
    began = time.monotonic()
    with pytest.raises(SearchError):
        ask()
    return time.monotonic() - began


def test_writes_during_a_rebuild_are_in_both(engine):
    def documents():
        yield from DOCUMENTS
        yield document(1)
        # Sent before the batch above is: without notes the batch would undo both.
        engine.index([Document("n1", {"name": "ห้องสมุดเสียง"})])
        engine.remove(["waste"])
        yield document(2)

    engine.rebuild(documents())
    assert set(engine.search(Query()).ids) == {"camera", "flood", "tourist", "n1", "n2"}
    assert engine.search(Query("เสียง")).ids == ("n1",)
    engine.index([document(3)])
    engine.roll_back()
    assert set(engine.search(Query()).ids) == {"camera", "flood", "tourist", "n1", "n3"}
    engine.roll_back()
    assert "n2" in engine.search(Query()).ids


def test_drift_is_named(engine):
    assert engine.settings_drift() == []
    path = f"/indexes/{engine.slots.live}/settings"
    engine.server.follow([engine.server.call("PATCH", path, {"stopWords": ["a"], "searchCutoffMs": 5})])
    assert [line.split()[0] for line in engine.settings_drift()] == ["stopWords", "searchCutoffMs"]
    assert not engine.health().current
    engine.rebuild(DOCUMENTS)
    assert engine.settings_drift() == []


def test_nearest_vectors_stay_with_their_documents(engine):
    def vector(*places):
        return [1.0 if place in places else 0.0 for place in range(DIMENSIONS)]

    engine.store_vectors({"camera": {"th": [vector(0)]}, "waste": {"th": [vector(1)], "en": [vector(5)]}})
    engine.store_vectors({"unknown": {"th": [vector(0)]}})
    assert engine.count() == 4
    engine.index([DOCUMENTS[0]])
    engine.rebuild(DOCUMENTS)
    near = engine.nearest(vector(0), "th", 5)
    assert [one for one, _ in near] == ["camera", "waste"]
    assert [round(score, 2) for _, score in near] == [1.0, 0.0]
    assert [one for one, _ in engine.nearest(vector(0), "en", 5)] == ["waste"]
    assert [one for one, _ in engine.nearest(vector(0), "th", 5, among=["waste", "flood"])] == ["waste"]
    assert [one for one, _ in engine.nearest(vector(0), "th", 5, asked=[OneOf("kind", ["saas"])])] == [
        "waste"
    ]
    with pytest.raises(SearchError):
        engine.nearest(vector(0), "fr", 5)
    with pytest.raises(SearchError):
        engine.nearest([1.0], "th", 5)


def test_the_beginning_of_several_words_finds_them(engine):
    engine.index([Document("board", {"name": "แดชบอร์ด"})])
    found = engine.search(Query("แดชบอร์"))
    assert (found.ids, found.suggestion) == (("board",), None)
