"""Words and meaning in one answer, over both engines: the union is exact, and off is as if it were not."""

import random

import numpy as np
import pytest

from search import hybrid
from search.documents import Document, Field, IndexDescription, Kind, SearchError
from search.embedding.vectors import Passage, VectorStore
from search.embedding.wire import DIMENSIONS
from search.engine import AllOf, FacetCount, Match, OneOf, Query, Sort
from search.hybrid import hybrid_search

LISTINGS = IndexDescription(
    "listings",
    (
        Field("name", Kind.TEXT, boost=3),
        Field("kind", Kind.KEYWORD, facet=True),
        Field("dimension", Kind.KEYWORD, facet=True),
        Field("sort_key", Kind.KEYWORD, sort=True),
    ),
)
WORDS = ["กล้อง", "ขยะ", "น้ำท่วม", "ร้องเรียน", "ภาษี", "จราจร", "ฝุ่น", "โรงเรียน"]
COUNT = 150


def made_documents():
    chance = random.Random(11)
    return tuple(
        Document(
            f"d{number}",
            {
                "name": " ".join(chance.choices(WORDS, k=2)),
                "kind": chance.choice(["saas", "device"]),
                "dimension": chance.sample(["living", "energy", "people"], k=chance.randint(1, 2)),
                "sort_key": f"{number:03}",
            },
        )
        for number in range(COUNT)
    )


DOCUMENTS = made_documents()
# Where each document lies; the first axis is what every question below is about.
NEARNESS = {document.id: 1.0 - n / 40 for n, document in enumerate(random.Random(5).sample(DOCUMENTS, 40))}


def direction(nearness):
    """A vector of length one that is so near to the first axis."""
    made = np.zeros(DIMENSIONS, np.float32)
    made[0], made[1] = nearness, np.sqrt(1 - nearness**2)
    return made


QUESTION = direction(1.0)


def passages(document):
    """Every third is in Thai only, every third in English only, the rest in both."""
    near = direction(NEARNESS.get(document.id, 0.0))[None]
    spoken = (("th",), ("en",), ("th", "en"))[int(document.id[1:]) % 3]
    return [Passage(document.id, language, (f"{document.id}{language}",), near) for language in spoken]


@pytest.fixture
def vectors(tmp_path, monkeypatch):
    monkeypatch.setattr(hybrid, "centred", lambda vector, kind, language: vector)
    store = VectorStore(tmp_path / "listings.vectors")
    store.update({document.id: passages(document) for document in DOCUMENTS})
    return store


@pytest.fixture
def engine(make_engine):
    made = make_engine(LISTINGS, DOCUMENTS)
    made.rebuild(DOCUMENTS)
    return made


def asked(engine, vectors, query):
    return hybrid_search(engine, query, vectors, lambda text: QUESTION)


def every_page(engine, vectors, query):
    """The ids of all pages one after the other, and those among them that came by meaning."""
    ids, by_meaning, total = [], set(), None
    for page in range(1, 100):
        answer = asked(
            engine, vectors, Query(query.text, query.filters, match=query.match, page=page, per_page=7)
        )
        assert total in (None, answer.total)
        total = answer.total
        if not answer.ids:
            break
        ids += answer.ids
        by_meaning |= answer.by_meaning
    assert total == len(ids)
    return ids, by_meaning


def by_words(engine, query):
    found = []
    for page in (1, 2):
        found += engine.search(
            Query(query.text, query.filters, match=query.match, page=page, per_page=100)
        ).ids
    return found


FILTERS = {
    "none": (),
    "one": (OneOf("kind", ["saas"]),),
    "two": (OneOf("kind", ["device"]), AllOf("dimension", ["living"])),
}


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize(("text", "match"), [("กล้อง", Match.AUTO), ("กล้อง ขยะ ภาษี ฝุ่น", Match.ANY)])
def test_pages_are_the_union_each_once(engine, vectors, text, match, filters):
    query = Query(text, filters, match=match)
    ids, by_meaning = every_page(engine, vectors, query)
    words = by_words(engine, query)
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(words) | by_meaning
    assert by_meaning.isdisjoint(words)
    allowed = set(by_words(engine, Query("", filters)))
    assert set(ids) <= allowed
    # Who joins does not depend on what is filtered.
    unfiltered = every_page(engine, vectors, Query(text, match=match))
    near = set(unfiltered[0]) & {one for one, nearness in NEARNESS.items() if nearness > 0.75}
    assert near & allowed <= set(ids)
    assert by_meaning <= NEARNESS.keys()
    assert unfiltered[1]


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
def test_facets_count_exactly_what_is_found(engine, vectors, filters):
    query = Query("กล้อง", filters, facets=("kind", "dimension"))
    facets = asked(engine, vectors, query).facets
    fields = {document.id: document.fields for document in DOCUMENTS}
    for name in ("kind", "dimension"):
        others = tuple(one for one in filters if one.field != name)
        ids, _ = every_page(engine, vectors, Query("กล้อง", others))
        counts = {}
        for one in ids:
            value = fields[one][name]
            for each in [value] if isinstance(value, str) else value:
                counts[each] = counts.get(each, 0) + 1
        expected = sorted(
            (FacetCount(value, n) for value, n in counts.items()), key=lambda c: (-c.count, c.value)
        )
        assert list(facets[name]) == expected


