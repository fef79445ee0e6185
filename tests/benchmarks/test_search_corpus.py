"""The generated services and questions of dev.py bench search."""

from itertools import islice

from benchmarks.search_corpus import FACETS, faceted, keystrokes, sentences, services
from benchmarks.search_others import SQLite
from benchmarks.search_systems import percentile
from catalogue.indexing import INDEX


def has_thai(text):
    return any("\u0e00" <= letter <= "\u0e7f" for letter in text)


def test_the_same_number_gives_the_same_services():
    assert list(services(30)) == list(services(30))
    assert list(islice(services(1_000), 30)) == list(services(30))
    assert len({one.id for one in services(300)}) == 300


def test_services_are_documents_of_the_index_in_both_languages():
    made = list(services(100))
    for one in made:
        one.checked(INDEX)
    said = [str(one.fields["summary"]) for one in made]
    assert sum(map(has_thai, said)) > 80
    assert all(one.fields["dimension"] and one.fields["region"] for one in made)
    assert len(set(said)) > 90


def test_questions_filter_by_facets_that_are_counted():
    asked = faceted()
    assert len(asked) >= 100
    assert {field for one in asked for field, _ in one.filters} <= set(FACETS)
    assert all(len(text) >= 2 and text == text.rstrip() for text in keystrokes() if text)
    assert len(sentences()) == 60


def test_another_system_is_asked_the_same(tmp_path):
    """A faceted question of SQLite counts what a plain look at the documents finds."""
    made = list(services(200))
    system = SQLite(tmp_path)
    system.build(made)
    asked = next(one for one in faceted() if one.text == "ขยะ")
    expected = [
        one
        for one in made
        if "ขยะ" in "\n".join(str(one.fields.get(field.name)) for field in INDEX.texts)
        and all(value in _values(one, field) for field, value in asked.filters)
    ]
    # Three characters are the shortest that trigrams can find.
    assert system.faceted(asked) == len(expected)


def test_percentiles_by_hand():
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2
    assert percentile(list(map(float, range(1, 101))), 0.95) == 96
    assert percentile([1.0], 0.95) == 1


def _values(document, field):
    value = document.fields.get(field) or []
    return [value] if isinstance(value, str) else value
