"""The list of capabilities holds together, finds itself, and is suggested by what texts say."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.analysis import capabilities as lists
from search.analysis import query_units, said_terms, tokens, vocabulary
from search.thesaurus import broader, capabilities, known, suggest, with_broader

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"synonym", "abbreviation", "colloquial", "municipal"}
ALL = capabilities()


def rows(name: str) -> list[dict[str, str]]:
    with (lists.FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_enough():
    assert len(ALL) >= 150
    assert sum(len(one.terms) for one in ALL.values()) >= 5 * len(ALL)


def test_codes_are_unique_and_fit_a_facet():
    codes = [row["code"] for row in rows("capabilities.csv")]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert code == code.lower()
        assert len(code) <= 40
        assert code.replace("-", "").isalnum()


def test_every_capability_has_two_names_and_a_known_dimension():
    with (ROOT / "catalogue/reference/categories.csv").open(encoding="utf-8", newline="") as file:
        dimensions = {row["code"] for row in csv.DictReader(file) if row["axis"] == "dimension"}
    assert len(dimensions) == 7
    for one in ALL.values():
        assert any("ก" <= letter <= "๛" for letter in one.name_th), one.code
        assert one.name_en.isascii(), one.code
        assert one.name_en, one.code
        assert one.dimensions, one.code
        assert set(one.dimensions) <= dimensions, one.code
    assert {dimension for one in ALL.values() for dimension in one.dimensions} == dimensions


def test_names_are_told_apart():
    for language in ("name_th", "name_en"):
        named = Counter(getattr(one, language) for one in ALL.values())
        assert [name for name, times in named.items() if times > 1] == []


def test_terms_belong_to_a_capability_and_have_a_kind():
    for row in rows("terms.csv"):
        assert row["capability"] in ALL, row
        assert row["kind"] in KINDS, row
        assert row["term"] == row["term"].strip() != "", row


def test_no_term_stands_under_two_capabilities_or_twice():
    meant: dict[tuple[str, ...], set[str]] = {}
    for one in ALL.values():
        for form in one.forms:
            words = tuple(word.text for unit in query_units(form, limit=50) for word in unit.words)
            meant.setdefault(words, set()).add(one.code)
    assert {words: codes for words, codes in meant.items() if len(codes) > 1} == {}
    repeated = Counter((row["capability"], row["term"].casefold()) for row in rows("terms.csv"))
    assert [row for row, times in repeated.items() if times > 1] == []


def test_no_concept_has_the_name_or_a_word_of_a_capability():
    with (ROOT / "search/analysis/words/concepts.csv").open(encoding="utf-8", newline="") as file:
        concepts = list(csv.DictReader(file))
    assert {row["concept"] for row in concepts} & set(ALL) == set()
    forms = {form.casefold() for one in ALL.values() for form in one.forms}
    assert {word for row in concepts for word in row["words"].split("|") if word.casefold() in forms} == set()


@pytest.mark.parametrize("code", ALL)
def test_every_name_is_found_by_the_capability(code):
    """As a text by its code, and as a query by every text that has another name of it."""
    for form in ALL[code].forms:
        assert f"={code}" in tokens(form), form
        assert f"={code}" in said_terms(form), form
        asked = {name for unit in query_units(form) for name in unit.names}
        assert f"={code}" in asked, form


def test_broader_ones_exist_and_lead_nowhere_back():
    for code, one in ALL.items():
        assert set(one.broader) <= set(ALL), code
        assert code not in broader(code), code
    assert broader("waste-bank") == ("recycle", "waste")
    assert broader("no-such-thing") == ()


def test_a_narrower_one_is_found_by_the_broader_name_and_not_the_other_way_round():
    assert "=waste" in tokens("ธนาคารขยะ")
    assert "=waste-bank" not in tokens("ขยะ")
    assert with_broader(["waste-bank", "waste"]) == ["waste-bank", "recycle", "waste"]
    assert with_broader([]) == []


def test_known_keeps_the_order_of_the_list():
    assert known(["complaint", "nonsense", 7, None, "waste", "complaint"]) == ["waste", "complaint"]


@pytest.mark.parametrize("code", ALL)
def test_a_name_suggests_its_capability_first(code):
    for name in (ALL[code].name_th, ALL[code].name_en):
        assert [one.code for one in suggest(name)][:1] == [code], (name, suggest(name))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ชาวบ้านร้องเรียนขยะตกค้าง อยากให้แจ้งผ่านมือถือได้", {"waste-report", "complaint"}),
        ("ถนนสายหลักน้ำท่วมทุกปี อยากรู้ล่วงหน้าก่อนน้ำมา", {"flood", "warning"}),
        ("ไฟทางดับหลายดวง", {"street-light-report"}),
        ("งานทะเบียนสุนัขและฉีดวัคซีนพิษสุนัขบ้า", {"dog-vaccination"}),
        ("จัดเก็บภาษีที่ดินและสิ่งปลูกสร้าง", {"land-tax"}),
        ("ศูนย์ดำรงธรรมรับเรื่องเดือดร้อน", {"complaint"}),
        ("ค่าเช่าแผงตลาดสด", {"market-stall"}),
        ("Old people living alone need help when they fall", {"fall-detection", "elderly-care"}),
        ("อปพร. ขาดทะเบียนเรียกตัว", {"volunteers"}),
    ],
)
def test_what_an_official_types_suggests_what_is_meant(text, first):
    assert first <= {one.code for one in suggest(text)}


def test_nothing_is_suggested_by_nothing():
    assert suggest("") == ()
    assert suggest("สวัสดีตอนเช้า") == ()
    assert suggest("ขยะ", limit=0) == ()


def test_what_speaks_for_it_is_told():
    (one,) = suggest("ระบบธนาคารขยะของโรงเรียน", limit=1)
    assert one.code == "waste-bank"
    assert "ธนาคารขยะ" in one.words
    assert 0 < one.score < 1


# A loaded machine is slow at making examples, which says nothing about the code.
calmly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINES = st.lists(
    st.sampled_from(
        [form for one in ALL.values() for form in one.forms[:3]] + ["สวัสดี", "the cat", "", "๑๒๓"]
    ),
    max_size=6,
)


@given(LINES, st.randoms(use_true_random=False))
@calmly
def test_order_changes_nothing(lines, chance):
    mixed = lines[:]
    chance.shuffle(mixed)
    assert suggest("\n".join(mixed)) == suggest("\n".join(lines))


@given(LINES, st.integers(2, 4))
@calmly
def test_repetition_changes_nothing(lines, times):
    assert suggest("\n".join(lines * times)) == suggest("\n".join(lines))


@given(st.text(max_size=200), st.integers(-1, 9))
@calmly
def test_any_text_is_taken(text, limit):
    found = suggest(text, limit)
    assert len(found) <= max(limit, 0)
    assert [one.code for one in found] == [one.code for one in suggest(text, 9)][: max(limit, 0)]
    for one in found:
        assert one.code in ALL
        assert 0 < one.score < 1
        assert one.words


def test_a_long_text_costs_no_more_than_its_reading():
    """Counted in units of text, not in seconds: what is behind the limits is not read."""
    padded = "\n".join(f"บรรทัดที่ {number} ว่าง" for number in range(5_000))
    assert suggest(f"{padded}\nธนาคารขยะ") == suggest(padded)


def test_demo_listings_say_what_they_are_tagged_with():
    """How far suggestions may be trusted, on texts that were not written for them."""
    tagged = right = 0
    for path in sorted((ROOT / "catalogue/demo").glob("services-*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            answers = row["answers"]
            text = "\n".join(
                [answers["name_th"], answers["summary_th"], *(answers.get("functions_th") or ())]
            )
            found = set(with_broader(one.code for one in suggest(text)))
            tagged += len(answers["capabilities"])
            right += len(found & set(answers["capabilities"]))
    assert right / tagged >= 0.8, (right, tagged)


@pytest.fixture
def added():
    rows_of_staff: list[tuple[str, str]] = []

    def source():
        if rows_of_staff and rows_of_staff[0] == ("broken", ""):
            raise OSError("the database is away")
        return list(rows_of_staff)

    vocabulary.add_source(source)
    yield rows_of_staff
    vocabulary.remove_source(source)


def test_terms_of_staff_count_in_queries_only(added):
    before = (tokens("ตู้วิเศษ"), said_terms("ตู้วิเศษ"))
    assert all("=waste-bin" not in unit.names for unit in query_units("ตู้วิเศษ"))
    added += [("ตู้วิเศษ", "waste-bin"), ("ตู้ผี", "no-such-thing"), ("", "waste")]
    vocabulary.refresh_sources()
    (unit,) = query_units("ตู้วิเศษ")
    assert unit.names == ("=waste-bin",)
    assert (tokens("ตู้วิเศษ"), said_terms("ตู้วิเศษ")) == before
    assert all("=no-such-thing" not in unit.names for unit in query_units("ตู้ผี"))


def test_a_broken_source_leaves_what_was_known(added):
    added.append(("ตู้วิเศษ", "waste-bin"))
    vocabulary.refresh_sources()
    query_units("ขยะ")
    added[0] = ("broken", "")
    vocabulary.refresh_sources()
    assert query_units("ตู้วิเศษ")[0].names == ("=waste-bin",)


def test_sources_are_asked_once_in_a_while(added, monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(vocabulary.time, "monotonic", lambda: now[0])
    vocabulary.refresh_sources()
    query_units("ขยะ")
    added.append(("ตู้วิเศษ", "waste-bin"))
    now[0] += vocabulary.REFRESH_SECONDS - 1
    assert len(query_units("ตู้วิเศษ")) == 2
    now[0] += 2
    assert len(query_units("ตู้วิเศษ")) == 1
