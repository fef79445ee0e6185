"""How many services each must leaves, counted from the stored run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from matching.scoring import Ranking, Rejected, Scored

Row = Scored | Rejected
# With so few vendors left a condition looks as if it were written for one of them.
FEW_VENDORS = 2


def supply_of(ranking: Ranking, labels: Mapping[str, str]) -> dict[str, Any]:
    """As ``components/supply.html`` takes it: what is left after each must and all before it."""
    everything: list[Row] = [*ranking.kept, *ranking.rejected]
    criteria = [reason.criterion for reason in everything[0].musts] if everything else []
    left, rows = everything, []
    for place, criterion in enumerate(criteria):
        left = [row for row in left if row.musts[place].status != "unmet"]
        rows.append(
            {
                "label": labels[criterion],
                "count": len(left),
                "to_confirm": sum(row.musts[place].status == "unknown" for row in left),
                "risk": _vendors(left) < FEW_VENDORS,
            }
        )
    return {
        "total": len(left),
        "vendors": _vendors(left),
        "started": ranking.considered,
        "rows": rows,
        "warning": _warning(left, everything, criteria, labels),
    }


def _vendors(rows: Sequence[Row]) -> int:
    return len({row.vendor for row in rows})


def _warning(
    left: Sequence[Row], everything: Sequence[Row], criteria: Sequence[str], labels: Mapping[str, str]
) -> str:
    vendors = _vendors(left)
    if not criteria or vendors >= FEW_VENDORS:
        return ""
    gain, condition = _most_to_gain(everything, criteria)
    words = (
        _("One vendor is left: the musts may look as if they were written for it.")
        if vendors
        else _("No service meets all musts.")
    )
    if gain > len(left):
        words += " " + _("As a nice to have, “%(condition)s” would leave %(count)s services.") % {
            "condition": labels[condition],
            "count": gain,
        }
    return words


def _most_to_gain(everything: Sequence[Row], criteria: Sequence[str]) -> tuple[int, str]:
    """How many would be left without one must, for the must that takes most."""
    best = (0, "")
    for place, criterion in enumerate(criteria):
        others = sum(
            all(reason.status != "unmet" for n, reason in enumerate(row.musts) if n != place)
            for row in everything
        )
        best = max(best, (others, criterion), key=lambda pair: pair[0])
    return best
