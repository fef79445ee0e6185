"""Every code that scoring can say has its words, in both languages."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
from django.utils import translation

from matching import scoring, wording
from matching.scoring.weights import weights_number
from matching.wording.facts import NOT_STATED
from tests import factories

RULES = Path(inspect.getfile(scoring)).parent / "rules"
# Functions whose first text is the code of a fact, or (not_stated) a field and the code of a question.
MAKERS = {"Fact", "_covered", "_certificate_fact", "Question", "not_stated"}
PRICE = {
    "cost": "5350.00",
    "limit": "6000.00",
    "amount": "5000.00",
    "unit": "once",
    "times": 1,
    "vat_included": False,
    "other_prices": 0,
    "asked_unit": "any",
    "below_tenths_percent": 108,
}
# One value for each parameter, so that a sentence never lacks one.
PARAMS = PRICE | {
    "field": "prices",
    "found": 2,
    "words": ("=waste", "ขยะ", "แจ้ง"),
    "kind": "saas",
    "asked": ("dsure",),
    "covered": ("environment",),
    "missing": ("energy",),
    "offered": ("cloud",),
    "code": "dsure",
    "valid_to": "2027-09-30",
    "valid_from": "2025-10-01",
    "city": "unknowncity0",
    "city_kind": "city_municipality",
    "region": "LS",
    "since": 2024,
    "same_kind": True,
    "same_region": True,
    "places": 3,
    "codes": ("th",),
    "criterion": "c1",
}


def said_by_the_rules() -> tuple[set[str], set[str], set[str]]:
    """Codes of facts, codes of questions, and fields of not_stated, as written in the rules."""
    facts, questions, fields = {"not_stated"}, set(), set()
    for path in RULES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            maker = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if maker not in MAKERS:
                continue
            first = texts_of(node.args[0])  # type: ignore[attr-defined]  # a call, as asked above
            if maker == "not_stated":
                fields |= first
                questions |= texts_of(node.args[1])  # type: ignore[attr-defined]
            elif maker == "Question":
                questions |= first
            else:
                facts |= first
    return facts, questions, fields


def texts_of(argument: ast.expr) -> set[str]:
    """The texts that an argument can be: itself, or either side of a choice."""
    sides = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return {side.value for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)}


def test_every_code_has_its_words() -> None:
    facts, questions, fields = said_by_the_rules()
    assert len(facts) > 25
    assert facts <= set(wording.FACTS)
    assert questions <= set(wording.QUESTIONS)
    assert fields == set(NOT_STATED)
    # Nothing is kept for what scoring no longer says.
    assert set(wording.FACTS) <= facts
    assert set(wording.QUESTIONS) <= questions
    assert {band.code for band in weights_number(1).bands} == set(wording.BANDS)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("code", sorted(wording.FACTS))
def test_each_fact_is_a_sentence(code: str, language: str) -> None:
    factories.categories()
    params = PARAMS | ({"asked": 5} if code == "words_found" else {})
    with translation.override(language):
        sentence = wording.fact(code, params, wording.names())
    assert sentence.strip()
    assert "%(" not in sentence
    assert any("ก" <= letter <= "๛" for letter in sentence) == (language == "th") or "ขยะ" in sentence


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("code", sorted(wording.QUESTIONS))
def test_each_question_is_asked(code: str, language: str) -> None:
    factories.categories()
    with translation.override(language):
        known = wording.names()
        asked = wording.question(code, PARAMS, known, wording.CriterionLabels((), known))
    assert asked.strip()
    assert "%(" not in asked


@pytest.mark.django_db
def test_prices_are_told_as_published_and_as_compared() -> None:
    factories.categories()
    known = wording.names()
    with translation.override("en"):
        assert wording.fact("price_over", PRICE | {"limit": "4000.00"}, known) == (
            "THB 5,000 (VAT not included) = THB 5,350 with VAT: above the limit of THB 4,000"
        )
        assert wording.fact("price_within", PRICE | {"unit": "month", "times": 12}, known) == (
            "THB 5,000 per month (VAT not included) = THB 5,350 for 12 months with VAT: 10 % below the limit"
        )


@pytest.mark.django_db
def test_words_that_were_written_are_shown_and_concepts_are_not() -> None:
    known = wording.names()
    with translation.override("th"):
        sentence = wording.fact("words_found", {"found": 2, "asked": 5, "words": ["=waste", "ขยะ"]}, known)
    assert sentence == "คำตรงกัน 2 จาก 5 กลุ่มคำ: ขยะ"
