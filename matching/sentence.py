"""Fits for one sentence, for anyone: found by search, scored and explained, nothing stored."""

from __future__ import annotations

from fractions import Fraction

from catalogue import browsing
from catalogue.models import Service
from matching import facts, runs
from matching.scoring.rank import score_all, week_of
from matching.scoring.result import Ranking, Scored

MAX_LENGTH = 1000
CANDIDATES = 60
SHOWN = 10
# What shares less than this part of what the best shares only happens to use the same words.
WORTH_SHOWING = Fraction(2, 5)
FALLBACK = 500


def fits(sentence: str) -> tuple[list[tuple[Service, Scored]], bool]:
    """The best fitting public services with their scores, at most ten, and whether results are simplified.

    Only services that share a word with the sentence are candidates; scores are those a need of the same
    words would give them.
    """
    found = browsing.find(sentence[:MAX_LENGTH], per_page=CANDIDATES, sentence=True)
    public = Service.objects.public()
    # The database finds whole words only; without the search engine the scoring itself looks through them.
    candidates = (
        public.order_by("-published_at")[:FALLBACK]
        if found.degraded
        else public.filter(public_id__in=found.ids)
    )
    services = list(facts.with_facts(candidates))
    day = runs.today()
    ranking = score_all(
        facts.of_sentence(sentence[:MAX_LENGTH]),
        [facts.of_service(service) for service in services],
        runs.current_weights(),
        day,
        week_of(day),
    )
    by_id = {service.public_id: service for service in services}
    # Words alone tie often; what the search engine found first then stands first.
    place = {public_id: number for number, public_id in enumerate(found.ids)}
    rows = sorted(worth_showing(ranking), key=lambda row: (-row.score, place.get(row.service, 0)))
    return [(by_id[row.service], row) for row in rows[:SHOWN]], found.degraded


def worth_showing(ranking: Ranking) -> list[Scored]:
    """The rows of a ranking without those that share little beside the best."""
    least = max((row.score for row in ranking.kept), default=0) * WORTH_SHOWING
    return [row for row in ranking.kept if row.score > 0 and row.score >= least]
