"""Vectors of public services: made by the worker between other work, and never of what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from catalogue import browsing, services
from catalogue.indexing import meaning
from marketplace import outbox
from marketplace.models import Outbox
from search import embedding, hybrid
from search.embedding import AwayError, upkeep
from search.embedding.texts import text_hash
from search.embedding.upkeep import vectors_of
from search.embedding.vectors import VectorStore
from search.embedding.wire import DIMENSIONS
from search.engine import SearchError
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]


def axis(text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Texts of floods lie on one axis, all others apart from it and from each other."""
    made = np.zeros(DIMENSIONS, np.float32)
    about_floods = "ท่วม" in text or text == "ueberschwemmung"
    made[0 if about_floods else 1 + int(text_hash(text), 16) % (DIMENSIONS - 1)] = 1
    return made


@pytest.fixture(autouse=True)
def model(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A model that knows floods; the texts that it was given."""
    given: list[str] = []

    def embed(texts: list[str], kind: str) -> list[Any]:
        given.extend(texts)
        return [axis(text) for text in texts]

    settings.SEARCH_EMBEDDINGS, settings.EMBEDDING_DIR = True, tmp_path
    for place in (meaning.embedding, hybrid):
        monkeypatch.setattr(place, "enabled", lambda: settings.SEARCH_EMBEDDINGS)
    monkeypatch.setattr(upkeep, "embed", embed)
    monkeypatch.setattr(upkeep.centring, "centred", lambda vector, kind, language: vector)
    monkeypatch.setattr(hybrid, "centred", lambda vector, kind, language: vector)
    # Read when `find` is called, so that a test may take it away.
    monkeypatch.setattr(hybrid.hybrid_search, "__defaults__", (axis,))
    meaning.look_again()
    yield given
    meaning.look_again()


@pytest.fixture
def store() -> VectorStore:
    return vectors_of("services")


THAI_ONLY: dict[str, Any] = {
    "name_th": "เฝ้าระวังน้ำท่วมคลอง",
    "summary_th": "วัดระดับน้ำท่วมทุกสิบนาที เตือนชุมชนริมคลองก่อนน้ำมาถึง",
    "name_en": None,
    "summary_en": None,
}


def test_an_english_question_finds_a_service_in_thai_only(cast: Cast, store: VectorStore) -> None:
    found = factories.published(cast.owner, cast.reviewer, **THAI_ONLY)
    factories.published(cast.owner, cast.reviewer)
    assert browsing.find("ueberschwemmung").ids == ()
    outbox.drain()
    assert store.count() == 2
    answer = browsing.find("ueberschwemmung", facets=("kind",))
    assert (answer.ids, answer.total, answer.by_meaning) == (
        (found.public_id,),
        1,
        frozenset({found.public_id}),
    )
    assert [(one.value, one.count) for one in answer.facets["kind"]] == [("saas", 1)]
    assert browsing.find("ueberschwemmung", filters={"kind": ["hardware"]}).total == 0
    page = Client().get("/services/", {"q": "ueberschwemmung"}, headers={"accept-language": "th"})
    assert found.name_th in page.content.decode()


def test_the_index_does_not_wait_for_the_model(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(texts: list[str], kind: str) -> list[Any]:
        raise AwayError("The model does not start.")

    monkeypatch.setattr(upkeep, "embed", away)
    service = factories.published(cast.owner, cast.reviewer, **THAI_ONLY)
    outbox.drain()
    assert browsing.find("ระดับน้ำ").ids == (service.public_id,)
    assert not Outbox.objects.exclude(state="done").exists()


def test_what_was_missed_is_caught_up_with(cast: Cast, store: VectorStore, settings: Any) -> None:
    settings.SEARCH_EMBEDDINGS = False
    service = factories.published(cast.owner, cast.reviewer, **THAI_ONLY)
    outbox.drain()
    assert not Outbox.objects.filter(handler="catalogue.embed").exists()
    assert store.count() == 0
    settings.SEARCH_EMBEDDINGS = True
    for _ in range(2):  # the second time nothing is due
        meaning.catch_up()
    assert Outbox.objects.filter(handler="catalogue.embed").count() == 1
    outbox.drain()
    assert set(store.held()) == {service.public_id}


def test_only_what_is_public_has_vectors(cast: Cast, store: VectorStore, model: list[str]) -> None:
    shown = factories.published(cast.owner, cast.reviewer, **THAI_ONLY)
    factories.draft(cast.owner, name_th="ร่างลับที่ยังไม่เผยแพร่")
    outbox.drain()
    assert set(store.held()) == {shown.public_id}
    assert "ร่างลับ" not in "".join(model)
    services.withdraw(shown, by=cast.owner, note="เลิกให้บริการ")
    outbox.drain()
    assert store.held() == {}
    assert browsing.find("ueberschwemmung").total == 0


def test_a_change_that_says_the_same_embeds_nothing(cast: Cast, store: VectorStore, model: list[str]) -> None:
    service = factories.published(cast.owner, cast.reviewer, **THAI_ONLY)
    outbox.drain()
    assert model
    model.clear()
    outbox.put("catalogue.index_service", {"service": service.public_id})
    outbox.put("catalogue.reindex", {})
    outbox.drain()
    meaning.catch_up()
    outbox.drain()
    assert model == []
    assert set(store.held()) == {service.public_id}


def test_other_work_has_its_turn(cast: Cast, store: VectorStore, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [factories.published(cast.owner, cast.reviewer, **THAI_ONLY).public_id for _ in range(3)]
    outbox.drain()
    store.update({}, ids)
    monkeypatch.setattr(meaning, "_SECONDS", 0.0)
    meaning.embed([{"index": "services", "ids": ids}])
    assert store.count() == 1
    left = Outbox.objects.filter(handler="catalogue.embed", state="pending").values_list("payload", flat=True)
    assert [row["ids"] for row in left] == [ids[1:]]
    outbox.drain()
    assert set(store.held()) == set(ids)


def test_an_engine_that_is_away_is_told_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors that an engine keeps itself are in none of our files: the effect stays until it has them."""

    def refuse(*_args: Any) -> None:
        raise SearchError("away", away=True)

    factories.published(cast.owner, cast.reviewer, **THAI_ONLY)
    monkeypatch.setattr(meaning, "share", refuse)
    outbox.drain()
    row = Outbox.objects.get(handler="catalogue.embed")
    assert (row.state, row.attempts) == ("pending", 1)
    assert "away" in row.last_error


def test_off_is_as_before(cast: Cast, settings: Any, model: list[str]) -> None:
    settings.SEARCH_EMBEDDINGS = False
    service = factories.published(cast.owner, cast.reviewer, **THAI_ONLY)
    outbox.drain()
    meaning.catch_up()
    assert (model, embedding.health().on) == ([], False)
    assert browsing.find("น้ำท่วม").ids == (service.public_id,)
    assert browsing.find("ueberschwemmung").by_meaning == frozenset()
