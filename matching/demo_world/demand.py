"""Needs of real cities, marked as examples, with their rankings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marketplace.models import Role
from matching import needs, runs
from matching.demo_world import files
from matching.demo_world.world import World, spread
from matching.models import MatchRun, Need


def load(world: World) -> None:
    """Every need as far as its file says; rankings before anything is closed, as closed ones keep theirs."""
    rows = files.needs()
    for row in rows:
        world.needs[row["key"]] = _need(world, row)
    pool = runs.considered()
    for run in MatchRun.objects.filter(state="waiting").select_related("need__city__province", "version"):
        runs.compute(run, pool)
    for number, row in enumerate(rows):
        _finish(world, row, number)


def _need(world: World, row: dict[str, Any]) -> Need:
    city = world.city(row["city"])
    broker = row["drafted_by_broker"]
    by = world.staff(Role.BROKER) if broker else world.official(city.organisation)  # type: ignore[arg-type]  # loaded before
    deadline = row["deadline_days"]
    need = needs.add(
        city,
        _content(world, row),
        by=by,
        visibility=row["visibility"],
        deadline=world.end_of(deadline) if deadline and deadline > 0 else None,
        confirm_email=f"official.{city.key}@example.com" if broker else "",
        is_example=True,
    )
    return needs.publish(need, by=by) if row["state"] in ("published", "closed") else need


def _content(world: World, row: dict[str, Any]) -> needs.Content:
    return needs.Content(
        title=row["title"],
        problem=row["problem"],
        success=row["success"],
        dimensions=row["dimensions"],
        capabilities=row["capabilities"],
        budget_amount=Decimal(row["budget_amount"]) if row["budget_amount"] else None,
        budget_state=row["budget_state"] or "",
        fiscal_year=row["fiscal_year"],
        money_source=row["money_source"] or "",
        start_by=world.day(row["start_days"]) if row["start_days"] else None,
        criteria=row["criteria"],
    )


def _finish(world: World, row: dict[str, Any], number: int) -> None:
    """Close what has ended, and let needs be of different ages; the events keep their true time."""
    need = world.needs[row["key"]]
    days = spread(number, 2, 40)
    moments: dict[str, Any] = {"state_since": world.ago(days), "created_at": world.ago(days + 4)}
    if row["state"] == "closed":
        assert need.organisation is not None
        need = needs.close(need, by=world.official(need.organisation))
        ended = -row["deadline_days"]
        moments = {
            "deadline": world.end_of(-ended),
            "state_since": world.end_of(-ended),
            "published_at": world.ago(ended + 45),
            "created_at": world.ago(ended + 52),
        }
    elif row["state"] == "published":
        moments["published_at"] = world.ago(days)
    Need.objects.filter(pk=need.pk).update(**moments)
    need.refresh_from_db()
    world.needs[row["key"]] = need
