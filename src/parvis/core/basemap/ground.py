"""The ground under every map: land, borders and names of territories, rivers, lakes, land abroad, as one file of tiles.

The file that ships is made of the shipped contours, once; an instance whose territories were updated makes its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
import shapely.geometry

from parvis.core.basemap import joining, tiling
from parvis.core.basemap.tiling import Group
from parvis.core.children import Permits, call
from parvis.core.progress import Progress, no_progress

MAX_ZOOM: Final = 10
"""The contours are drawn to some 50 m."""
COARSE: Final = ("--full-detail=11", "--low-detail=11")
"""2,048 units a tile, of 13 m at zoom 10: the file is two megabytes lighter, and no eye sees it."""
GROUPS: Final = (
    Group("areas", ("abroad", "land", "lakes"), ("-Z0", "--no-tiny-polygon-reduction", *COARSE), MAX_ZOOM),
    Group("lines", ("borders", "rivers"), ("-Z3", "--coalesce", "--reorder", "--simplification=3", *COARSE), MAX_ZOOM),
    Group("names", ("names",), ("-Z3", "--drop-rate=1", *COARSE), MAX_ZOOM),
)
BORDERS: Final = {"region": 3, "departement": 5, "commune": 8}
NAMED: Final = ((200_000, 5), (100_000, 6), (50_000, 7), (20_000, 8), (6_000, 9), (0, 10))
"""Zoom from which a commune of so many inhabitants has its name."""
FRENCH: Final = {"Lake Geneva": "Léman", "Donau": "Danube", "Rhein": "Rhin"}
ATTRIBUTION: Final = "Contours : IGN (Licence Ouverte), Natural Earth"
_UNITS: Final = 1e7
"""Of a degree: a centimetre."""
_SECONDS: Final = 3_600.0
_MEMORY: Final = 1_500_000_000

type Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Land:
    """A territory as the ground draws it; ``department`` and ``region`` are those that a commune is part of."""

    kind: str
    name: str
    population: int
    department: str
    region: str
    geometry: shapely.Geometry


def layers(
    lands: Sequence[Land],
    borders: Iterable[Feature],
    *,
    abroad: Mapping[str, Any],
    lakes: Mapping[str, Any],
    rivers: Mapping[str, Any],
) -> dict[str, Iterator[Feature]]:
    """The features of each layer, from the territories and from collections of GeoJSON."""
    return {
        "abroad": (feature({}, shapely.geometry.shape(row["geometry"]), 0) for row in abroad["features"]),
        "land": (feature({}, one.geometry, 0) for one in lands if one.kind == "region"),
        "borders": iter(borders),
        "names": _names(lands),
        "rivers": _water(rivers),
        "lakes": _water(lakes),
    }


def borders_of(lands: Sequence[Land]) -> Iterator[Feature]:
    """Each border that two communes share, once, under the largest kind of territory that it closes; coasts are edges of the land."""
    communes = [one for one in lands if one.kind == "commune"]
    if not communes:
        return
    # In arrays: three million corners as objects of Python would take a gigabyte.
    polygons, owners = shapely.get_parts([one.geometry for one in communes], return_index=True)
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    owner = owners[polygon_of[ring_of]]
    whole = np.rint(corners * _UNITS).astype(np.int64)
    keys = (whole[:, 0] << 32) + whole[:, 1]
    edges = np.flatnonzero(ring_of[:-1] == ring_of[1:])
    low, high = np.minimum(keys[edges], keys[edges + 1]), np.maximum(keys[edges], keys[edges + 1])
    order = np.lexsort((high, low))
    twice = np.flatnonzero((low[order][:-1] == low[order][1:]) & (high[order][:-1] == high[order][1:]))
    first, second = edges[order[twice]], edges[order[twice + 1]]
    regions, departments = (_numbered(communes, name) for name in ("region", "department"))
    is_regional = regions[owner[first]] != regions[owner[second]]
    is_departmental = departments[owner[first]] != departments[owner[second]]
    kinds = np.where(is_regional, 0, np.where(is_departmental, 1, 2))
    for rank, (kind, zoom) in enumerate(BORDERS.items()):
        starts = np.sort(np.minimum(first, second)[kinds == rank])
        stretches = np.split(starts, np.flatnonzero(np.diff(starts) != 1) + 1) if len(starts) else []
        lines = [shapely.LineString(corners[stretch[0] : stretch[-1] + 2]) for stretch in stretches]
        if lines:
            for line in shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))):
                yield feature({"kind": kind}, line, zoom)


def _numbered(lands: Sequence[Land], name: str) -> Any:
    """The codes of a column as numbers."""
    return np.unique([getattr(one, name) for one in lands], return_inverse=True)[1]


def _names(lands: Iterable[Land]) -> Iterator[Feature]:
    for land in sorted(lands, key=lambda place: -place.population):
        if land.kind not in ("commune", "departement"):
            continue
        middle = shapely.point_on_surface(land.geometry)
        if land.kind == "commune":
            first = next(zoom for least, zoom in NAMED if land.population >= least)
            yield feature({"kind": "commune", "name": land.name, "people": land.population}, middle, first)
        else:
            yield feature({"kind": "departement", "name": land.name}, middle, 6)


def _water(collection: Mapping[str, Any]) -> Iterator[Feature]:
    for row in collection["features"]:
        name, rank = row["properties"].get("name") or "", row["properties"].get("rank") or 0
        properties = {"name": FRENCH.get(name, name)} if name else {}
        yield feature(properties, shapely.geometry.shape(row["geometry"]), max(3, min(8, math.ceil(rank * 0.9))))


def feature(properties: Mapping[str, Any], geometry: shapely.Geometry, first: int) -> Feature:
    """A feature as tippecanoe takes it, from zoom ``first`` on."""
    return {
        "type": "Feature",
        "tippecanoe": {"minzoom": first},
        "properties": dict(properties),
        "geometry": shapely.geometry.mapping(geometry),
    }


def build_ground(
    features: Mapping[str, Iterable[Feature]], target: Path, work: Path, progress: Progress = no_progress
) -> None:
    """Write the tiles of the layers to ``target``, by way of the empty folder ``work``. Raises TilerMissing, TilingFailed."""
    folder, joined = work / "features", work / "joined"
    folder.mkdir()
    joined.mkdir()
    for layer, rows in features.items():
        with (folder / f"{layer}.geojsonl").open("w", encoding="utf-8") as stream:
            for row in rows:
                stream.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    parts = []
    for group in GROUPS:
        scratch = work / group.name
        scratch.mkdir()
        made = scratch / "tiles.pmtiles"
        if tiling.tile(group, folder, made, scratch, progress):
            parts.append(made)
    permits = Permits(target.name, tuple(parts), (joined,), _SECONDS, _MEMORY)
    call(joining.join, parts, joined / "ground.pmtiles", attribution=ATTRIBUTION, permits=permits, progress=progress)
    (joined / "ground.pmtiles").replace(target)