def test_near_ones_come_before_those_that_only_say_the_word(engine, vectors):
    first = asked(engine, vectors, Query("กล้อง", per_page=10))
    words = set(by_words(engine, Query("กล้อง")))
    both = [one for one in words if NEARNESS.get(one, 0) > 0.8]
    assert both
    assert set(both) <= set(asked(engine, vectors, Query("กล้อง", per_page=40)).ids)
    assert list(first.scores) == sorted(first.scores, reverse=True)
    assert first.ids == asked(engine, vectors, Query("กล้อง", per_page=10)).ids


def test_what_left_the_index_is_not_counted(engine, vectors):
    _, by_meaning = every_page(engine, vectors, Query("กล้อง"))
    gone = min(by_meaning)
    engine.remove([gone])
    ids, left = every_page(engine, vectors, Query("กล้อง"))
    assert left == by_meaning - {gone}
    assert gone not in ids


def test_what_has_no_vector_yet_keeps_its_place_by_words(engine, vectors):
    vectors.update({}, [document.id for document in DOCUMENTS])
    query = Query("กล้อง ขยะ", match=Match.ANY, per_page=50)
    assert asked(engine, vectors, query).ids == engine.search(query).ids


def test_nothing_near_is_nothing_joined(engine, vectors):
    far = direction(1.0)[::-1].copy()
    answer = hybrid_search(engine, Query("กล้อง"), vectors, lambda text: far)
    assert answer.by_meaning == frozenset()
    assert answer.total == engine.search(Query("กล้อง")).total


ALIKE = {
    "a phrase": Query('"กล้อง ขยะ"', facets=("kind",)),
    "no text": Query("", (OneOf("kind", ["saas"]),), facets=("dimension",)),
    "sorted": Query("กล้อง", sort=Sort("sort_key")),
}


def plain(results):
    return (results.ids, results.total, results.facets, results.highlights, results.by_meaning)


@pytest.mark.parametrize("query", ALIKE.values(), ids=ALIKE)
def test_by_words_alone_where_nearness_is_not_meant(engine, vectors, query):
    assert plain(asked(engine, vectors, query)) == plain(engine.search(query))


def test_without_a_vector_the_answer_is_that_of_the_words(engine, vectors):
    query = Query("กล้อง ขยะ", facets=("kind",), highlight=("name",), page=2, per_page=3)
    assert plain(hybrid_search(engine, query, vectors, lambda text: None)) == plain(engine.search(query))


def test_off_is_as_if_it_were_not_there(engine, vectors, monkeypatch):
    def never(*_args, **_options):
        raise AssertionError("the model is off")

    monkeypatch.setattr(hybrid, "embed_query", never)
    query = Query("กล้อง", facets=("kind",), highlight=("name",))
    assert plain(hybrid.find("listings", query)) == plain(engine.search(query))


def test_vectors_that_are_away_leave_the_words(engine, vectors):
    class Away:
        def nearest(self, query, language, limit, among=None):
            raise SearchError("away", away=True)

    query = Query("กล้อง", facets=("kind",), per_page=50)
    answer = hybrid_search(engine, query, Away(), lambda text: QUESTION)
    assert plain(answer) == plain(engine.search(query))


def test_marks_are_those_of_the_words(engine, vectors):
    query = Query("กล้อง", highlight=("name",), per_page=30)
    marked, found = asked(engine, vectors, query).highlights, engine.search(query).highlights
    assert {one: marked[one] for one in found if one in marked} == {
        one: found[one] for one in found if one in marked
    }
    assert found.keys() & set(asked(engine, vectors, query).ids) <= marked.keys()


def test_a_missing_index_is_an_error_of_search(make_engine, vectors):
    with pytest.raises(SearchError):
        asked(make_engine(LISTINGS, DOCUMENTS), vectors, Query("กล้อง"))
