"""What must hold for every need and every service."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.scoring import CriterionFacts, NeedFacts, RunInputs, ServiceFacts
from tests.matching.scoring import cast
from tests.matching.scoring.cast import TODAY, WEEK, WEIGHTS, by_id, rank

# No deadline: two cores are shared by many tests, and a slow example is no wrong one.
examples = settings(max_examples=50, deadline=None)


@examples
@given(cast.needs(), cast.services)
def test_every_service_is_kept_or_rejected_and_bounded(need: NeedFacts, services: list[ServiceFacts]) -> None:
    ranking = rank(need, *services)
    assert ranking.considered == len(services)
    seen = [scored.service for scored in ranking.kept] + [left.service for left in ranking.rejected]
    assert sorted(seen) == sorted(service.id for service in services)
    for scored in ranking.kept:
        assert 0 <= scored.low <= scored.score <= scored.high <= ranking.full <= 1000
        assert 0 <= scored.evidence <= 1000


@examples
@given(cast.needs(), cast.services)
def test_points_add_up_exactly(need: NeedFacts, services: list[ServiceFacts]) -> None:
    ranking = rank(need, *services)
    for scored in ranking.kept:
        assert sum(reason.points for reason in scored.graded) == scored.score
        assert sum(reason.max_points for reason in scored.graded) == ranking.full
        estimated = [reason for reason in scored.graded if reason.estimated]
        assert scored.low == scored.score - sum(reason.points for reason in estimated)
        assert scored.high == scored.low + sum(reason.max_points for reason in estimated)
        assert [reason.number for reason in scored.graded] == list(range(1, len(scored.graded) + 1))


@examples
@given(cast.needs(), cast.services)
def test_unknown_is_neither_zero_nor_met(need: NeedFacts, services: list[ServiceFacts]) -> None:
    for scored in rank(need, *services).kept:
        for reason in scored.graded:
            assert reason.estimated == (reason.status == "unknown")
            if reason.estimated:
                assert 0 < reason.points < reason.max_points
            if reason.status == "unmet":
                assert reason.points == 0


@examples
@given(cast.needs(), cast.services)
def test_musts_gate(need: NeedFacts, services: list[ServiceFacts]) -> None:
    ranking = rank(need, *services)
    for scored in ranking.kept:
        statuses = {reason.status for reason in scored.musts}
        assert statuses <= {"met", "unknown"}
        assert scored.tier == ("confirm" if "unknown" in statuses else "meets")
    for rejection in ranking.rejected:
        assert rejection.failed[0].criterion == rejection.rule
        assert {reason.status for reason in rejection.musts} <= {"met", "unmet", "unknown"}


@examples
@given(cast.needs())
def test_a_listing_that_says_nothing_is_never_rejected(need: NeedFacts) -> None:
    ranking = rank(need, cast.service())
    assert not ranking.rejected
    assert ranking.kept[0].evidence == 0
    assert all(reason.status == "unknown" for reason in (*ranking.kept[0].musts, *ranking.kept[0].graded))


@examples
@given(cast.needs(), cast.services, st.randoms(use_true_random=False))
def test_order_of_services_and_criteria_changes_nothing(
    need: NeedFacts, services: list[ServiceFacts], shuffler: random.Random
) -> None:
    before = rank(need, *services).to_json()
    criteria = list(need.criteria)
    shuffler.shuffle(criteria)
    shuffler.shuffle(services)
    turned = [
        replace(
            service,
            prices=service.prices and service.prices[::-1],
            certificates=service.certificates and service.certificates[::-1],
            references=service.references and service.references[::-1],
        )
        for service in services
    ]
    assert rank(replace(need, criteria=tuple(criteria)), *turned).to_json() == before


@examples
@given(cast.needs(), cast.services, st.fractions(min_value=Fraction(1, 1000), max_value=1000).filter(bool))
def test_scaling_all_weights_changes_nothing(
    need: NeedFacts, services: list[ServiceFacts], factor: Fraction
) -> None:
    base = {kind: replace(graded, points=graded.points * factor) for kind, graded in WEIGHTS.base.items()}
    nice = {kind: replace(graded, points=graded.points * factor) for kind, graded in WEIGHTS.nice.items()}
    scaled = replace(WEIGHTS, base=base, nice=nice)
    assert rank(need, *services, weights=scaled).to_json() == rank(need, *services).to_json()


@examples
@given(cast.needs(), cast.services)
def test_another_service_changes_no_score(need: NeedFacts, services: list[ServiceFacts]) -> None:
    everything = by_id(rank(need, *services))
    for service in services:
        alone = by_id(rank(need, service))
        assert (service.id in alone) == (service.id in everything)
        for one in alone.values():
            among = everything[one.service]
            assert replace(one, first=among.first, last=among.last) == among


@examples
@given(cast.needs(), cast.services)
def test_stored_inputs_give_the_same_bytes(need: NeedFacts, services: list[ServiceFacts]) -> None:
    inputs = RunInputs(need, tuple(services), WEIGHTS, TODAY, WEEK)
    written = inputs.to_json()
    again = RunInputs.from_json(written)
    assert again.to_json() == written
    assert again.rank().to_json() == inputs.rank().to_json() == rank(need, *services).to_json()
    assert RunInputs(need, tuple(services[::-1]), WEIGHTS, TODAY, WEEK).to_json() == written


@examples
@given(cast.needs(), cast.services)
def test_a_stored_ranking_reads_back(need: NeedFacts, services: list[ServiceFacts]) -> None:
    ranking = rank(need, *services)
    read = type(ranking).from_json(ranking.to_json())
    assert read == ranking
    assert read.to_json() == ranking.to_json()


@examples
@given(cast.needs(), cast.services)
def test_ties_stay_within_epsilon_and_tiers_apart(need: NeedFacts, services: list[ServiceFacts]) -> None:
    ranking = rank(need, *services)
    assert [scored.tier for scored in ranking.kept] == sorted(
        (scored.tier for scored in ranking.kept), key=("meets", "confirm").index
    )
    for place, scored in enumerate(ranking.kept, 1):
        assert scored.first <= place <= scored.last
        group = [other for other in ranking.kept if other.first == scored.first]
        assert len(group) == scored.last - scored.first + 1
        assert {other.tier for other in group} == {scored.tier}
        assert max(o.score for o in group) - min(o.score for o in group) <= ranking.epsilon
        assert [other.draw for other in group] == sorted(other.draw for other in group)
    meets = [scored for scored in ranking.kept if scored.tier == "meets"]
    for one, other in pairwise(meets):
        assert one.first == other.first or one.score > other.score


# Monotone: a fact that answers a criterion better never lowers the score.


def improved(service: ServiceFacts, asked: CriterionFacts, need: NeedFacts) -> ServiceFacts:
    """The same service, meeting `asked` for certain."""
    codes = asked.codes
    now: dict[str, object] = {
        "category": {"kind": min(codes, default=service.kind)},
        "dimension": {"dimensions": (service.dimensions or frozenset()) | codes},
        "region": {"regions": (service.regions or frozenset()) | codes},
        "standard": {"standards": (service.standards or frozenset()) | codes},
        "language": {"languages": (service.languages or frozenset()) | codes},
        "deployment": {"deployment": (service.deployment or frozenset()) | codes},
        "account": {"accounts": (*(service.accounts or ()), cast.AccountFacts(TODAY, TODAY))},
        "free_text": {"terms": (service.terms or frozenset()) | asked.terms},
        "price": {
            "prices": (
                *(service.prices or ()),
                cast.PriceFacts(Decimal(0), "once" if asked.unit == "any" else asked.unit, True),
            )
        },
        "certificate": {
            "certificates": (
                *(service.certificates or ()),
                *(cast.CertificateFacts(code, True, TODAY + timedelta(1)) for code in sorted(codes)),
            )
        },
        "reference": {
            "references": (
                *(service.references or ()),
                cast.ReferenceFacts(need.city_kind, need.region, 2024),
            )
        },
    }
    return replace(service, **now[asked.kind])  # type: ignore[arg-type]


@examples
@given(cast.needs(("nice",)), cast.services)
def test_meeting_one_more_criterion_never_lowers(need: NeedFacts, services: list[ServiceFacts]) -> None:
    for service in services:
        before = rank(need, service)
        kinds = [asked.kind for asked in need.criteria if asked.id not in before.ignored]
        for asked in need.criteria:
            if asked.id in before.ignored or (asked.kind == "reference" and need.region is need.city_kind):
                continue  # nothing asked, or no city known to be similar to
            after = rank(need, improved(service, asked, need)).kept[0]
            new = next(reason for reason in after.graded if reason.criterion == asked.id)
            assert (new.status, new.points) == ("met", new.max_points)
            # One fact may answer two questions: what becomes known for the other may be a no.
            only_one = kinds.count(asked.kind) == 1
            silent = service.terms is None and service.described is None
            if only_one and not (asked.kind == "free_text" and silent):
                assert after.score >= before.kept[0].score


@examples
@given(cast.needs(("nice",)), cast.services, st.integers(0, 100))
def test_a_cheaper_price_that_fits_never_lowers(
    need: NeedFacts, services: list[ServiceFacts], percent: int
) -> None:
    for service in services:
        before = rank(need, service).kept[0]
        cheaper = tuple(replace(p, amount=p.amount * percent / 100) for p in service.prices or ())
        after = rank(need, replace(service, prices=service.prices and cheaper)).kept[0]
        assert after.score >= before.score


@examples
@given(cast.needs(("nice",)), cast.services, st.sampled_from(cast.WORDS))
def test_one_more_word_of_the_need_never_lowers(
    need: NeedFacts, services: list[ServiceFacts], word: str
) -> None:
    for service in services:
        if service.terms is not None:
            before = rank(need, service).kept[0]
            assert rank(need, replace(service, terms=service.terms | {word})).kept[0].score >= before.score


@examples
@given(cast.needs(("nice",)), cast.services, st.sampled_from(cast.WORDS))
def test_a_word_said_at_once_counts_no_less_than_one_described(
    need: NeedFacts, services: list[ServiceFacts], word: str
) -> None:
    for service in services:
        if service.terms is not None and service.described is not None:
            before = rank(need, service).kept[0].score
            described = rank(need, replace(service, described=service.described | {word})).kept[0].score
            at_once = rank(need, replace(service, terms=service.terms | {word})).kept[0].score
            assert before <= described <= at_once


@examples
@given(st.lists(st.sampled_from(cast.WORDS)), st.lists(st.sampled_from(cast.WORDS), min_size=1))
def test_repeated_and_reordered_words_change_nothing(said: list[str], asked: list[str]) -> None:
    need = cast.need(terms=frozenset(asked))
    once = rank(need, cast.service(terms=frozenset(said)))
    stuffed = rank(need, cast.service(terms=frozenset((said * 50)[::-1])))
    assert stuffed.to_json() == once.to_json()


@examples
@given(cast.needs(), cast.services, st.text(min_size=1))
def test_ids_and_vendors_order_nothing(need: NeedFacts, services: list[ServiceFacts], prefix: str) -> None:
    """Only the lot orders equals: renamed services stand in the same order."""
    renamed = [
        replace(service, id=f"{prefix}{99 - place}", vendor=f"{prefix}{service.vendor}")
        for place, service in enumerate(services)
    ]
    names = {new.id: old.id for new, old in zip(renamed, services, strict=True)}
    before, after = rank(need, *services), rank(need, *renamed)
    assert [names[scored.service] for scored in after.kept] == [scored.service for scored in before.kept]
    assert [names[r.service] for r in after.rejected] == [r.service for r in before.rejected]
