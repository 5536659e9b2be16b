"""Lines and areas in a tile, as DuckDB's statements: simplified to what a screen can show; what is too small becomes a speck."""

from __future__ import annotations

from parvis.core.engine.contract import ROW
from parvis.core.engine.duckdb.fragments import Statement
from parvis.core.engine.duckdb.tile_layers import (
    EXTENT,
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
from parvis.core.engine.plans import Drawing, ShapesTile
from parvis.core.mercator import TILE_PIXELS, TileAddress

BUFFER = 64
"""Units drawn beyond a tile's edges, so that outlines do not show where tiles meet."""

MAX_SHAPES = 5_000
"""Most shapes in one tile, the largest first; the others become specks."""

SMALLEST = 1.0
"""Pixels under which a shape becomes a speck."""

MOST_POINTS = 50_000
"""Points of a shape from which it is thinned before it is simplified and cut: what these do takes the square of its points,
hours for a million."""

LARGEST = 2 * MOST_POINTS
"""Points of a thinned shape (its parts and holes may be many) beyond which its box is drawn."""

SPECK_CELLS = 128
"""Cells along a tile's side in which specks are gathered: 4 pixels."""


def shapes_tile(plan: ShapesTile) -> Statement:
    """Layers ``shapes`` (clipped, simplified) and ``specks`` (``n`` shapes too small to draw)."""
    address, names = plan.address, carried_names(plan.drawing)
    columns = ", ".join(("__geometry", ROW, *names))
    speck = ", ".join((f"ST_Point({across(address)}, {down(address)}) AS __geometry", "n", ROW, *names))
    carried = "".join(f", arg_min_null({name}, {ROW}) AS {name}" for name in names)
    cell = f"floor({across(address)} * {number(SPECK_CELLS / EXTENT)}), floor({down(address)} * {number(SPECK_CELLS / EXTENT)})"
    centred = " AND ".join(inside(address, "__lon", "__lat", None))
    sql = (
        f"{_sized(plan.drawing, address)}, "
        f"ranked AS (SELECT *, __size >= {SMALLEST} AND row_number() OVER (ORDER BY __size DESC) <= {MAX_SHAPES} AS __large "
        "FROM sized), "
        f"thin AS MATERIALIZED (SELECT {', '.join((ROW, *names))}, {thinned('__shape', _pixels(address) / 2)} AS __shape FROM ranked WHERE __large), "
        "counted AS (SELECT *, ST_NPoints(__shape) AS __points FROM thin), "
        f"drawn AS (SELECT * FROM (SELECT {', '.join((ROW, *names))}, {_drawn(address)} AS __geometry "
        "FROM counted) WHERE __geometry IS NOT NULL), "
        f"specks AS (SELECT count(*) AS n, min({ROW}) AS {ROW}, avg(__lon) AS __lon, avg(__lat) AS __lat{carried} "
        f"FROM ranked WHERE NOT __large AND {centred} GROUP BY {cell}) "
        f"SELECT {mvt('shapes', columns, 'drawn')}, {mvt('specks', speck, 'specks')}"
    )
    return drawn(plan.drawing, sql)


def _sized(drawing: Drawing, address: TileAddress) -> str:
    """Shapes that may be seen in the tile, with their size in pixels and the centre of their box."""
    margin = (address.east - address.west) * BUFFER / EXTENT
    tall = (address.north - address.south) * BUFFER / EXTENT
    wide = number(_pixels(address))
    high = number((address.north - address.south) / TILE_PIXELS)
    geometry = geometry_name(drawing)
    return (
        f"WITH near AS (SELECT {selection(drawing)}{geometry} AS __shape FROM rows "
        f"{filters(drawing, [f'{geometry} && {envelope(address, margin, tall)}'])}), "
        "sized AS (SELECT *, (ST_XMin(__shape) + ST_XMax(__shape)) / 2 AS __lon, (ST_YMin(__shape) + ST_YMax(__shape)) / 2 AS __lat, "
        f"greatest((ST_XMax(__shape) - ST_XMin(__shape)) / {wide}, (ST_YMax(__shape) - ST_YMin(__shape)) / {high}) AS __size "
        "FROM near)"
    )


def _pixels(address: TileAddress) -> float:
    """Degrees of longitude in one pixel of the screen."""
    return (address.east - address.west) / TILE_PIXELS


def _drawn(address: TileAddress) -> str:
    """A shape in the tile's units, simplified to half a pixel; mended first when it cannot be cut as it stands."""
    box = f"ST_Extent(ST_MakeEnvelope({', '.join(map(number, address.metres))}))"

    def cut(shape: str) -> str:
        return (
            f"TRY(ST_AsMVTGeom(ST_Transform({shape}, 'EPSG:4326', 'EPSG:3857', true), {box}, {EXTENT}, {BUFFER}, true))"
        )

    half = number(_pixels(address) / 2)
    return f"CASE WHEN __points > {LARGEST} THEN {cut('ST_Envelope(__shape)')} ELSE " + (
        f"coalesce({cut(f'ST_Simplify(__shape, {half})')}, {cut('ST_MakeValid(__shape)')}) END"
    )


def thinned(shape: str, degrees: float) -> str:
    """SQL of a shape with as many points as can be worked upon: in one pass, those too near to the last one kept are left out.

    ``shape`` is the name of a column. Points are ``degrees`` apart at least, and so far that the outline, cut in as many
    steps, keeps MOST_POINTS at most. Parts smaller than it vanish, and with them the holes of a part that has one so small; of
    what is so twisted that nothing is left, the box is drawn.
    """
    apart = f"greatest({number(degrees)}, (ST_Perimeter({shape}) + ST_Length({shape})) / {MOST_POINTS})"

    def thin(outline: str) -> str:
        return f"ST_RemoveRepeatedPoints({outline}, {apart})"

    part = f"coalesce(TRY({thin('d.geom')}), TRY(ST_MakePolygon({thin('ST_ExteriorRing(d.geom)')})))"
    parts = f"ST_Collect(list_filter(list_transform(ST_Dump({shape}), lambda d: {part}), lambda g: g IS NOT NULL))"
    return (
        f"CASE WHEN ST_NPoints({shape}) <= {MOST_POINTS} THEN {shape} "
        f"ELSE coalesce(TRY({parts}), ST_Envelope({shape})) END"
    )
