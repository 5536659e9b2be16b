"""The base map made from the contours shipped with Parvis: no outside service."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa
import shapely
import shapely.geometry
from django.conf import settings

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.contract import MemorySource
from parvis.core.engine.plans import Drawing
from parvis.core.geo import borders
from parvis.core.geo.layers import Layer
from parvis.core.geo.tiles import draw, names_tile
from parvis.core.mercator import TileAddress
from parvis.hub.addresses import absolute_path
from parvis.hub.datastore.selectors import engine
from parvis.packs import bundled_files

MAX_ZOOM = 11
"""Deepest tiles of the base map: contours hold no finer detail."""

IGN_TILES = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
    "&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)
"""Plan IGN v2 of the Géoplateforme, used only when the operator asks for it."""

_FIRST_ZOOM = {"region": 0, "departement": 5, "commune": 8}
"""Zoom from which each kind of territory is drawn."""

_NAMED = {7: 100_000, 8: 60_000, 9: 25_000, 10: 8_000, 11: 0}
"""Inhabitants from which a commune has its name in the tiles of each zoom; none before the first."""

_DRAWING = 2
"""Goes up when tiles are drawn otherwise from the same contours: they are kept for ever under their revision."""


def base_of_maps() -> dict[str, Any]:
    """What the browser needs to draw the base map."""
    if settings.PARVIS["PARVIS_MAP_BASE"] == "ign":
        return {"kind": "ign", "tiles": IGN_TILES, "maxzoom": 19, "credit": "© IGN — Géoplateforme"}
    revision = contours_revision()
    return {
        "kind": "own",
        "tiles": f"{absolute_path('/carte/base/')}{{z}}/{{x}}/{{y}}.mvt?v={revision}",
        "maxzoom": MAX_ZOOM,
        "credit": "Contours : IGN, Licence Ouverte",
    }


@lru_cache(maxsize=1)
def contours_revision() -> str:
    """Changes when the shipped contours do, or how they are drawn."""
    return f"{hashlib.sha256(bundled_files.CONTOURS.read_bytes()).hexdigest()[:12]}-{_DRAWING}"


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
