"""Named plans over rows: facets, series, numbers, places."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cmp_to_key
from typing import Any

import pyarrow as pa
import shapely

from parvis.core.engine.contract import ROW
from parvis.core.engine.plans import (
    BoundingBox,
    CellCounts,
    DistinctShapes,
    FacetCounts,
    FacetOrder,
    FormulaCells,
    Gatherings,
    GeometryTypes,
    PointGrid,
    Quantiles,
    Series,
    SortedNumbers,
    Squares,
    Usual,
)
from parvis.core.engine.tests.plain.aggregates import discrete_quantile, quantile
from parvis.core.engine.tests.plain.expressions import Seen, value_of
from parvis.core.engine.tests.plain.functions import hull
from parvis.core.engine.tests.plain.queries import Row, kept, keys_of
from parvis.core.engine.tests.plain.values import column, comparable, finite, folded, geojson, hashable, text_of
from parvis.core.mercator import TileAddress, mercator_y
from parvis.core.odsql.bound import Aggregate, AsNumber, Bound
from parvis.core.odsql.traversal import is_whole
from parvis.core.odsql.valuetypes import ValueType


def facet_counts(rows: Sequence[Row], plan: FacetCounts) -> pa.Table:
    """Values and counts."""
    counts = Counter(
        key
        for row in kept(rows, plan.where)
        for (key,) in keys_of(row, [plan.value], with_empty=False)
        if key is not None
    )
    by_text = plan.order in (FacetOrder.ALPHANUM, FacetOrder.ALPHANUM_DOWN)
    by_count = plan.order in (FacetOrder.COUNT, FacetOrder.COUNT_DOWN)
    down = plan.order.startswith("-")
    pairs = sorted(counts.items(), key=lambda pair: comparable(pair[0]), reverse=down and not by_count)
    if by_text:
        pairs.sort(key=lambda pair: folded(text_of(pair[0])[:1_000]), reverse=down)
    if by_count:
        pairs.sort(key=lambda pair: pair[1], reverse=down)
    values = [value for value, _count in pairs[: plan.limit]]
    kind = ValueType.TEXT if plan.value.type is ValueType.TEXTS else plan.value.type
    return pa.table(
        {
            "v": column(values, kind, is_whole=is_whole(plan.value)),
            "n": pa.array([counts[value] for value in values], pa.int64()),
        }
    )


def formula_cells(rows: Sequence[Row], plan: FormulaCells) -> pa.Table:
    """One number."""
    total = 0
    for cell in plan.cells:
        for row in rows:
            text = value_of(cell, Seen(row))
            total += bool(text) and text[0] in plan.starts and value_of(AsNumber(cell), Seen(row)) is None
    return pa.table({"count": [total]})


def series(rows: Sequence[Row], plan: Series) -> pa.Table:
    """Axes, then values."""
    gathered: dict[tuple[Any, ...], tuple[tuple[Any, ...], list[Row]]] = {}
    for row in kept(rows, plan.where):
        for keys in keys_of(row, plan.axes, with_empty=False):
            if None not in keys:
                gathered.setdefault(tuple(map(hashable, keys)), (keys, []))[1].append(row)
    if not plan.axes and not gathered:
        gathered[()] = ((), [])
    points = [(keys, _values(plan.values, members)) for keys, members in gathered.values()]
    points.sort(key=lambda point: [comparable(key) for key in point[0]])

    def compare(first: tuple[Any, Any], second: tuple[Any, Any]) -> int:
        for order in plan.orders:
            left, right = (point[0 if order.is_axis else 1][order.rank] for point in (first, second))
            if left is None or right is None:
                way = (left is None) - (right is None)
            else:
                left, right = comparable(left), comparable(right)
                way = ((left > right) - (left < right)) * (-1 if order.descending else 1)
            if way:
                return way
        return 0

    points.sort(key=cmp_to_key(compare))
    points = points[: plan.limit] if plan.axes else points
    return _columns(
        [*plan.axes, *plan.values],
        [[keys[rank] for keys, _v in points] for rank in range(len(plan.axes))]
        + [[values[rank] for _k, values in points] for rank in range(len(plan.values))],
    )


def _values(values: Iterable[Aggregate], rows: Sequence[Row]) -> list[Any]:
    return [value_of(value, Seen(rows=rows)) for value in values]


def _columns(expressions: Sequence[Bound], values: Sequence[Sequence[Any]]) -> pa.Table:
    arrays = []
    for expression, cells in zip(expressions, values, strict=True):
        kind = ValueType.TEXT if expression.type is ValueType.TEXTS else expression.type
        arrays.append(column(cells, kind, is_whole=is_whole(expression)))
    return pa.table(arrays, names=[f"__{rank}" for rank in range(len(arrays))])


def _numbers(rows: Sequence[Row], plan: Quantiles | SortedNumbers) -> list[float]:
    values = (value_of(plan.number, Seen(row)) for row in kept(rows, plan.where))
    return sorted(float(value) for value in values if finite(value))


def quantiles(rows: Sequence[Row], plan: Quantiles) -> pa.Table:
    """One list."""
    numbers = _numbers(rows, plan)
    return _one([discrete_quantile(numbers, share) for share in plan.shares] if numbers else None)


def sorted_numbers(rows: Sequence[Row], plan: SortedNumbers) -> pa.Table:
    """One list."""
    return _one(_numbers(rows, plan) or None)


def _one(numbers: Sequence[float | None] | None) -> pa.Table:
    return pa.table({"list": pa.array([numbers], pa.list_(pa.float64()))})


# Places


def bounding_box(rows: Sequence[Row], plan: BoundingBox) -> pa.Table:
    """One list."""
    chosen = kept(rows, plan.where)
    shapes = _shapes(chosen, plan.geometry)
    return _one([float(len(chosen)), *_bounds(shapes)])


def _shapes(rows: Iterable[Row], geometry: Bound) -> list[Any]:
    shapes = (value_of(geometry, Seen(row)) for row in rows)
    return [shape for shape in shapes if shape is not None]


def _bounds(shapes: Sequence[Any]) -> list[float | None]:
    drawn = [shape for shape in shapes if not shape.is_empty]
    return [float(edge) for edge in shapely.total_bounds(drawn)] if drawn else [None] * 4


def geometry_types(rows: Sequence[Row], plan: GeometryTypes) -> pa.Table:
    """A row for each type."""
    by_type: dict[str, list[Any]] = {}
    for shape in _shapes(kept(rows, plan.where), plan.geometry):
        by_type.setdefault(shape.geom_type.upper(), []).append(shape)
    return _listed(
        ("type", "count", "west", "south", "east", "north"),
        [(name, len(shapes), *_bounds(shapes)) for name, shapes in sorted(by_type.items())],
    )


def _listed(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> pa.Table:
    return pa.table({name: [row[rank] for row in rows] for rank, name in enumerate(names)})


def gatherings(rows: Sequence[Row], plan: Gatherings) -> pa.Table:
    """A row for each cell."""
    gathered: dict[tuple[int, int], list[tuple[Row, Any]]] = {}
    for row in kept(rows, plan.where):
        shape = value_of(plan.point, Seen(row))
        point = None if shape is None else shapely.centroid(shape)
        if point is not None and not point.is_empty:
            latitude = math.radians(max(min(point.y, plan.top), -plan.top))
            down = math.degrees(math.log(math.tan(math.pi / 4 + latitude / 2)))
            cell = math.floor(point.x / plan.side), math.floor(down / plan.side)
            gathered.setdefault(cell, []).append((row, point))
    cells = []
    for members in gathered.values():
        points = [point for _row, point in members]
        centre = [math.fsum(axis) / len(points) for axis in ((p.x for p in points), (p.y for p in points))]
        values = _values(plan.values, [row for row, _point in members])
        cells.append((len(points), *centre, geojson(hull(points)), *values))
    cells.sort(key=lambda cell: (-cell[0], cell[1], cell[2]))
    return _listed([f"__{rank}" for rank in range(4 + len(plan.values))], cells[: plan.limit])


def distinct_shapes(rows: Sequence[Row], plan: DistinctShapes) -> pa.Table:
    """A row for each shape."""
    gathered: dict[str, list[Row]] = {}
    for row in kept(rows, plan.where):
        if value_of(plan.geometry, Seen(row)) is not None:
            gathered.setdefault(value_of(plan.digest, Seen(row)), []).append(row)
    listed = []
    for digest, members in gathered.items():
        shape = value_of(plan.geometry, Seen(members[0]))
        simple = shapely.simplify(shape, plan.tolerance, preserve_topology=True)
        listed.append((digest, geojson(simple), len(members), *_values(plan.values, members)))
    listed.sort(key=lambda row: (-row[2], row[0]))
    return _listed([f"__{rank}" for rank in range(3 + len(plan.values))], listed[: plan.limit])


def squares(rows: Sequence[Row], plan: Squares) -> pa.Table:
    """A row for each square."""
    gathered: dict[tuple[int, int], list[tuple[float, float, Any]]] = {}
    for row in kept(rows, plan.where):
        shape = value_of(plan.geometry, Seen(row))
        if shape is not None and not shape.is_empty:
            west, south, east, north = shape.bounds
            x, y = (west + east) / 2, (south + north) / 2
            colour = value_of(plan.colour, Seen(row)) if plan.colour else None
            gathered.setdefault((math.floor(x / plan.wide), math.floor(y / plan.tall)), []).append((x, y, colour))
    listed = []
    for members in gathered.values():
        xs, ys, colours = zip(*members, strict=True)
        listed.append((math.fsum(xs) / len(xs), math.fsum(ys) / len(ys), len(members), _usual(colours, plan.usual)))
    return _listed(("x", "y", "n", "colour"), listed)


def _usual(values: Iterable[Any], usual: Usual) -> Any:
    present = [value for value in values if value is not None]
    if not present:
        return None
    return quantile(present, 0.5) if usual is Usual.MEDIAN else Counter(present).most_common(1)[0][0]


# What is counted for tiles


def _points(rows: Sequence[Row], plan: PointGrid | CellCounts, address: TileAddress) -> list[tuple[int, float, float]]:
    """The points that a tile owns, its west and north edges included, with the rank of their row."""
    points = []
    for row in kept(rows, plan.drawing.where):
        point = row[plan.drawing.geometry.name]
        if point is None or point.is_empty:
            continue
        if address.west <= point.x < address.east and address.south < point.y <= address.north:
            points.append((row[ROW], point.x, point.y))
    return points


def point_grid(rows: Sequence[Row], plan: PointGrid) -> pa.Table:
    """A row for each place of the grid."""
    side = 2**plan.level
    places: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
    for row, lon, lat in _points(rows, plan, TileAddress(0, 0, 0)):
        across, down = (math.floor(share * side) for share in ((lon + 180) / 360, mercator_y(lat)))
        place = max(min(across, side - 1), 0), max(min(down, side - 1), 0)
        places.setdefault(place, []).append((row, lon, lat))
    listed = [
        (
            *place,
            len(points),
            math.fsum(p[1] for p in points),
            math.fsum(p[2] for p in points),
            _few(points, plan.sparse),
        )
        for place, points in places.items()
    ]
    return _typed(("across", "down", "n", "lon", "lat", "rows"), listed)


def _few(points: Sequence[tuple[int, float, float]], most: int) -> list[int] | None:
    return sorted(row for row, _lon, _lat in points) if len(points) <= most else None


def cell_counts(rows: Sequence[Row], plan: CellCounts) -> pa.Table:
    """A row for each cell."""
    address, cells = plan.address, plan.cells
    edges = [address.latitude_at(rank / cells) for rank in range(1, cells)]
    gathered: dict[int, list[tuple[int, float, float]]] = {}
    for row, lon, lat in _points(rows, plan, address):
        across = min(math.floor((lon - address.west) * (cells / (address.east - address.west))), cells - 1)
        rank = across * cells + sum(lat <= edge for edge in edges)
        gathered.setdefault(rank, []).append((row, lon, lat))
    listed = []
    for rank, points in gathered.items():
        centre = [math.fsum(point[axis] for point in points) / len(points) for axis in (1, 2)]
        listed.append((rank, len(points), *centre, sorted(point[0] for point in points)[: plan.sparse]))
    return _typed(("cell", "n", "lon", "lat", "rows"), listed)


def _typed(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> pa.Table:
    kinds = {"lon": pa.float64(), "lat": pa.float64(), "rows": pa.list_(pa.int64())}
    return pa.table(
        {name: pa.array([row[rank] for row in rows], kinds.get(name, pa.int64())) for rank, name in enumerate(names)}
    )
