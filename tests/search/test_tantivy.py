"""What is particular to an index in a folder: other processes, locks, broken files."""

import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from search.documents import Document, Field, Kind, SearchError
from search.engine import Query
from search.generations import Generations
from search.tantivy_engine import TantivyEngine
from tests.search.conftest import DOCUMENTS, SERVICES
from tests.search.engine_contract import EngineContract

NEW = Document("new", {"name": "ห้องสมุดเสียง"})

WRITER = """
import sys
from search.documents import Document
from search.tantivy_engine import TantivyEngine
from tests.search.conftest import SERVICES
engine = TantivyEngine(sys.argv[1], SERVICES)
if sys.argv[2] == "index":
    engine.index([Document("new", {"name": "ห้องสมุดเสียง"})])
else:
    engine.rebuild([Document("new", {"name": "ห้องสมุดเสียง"})])
"""


@pytest.fixture
def engine_url(tmp_path):
    return f"tantivy://{tmp_path / 'index'}"


class TestContract(EngineContract):
    """The class that every engine passes."""


@pytest.fixture
def folder(tmp_path):
    TantivyEngine(str(tmp_path), SERVICES).rebuild(DOCUMENTS)
    return tmp_path


@pytest.fixture
def reader(folder):
    engine = TantivyEngine(str(folder), SERVICES)
    assert engine.count() == 4
    return engine


@pytest.mark.parametrize(("write", "count"), [("index", 5), ("rebuild", 1)])
def test_another_process_writes_and_this_one_sees_it(folder, reader, write, count):
    subprocess.run([sys.executable, "-c", WRITER, str(folder), write], check=True, timeout=60)
    assert (reader.search(Query("ห้องสมุด")).ids, reader.count()) == (("new",), count)


def test_a_writer_waits_for_another_and_gives_up_in_time(folder, reader, monkeypatch):
    monkeypatch.setattr("search.tantivy_engine.writing._PATIENCE", 0.1)
    with Generations(folder / "services").writing(1):
        with pytest.raises(SearchError):
            reader.index([NEW])
        with pytest.raises(SearchError):
            reader.rebuild([])
        assert reader.count() == 4  # reading needs no lock
    reader.index([NEW])
    assert reader.count() == 5


def test_many_threads_write_and_read(folder, reader):
    def write(number):
        TantivyEngine(str(folder), SERVICES).index([Document(f"t{number}", {"name": "ห้องสมุด"})])

    def read():
        for _ in range(30):
            assert reader.search(Query("ขยะ")).ids == ("waste",)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)] + [threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (reader.count(), reader.search(Query("ห้องสมุด")).total) == (12, 8)


def test_search_goes_on_while_a_new_index_is_built(reader):
    def documents():
        yield NEW
        assert reader.search(Query("ขยะ")).ids == ("waste",)

    reader.rebuild(documents())
    assert reader.search(Query()).ids == ("new",)


def test_old_generations_go_but_one(folder, reader):
    for _ in range(4):
        reader.rebuild(DOCUMENTS)
    assert len([entry for entry in (folder / "services").iterdir() if entry.is_dir()]) == 2


@pytest.mark.parametrize("pattern", ["CURRENT", "*/meta.json", "*/*.idx", "*/*.store", "*/*.term"])
@pytest.mark.parametrize("damage", ["garbage", "gone"])
def test_a_broken_index_is_an_error_of_search_until_rebuilt(folder, pattern, damage):
    for path in (folder / "services").glob(pattern):
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(b"garbage")
    engine = TantivyEngine(str(folder), SERVICES)
    with pytest.raises(SearchError):
        engine.search(Query("ขยะ"))
    assert not engine.health().ok
    engine.rebuild(DOCUMENTS)
    assert engine.search(Query("ขยะ")).ids == ("waste",)


def test_changed_fields_ask_for_a_rebuild(folder):
    changed = replace(SERVICES, fields=(*SERVICES.fields, Field("region", Kind.KEYWORD, facet=True)))
    engine = TantivyEngine(str(folder), changed)
    with pytest.raises(SearchError, match="reindex"):
        engine.search(Query())
    engine.rebuild(DOCUMENTS)
    assert engine.count() == 4


def test_changed_words_are_told_by_health(reader, monkeypatch):
    monkeypatch.setattr("search.tantivy_engine.engine.ANALYSIS_VERSION", "next")
    health = reader.health()
    assert (health.ok, health.current) == (True, False)
