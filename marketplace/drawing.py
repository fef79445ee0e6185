"""Numbers to places in a drawing: percentages as text, ready for SVG attributes. Pure.

Every figure is on the scale the component shows; nothing here rounds what a reader sees as a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LANE_LEFT, LANE_WIDTH = 2.0, 96.0
LANE_BASE, LANE_TOP, LANE_STEP = 38.0, 8.0, 13.0
LANE_SCALE_AT_LEAST = 15
LABEL_NEEDS = 4.0  # per cent of the bar that a number needs to be legible


def percent(value: float, largest: float = 100) -> str:
    """Share of ``largest`` as ``"27%"``; between 0 and 100, whatever comes in."""
    share = 100 * float(value) / float(largest) if largest else 0.0
    return f"{min(100.0, max(0.0, share)):.4g}%"


def fit_bar(match: Mapping[str, Any]) -> dict[str, Any]:
    """The bar of one match: parts in the order of the reasons, and the range below.

    ``match``: score, low, high (0–100) and nices, a list of {number, points, estimated}. Parts of no points
    take no room. Returns {parts: [{x, width, number, middle, estimated, labelled}], score, low, high, sure}.
    """
    parts, x = [], 0.0
    for reason in match["nices"]:
        width = float(reason["points"] or 0)
        if width > 0:
            parts.append(
                {
                    "x": percent(x),
                    "width": percent(width),
                    "middle": percent(x + width / 2),
                    "number": reason["number"],
                    "estimated": bool(reason["estimated"]),
                    "labelled": width >= LABEL_NEEDS,
                }
            )
            x += width
    low, high = float(match["low"]), float(match["high"])
    return {
        "parts": parts,
        "score": percent(match["score"]),
        "low": percent(low),
        "high": percent(high),
        "sure": round(low) == round(high),
    }


def lanes(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Dots of everything that waits, one lane a party, all on one scale of working days.

    ``rows``: {limit, ages: [working days]} with whatever else the page shows. Returns {rows: [row with dots,
    limit_x, total, late, oldest], axis: [{x, label}]}; a dot is {x, y, late}.
    """
    furthest = max(
        [
            LANE_SCALE_AT_LEAST,
            *(row["limit"] + 1 for row in rows),
            *(age for row in rows for age in row["ages"]),
        ]
    )
    drawn = [
        {
            **row,
            "dots": _dots(row["ages"], row["limit"], furthest),
            "limit_x": _lane_x(row["limit"] + 0.5, furthest),
            "total": len(row["ages"]),
            "late": sum(age > row["limit"] for age in row["ages"]),
            "oldest": max(row["ages"], default=0),
        }
        for row in rows
    ]
    step = 5 if furthest <= 30 else 10 if furthest <= 60 else 30
    axis = [{"x": _lane_x(day, furthest), "label": day} for day in range(0, furthest + 1, step)]
    return {"rows": drawn, "axis": axis}


def _lane_x(day: float, furthest: int) -> str:
    return percent(LANE_LEFT + LANE_WIDTH * day / furthest)


def _dots(ages: Iterable[int], limit: int, furthest: int) -> list[dict[str, Any]]:
    ages = sorted(ages)
    stacked, seen = Counter(ages), Counter[int]()
    dots = []
    for age in ages:
        step = min(LANE_STEP, (LANE_BASE - LANE_TOP) / max(1, stacked[age] - 1))
        y = LANE_BASE - step * seen[age]
        seen[age] += 1
        dots.append(
            {"x": _lane_x(age, furthest), "y": f"{y:.1f}", "square_y": f"{y - 5.5:.1f}", "late": age > limit}
        )
    return dots
