"""Vector tiles of points, gathered or not, as DuckDB's statements."""

from __future__ import annotations

import math

from parvis.core.engine.contract import ROW
from parvis.core.engine.duckdb.fragments import Statement
from parvis.core.engine.duckdb.tile_layers import (
    EXTENT,
    ROUNDING,
    across,
    carried_names,
    down,
    drawn,
    envelope,
    filters,
    geometry_name,
    inside,
    mvt,
    number,
    selection,
)
from parvis.core.engine.plans import CellCounts, ClustersTile, Drawing, PointGrid, RowsTile, SpotsTile
from parvis.core.mercator import TileAddress

_WORLD = TileAddress(0, 0, 0)


def point_grid(plan: PointGrid) -> Statement:
    """A row for each place of the grid."""
    side = 2**plan.level
    northing = f"(0.5 - atanh(sin(radians(__lat))) / {number(2 * math.pi)})"
    places = (f"(__lon + 180) * {side} / 360", f"{northing} * {side}")
    column, row = (f"greatest(least(floor({place})::BIGINT, {side - 1}), 0)" for place in places)
    return drawn(
        plan.drawing,
        f"{_points_inside(plan.drawing, _WORLD, carried=False)}, "
        f"placed AS (SELECT *, {column} AS across, {row} AS down FROM near) "
        f"SELECT across, down, count(*) AS n, sum(__lon), sum(__lat), "
        f"CASE WHEN count(*) <= {plan.sparse:d} THEN min({ROW}, {plan.sparse:d}) END FROM placed GROUP BY across, down",
    )


def cell_counts(plan: CellCounts) -> Statement:
    """A row for each cell."""
    cell = _cell(plan.drawing, plan.address, plan.cells)
    return drawn(
        plan.drawing,
        f"{_points_inside(plan.drawing, plan.address)}, placed AS (SELECT *, {cell} AS __cell FROM near) "
        f"SELECT __cell, count(*), avg(__lon), avg(__lat), min({ROW}, {plan.sparse:d}) FROM placed GROUP BY __cell",
    )


def _cell(drawing: Drawing, address: TileAddress, cells: int) -> str:
    """Number of the cell of a point. Rows of cells are told by comparison with their edges: no logarithm a point."""
    scale = cells / (address.east - address.west)
    column = f"least(floor((__lon - {number(address.west)}) * {number(scale)})::INTEGER, {cells - 1})"
    edges = [address.latitude_at(rank / cells) for rank in range(1, cells)]
    south, north = (drawing.bbox[1] - ROUNDING, drawing.bbox[3] + ROUNDING) if drawing.bbox else (-90.0, 90.0)
    passed = sum(1 for edge in edges if edge >= north)
    comparisons = [f"(__lat <= {number(edge)})::INTEGER" for edge in edges if south <= edge < north]
    return f"{column} * {cells} + {' + '.join([str(passed), *comparisons])}"


def rows_tile(plan: RowsTile) -> Statement:
    """Some rows. On an edge of the tile, the last binary digit of a latitude may tell otherwise than where they were found."""
    marks = ", ".join("?" for _row in plan.rows)
    sql = (
        f"{_points_inside(plan.drawing, plan.region)}, alone AS (SELECT * FROM near WHERE {ROW} IN ({marks})) "
        f"SELECT {mvt('points', _placed(plan.drawing, plan.address), 'alone')}"
    )
    return drawn(plan.drawing, sql, *plan.rows)


def clusters_tile(plan: ClustersTile) -> Statement:
    """Gathered points, told by the plan itself."""
    columns = f"ST_Point({across(plan.address)}, {down(plan.address)}) AS __geometry, n, rank AS __row"
    return Statement(f"WITH {_CLUSTERS} SELECT {mvt('clusters', columns, 'cells')}", _lists(plan))


_CLUSTERS = (
    "cells AS (SELECT unnest(?::BIGINT[]) AS n, unnest(?::DOUBLE[]) AS __lon, unnest(?::DOUBLE[]) AS __lat, "
    "unnest(?::BIGINT[]) AS rank)"
)


def _lists(plan: ClustersTile) -> tuple[list[float], ...]:
    return tuple(list(values) for values in (plan.counts, plan.longitudes, plan.latitudes, plan.ranks))


def spots_tile(plan: SpotsTile) -> Statement:
    """Points in their places, those of a same spot gathered."""
    names = carried_names(plan.drawing)
    carried = "".join(f", any_value({name}) AS {name}" for name in names)
    share = number(plan.cells / EXTENT)
    columns, rows = (f"least(floor({axis} * {share})::INTEGER, {plan.cells} - 1)" for axis in ("__x", "__y"))
    x, y = "avg(__x)", "avg(__y)"
    if plan.is_even:
        x, y = (
            f"CASE WHEN count(*) = 1 THEN avg({axis}) ELSE (any_value({cell}) + 0.5) / {share} END"
            for axis, cell in (("__x", columns), ("__y", rows))
        )
    crowds = f"{_CLUSTERS}, " if plan.crowds else ""
    more = f" UNION ALL SELECT n, rank, {across(plan.address)}, {down(plan.address)} FROM cells" if plan.crowds else ""
    chosen = "" if plan.rows is None else f" WHERE {ROW} IN ({', '.join('?' for _row in plan.rows)})"
    sql = (
        f"{_points_inside(plan.drawing, plan.address)}, "
        f"placed AS (SELECT *, {across(plan.address)} AS __x, {down(plan.address)} AS __y FROM near{chosen}), "
        f"spots AS (SELECT count(*) AS n, min({ROW}) AS {ROW}, {x} AS __x, {y} AS __y{carried} FROM placed "
        f"GROUP BY {columns} * {plan.cells} + {rows}), "
        f"alone AS (SELECT * FROM spots WHERE n = 1), {crowds}gathered AS (SELECT n, {ROW}, __x, __y FROM spots WHERE n > 1{more}) SELECT "
        + mvt("points", ", ".join(("ST_Point(__x, __y) AS __geometry", ROW, *names)), "alone")
        + ", "
        + mvt("clusters", f"ST_Point(__x, __y) AS __geometry, n, {ROW}", "gathered")
    )
    return drawn(plan.drawing, sql, *(plan.rows or ()), *(_lists(plan.crowds) if plan.crowds else ()))


def _placed(drawing: Drawing, address: TileAddress) -> str:
    return ", ".join((f"ST_Point({across(address)}, {down(address)}) AS __geometry", ROW, *carried_names(drawing)))


def _points_inside(drawing: Drawing, address: TileAddress, *, carried: bool = True) -> str:
    """The beginning of a statement about points: ``near``, the rows inside the tile with ``__lon`` and ``__lat``."""
    geometry = geometry_name(drawing)
    lon, lat = f"ST_X({geometry})", f"ST_Y({geometry})"
    # A point without coordinates is nowhere: comparisons leave it out, and where none is needed this condition does.
    conditions = inside(address, lon, lat, drawing.bbox)
    if conditions:
        # Coordinates decide; boxes only spare the engine the groups of rows that are elsewhere.
        conditions.insert(0, f"{geometry} && {envelope(address)}")
    else:
        conditions = [f"{lon} IS NOT NULL"]
    selected = selection(drawing) if carried else f"{ROW}, "
    return f"WITH near AS (SELECT {selected}{lon} AS __lon, {lat} AS __lat FROM rows {filters(drawing, conditions)})"
