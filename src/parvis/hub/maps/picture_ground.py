"""What lies under the data of a picture drawn here: the base map of the operator, the land around France."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import shapely
import shapely.geometry
from django.conf import settings

from parvis.core.basemap.errors import BrokenBaseMap
from parvis.core.basemap.sketch import Sketched, sketch
from parvis.core.geo.svg import Box
from parvis.hub.maps import basemap_files
from parvis.packs import bundled_files


def base_map_name() -> str:
    """Which base map pictures are drawn on; empty when there is none. IGN's Plan is for browsers alone."""
    if settings.PARVIS["PARVIS_MAP_BASE"] != "pmtiles":
        return ""
    base_map = basemap_files.base_map_in_service()
    return base_map.name if base_map is not None else ""


def sketched(box: Box, width: int) -> list[Sketched]:
    """What a picture of ``box``, ``width`` pixels wide, shows of the base map; nothing when it is not there or not read."""
    name = base_map_name()
    try:
        archive = basemap_files.archive_named(name) if name else None
        return sketch(archive, box, width) if archive is not None else []
    except BrokenBaseMap:
        return []


@lru_cache(maxsize=1)
def _abroad() -> shapely.STRtree:
    return shapely.STRtree([shapely.geometry.shape(row["geometry"]) for row in bundled_files.abroad()["features"]])


def abroad_in(box: Box, width: int) -> list[Mapping[str, Any]]:
    """The land around France that a picture may show."""
    west, south, east, north = box
    tree = _abroad()
    shapes = tree.geometries.take(sorted(tree.query(shapely.box(*box))))
    cut = shapely.simplify(shapely.clip_by_rect(shapes, west, south, east, north), (east - west) / width)
    return [shapely.geometry.mapping(shape) for shape in cut if not shape.is_empty]
