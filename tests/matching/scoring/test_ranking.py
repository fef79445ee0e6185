"""Whole rankings with their exact figures: tiers, ties, what drops out, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from matching.scoring import (
    CertificateFacts,
    NeedFacts,
    OtherRules,
    Ranking,
    ReferenceFacts,
    RunInputs,
    points_text,
    score_all,
    supply,
    week_of,
)
from matching.scoring.asked import allocate, asked
from tests.matching.scoring.cast import TODAY, WEEK, WEIGHTS, by_id, criterion, need, price, rank, service

HATYAI = NeedFacts(
    "n1",
    terms=frozenset(["ขยะ", "ตกค้าง", "แจ้ง", "มือถือ", "ได้"]),
    dimensions=frozenset(["environment"]),
    budget_max=Decimal(1200000),
    budget_state="funded",
    region="LS",
    province="90",
    city_kind="municipality",
    criteria=(
        criterion("region", key="c1", codes=["LS"]),
        criterion("price", key="c2", max="1200000.00", unit="any"),
        criterion("standard", "nice", key="c3", codes=["open_api", "ckan"]),
    ),
)
CLEAR = service(
    "clear",
    terms=frozenset(["แจ้ง", "ขยะ", "เส้นทาง"]),
    dimensions=frozenset(["environment", "living"]),
    regions=frozenset(["*"]),
    prices=(price("990000"),),
    certificates=(CertificateFacts("iso27001", True, date(2028, 3, 14)),),
    standards=frozenset(["open_api", "ckan"]),
)


def test_a_need_of_a_city_to_the_digit() -> None:
    """Asked: text 60, dimension 15, price 15, certificate 10, standard 10, reference 10; the must replaces
    the region. Of 120, so each is worth 100/120 of its weight, in tenths, by largest remainder. Of the words
    ขยะ and ตกค้าง weigh 8, มือถือ 5, แจ้ง 1: 9 of 22 are found."""
    (scored,) = rank(HATYAI, CLEAR).kept
    assert [(r.number, r.criterion, r.status) for r in scored.musts] == [(1, "c1", "met"), (2, "c2", "met")]
    assert [(r.number, r.criterion, r.level, r.status, r.points, r.max_points) for r in scored.graded] == [
        (1, "base:text", "base", "partly", 205, 500),
        (2, "base:dimension", "base", "met", 125, 125),
        (3, "base:price", "base", "met", 106, 125),
        (4, "base:certificate", "base", "met", 84, 84),
        (5, "c3", "nice", "met", 83, 83),
        (6, "base:reference", "base", "unknown", 17, 83),
    ]
    assert (scored.score, scored.low, scored.high, scored.evidence) == (620, 603, 686, 917)
    assert (scored.tier, scored.band, scored.first, scored.last) == ("meets", "medium", 1, 1)
    assert [(q.code, q.params) for q in scored.questions] == [
        ("references", {"city_kind": "municipality", "region": "LS"})
    ]
    assert scored.graded[0].facts[0].params == {
        "found": 2,
        "asked": 4,
        "words": ("ขยะ", "แจ้ง"),
        "described": (),
    }
    assert scored.graded[2].facts[0].params == {
        "cost": "990000.00",
        "limit": "1200000.00",
        "amount": "990000.00",
        "unit": "once",
        "times": 1,
        "vat_included": True,
        "other_prices": 0,
        "below_tenths_percent": 175,
    }


def test_known_before_to_confirm_whatever_the_score() -> None:
    poor = service("poor", terms=frozenset(), regions=frozenset(["LS"]), prices=(price("1200000"),))
    doubtful = replace(CLEAR, id="doubtful", lot="d", regions=None)
    far = replace(CLEAR, id="far", lot="f", regions=frozenset(["UN"]))
    ranking = rank(HATYAI, far, doubtful, poor)
    assert [(s.service, s.tier, s.first) for s in ranking.kept] == [
        ("poor", "meets", 1),
        ("doubtful", "confirm", 2),
    ]
    assert ranking.kept[1].score > ranking.kept[0].score
    assert [reason.criterion for reason in ranking.kept[1].to_confirm] == ["c1"]
    assert [(r.service, r.rule) for r in ranking.rejected] == [("far", "c1")]
    assert ranking.considered == 3


def test_a_rejection_gives_every_must_and_counts_once_by_the_first() -> None:
    far = replace(CLEAR, regions=frozenset(["UN"]), prices=(price("2000000"),))
    (rejection,) = rank(HATYAI, far).rejected
    assert [(r.criterion, r.status) for r in rejection.musts] == [("c1", "unmet"), ("c2", "unmet")]
    assert rejection.rule == "c1"
    assert [fact.params for fact in rejection.failed[0].facts] == [{"covered": (), "missing": ("LS",)}]


def test_a_sentence_asks_for_its_words_only() -> None:
    ranking = rank(need(terms=frozenset(["ขยะ", "แจ้ง"])), CLEAR, service("other", terms=frozenset(["น้ำเสีย"])))
    assert {s.service: (s.score, s.band, len(s.graded)) for s in ranking.kept} == {
        "clear": (1000, "strong", 1),
        "other": (0, "weak", 1),
    }


def test_words_that_say_little_count_little() -> None:
    listed = service("a", terms=frozenset(["ระบบ", "ได้"])), service("b", terms=frozenset(["ขยะ"]))
    scores = by_id(rank(need(terms=frozenset(["ระบบ", "ได้", "ขยะ", "ตกค้าง"])), *listed))
    # Weights 1, 0, 8, 8.
    assert (scores["a"].score, scores["b"].score) == (59, 471)


def test_a_concept_is_the_strongest_evidence_unless_everybody_says_it() -> None:
    listed = [service(key, terms=frozenset([key])) for key in ("=doctor", "=waste", "ตกค้าง", "=citizen")]
    scores = by_id(rank(need(terms=frozenset(["=doctor", "=waste", "ตกค้าง", "=citizen"])), *listed))
    # Rare 24, said by one text in eight 6, a rare word 8, said by all 1: of 39.
    assert [scores[one.id].score for one in listed] == [615, 154, 205, 26]


def test_what_is_only_described_counts_a_third() -> None:
    listed = [
        service("named", terms=frozenset(["ขยะ"]), described=frozenset(["ขยะ"])),
        service("described", described=frozenset(["ขยะ", "ตกค้าง"])),
        service("neither", terms=frozenset(), described=frozenset(["น้ำเสีย"])),
        service("silent"),
    ]
    scores = by_id(rank(need(terms=frozenset(["ขยะ", "ตกค้าง"])), *listed))
    assert [scores[one.id].score for one in listed] == [500, 333, 0, 200]
    assert scores["described"].graded[0].facts[0].params["described"] == ("ขยะ", "ตกค้าง")
    assert [reason.status for reason in scores["silent"].graded] == ["unknown"]


def test_a_long_need_is_met_by_a_part_of_its_words() -> None:
    """Full marks at a weight of 72, nine rare words: more of them tell nothing, and gain nothing."""
    words = [f"คำ{number}" for number in range(40)]
    listed = [service(str(n), terms=frozenset(words[:n])) for n in (4, 9, 40)]
    assert [s.score for s in rank(need(terms=frozenset(words)), *listed).kept] == [1000, 1000, 444]


def test_a_need_that_asks_nothing_keeps_everything_without_a_score() -> None:
    empty = need(criterion("category", codes=[]), criterion("price", key="c2"), terms=frozenset(["ได้"]))
    ranking = rank(empty, CLEAR, service("other"))
    assert (ranking.full, ranking.ignored, len(ranking.kept)) == (0, ("c1", "c2"), 2)
    assert {(s.score, s.high, s.evidence, s.graded) for s in ranking.kept} == {(0, 0, 0, ())}


def test_musts_that_contradict_leave_nothing_and_say_why() -> None:
    contradiction = need(
        criterion("category", key="c1", codes=["saas"]), criterion("category", key="c2", codes=["hardware"])
    )
    listed = [service("a", kind="saas", vendor="v"), service("b", kind="hardware", vendor="v"), service("c")]
    ranking = rank(contradiction, *listed)
    assert [scored.service for scored in ranking.kept] == ["c"]
    counted = supply(contradiction, listed, WEIGHTS, TODAY)
    assert (counted.start.services, counted.start.vendors, counted.start.to_confirm) == (3, 2, 0)
    assert [(s.criterion, s.left.services, s.alone.services, s.left.to_confirm) for s in counted.steps] == [
        ("c1", 2, 2, 1),
        ("c2", 1, 2, 1),
    ]
    assert counted.left.vendors == 1


def test_supply_without_musts_is_everything() -> None:
    counted = supply(need(), [CLEAR], WEIGHTS, TODAY)
    assert (counted.steps, counted.left) == ((), counted.start)


def test_a_wish_of_the_city_replaces_the_same_question_of_the_rules() -> None:
    wishing = replace(HATYAI, criteria=(criterion("price", "nice", max="500000"),))
    levels = {c.kind: c.level for c, _ in asked(wishing, WEIGHTS).graded}
    assert levels == {
        "text": "base",
        "dimension": "base",
        "region": "base",
        "price": "nice",
        "certificate": "base",
        "reference": "base",
    }


def test_points_are_divided_without_a_rest() -> None:
    assert allocate([Fraction(1)] * 3) == [334, 333, 333]
    assert allocate([Fraction(30), Fraction(10), Fraction(10)]) == [600, 200, 200]
    assert allocate([Fraction(1), Fraction(100000)]) == [2, 998]
    assert allocate([]) == []
    assert sum(allocate([Fraction(n % 7 + 1) for n in range(106)])) == 1000


def test_equals_are_drawn_anew_each_week() -> None:
    equals = [service(f"s{n}", terms=frozenset(["ขยะ"]), lot=f"{n:03d}") for n in range(12)]
    asked_for = need(terms=frozenset(["ขยะ"]))
    weeks = {week: rank(asked_for, *equals, week=week) for week in ("2026-W47", "2026-W48", "2026-W49")}
    assert len({tuple(s.service for s in ranking.kept) for ranking in weeks.values()}) == 3
    for ranking in weeks.values():
        assert {(s.first, s.last, s.score, s.tied) for s in ranking.kept} == {(1, 12, 1000, True)}


def test_every_service_is_first_as_often_as_any_other() -> None:
    """Over 600 weeks each of 6 equals should lead about 100 times (standard deviation 9)."""
    equals = [service(f"s{n}", terms=frozenset(["ขยะ"])) for n in range(6)]
    led = dict.fromkeys((one.id for one in equals), 0)
    for number in range(600):
        led[rank(need(terms=frozenset(["ขยะ"])), *equals, week=f"week {number}").kept[0].service] += 1
    assert all(60 <= times <= 140 for times in led.values())


def test_within_epsilon_is_one_group_and_groups_do_not_chain() -> None:
    """Prices chosen for 74.4, 73.2 and 71.8: the first two are a tie, the third is within 1.5 of the second
    only."""
    listed = [
        service(name, prices=(price(amount),))
        for name, amount in (("a", "878000"), ("b", "884000"), ("c", "891000"))
    ]
    kept = rank(need(budget_max=Decimal(1000000)), *listed).kept
    assert {s.service: (s.score, s.first, s.last) for s in kept} == {
        "a": (744, 1, 2),
        "b": (732, 1, 2),
        "c": (718, 3, 3),
    }


@pytest.mark.parametrize(
    "same", [{"id": "clear", "lot": "another"}, {"id": "another", "lot": "lot of clear"}]
)
def test_services_that_cannot_be_told_apart_are_refused(same: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        rank(HATYAI, CLEAR, replace(CLEAR, **same))  # type: ignore[arg-type]


def test_a_need_with_absurdly_many_or_doubled_criteria_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 100"):
        need(*(criterion("account", key=str(n)) for n in range(101)))
    with pytest.raises(ValueError, match="same id"):
        need(criterion("account"), criterion("account"))
    with pytest.raises(ValueError):
        need(budget_max=Decimal("NaN"))
    many = need(*(criterion("account", "nice", key=str(n)) for n in range(100)), terms=frozenset(["ขยะ"]))
    assert rank(many, CLEAR).kept[0].high <= 1000


def test_weights_of_other_rules_are_refused() -> None:
    with pytest.raises(OtherRules):
        score_all(HATYAI, [CLEAR], replace(WEIGHTS, rule_version=2), TODAY, WEEK)


@pytest.mark.parametrize("text", ["{}", "[]", '{"run":{},"kept":[{}],"rejected":[],"reasons":[]}', "x"])
def test_what_is_no_record_is_refused(text: str) -> None:
    for cls in (Ranking, RunInputs):
        with pytest.raises(ValueError):
            cls.from_json(text)


def test_the_record_holds_no_float() -> None:
    def refuse(number: str) -> None:
        raise AssertionError(number)

    listed = [CLEAR, service("s2", references=(ReferenceFacts("municipality", "LS", 2024),))]
    json.loads(rank(HATYAI, *listed).to_json(), parse_float=refuse)
    json.loads(RunInputs(HATYAI, tuple(listed), WEIGHTS, TODAY, WEEK).to_json(), parse_float=refuse)


def test_a_reason_of_many_services_is_written_once() -> None:
    held = CertificateFacts("dsure", True), CertificateFacts("cmmi", True)
    listed = [service("a", certificates=held), service("b", certificates=held[::-1])]
    asked_for = need(criterion("certificate", codes=["dsure"]), terms=frozenset(["ขยะ"]))
    written = json.loads(rank(asked_for, *listed).to_json())
    assert [reason["criterion"] for reason in written["reasons"]] == ["c1", "base:text"]


def test_weeks_and_points_as_shown() -> None:
    assert week_of(date(2026, 11, 22)) == "2026-W47"
    assert week_of(date(2027, 1, 1)) == "2026-W53"
    assert [points_text(n) for n in (0, 5, 840, 841, 1000)] == ["0", "0.5", "84", "84.1", "100"]


def fresh_interpreter(code: str, **env: str) -> str:
    """What a new Python prints; it fails when that Python fails."""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        check=True,
        env={**os.environ, **env},
    )
    return run.stdout.decode()


def test_the_package_is_pure() -> None:
    """Nothing of Django, of our other rooms or of the network comes with it."""
    code = "import sys, matching.scoring; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = set(fresh_interpreter(code).split())
    assert "matching" in loaded
    assert not loaded & {"django", "marketplace", "catalogue", "search", "socket"}


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = "from tests.matching.scoring.test_ranking import *; print(ascii(rank(HATYAI, CLEAR).to_json()))"
    first, second = (fresh_interpreter(code, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first == second
    assert len(first) > 1000
