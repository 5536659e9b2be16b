"""What a picture shows of a base map without a browser: its waters, woods, towns, roads and rails, read in a few tiles."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import mapbox_vector_tile
import numpy as np
import shapely
from google.protobuf.message import DecodeError

from parvis.core.basemap.archive import Archive
from parvis.core.mercator import mercator_x, mercator_y

MOST_TILES: Final = 6
"""Tiles read for a picture: some 10 ms each, a tenth of a second for the heaviest of a large town."""
_MOST_BYTES: Final = 3_000_000
"""Of a tile once it is inflated; heavier ones are left out."""
_MOST_PLACES: Final = 12_000
"""Corners of all that is drawn: some 100 kB of picture. The smallest areas and roads are left out beyond."""
_SPECK: Final = 9.0
"""Square pixels under which an area cannot be seen."""
_ONE_PIXEL: Final = 0.7

type Box = tuple[float, float, float, float]
type Values = Mapping[str, Any]

_AREAS: Final = {
    "land": {
        "ground": "ground", "built": "built", "works": "works", "wood": "wood", "park": "park", "grass": "park",
        "sport": "park", "heath": "park", "crops": "park", "wetland": "wet", "sand": "sand",
    },
    "water": {"sea": "sea", "lake": "water", "river": "water"},
}  # fmt: skip
_LINES: Final = {
    "waterways": {"river": "stream", "canal": "stream"},
    "roads": {"motorway": "main", "trunk": "main", "primary": "large", "secondary": "large"},
    "rails": {"rail": "rail", "tram": "rail"},
}
_FIRST: Final = ("sea", "ground", "main", "stream", "rail", "large")
"""What is drawn whatever its size, the most telling first."""


@dataclass(frozen=True, slots=True)
class Sketched:
    """Shapes of a kind, in degrees, as GeoJSON."""

    kind: str
    shapes: tuple[Mapping[str, Any], ...]


def sketch(archive: Archive, box: Box, width: int) -> list[Sketched]:
    """What lies in ``box``, for a picture of it ``width`` pixels wide. Raises BrokenBaseMap."""
    west, south, east, north = box
    pixel = (east - west) / width
    shapes_by_kind: dict[str, list[Any]] = {}
    for kind, shape in _read(archive, box):
        if not shape.is_empty:
            shapes_by_kind.setdefault(kind, []).append(shape)
    chosen: dict[str, list[Any]] = {}
    room = _MOST_PLACES
    for kind, shapes in sorted(shapes_by_kind.items(), key=_weight):
        # A road is cut at each tile and each change of name: put together, it is simplified as one.
        whole = shapely.line_merge(shapely.union_all(shapes)) if _is_line(kind) else shapely.union_all(shapes)
        plain = shapely.simplify(shapely.clip_by_rect(whole, west, south, east, north), pixel * _ONE_PIXEL)
        parts = [part for part in shapely.get_parts(plain) if part.length > 2 * pixel]
        if not _is_line(kind):
            parts = [part for part in parts if part.area > _SPECK * pixel**2]
        for part in sorted(parts, key=lambda one: -one.length):
            room -= shapely.get_num_coordinates(part)
            if room < 0:
                break
            chosen.setdefault(kind, []).append(part)
    return [Sketched(kind, tuple(map(shapely.geometry.mapping, shapes))) for kind, shapes in chosen.items()]


def _weight(item: tuple[str, list[Any]]) -> int:
    return _FIRST.index(item[0]) if item[0] in _FIRST else len(_FIRST)


def _is_line(kind: str) -> bool:
    return any(kind in kinds.values() for kinds in _LINES.values())


def _read(archive: Archive, box: Box) -> Iterator[tuple[str, Any]]:
    for z, x, y in _tiles(box, archive.zooms):
        body = archive.tile(z, x, y)
        if body is None:
            continue
        for layer, rows in _layers(body).items():
            kinds = _AREAS.get(layer) or _LINES[layer]
            shapes = []
            for row in rows["features"]:
                values = row["properties"]
                kind = kinds.get(values.get("kind", ""))
                if kind and not values.get("tunnel"):
                    shapes.append((kind, shapely.geometry.shape(row["geometry"])))
            place = placing(z, x, y, rows["extent"])
            moved = shapely.transform([shape for _kind, shape in shapes], place)
            sound = shapely.make_valid(moved) if layer in _AREAS else moved
            yield from zip((kind for kind, _shape in shapes), sound, strict=True)


def _layers(body: bytes) -> dict[str, Any]:
    """The layers that pictures have of a stored tile; none of one that cannot be read."""
    try:
        read = mapbox_vector_tile.decode(inflated(body), default_options={"y_coord_down": True})
    except (DecodeError, zlib.error, ValueError, IndexError):
        return {}
    return {name: rows for name, rows in read.items() if name in _AREAS or name in _LINES}


def inflated(body: bytes) -> bytes:
    """A stored tile as it was before it was compressed; nothing of one that is too heavy. Raises zlib.error."""
    inflater = zlib.decompressobj(wbits=31)
    words = inflater.decompress(body, _MOST_BYTES)
    return b"" if inflater.unconsumed_tail else words


def _tiles(box: Box, zooms: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
    """The tiles of the deepest zoom where few cover the box; none when too many do at every zoom."""
    west, south, east, north = box
    for z in range(zooms[1], zooms[0] - 1, -1):
        side = 2**z
        left, right = (int(min(max(mercator_x(edge), 0), 1 - 1e-9) * side) for edge in (west, east))
        top, bottom = (int(min(max(mercator_y(edge), 0), 1 - 1e-9) * side) for edge in (north, south))
        if (right - left + 1) * (bottom - top + 1) <= MOST_TILES:
            yield from ((z, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))
            return


def placing(z: int, x: int, y: int, extent: int) -> Callable[[Any], Any]:
    """What takes places from the units of a tile to degrees."""
    side = 2**z

    def place(corners: Any) -> Any:
        across = (x + corners[:, 0] / extent) / side
        down = (y + corners[:, 1] / extent) / side
        latitudes = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * down))))
        return np.column_stack([across * 360 - 180, latitudes])

    return place
