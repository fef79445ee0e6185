"""The yardstick itself: files that agree with each other and with the demo."""

import csv
from collections import Counter

from benchmarks.relevance_sets import JUDGED, NONE_EXPECTED, judged_set, listings
from catalogue.indexing import INDEX

KINDS = {
    "thai",
    "english",
    "mixed",
    "misspelt",
    "colloquial",
    "abbreviation",
    "other-language",
    NONE_EXPECTED,
}


def has_thai(text):
    return any("\u0e00" <= letter <= "\u0e7f" for letter in text)


def rows(name):
    with (JUDGED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_enough_queries_of_every_kind():
    kinds = Counter(row["kind"] for row in rows("queries.csv"))
    assert set(kinds) == KINDS
    assert kinds.total() >= 120
    assert all(count >= 20 for kind, count in kinds.items() if kind != NONE_EXPECTED)


def test_every_query_is_asked_once():
    queries = rows("queries.csv")
    assert len({row["id"] for row in queries}) == len(queries)
    assert [text for text, count in Counter(row["text"] for row in queries).items() if count > 1] == []
    assert [row["id"] for row in queries if row["text"] != row["text"].strip() or not row["text"]] == []


def test_every_query_has_something_to_find_unless_nothing_is_expected():
    helps = {row["query"] for row in rows("judgements.csv") if row["grade"] != "0"}
    expected = {row["id"] for row in rows("queries.csv") if row["kind"] != NONE_EXPECTED}
    assert helps == expected


def test_judgements_name_public_listings_and_known_queries_once():
    judgements = rows("judgements.csv")
    keys = {row["key"] for row in listings()}
    assert {row["service"] for row in judgements} - keys == set()
    assert {row["query"] for row in judgements} - {row["id"] for row in rows("queries.csv")} == set()
    assert {row["grade"] for row in judgements} == {"0", "1", "2", "3"}
    assert len({(row["query"], row["service"]) for row in judgements}) == len(judgements)


def test_listings_that_are_not_public_are_not_searched():
    keys = [row["key"] for row in listings()]
    assert len(set(keys)) == len(keys)
    assert {"rot-khaya", "jaeng-mueang"} <= set(keys)
    # Withdrawn, suspended, draft, under review.
    assert {"hong-stem", "khrop-khong-luang", "ok-kamlang", "khio-meru", "bin-fai-ruam"} & set(keys) == set()


def test_documents_are_those_that_the_index_knows():
    collection = judged_set()
    assert collection.description is INDEX
    for document in collection.documents:
        document.checked(INDEX)
    by_id = {document.id: document for document in collection.documents}
    assert "Telemedicine for health centres" in str(by_id["mo-thang-klai"].fields["name"])
    assert "Example Lamthan Digital" in str(by_id["jaeng-mueang"].fields["vendor"])


def test_a_query_of_the_other_language_is_answered_by_a_listing_without_its_language():
    """Else these queries would measure something else."""
    written = {row["key"]: row["answers"] for row in listings()}
    for question in judged_set().questions:
        if question.kind == "other-language":
            best = [key for key, grade in question.grades.items() if grade == 3]
            assert len(best) == 1, question
            texts = "".join(value for value in written[best[0]].values() if isinstance(value, str))
            listing_is_thai = any("\u0e00" <= letter <= "\u0e7f" for letter in texts)
            assert listing_is_thai != any("\u0e00" <= letter <= "\u0e7f" for letter in question.text), (
                question
            )
