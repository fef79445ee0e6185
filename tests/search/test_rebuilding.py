"""Rebuilds beside the index in use: no acknowledged write is lost, and there is a way back.

Also ties of another week, ids as a filter, and phrases. For every engine.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from search.documents import Document, SearchError
from search.engine import OneOf, Query, get_engine
from tests.search.conftest import DOCUMENTS

NEW = Document("new", {"name": "ห้องสมุดเสียง"})
CHANGED = Document("waste", {"name": "ห้องสมุดประชาชน", "price": 5})


def found(engine, text="", **more):
    return set(engine.search(Query(text, **more)).ids)


class TestRebuilding:
    def test_writes_made_meanwhile_are_in_both(self, engine):
        def documents():
            yield DOCUMENTS[0]
            yield DOCUMENTS[1]
            engine.index([NEW, CHANGED])
            engine.remove(["flood"])
            assert found(engine) == {"camera", "waste", "tourist", "new"}  # at once in what is in use
            yield DOCUMENTS[2]  # read before it was removed
            yield DOCUMENTS[3]

        assert engine.rebuild(documents()) == 4
        assert found(engine) == {"camera", "waste", "tourist", "new"}
        assert found(engine, "ห้องสมุด") == {"new", "waste"}
        assert found(engine, "ขยะ") == set()

    def test_the_last_of_several_writes_counts(self, engine):
        def documents():
            yield from DOCUMENTS
            engine.index([NEW])
            engine.remove(["new", "waste"])
            engine.index([CHANGED])

        engine.rebuild(documents())
        assert found(engine) == {"camera", "waste", "tourist", "flood"}
        assert found(engine, "ห้องสมุด") == {"waste"}

    def test_a_failed_rebuild_loses_no_write(self, engine):
        def broken():
            yield DOCUMENTS[0]
            engine.index([NEW])
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError):
            engine.rebuild(broken())
        assert found(engine) == {"camera", "waste", "tourist", "flood", "new"}
        engine.rebuild([*DOCUMENTS, NEW])
        assert engine.count() == 5

    def test_a_canary_sees_the_new_index_and_may_refuse_it(self, engine):
        def refuse(search):
            assert search(Query("ห้องสมุด")).ids == ("new",)
            assert found(engine, "ห้องสมุด") == set()
            raise SearchError("ขยะ finds nothing")

        with pytest.raises(SearchError, match="finds nothing"):
            engine.rebuild([NEW], canary=refuse)
        assert found(engine) == {"camera", "waste", "tourist", "flood"}
        assert engine.rebuild([NEW], canary=lambda search: None) == 1

    def test_the_way_back_has_what_was_written_since(self, engine):
        engine.rebuild([NEW])
        engine.index([CHANGED, DOCUMENTS[3]])
        engine.remove(["camera", "new"])
        engine.roll_back()
        assert found(engine) == {"waste", "flood", "tourist"}
        assert found(engine, "ห้องสมุด") == {"waste"}
        engine.index([NEW])
        engine.roll_back()  # twice is where it began
        assert found(engine) == {"waste", "tourist", "new"}
        assert engine.settings_drift() == []

    def test_no_way_back_from_the_first_index(self, empty_engine):
        with pytest.raises(SearchError):
            empty_engine.roll_back()
        empty_engine.rebuild(DOCUMENTS)
        with pytest.raises(SearchError):
            empty_engine.roll_back()
        assert empty_engine.count() == 4

    def test_drift(self, engine):
        assert engine.settings_drift() == []
        assert get_engine().settings_drift() == []

    def test_drift_of_no_index_is_an_error_of_search(self, empty_engine):
        with pytest.raises(SearchError):
            empty_engine.settings_drift()


class TestTies:
    def test_another_order_each_week(self, engine, monkeypatch):
        ids = [f"tie{number:02}" for number in range(40)]
        engine.rebuild([Document(one, {"name": "บริการเดียวกัน", "price": 5}) for one in ids])
        orders = []
        for day in (2, 8, 9):  # Monday, the Sunday after, the next Monday (of Bangkok)
            now = datetime(2026, 11, day, 5, tzinfo=UTC)
            monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
            orders.append(engine.search(Query("เดียวกัน", per_page=100)).ids)
        assert sorted(orders[0]) == ids
        assert orders[0] == orders[1] != orders[2]
        assert ids not in (list(orders[0]), list(orders[2]))


class TestIds:
    def test_ids_are_a_filter(self, engine):
        assert found(engine, filters=[OneOf("id", ["waste", "camera", "unknown"])]) == {"waste", "camera"}
        assert found(engine, "ขยะ", filters=[OneOf("id", ["camera"])]) == set()
        assert found(engine, filters=[OneOf("id", [])]) == set()
        assert found(engine, filters=[OneOf("id", ["\ud800", "x' OR 1=1", "", "w" * 900])]) == set()
        many = [f"other{number}" for number in range(800)]
        assert found(engine, "ขยะ", filters=[OneOf("id", [*many, "waste"])]) == {"waste"}

    def test_only_texts_are_ids(self, engine):
        with pytest.raises(SearchError):
            engine.search(Query(filters=[OneOf("id", [True])]))


class TestPhrases:
    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ('"truck tracking"', {"waste"}),
            ("“truck tracking”", {"waste"}),
            ('"tracking truck"', set()),
            ('"ร้องเรียนขยะ"', {"waste"}),
            ('"ขยะร้องเรียน"', set()),
            ('"กล้องวงจรปิด"', {"camera"}),
            ('"วงจรปิดกล้อง"', set()),
            ('"ระดับน้ำ" นาที', {"flood"}),
            ('"truck tracking" กล้อง', {"waste"}),  # less of the rest, never less of the quotes
            ('"camera', {"camera"}),  # half a pair is no more than a space
            ('""', {"camera", "waste", "flood", "tourist"}),
            ('"!!!" ขยะ', {"waste"}),
        ],
    )
    def test_words_in_quotes_stand_in_sequence(self, engine, text, ids):
        assert found(engine, text) == ids
