"""The base map made from the contours shipped with Parvis: no outside service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa
import shapely
import shapely.geometry

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.contract import MemorySource
from parvis.core.engine.plans import Drawing
from parvis.core.geo import borders
from parvis.core.geo.layers import Layer
from parvis.core.geo.tiles import draw, names_tile
from parvis.core.mercator import TileAddress
from parvis.hub.datastore.selectors import engine
from parvis.packs import bundled_files

_FIRST_ZOOM = {"region": 0, "departement": 5, "commune": 8}
"""Zoom from which each kind of territory is drawn."""

_NAMED = {7: 100_000, 8: 60_000, 9: 25_000, 10: 8_000, 11: 0}
"""Inhabitants from which a commune has its name in the tiles of each zoom; none before the first."""


@lru_cache(maxsize=512)
def base_tile(z: int, x: int, y: int) -> bytes:
    """A tile of the ground: layer ``shapes`` (``kind``) of land and borders, ``names`` (``name``, ``people``) of communes.

    A border stands once, under the largest kind of territory that it closes. No bytes where nothing is known.
    """
    address = TileAddress(z, x, y)
    kinds = tuple(kind for kind, first in _FIRST_ZOOM.items() if z >= first)
    least = _NAMED.get(z)
    names = names_tile(engine(), _names(least), address) if least is not None else b""
    return draw(engine(), _shapes(kinds), address) + names


@lru_cache(maxsize=4)
def _shapes(kinds: tuple[str, ...]) -> Layer:
    rows = [(kind, shape) for kind in kinds for shape in _drawn(kind)]
    return _layer({"kind": [kind for kind, _shape in rows]}, [shape for _kind, shape in rows], only_points=False)


def _drawn(kind: str) -> Iterator[shapely.Geometry]:
    """The land of regions, the borders of smaller territories."""
    if kind == "region":
        yield from map(shapely.geometry.shape, _areas(kind))
    elif kind == "departement":
        yield from borders.lines(borders.sides(_areas(kind)))
    else:
        yield from borders.lines(borders.sides(_areas(kind)) - borders.sides(_areas("departement")))


@lru_cache(maxsize=8)
def _names(least: int) -> Layer:
    """The communes of so many inhabitants, the most peopled first."""
    contours = bundled_files.contours()
    rows = [row for row in _territories() if row.kind == "commune" and (row.population or 0) >= least]
    rows.sort(key=lambda row: -(row.population or 0))
    middles = [shapely.point_on_surface(shapely.geometry.shape(contours[row.key])) for row in rows]
    values = {"name": [row.name for row in rows], "people": [row.population or 0 for row in rows]}
    return _layer(values, middles, only_points=True)


def _layer(values: Mapping[str, Sequence[Any]], shapes: Sequence[shapely.Geometry], *, only_points: bool) -> Layer:
    fields = tuple(Column(name, name, ColumnType.INT if name == "people" else ColumnType.TEXT) for name in values)
    table = pa.table({**values, "shape": pa.array(shapely.to_wkb(shapes), pa.binary())})
    geometry = Column("shape", "shape", ColumnType.GEO_SHAPE)
    return Layer(MemorySource(table, TableShape((*fields, geometry))), Drawing(geometry, fields), only_points)


def _areas(kind: str) -> list[Mapping[str, Any]]:
    contours = bundled_files.contours()
    return [contours[row.key] for row in _territories() if row.kind == kind]


@lru_cache(maxsize=1)
def _territories() -> tuple[bundled_files.TerritoryRow, ...]:
    """The territories that have a contour."""
    contours = bundled_files.contours()
    return tuple(row for row in bundled_files.territory_rows() if row.key in contours)
