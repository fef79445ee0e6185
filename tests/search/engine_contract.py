"""What every engine has to do. A test module of each engine runs this class with its own `engine_url`."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from search.documents import Document, SearchError
from search.engine import AllOf, FacetCount, Match, OneOf, Query, Range, Results, Sort
from tests.search.conftest import DOCUMENTS

EVERYTHING = {"camera", "waste", "flood", "tourist"}
ANY = st.text(st.characters(), max_size=200) | st.text("กขน้ำเ่้ะ\"'\\()[]{}^~*?:/+-!&|<>=\x00ab ", max_size=200)
SAME_ENGINE = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def found(engine, text="", **more):
    return set(engine.search(Query(text, **more)).ids)


class EngineContract:
    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("กล้อง", ["camera"]),
            ("กล้องวงจรปิด", ["camera"]),
            ("CCTV", ["camera"]),
            ("ขยะ", ["waste"]),
            ("garbage", ["waste"]),
            ("น\u0e4d้\u0e32ท่วม", ["flood"]),
            ("อุทกภัย", ["flood"]),
            ("ท่องเที่ยว", ["tourist"]),
            ("5 นาที", ["flood"]),
            ("ร้องทุกข์", ["waste"]),
            ("ข่าว", []),  # ข้าว is another word
            ("ฝุ่น", []),
            ("surveill", ["camera"]),  # still being typed
            ("ท่องเที", ["tourist"]),
            ("warnings", ["flood"]),
            ("!!!", []),
            ("zzzz", []),
        ],
    )
    def test_finds(self, engine, text, ids):
        assert list(engine.search(Query(text)).ids) == ids

    def test_no_text_is_everything(self, engine):
        results = engine.search(Query("  "))
        assert (set(results.ids), results.total) == (EVERYTHING, 4)

    def test_a_name_weighs_more_than_the_body(self, engine):
        engine.index([Document("report", {"name": "รับเรื่องร้องเรียน", "body": "ทั่วไป"})])
        assert engine.search(Query("ร้องเรียน")).ids == ("report", "waste")

    def test_all_of_a_short_query_else_any_of_it(self, engine):
        both = engine.search(Query("ขยะ ร้องเรียน"))
        assert (both.ids, both.relaxed) == (("waste",), False)
        apart = engine.search(Query("กล้อง ขยะ"))
        assert (set(apart.ids), apart.relaxed) == ({"camera", "waste"}, True)
        assert found(engine, "กล้อง ขยะ", match=Match.ALL) == set()
        assert found(engine, "กล้อง ขยะ", match=Match.ANY) == {"camera", "waste"}

    def test_a_sentence(self, engine):
        results = engine.search(Query("ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้", match=Match.ANY))
        assert results.ids[0] == "waste"
        assert results.scores == tuple(sorted(results.scores, reverse=True))

    @pytest.mark.parametrize(
        ("asked", "ids"),
        [
            (OneOf("kind", ["saas"]), {"waste", "flood"}),
            (OneOf("kind", ["saas", "device"]), {"waste", "flood", "camera"}),
            (OneOf("kind", []), set()),
            (OneOf("kind", ["saas' OR 1=1", "\x00", "\ud800", "x" * 5_000]), set()),
            (OneOf("in_account", [True]), {"camera", "tourist"}),
            (OneOf("in_account", [False]), {"waste"}),
            (AllOf("dimension", ["living", "environment"]), {"flood"}),
            (AllOf("dimension", []), EVERYTHING),
            (Range("price", maximum=9000), {"waste", "tourist"}),
            (Range("price", minimum=9000.01), {"camera"}),
            (Range("price", maximum=9000, unknown=True), {"waste", "tourist", "flood"}),
            (Range("price"), {"waste", "tourist", "camera"}),
            (Range("price", 10, 5), set()),
            (Range("since", minimum=date(2025, 1, 15)), {"waste"}),
            (Range("since", maximum=date(2024, 3, 1)), {"camera"}),
        ],
    )
    def test_filters(self, engine, asked, ids):
        assert found(engine, filters=[asked]) == ids

    def test_filters_narrow_a_text_and_leave_its_scores(self, engine):
        free = engine.search(Query("ขยะ"))
        bound = engine.search(Query("ขยะ", filters=[OneOf("kind", ["saas"])]))
        assert bound.scores == free.scores
        assert found(engine, "ขยะ", filters=[OneOf("kind", ["device"])]) == set()

    @pytest.mark.parametrize(
        "query",
        [
            Query(filters=[OneOf("secret", ["x"])]),
            Query(filters=[OneOf("name", ["x"])]),
            Query(filters=[OneOf("kind", [3])]),
            Query(filters=[Range("kind", 1)]),
            Query(filters=[Range("price", "1")]),
            Query(filters=[Range("price", float("nan"))]),
            Query(filters=["kind = saas"]),
            Query(facets=["name"]),
            Query(facets=["secret"]),
            Query(sort=Sort("kind")),
            Query(highlight=["kind"]),
        ],
    )
    def test_only_described_fields_and_typed_values(self, engine, query):
        with pytest.raises(SearchError):
            engine.search(query)

    def test_facets_leave_out_their_own_filter(self, engine):
        query = Query(filters=[OneOf("kind", ["saas"])], facets=["kind", "dimension", "in_account"])
        results = engine.search(query)
        assert results.total == 2
        assert results.facets == {
            "kind": (FacetCount("saas", 2), FacetCount("content", 1), FacetCount("device", 1)),
            "dimension": (FacetCount("environment", 2), FacetCount("living", 1)),
            "in_account": (FacetCount(False, 1),),
        }

    def test_facets_count_what_the_text_found(self, engine):
        results = engine.search(Query("ขยะ", facets=["kind"], filters=[OneOf("kind", ["device"])]))
        assert (results.total, results.facets) == (0, {"kind": (FacetCount("saas", 1),)})
        assert engine.search(Query("!!!", facets=["kind"])).facets == {"kind": ()}

    @pytest.mark.parametrize(
        ("sort", "first", "last"),
        [
            (Sort("price"), None, "flood"),  # unknown comes last either way
            (Sort("price", descending=True), "camera", "flood"),
            (Sort("sort_key"), "waste", "tourist"),
            (Sort("sort_key", descending=True), "camera", "tourist"),
            (Sort("since"), "camera", None),
            (Sort("since", descending=True), "waste", None),
        ],
    )
    def test_sorts(self, engine, sort, first, last):
        results = engine.search(Query(sort=sort))
        assert (set(results.ids), results.total) == (EVERYTHING, 4)
        assert first in (None, results.ids[0])
        assert last in (None, results.ids[-1])

    @pytest.mark.parametrize(
        "query", [Query(), Query("บริการ"), Query(sort=Sort("price")), Query(sort=Sort("sort_key"))]
    )
    def test_ties_are_stable_and_pages_cover_everything_once(self, engine, query):
        equal = [Document(f"tie{number}", {"name": "บริการเดียวกัน", "price": 5}) for number in range(30)]
        engine.index(equal)
        whole = engine.search(replace(query, per_page=100)).ids
        pages = [engine.search(replace(query, page=page, per_page=7)).ids for page in range(1, 7)]
        assert tuple(one for page in pages for one in page) == whole
        assert len(set(whole)) == len(whole)
        engine.index(equal[:10])  # written again, unchanged
        assert engine.search(replace(query, per_page=100)).ids == whole

    def test_ties_favour_neither_names_nor_age(self, engine):
        ids = [f"tie{number:02}" for number in range(30)]
        engine.index([Document(one, {"name": "บริการเดียวกัน"}) for one in ids])
        order = list(engine.search(Query("เดียวกัน", per_page=100)).ids)
        assert sorted(order) == ids
        assert order not in (ids, ids[::-1])

    def test_pages_out_of_bounds(self, engine):
        for page in (0, -5, 3, 10**30):
            results = engine.search(Query(page=page))
            assert results.total == 4
            assert len(results.ids) == (4 if page < 1 else 0)
        assert engine.search(Query(per_page=0)).per_page == 1
        assert engine.search(Query(per_page=10**9)).per_page == 100

    def test_highlights(self, engine):
        results = engine.search(Query("CCTV", highlight=["name", "body"]))
        assert results.highlights.keys() == {"camera"}
        assert results.highlights["camera"].keys() == {"name"}
        segments = results.highlights["camera"]["name"]
        assert "".join(segment.text for segment in segments) == "กล้องวงจรปิดอัจฉริยะ\nSmart surveillance"
        assert [segment.text for segment in segments if segment.marked] == ["กล้องวงจรปิด"]

    def test_replaces_and_removes(self, engine):
        engine.index([Document("waste", {"name": "ห้องสมุด"})])
        assert (found(engine, "ขยะ"), found(engine, "ห้องสมุด"), engine.count()) == (set(), {"waste"}, 4)
        engine.remove(["waste", "unknown", "\ud800"])
        engine.remove([])
        assert (found(engine, "ห้องสมุด"), engine.count()) == (set(), 3)

    def test_one_bad_document_and_none_is_written(self, engine):
        with pytest.raises(SearchError):
            engine.index([Document("new", {"name": "ใหม่"}), Document("bad", {"secret": "x"})])
        assert engine.count() == 4

    def test_similar(self, engine):
        engine.index([Document("bin", {"name": "ถังขยะอัจฉริยะ", "kind": "device"})])
        assert engine.similar("waste").ids[0] == "bin"
        assert "waste" not in engine.similar("waste").ids
        assert engine.similar("waste", filters=[OneOf("kind", ["saas"])]).ids != ("bin",)
        assert engine.similar("unknown").ids == ()

    def test_rebuild_replaces_everything(self, engine):
        assert engine.rebuild(DOCUMENTS[:2]) == 2
        assert found(engine) == {"camera", "waste"}
        assert engine.rebuild([]) == 0
        assert engine.search(Query()).ids == ()
        assert engine.rebuild([DOCUMENTS[0], DOCUMENTS[0]]) == engine.count() == 1

    def test_a_failed_rebuild_changes_nothing(self, engine):
        def broken():
            yield DOCUMENTS[0]
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError):
            engine.rebuild(broken())
        with pytest.raises(SearchError):
            engine.rebuild([Document("x", {"secret": "x"})])
        assert found(engine) == EVERYTHING
        engine.index([Document("new", {"name": "ใหม่"})])

    def test_an_index_never_built_refuses_everything(self, empty_engine):
        for use in (
            lambda: empty_engine.search(Query()),
            lambda: empty_engine.similar("waste"),
            lambda: empty_engine.index(DOCUMENTS),
            lambda: empty_engine.remove(["waste"]),
            empty_engine.count,
        ):
            with pytest.raises(SearchError):
                use()
        assert not empty_engine.health().ok

    def test_health(self, engine):
        health = engine.health()
        assert (health.ok, health.current, health.documents, health.detail) == (True, True, 4, "")

    @SAME_ENGINE
    @given(ANY)
    def test_any_text_is_answered(self, engine, text):
        results = engine.search(Query(text, facets=["kind"], highlight=["name", "body"]))
        assert isinstance(results, Results)
        assert set(results.ids) <= EVERYTHING

    @SAME_ENGINE
    @given(st.lists(ANY, max_size=3), ANY)
    def test_any_filter_value_only_narrows(self, engine, values, text):
        known = {"saas", "device", "content"}
        assert found(engine, filters=[OneOf("kind", [v for v in values if v not in known])]) == set()
        assert found(engine, text, filters=[AllOf("dimension", ["environment", *values])]) <= {
            "waste",
            "flood",
        }

    @hypothesis_settings(SAME_ENGINE, max_examples=40)
    @given(ANY, ANY)
    def test_any_document_can_be_indexed_and_found_as_written(self, engine, name, body):
        engine.index([Document("odd", {"name": name, "body": body})])
        assert engine.count() == 5
        assert "odd" in found(engine)

    @pytest.mark.parametrize(
        "text", ["a" * 100_000, "ก" * 100_000, "\ufdfa" * 10_000, "น้" * 50_000, "a-" * 50_000]
    )
    def test_long_text_takes_bounded_time(self, engine, text):
        # Seconds on a busy machine; text that is not cut takes minutes.
        assert engine.search(Query(text)).took < 5
        engine.index([Document("long", {"name": text, "body": text})])
        assert engine.search(Query(text[:20], highlight=["name"])).took < 5
