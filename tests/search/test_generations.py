"""Other processes and their deaths: who writes during a rebuild, and what a kill leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from search.documents import Document, SearchError
from search.engine import Query
from search.generations import Generations
from search.missed import Missed
from search.tantivy_engine import TantivyEngine
from tests.search.conftest import DOCUMENTS, SERVICES

NEW = Document("new", {"name": "ห้องสมุดเสียง"})

# Rebuilds, and waits for a file in the middle of it.
REBUILDER = """
import sys, time
from pathlib import Path
import django
django.setup()
from search.tantivy_engine import TantivyEngine
from tests.search.conftest import DOCUMENTS, SERVICES
folder = Path(sys.argv[1])
def documents():
    yield DOCUMENTS[0]
    (folder / "begun").touch()
    while not (folder / "go").exists():
        time.sleep(0.02)
    yield from DOCUMENTS[1:]
TantivyEngine(str(folder), SERVICES).rebuild(documents())
"""


@pytest.fixture
def folder(tmp_path):
    TantivyEngine(str(tmp_path), SERVICES).rebuild(DOCUMENTS)
    return tmp_path


@pytest.fixture
def rebuilding(folder):
    """Another process in the middle of a rebuild."""
    process = subprocess.Popen(
        [sys.executable, "-c", REBUILDER, str(folder)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    while not (folder / "begun").exists():
        assert process.poll() is None
        time.sleep(0.02)
    yield process
    process.kill()
    process.wait()


def test_writes_during_the_rebuild_of_another_process(folder, rebuilding):
    engine = TantivyEngine(str(folder), SERVICES)
    engine.index([NEW])
    engine.remove(["flood"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.tantivy_engine.writing._PATIENCE", 0.1)
        with pytest.raises(SearchError):  # one rebuild at a time
            engine.rebuild([])
    (folder / "go").touch()
    assert rebuilding.wait(timeout=120) == 0
    assert set(engine.search(Query()).ids) == {"camera", "waste", "tourist", "new"}
    assert engine.search(Query("ห้องสมุด")).ids == ("new",)


def test_killed_in_mid_rebuild(folder, rebuilding):
    engine = TantivyEngine(str(folder), SERVICES)
    rebuilding.send_signal(signal.SIGKILL)
    rebuilding.wait()
    assert engine.count() == 4
    engine.index([NEW])  # goes on, though the dead one's folder is still there
    assert engine.search(Query("ห้องสมุด")).ids == ("new",)
    assert engine.rebuild([*DOCUMENTS, NEW]) == 5
    left = [entry.name for entry in (folder / "services").iterdir() if entry.is_dir()]
    assert len(left) == 2


def test_rolling_back_to_an_index_of_other_fields_is_refused(folder):
    generations = Generations(folder / "services")
    engine = TantivyEngine(str(folder), SERVICES)
    engine.rebuild(DOCUMENTS)
    current = folder / "services" / "CURRENT"
    data = json.loads(current.read_text("utf-8"))
    data["previous"]["description"] = "other"
    current.write_text(json.dumps(data), "utf-8")
    with pytest.raises(SearchError, match="other fields"):
        engine.roll_back()
    assert generations.current().name == data["name"]


def test_rolling_back_to_what_somebody_deleted_changes_nothing(folder):
    engine = TantivyEngine(str(folder), SERVICES)
    engine.rebuild(DOCUMENTS[:2])
    before = Generations(folder / "services").current().previous
    assert before is not None
    for path in (folder / "services" / before.name).iterdir():
        path.unlink()
    with pytest.raises(SearchError):
        engine.roll_back()
    assert engine.count() == 2


def test_the_index_of_an_older_release_asks_for_a_rebuild(folder):
    current = folder / "services" / "CURRENT"
    data = json.loads(current.read_text("utf-8"))
    current.write_text(json.dumps({**data, "description": "0123456789abcdef", "previous": ""}), "utf-8")
    engine = TantivyEngine(str(folder), SERVICES)
    with pytest.raises(SearchError, match="reindex"):
        engine.search(Query())
    assert engine.settings_drift() == ["The fields of services have changed."]
    engine.rebuild(DOCUMENTS)
    assert engine.settings_drift() == []


def test_notes_hold_the_last_word_and_survive_a_cut(tmp_path):
    missed = Missed(tmp_path / "x.missed")
    assert missed.read() == {}
    missed.add([("a", {"id": "a", "fields": {"name": ["ก"]}}), ("b", None)])
    with missed.path.open("a", encoding="utf-8") as file:
        file.write('\n["c", {"id": "c", "fie')  # killed in mid-line
    missed.add([("a", None), ("d", None)])
    assert missed.read() == {"a": None, "b": None, "d": None}


def test_notes_stay_small(tmp_path, monkeypatch):
    monkeypatch.setattr("search.missed._COMPACT_BYTES", 1_000)
    missed = Missed(tmp_path / "x.missed")
    for number in range(300):
        missed.add([("same", {"number": number}), (f"other{number % 3}", None)])
    assert missed.path.stat().st_size < 2_500
    assert missed.read() == {"same": {"number": 299}, "other0": None, "other1": None, "other2": None}
