"""The parts of a ranking's page: overview, tiers with their ties, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.formats import year
from matching import links
from matching.models import Match, MatchRun
from matching.reports.left_out import groups
from matching.reports.matches import MatchWords, name_of, overview_row
from matching.scoring import Ranking, Scored

PER_PAGE = 10
IN_OVERVIEW = 30
NAMED_PER_RULE = 12


def rows_named(run: MatchRun, ranking: Ranking, on_page: Iterable[Scored]) -> dict[str, Match]:
    """The rows that the page names, by public id of the service: one query however many there are."""
    wanted = {row.service for row in ranking.kept[:IN_OVERVIEW]} | {row.service for row in on_page}
    named: dict[str, int] = {}
    for row in ranking.rejected:
        named[row.rule] = named.get(row.rule, 0) + 1
        if named[row.rule] <= NAMED_PER_RULE:
            wanted.add(row.service)
    rows = run.matches.filter(service__public_id__in=wanted)
    return {
        row.service.public_id: row
        for row in rows.select_related("service__vendor", "service_version").order_by("-kept", "position")
    }


def kept_of(runs: QuerySet[MatchRun]) -> QuerySet[Match]:
    """The matches that these rankings kept, with what their names need."""
    rows = Match.objects.filter(run__in=runs, kept=True)
    return rows.select_related("service__vendor", "service_version")


def page_of(row: Match) -> str:
    """The service's page, while it has one."""
    public = row.service.state == "published" and row.service.vendor.suspended_at is None
    return links.service(row.service) if public else ""


def overview(ranking: Ranking, rows: dict[str, Match], page: int) -> list[dict[str, Any]]:
    """Tiers of the overview. A line leads to its match: on this page, or on the page where it stands."""
    tiers = []
    for code, title in (
        ("meets", _tier_title("meets", ranking)),
        ("confirm", _tier_title("confirm", ranking)),
    ):
        lines = []
        for place, scored in enumerate(ranking.kept[:IN_OVERVIEW]):
            if scored.tier == code and scored.service in rows:
                here = place // PER_PAGE + 1
                anchor = f"#m-{scored.service}"
                href = anchor if here == page else f"?page={here}{anchor}"
                lines.append(overview_row(rows[scored.service], href))
        if lines:
            tiers.append({"title": title, "rows": lines})
    return tiers


def _tier_title(tier: str, ranking: Ranking) -> str:
    count = sum(row.tier == tier for row in ranking.kept)
    if tier == "meets":
        words = ngettext("Meets all musts: %(count)s service", "Meets all musts: %(count)s services", count)
    else:
        words = ngettext(
            "Musts to confirm first: %(count)s service", "Musts to confirm first: %(count)s services", count
        )
    return words % {"count": count}


def tiers_of(shown: list[Scored], cards: dict[str, Any]) -> list[dict[str, Any]]:
    """The matches of this page by tier, those that tie in one group."""
    tiers = []
    for code in ("meets", "confirm"):
        together: list[list[Scored]] = []
        for scored in (row for row in shown if row.tier == code):
            if together and scored.tied and together[-1][0].first == scored.first:
                together[-1].append(scored)
            else:
                together.append([scored])
        if together:
            tiers.append(
                {
                    "code": code,
                    "groups": [
                        {"matches": [cards[row.service] for row in group], "tied": group[0].tied}
                        for group in together
                    ],
                }
            )
    return tiers


def lot(ranking: Ranking) -> str:
    """By what equals were put in order, as ``components/tie.html`` takes it."""
    drawn_in, _dash, week = ranking.week.partition("-W")
    return _("The lot is drawn anew each week; this is week %(week)s of %(year)s.") % {
        "week": int(week),
        "year": year(int(drawn_in)),
    }


def left_out_rows(
    run: MatchRun,
    ranking: Ranking,
    rows: dict[str, Match],
    words: MatchWords,
    base: str,
) -> list[dict[str, Any]]:
    """As ``components/rejected.html`` takes it; the first names of each rule, and the way to all.

    ``base``: address of the need's rankings.
    """
    found = []
    for group in groups(ranking, words.labels, words.names):
        named = [rows[public_id] for public_id in group.services if public_id in rows]
        found.append(
            {
                "rule": group.label,
                "fact": group.fact or _("It differs; see the services."),
                "count": len(group.services),
                "services": [
                    {
                        "name": name_of(row),
                        "href": page_of(row),
                        "fact": "" if group.fact else group.facts[row.service.public_id],
                    }
                    for row in named
                ],
                "more": f"{base}{run.public_id}/left-out/{group.criterion}/"
                if len(group.services) > len(named)
                else "",
            }
        )
    return found
