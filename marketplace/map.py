"""Thailand as a lattice of dots, drawn from points whose region is known. Pure: no Django, no files.

The shape is approximate and the page says so: a dot stands where a province or district centroid is near. It
shows where places lie, not where borders run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians, sqrt

STEP = 0.235  # degrees between neighbouring dots
ROW = STEP * sqrt(3) / 2
REACH_PROVINCE = 0.50  # degrees around a province centroid that count as land
REACH_PLACE = 0.30  # the same around a district centroid
PIXELS = 33.0  # per degree of latitude
WEST, NORTH = 96.9, 20.65
SQUEEZE = cos(radians(13.5))  # a degree of longitude is shorter than one of latitude
# The peninsula is narrow and its centroids far apart: dots between neighbours keep it in one piece.
PENINSULA_NORTH_LIMIT = 13.2
PENINSULA_GAP = 1.9
# A gap with land on this many of its six sides is a gap in the data, not a lake.
SIDES_OF_A_GAP = 5
MARGIN = 14


@dataclass(frozen=True)
class Point:
    """A place on land: degrees, and the code of its region. ``province`` marks a province centroid."""

    latitude: float
    longitude: float
    region: str
    province: bool = False


@dataclass(frozen=True)
class RegionShape:
    """All dots of one region as one SVG path of zero-length strokes (round caps make the dots)."""

    region: str
    path: str
    dots: int
    alternate: bool  # the second of two colours, so that neighbours can be told apart


@dataclass(frozen=True)
class CountryMap:
    """What ``components/map.html`` draws. ``view_box`` is in the units of ``project``."""

    view_box: str
    shapes: tuple[RegionShape, ...]


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Degrees to drawing units, one decimal: x to the east, y to the south."""
    return (
        round((longitude - WEST) * PIXELS * SQUEEZE, 1),
        round((NORTH - latitude) * PIXELS, 1),
    )


@lru_cache(maxsize=4)
def draw(points: tuple[Point, ...]) -> CountryMap:
    """The map for these points. Same points, same map; cached, since reference data rarely changes."""
    owners: dict[tuple[int, int], tuple[float, str]] = {}
    for point in (*points, *_bridges(points)):
        reach = REACH_PROVINCE if point.province else REACH_PLACE
        for cell, distance in _cells_near(point, reach):
            # Relative distance: a district centroid knows its surroundings better than a province's.
            share = distance / reach
            if cell not in owners or (share, point.region) < owners[cell]:
                owners[cell] = (share, point.region)
    land = {cell: region for cell, (_, region) in owners.items()}
    _fill_gaps(land)
    alternate = _alternate_regions(land)
    dots: dict[str, list[tuple[int, int]]] = {}
    for cell, region in land.items():
        x, y = project(*_centre(cell))
        dots.setdefault(region, []).append((round(y), round(x)))
    shapes = tuple(
        RegionShape(region, "".join(f"M{x} {y}h0" for y, x in sorted(cells)), len(cells), region in alternate)
        for region, cells in sorted(dots.items())
    )
    return CountryMap(_view_box(dots.values()), shapes)


def _sides(cell: tuple[int, int]) -> list[tuple[int, int]]:
    row, column = cell
    shift = row % 2
    return [
        (row, column - 1),
        (row, column + 1),
        *((row + step, column + shift - left) for step in (-1, 1) for left in (0, 1)),
    ]


def _fill_gaps(land: dict[tuple[int, int], str]) -> None:
    for _ in range(2):
        around = Counter(side for cell in land for side in _sides(cell) if side not in land)
        for cell in sorted(cell for cell, sides in around.items() if sides >= SIDES_OF_A_GAP):
            regions = Counter(land[side] for side in _sides(cell) if side in land)
            land[cell] = min(regions, key=lambda region: (-regions[region], region))


def _alternate_regions(land: dict[tuple[int, int], str]) -> set[str]:
    """Two colours cannot separate every pair of neighbours; the longest common borders come first."""
    borders: Counter[tuple[str, str]] = Counter()
    for cell, region in land.items():
        for side in _sides(cell):
            if side in land and land[side] != region:
                borders[(region, land[side])] += 1
    colour: dict[str, bool] = {}
    for region, _ in sorted(Counter(land.values()).items(), key=lambda item: (-item[1], item[0])):
        shared = {
            shade: sum(borders[(region, other)] for other, used in colour.items() if used == shade)
            for shade in (True, False)
        }
        colour[region] = shared[True] < shared[False]
    return {region for region, shade in colour.items() if shade}


def _cells_near(point: Point, reach: float) -> Iterable[tuple[tuple[int, int], float]]:
    row_of = round(point.latitude / ROW)
    rows = int(reach / ROW) + 1
    columns = int(reach / (STEP * SQUEEZE)) + 2
    for row in range(row_of - rows, row_of + rows + 1):
        column_of = round(point.longitude / STEP * SQUEEZE)
        for column in range(column_of - columns, column_of + columns + 1):
            latitude, longitude = _centre((row, column))
            distance = hypot(latitude - point.latitude, (longitude - point.longitude) * SQUEEZE)
            if distance <= reach:
                yield (row, column), distance


def _centre(cell: tuple[int, int]) -> tuple[float, float]:
    row, column = cell
    return row * ROW, (column + (row % 2) / 2) * STEP / SQUEEZE


def _bridges(points: tuple[Point, ...]) -> list[Point]:
    """Points from every southern province to its nearest neighbour further north."""
    south = [point for point in points if point.province and point.latitude < PENINSULA_NORTH_LIMIT]
    found = []
    for one in south:
        north = [
            (hypot(one.latitude - other.latitude, one.longitude - other.longitude), other.latitude, other)
            for other in south
            if other.latitude > one.latitude and other.longitude < one.longitude + 1
        ]
        distance, _, other = min(north, default=(PENINSULA_GAP, 0.0, one), key=lambda item: item[:2])
        if distance < PENINSULA_GAP:
            found += [_between(one, other, share) for share in (0.2, 0.4, 0.6, 0.8)]
    return found


def _between(one: Point, other: Point, share: float) -> Point:
    return Point(
        one.latitude + (other.latitude - one.latitude) * share,
        one.longitude + (other.longitude - one.longitude) * share,
        one.region if share < 0.5 else other.region,
    )


def _view_box(groups: Iterable[list[tuple[int, int]]]) -> str:
    cells = [cell for group in groups for cell in group]
    if not cells:
        return "0 0 100 100"
    top, bottom = min(y for y, _ in cells) - MARGIN, max(y for y, _ in cells) + MARGIN
    left, right = min(x for _, x in cells) - MARGIN, max(x for _, x in cells) + MARGIN
    return f"{left} {top} {right - left} {bottom - top}"
