"""The figures of dev.py relevance against values worked out by hand."""

from math import log2

import pytest

from benchmarks.relevance_metrics import (
    Summary,
    gain,
    interval,
    judge,
    ndcg,
    recall,
    reciprocal_rank,
    summary,
)

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}


def test_a_grade_is_worth_twice_the_one_below_and_one_more():
    assert [gain(grade) for grade in range(4)] == [0, 1, 3, 7]


def test_the_best_order_is_one_and_nothing_is_zero():
    assert ndcg(["a", "b", "c"], GRADES) == 1
    assert ndcg(["a", "b", "c", "x", "d"], GRADES) == 1  # what follows the good ones does no harm
    assert ndcg([], GRADES) == 0
    assert ndcg(["x", "d"], GRADES) == 0
    assert ndcg(["a"], {}) == 0


def test_ndcg_by_hand():
    ideal = 7 + 3 / log2(3) + 1 / 2
    assert ndcg(["b", "x", "a"], GRADES) == pytest.approx((3 + 7 / 2) / ideal)
    assert ndcg(["x", "x", "x", "a"], {"a": 3}) == pytest.approx(1 / log2(5))


def test_only_the_first_ten_count_for_ranking_and_for_the_ideal():
    many = {f"d{number}": 1 for number in range(30)}
    assert ndcg([f"d{number}" for number in range(10)], many) == pytest.approx(1)
    assert ndcg(["x"] * 10 + ["a"], {"a": 3}) == 0


def test_recall_by_hand():
    assert recall(["a", "x"], {"a", "b"}) == 0.5
    assert recall(["x"] * 10 + ["a"], {"a"}) == 0
    assert recall([f"d{number}" for number in range(10)], {f"d{number}" for number in range(30)}) == 1
    assert recall(["a"], set()) == 0


def test_reciprocal_rank_by_hand():
    assert reciprocal_rank(["x", "y", "b", "a"], {"a", "b"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"], {"a"}) == 0


def test_a_query_is_judged_as_a_whole():
    found = judge(["b", "x"], GRADES)
    assert (found.recall, found.reciprocal_rank, found.nothing) == (pytest.approx(1 / 3), 1, False)
    assert judge([], GRADES).nothing
    assert judge(["c"], GRADES, enough=2).recall == 0


def test_means_of_two_queries_with_bounds_around_them():
    made = summary([judge(["a", "b", "c"], GRADES), judge([], GRADES)])
    assert made == Summary(queries=2, ndcg=0.5, low=0, high=1, recall=0.5, reciprocal_rank=0.5, nothing=0.5)


def test_bounds_are_the_same_each_time_and_close_in_on_equal_values():
    values = [number % 2 for number in range(100)]
    assert interval(values) == interval(values)
    low, high = interval(values)
    assert 0.35 < low < 0.45 < 0.55 < high < 0.65
    assert interval([0.7] * 20) == (pytest.approx(0.7), pytest.approx(0.7))
