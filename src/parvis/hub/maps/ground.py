"""The base map made from the contours shipped with Parvis: no outside service."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

import pyarrow as pa
import shapely
import shapely.geometry
from django.conf import settings

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.contract import MemorySource
from parvis.core.geo.layers import Layer
from parvis.core.geo.mercator import TileAddress
from parvis.core.geo.tiles import draw
from parvis.hub.addresses import here
from parvis.hub.datastore.selectors import engine
from parvis.packs import reading

MAX_ZOOM = 11
"""Deepest tiles of the base map: contours hold no finer detail."""

IGN_TILES = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
    "&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)
"""Plan IGN v2 of the Géoplateforme, used only when the operator asks for it."""

_FIRST_ZOOM = {"region": 0, "departement": 5, "commune": 8}
"""Zoom from which each kind of territory is drawn."""


def base_of_maps() -> dict[str, Any]:
    """What the browser needs to draw the base map."""
    if settings.PARVIS["PARVIS_MAP_BASE"] == "ign":
        return {"kind": "ign", "tiles": IGN_TILES, "maxzoom": 19, "credit": "© IGN — Géoplateforme"}
    revision = contours_revision()
    return {
        "kind": "own",
        "tiles": f"{here('/carte/base/')}{{z}}/{{x}}/{{y}}.mvt?v={revision}",
        "places": f"{here('/carte/base/')}lieux.json?v={revision}",
        "maxzoom": MAX_ZOOM,
        "credit": "Contours : IGN, Licence Ouverte",
    }


@lru_cache(maxsize=1)
def contours_revision() -> str:
    """Changes when the shipped contours do."""
    return hashlib.sha256(reading.CONTOURS.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=512)
def base_tile(z: int, x: int, y: int) -> bytes:
    """A tile of contours: layer ``shapes``, with ``kind``, ``code`` and ``name``; no bytes where nothing is known."""
    kinds = [kind for kind, first in _FIRST_ZOOM.items() if z >= first]
    return draw(engine(), _layer(tuple(kinds)), TileAddress(z, x, y))


@lru_cache(maxsize=4)
def _layer(kinds: tuple[str, ...]) -> Layer:
    shape = TableShape(
        (
            Column("kind", "kind", ColumnType.TEXT),
            Column("code", "code", ColumnType.TEXT),
            Column("name", "name", ColumnType.TEXT),
            Column("contour", "contour", ColumnType.JSON),
        )
    )
    rows = [row for row in _territories() if row.kind in kinds]
    contours = reading.contours()
    table = pa.table(
        {
            **{name: [getattr(row, name) for row in rows] for name in ("kind", "code", "name")},
            "contour": pa.array([shapely.to_wkb(_shape(contours[row.key])) for row in rows], pa.binary()),
        }
    )
    fields = tuple(column for column in shape if column.name != "contour")
    return Layer(MemorySource(table, shape), 'ST_GeomFromWKB("contour")', only_points=False, fields=fields)


@lru_cache(maxsize=1)
def base_places() -> str:
    """Communes as GeoJSON points, the most peopled first: what a map writes on itself."""
    contours = reading.contours()
    communes = [row for row in _territories() if row.kind == "commune"]
    communes.sort(key=lambda row: -(row.population or 0))
    features = [
        {
            "type": "Feature",
            "properties": {"name": row.name, "people": row.population or 0},
            "geometry": {"type": "Point", "coordinates": _middle(contours[row.key])},
        }
        for row in communes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1)
def _territories() -> tuple[reading.TerritoryRow, ...]:
    """The territories that have a contour."""
    known = reading.contours()
    return tuple(row for row in reading.territory_rows() if row.key in known)


def _shape(geometry: dict[str, Any]) -> shapely.Geometry:
    return shapely.geometry.shape(geometry)


def _middle(geometry: dict[str, Any]) -> list[float]:
    """A place inside the contour where a name may be written."""
    place = shapely.point_on_surface(_shape(geometry))
    return [round(place.x, 5), round(place.y, 5)]
