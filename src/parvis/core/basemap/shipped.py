"""The land of the ground that ships: what tells that a coast is not in an extract."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import mapbox_vector_tile
import shapely
from google.protobuf.message import DecodeError

from parvis.core.basemap.archive import Archive
from parvis.core.basemap.sketch import inflated, placing
from parvis.core.mercator import TileAddress

_LAYERS: Final = ("land", "abroad")
_ZOOM: Final = 10


class ShippedLand:
    """The land of a square, as the ground draws it."""

    def __init__(self, ground: Path | None) -> None:
        self._archive = Archive(ground) if ground is not None else None
        self._tile = lru_cache(maxsize=64)(self._read)

    def within(self, x: int, y: int, zoom: int) -> shapely.Geometry | None:
        """The land of the tile of that address, which is one of zoom 10 or more; None without a ground."""
        if self._archive is None:
            return None
        address = TileAddress(zoom, x, y)
        whole = self._tile(x >> (zoom - _ZOOM), y >> (zoom - _ZOOM))
        return shapely.intersection(whole, shapely.box(address.west, address.south, address.east, address.north))

    def _read(self, x: int, y: int) -> shapely.Geometry:
        body = self._archive.tile(_ZOOM, x, y) if self._archive is not None else None
        words = inflated(body) if body is not None else b""
        try:
            layers = mapbox_vector_tile.decode(words, default_options={"y_coord_down": True})
        except (DecodeError, ValueError, IndexError):
            layers = {}
        shapes = []
        for name in _LAYERS:
            rows = layers.get(name, {"features": [], "extent": 1})
            place = placing(_ZOOM, x, y, rows["extent"])
            shapes += [shapely.transform(shapely.geometry.shape(row["geometry"]), place) for row in rows["features"]]
        return shapely.union_all(shapely.make_valid(shapes)) if shapes else shapely.Polygon()
