"""Lines and areas in a tile: simplified to what a screen can show; what is too small for it becomes a speck."""

from __future__ import annotations

from parvis.core.engine import Engine
from parvis.core.engine.contract import ROW
from parvis.core.geo.clusters import across, down, pixels
from parvis.core.geo.layers import EXTENT, Layer, ask, blobs, envelope, inside, mvt, number
from parvis.core.geo.mercator import TileAddress

BUFFER = 64
"""Units drawn beyond a tile's edges, so that outlines do not show where tiles meet."""

MAX_SHAPES = 5_000
"""Most shapes in one tile, the largest first; the others become specks."""

SMALLEST = 1.0
"""Pixels under which a shape becomes a speck."""

SPECK_CELLS = 128
"""Cells along a tile's side in which specks are gathered: 4 pixels."""


def shapes_tile(engine: Engine, layer: Layer, address: TileAddress) -> bytes:
    """Layers ``shapes`` (clipped, simplified) and ``specks`` (``n`` shapes too small to draw); empty when nothing is there."""
    columns = ", ".join(("__geometry", ROW, *layer.names))
    speck = ", ".join((f"ST_Point({across(address)}, {down(address)}) AS __geometry", "n", ROW, *layer.names))
    kept = "".join(f", arg_min_null({name}, {ROW}) AS {name}" for name in layer.names)
    cell = f"floor({across(address)} * {number(SPECK_CELLS / EXTENT)}), floor({down(address)} * {number(SPECK_CELLS / EXTENT)})"
    centred = " AND ".join(inside(address, "__lon", "__lat", None))
    sql = (
        f"{_sized(layer, address)}, "
        f"ranked AS (SELECT *, __size >= {SMALLEST} AND row_number() OVER (ORDER BY __size DESC) <= {MAX_SHAPES} AS __large "
        "FROM sized), "
        f"drawn AS (SELECT * FROM (SELECT {', '.join((ROW, *layer.names))}, {_drawn(address)} AS __geometry "
        "FROM ranked WHERE __large) WHERE __geometry IS NOT NULL), "
        f"specks AS (SELECT count(*) AS n, min({ROW}) AS {ROW}, avg(__lon) AS __lon, avg(__lat) AS __lat{kept} "
        f"FROM ranked WHERE NOT __large AND {centred} GROUP BY {cell}) "
        f"SELECT {mvt('shapes', columns, 'drawn')}, {mvt('specks', speck, 'specks')}"
    )
    return blobs(ask(engine, layer, sql))[1]


def _sized(layer: Layer, address: TileAddress) -> str:
    """Shapes that may be seen in the tile, with their size in pixels and the centre of their box."""
    margin = (address.east - address.west) * BUFFER / EXTENT
    tall = (address.north - address.south) * BUFFER / EXTENT
    wide = number(pixels(address))
    high = number((address.north - address.south) / 512)
    return (
        f"WITH near AS (SELECT {layer.selected()} {layer.geometry} AS __shape FROM rows "
        f"{layer.filters([f'{layer.geometry} && {envelope(address, margin, tall)}'])}), "
        "sized AS (SELECT *, (ST_XMin(__shape) + ST_XMax(__shape)) / 2 AS __lon, (ST_YMin(__shape) + ST_YMax(__shape)) / 2 AS __lat, "
        f"greatest((ST_XMax(__shape) - ST_XMin(__shape)) / {wide}, (ST_YMax(__shape) - ST_YMin(__shape)) / {high}) AS __size "
        "FROM near)"
    )


def _drawn(address: TileAddress) -> str:
    """A shape in the tile's units, simplified to half a pixel; mended first when it cannot be cut as it stands."""
    box = f"ST_Extent(ST_MakeEnvelope({', '.join(map(number, address.metres))}))"

    def cut(shape: str) -> str:
        return (
            f"TRY(ST_AsMVTGeom(ST_Transform({shape}, 'EPSG:4326', 'EPSG:3857', true), {box}, {EXTENT}, {BUFFER}, true))"
        )

    simple = f"ST_Simplify(__shape, {number(pixels(address) / 2)})"
    return f"coalesce({cut(simple)}, {cut('ST_MakeValid(__shape)')})"
