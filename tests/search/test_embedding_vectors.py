"""The vectors beside an index: exact nearest, replaced whole, read by every process."""

import threading

import numpy as np
import pytest

from search.documents import Document, Field, IndexDescription, Kind
from search.embedding import centring, upkeep, vectors
from search.embedding.centring import centred, sentences, source
from search.embedding.texts import prepared, text_hash
from search.embedding.upkeep import keep_only, keep_up, passages_of, stale
from search.embedding.vectors import Passage, VectorStore
from search.embedding.wire import DIMENSIONS

TEXTS = IndexDescription("texts", (Field("name", Kind.TEXT), Field("body", Kind.TEXT)))


def directions(count, seed=7):
    made = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def passage(document, rows, language="th"):
    return Passage(document, language, tuple(f"{document}-{language}-{n}" for n in range(len(rows))), rows)


@pytest.fixture
def store(tmp_path):
    return VectorStore(tmp_path / "texts.vectors")


def test_nearest_is_exact_and_a_document_is_as_near_as_its_nearest_window(store):
    rows = directions(60)
    store.update({f"d{n}": [passage(f"d{n}", rows[3 * n : 3 * n + 3])] for n in range(20)})
    query = directions(1, seed=8)[0]
    best = {f"d{n}": float((rows[3 * n : 3 * n + 3] @ query).max()) for n in range(20)}
    order = sorted(best, key=lambda one: -best[one])
    found = store.nearest(query, "th", 5)
    assert [one for one, _ in found] == order[:5]
    assert [score for _, score in found] == pytest.approx([best[one] for one in order[:5]], abs=1e-5)
    among = store.nearest(query, "th", 9, among=["d3", "unknown", "d11"])
    assert dict(among) == pytest.approx({one: best[one] for one in ("d3", "d11")}, abs=1e-5)
    assert (store.nearest(query, "en", 5), store.nearest(query, "th", 0)) == ([], [])


def test_languages_are_apart(store):
    rows = directions(4)
    store.update(
        {
            "both": [passage("both", rows[:1]), passage("both", rows[1:2], "en")],
            "thai": [passage("thai", rows[2:3])],
            "english": [passage("english", rows[3:], "en")],
        }
    )
    assert {one for one, _ in store.nearest(rows[0], "th", 9)} == {"both", "thai"}
    assert {one for one, _ in store.nearest(rows[0], "en", 9)} == {"both", "english"}
    assert store.count() == 3


def test_a_change_replaces_and_another_reader_sees_it(store, tmp_path):
    rows = directions(3)
    reader = VectorStore(tmp_path / "texts.vectors")
    assert (reader.count(), reader.held(), reader.nearest(rows[0], "th", 3)) == (0, {}, [])
    store.update({"a": [passage("a", rows[:1])], "b": [passage("b", rows[1:2])]})
    assert [one for one, _ in reader.nearest(rows[0], "th", 1)] == ["a"]
    store.update({"a": [passage("a", rows[2:], "en")]}, ["b", "unknown"])
    assert reader.held() == {"a": {"en": ("a-en-0",)}}
    assert reader.nearest(rows[2], "en", 3)[0] == ("a", pytest.approx(1.0, abs=1e-5))


def test_writers_at_once_lose_nothing(tmp_path):
    rows = directions(8)

    def write(number):
        VectorStore(tmp_path / "texts.vectors").update(
            {f"d{number}": [passage(f"d{number}", rows[number][None])]}
        )

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(VectorStore(tmp_path / "texts.vectors").held()) == {f"d{n}" for n in range(8)}


@pytest.mark.parametrize("damage", [b"", b"garbage", b'{"version": 1}\n', None])
def test_a_broken_file_holds_nothing_until_it_is_written(store, damage):
    rows = directions(2)
    store.update({"a": [passage("a", rows[:1])]})
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[:-4] if damage is None else damage)
    assert (store.count(), store.nearest(rows[0], "th", 3)) == (0, [])
    store.update({"b": [passage("b", rows[1:])]})
    assert set(store.held()) == {"b"}


def test_vectors_of_another_model_are_not_compared(store, monkeypatch):
    store.update({"a": [passage("a", directions(1))]})
    monkeypatch.setattr(vectors, "MODEL", "another")
    assert VectorStore(store.path).count() == 0


@pytest.fixture
def model(monkeypatch):
    """A model that remembers what it was asked and cannot bear ช้าง."""
    asked = []

    def embed(texts, kind):
        asked.extend(texts)
        return [None if "ช้าง" in text else directions(1, seed=len(text))[0] for text in texts]

    monkeypatch.setattr(upkeep, "embed", embed)
    return asked


def test_only_what_changed_is_embedded(store, model):
    first = Document("a", {"name": ["ติดตามรถขยะ", "Waste trucks on a map"], "body": "เห็นเส้นทางของรถ"})
    second = Document("b", {"name": "Flood warning"})
    assert keep_up(store, TEXTS, [first, second]) == 2
    assert model == ["ติดตามรถขยะ เห็นเส้นทางของรถ", "Waste trucks on a map", "Flood warning"]
    assert stale(store, TEXTS, [first, second]) == ([], {"a", "b"})
    model.clear()
    changed = Document("b", {"name": "Flood warning", "body": "เตือนน้ำท่วมก่อนถึงบ้าน"})
    moved = Document("c", {"name": "Waste trucks on a map"})
    assert stale(store, TEXTS, [first, changed, moved]) == (["b", "c"], {"a", "b", "c"})
    keep_up(store, TEXTS, [first, changed, moved])
    assert model == [prepared("เตือนน้ำท่วมก่อนถึงบ้าน")]
    assert store.held()["c"] == {"en": (text_hash("Waste trucks on a map"),)}
    keep_only(store, {"a"})
    assert set(store.held()) == {"a"}


def test_a_text_that_the_model_cannot_bear_is_near_to_nothing_and_not_tried_again(store, model):
    elephant = Document("e", {"name": "ช้าง"})
    keep_up(store, TEXTS, [elephant])
    assert store.nearest(directions(1)[0], "th", 1) == [("e", 0.0)]
    model.clear()
    keep_up(store, TEXTS, [elephant])
    assert model == []


def test_a_document_without_text_loses_its_vectors(store, model):
    keep_up(store, TEXTS, [Document("a", {"name": "ติดตามรถขยะ"})])
    keep_up(store, TEXTS, [Document("a", {"name": " "})])
    assert store.held() == {}


def test_time_ends_between_documents(store, model):
    documents = [Document(f"d{n}", {"name": f"Number {n}"}) for n in range(5)]
    assert keep_up(store, TEXTS, documents, seconds=0) == 1
    assert set(store.held()) == {"d0"}


def test_a_name_in_the_other_language_is_no_passage():
    said = {"name": "ติดตามรถขยะ" * 20, "body": "Smart Bin"}
    assert set(passages_of(Document("a", said), TEXTS)) == {"th"}


def test_the_means_are_those_of_the_sentences():
    """`python -m search.embedding.centring` after generic.csv was changed."""
    frozen = centring._MEANS.read_text("utf-8")
    assert f'"source":"{source()}"' in frozen
    assert f'"model":"{vectors.MODEL}"' in frozen
    assert [len(sentences("query", one)) for one in ("th", "en")] == [70, 70]


def test_what_is_centred_has_length_one():
    for shape in ((DIMENSIONS,), (5, DIMENSIONS)):
        made = centred(
            directions(5).reshape(-1, DIMENSIONS)[: shape[0] if len(shape) > 1 else 1], "query", "th"
        )
        assert np.linalg.norm(made, axis=-1) == pytest.approx(1.0, abs=1e-5)
