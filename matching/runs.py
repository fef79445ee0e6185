"""Rankings as records: asked for with the change, computed by the worker, never changed afterwards."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from catalogue.models import Service
from marketplace import events, outbox
from marketplace.errors import Conflict
from marketplace.models import database_now
from marketplace.permissions import Actor
from matching import facts
from matching.models import Match, MatchRun, Need, NeedVersion
from matching.scoring import canonical
from matching.scoring.facts import NeedFacts, ServiceFacts
from matching.scoring.rank import score_all, week_of
from matching.scoring.result import Ranking, Reason, Rejected, Scored
from matching.scoring.rules import RULE_VERSION
from matching.scoring.weights import WeightVersion, weights_number

WEIGHTS = 1


def today(now: datetime | None = None) -> date:
    """The day in Thailand by the database's clock."""
    return (now or database_now()).astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def current_weights() -> WeightVersion:
    """The version by which new runs are computed."""
    return weights_number(WEIGHTS)


def start(need: Need, *, by: Actor | None) -> MatchRun:
    """Ask for a ranking of the need's newest version. One that still waits is used for it.

    Runs inside the transaction of the change that makes it necessary.
    """
    assert need.head is not None
    with transaction.atomic():
        waiting = MatchRun.objects.select_for_update(of=("self",)).filter(need=need, state="waiting").first()
        if waiting is not None:
            waiting.version = need.head
            waiting.save(update_fields=["version"])
            return waiting
        last = MatchRun.objects.filter(need=need).aggregate(last=Max("number"))["last"] or 0
        run = MatchRun.objects.create(
            need=need, version=need.head, number=last + 1, requested_by=by.user if by else None
        )
        outbox.put("matching.run", {"run": run.public_id})
    return run


def execute(payload: dict[str, Any]) -> None:
    """Outbox handler: compute a waiting run. Called twice it does nothing the second time."""
    with transaction.atomic():
        run = (
            MatchRun.objects.select_for_update(of=("self",))
            .select_related("need__city__province", "version")
            .filter(public_id=payload["run"], state="waiting")
            .first()
        )
        if run is not None:
            compute(run)


@dataclass(frozen=True, slots=True)
class Considered:
    """The services that a ranking considers, their facts, and the facts as the record keeps them."""

    services: list[Service]
    given: list[ServiceFacts]
    kept: list[str]


def considered() -> Considered:
    """Every published service as it is now. Many rankings of one moment can share it."""
    services = list(facts.with_facts(Service.objects.public()).order_by("pk"))
    given = [facts.of_service(service) for service in services]
    return Considered(services, given, [canonical.dumps(service) for service in given])


def compute(run: MatchRun, pool: Considered | None = None) -> None:
    """Score every published service for the run's version and store everything that went in and came out."""
    now, pool = database_now(), pool or considered()
    need = facts.of_need(run.need, run.version)
    weights, day = current_weights(), today(now)
    ranking = score_all(need, pool.given, weights, day, week_of(day))
    result = ranking.to_json()
    run.state, run.computed_at = MatchRun.State.READY, now
    run.weight_version, run.rule_version = weights.number, RULE_VERSION
    run.considered = ranking.considered
    run.inputs = _packed(_inputs(need, pool, ranking))
    run.result = _packed(result)
    run.result_hash = hashlib.sha256(result.encode()).hexdigest()
    run.save()
    by_id = {service.public_id: service for service in pool.services}
    Match.objects.bulk_create(
        [kept_row(run, row, place, by_id[row.service]) for place, row in enumerate(ranking.kept, 1)]
        + [_left_out(run, row, place, by_id[row.service]) for place, row in enumerate(ranking.rejected, 1)],
        batch_size=500,
    )
    data = {"considered": ranking.considered, "kept": len(ranking.kept), "hash": run.result_hash}
    events.record(run, "compute", by=None, from_state="waiting", to_state="ready", data=data)


def _inputs(need: NeedFacts, pool: Considered, ranking: Ranking) -> str:
    versions = {s.public_id: s.current.public_id for s in pool.services if s.current}
    return json.dumps(
        {
            "need": canonical.dumps(need),
            "services": pool.kept,
            "versions": versions,
            "as_of": ranking.as_of.isoformat(),
            "week": ranking.week,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def unpacked(stored: bytes | memoryview | None) -> str:
    """The text of a compressed record."""
    return zlib.decompress(bytes(stored or b"")).decode()


def recompute(run: MatchRun) -> Ranking:
    """The ranking computed again from the stored inputs, by the stored weights.

    Raises:
        matching.scoring.rank.OtherRules: the rules have changed since; the stored result stands.
    """
    inputs = json.loads(unpacked(run.inputs))
    return score_all(
        canonical.loads(NeedFacts, inputs["need"]),
        [canonical.loads(ServiceFacts, text) for text in inputs["services"]],
        weights_number(run.weight_version or 0),
        date.fromisoformat(inputs["as_of"]),
        inputs["week"],
    )


def _points(tenths: int) -> Decimal:
    return Decimal(tenths) / 10


def _reasons(*groups: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [json.loads(canonical.dumps(reason)) for group in groups for reason in group]


def kept_row(run: MatchRun | None, row: Scored, place: int, service: Service) -> Match:
    """A kept service as a row; without a run it is only for showing."""
    return Match(
        run=run,
        service=service,
        service_version=service.current,
        kept=True,
        tier=row.tier,
        position=place,
        rank_from=row.first,
        rank_to=row.last,
        score=_points(row.score),
        low=_points(row.low),
        high=_points(row.high),
        band=row.band,
        questions=len(row.questions),
        reasons=_reasons(row.musts, row.graded),
    )


def _left_out(run: MatchRun, row: Rejected, place: int, service: Service) -> Match:
    return Match(
        run=run,
        service=service,
        service_version=service.current,
        kept=False,
        position=place,
        removed_by=row.rule,
        reasons=_reasons(row.musts),
    )


def again(need: Need, *, by: Actor) -> MatchRun:
    """Ask for a new ranking of what the need says now, such as after services have changed."""
    with transaction.atomic():
        fresh = Need.objects.select_for_update(of=("self",)).select_related("head").get(pk=need.pk)
        if fresh.state not in ("draft", "published"):
            raise Conflict(fresh.get_state_display())
        return start(fresh, by=by)


def latest(need: Need, version: NeedVersion | None = None) -> MatchRun | None:
    """The newest ready run, optionally of one version."""
    runs = need.runs.filter(state="ready")
    return (runs.filter(version=version) if version else runs).order_by("-number").first()


def left_out_by_rule(matches: list[Match]) -> Counter[str]:
    """How many services each rule left out, counted once each by the first rule that they did not meet."""
    return Counter(match.removed_by for match in matches if not match.kept)
