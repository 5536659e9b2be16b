"""Make ``src/parvis/packs/territories/ground.pmtiles``, the base map that ships: land, borders and names of France, rivers, lakes.

    python scripts/build_ground.py [--land ne_10m_land.json]

Run it after ``build_territories.py``; half a minute. With the land of the world (Natural Earth, public domain), what lies around
France is made again first: ``abroad.geojson.gz``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry

from parvis.core.basemap import joining, tiling
from parvis.core.basemap.tiling import Group
from parvis.packs import bundled_files

MAX_ZOOM = 10
"""The contours are drawn to some 50 m."""
COARSE = ("--full-detail=11", "--low-detail=11")
"""2,048 units a tile, of 13 m at zoom 10: the wheel is two megabytes lighter, and no eye sees it."""
GROUPS = (
    Group("areas", ("abroad", "land", "lakes"), ("-Z0", "--no-tiny-polygon-reduction", *COARSE), MAX_ZOOM),
    Group("lines", ("borders", "rivers"), ("-Z3", "--coalesce", "--reorder", "--simplification=3", *COARSE), MAX_ZOOM),
    Group("names", ("names",), ("-Z3", "--drop-rate=1", *COARSE), MAX_ZOOM),
)
BORDERS = {"region": 3, "departement": 5, "commune": 8}
NAMED = ((200_000, 5), (100_000, 6), (50_000, 7), (20_000, 8), (6_000, 9), (0, 10))
"""Zoom from which a commune of so many inhabitants has its name."""
MAINLAND, OVERSEAS = (-14, 35, 20, 58), 6
"""Degrees: the box around mainland France, how far around the others."""
SLIVER, LEAST = 0.006, 2e-4
FRENCH = {"Lake Geneva": "Léman", "Donau": "Danube", "Rhein": "Rhin"}


def main() -> None:
    """Write the layers, tile them, join the tiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--land", type=Path, help="ne_10m_land.json")
    if land := parser.parse_args().land:
        bundled_files.ABROAD.write_bytes(gzip.compress(_abroad(land), mtime=0))
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        features = work / "features"
        features.mkdir()
        for layer, rows in layers().items():
            lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
            (features / f"{layer}.geojsonl").write_text("\n".join(lines), encoding="utf-8")
        parts = []
        for group in GROUPS:
            scratch = work / group.name
            scratch.mkdir()
            target = scratch / "tiles.pmtiles"
            tiling.tile(group, features, target, scratch)
            parts.append(target)
            sys.stdout.write(f"{group.name} : {target.stat().st_size}\n")
        count = joining.join(parts, bundled_files.GROUND, attribution="Contours : IGN (Licence Ouverte), Natural Earth")
        sys.stdout.write(f"{count} tiles, {bundled_files.GROUND.stat().st_size} bytes\n")


def layers() -> dict[str, Iterator[dict[str, Any]]]:
    """The features of each layer."""
    contours = bundled_files.contours()
    rows = [row for row in bundled_files.territory_rows() if row.key in contours]
    return {
        "abroad": (_feature({}, row["geometry"], 0) for row in bundled_files.abroad()["features"]),
        "land": (_feature({}, contours[row.key], 0) for row in rows if row.kind == "region"),
        "borders": _borders(contours),
        "names": _names(rows, contours),
        "rivers": _water(bundled_files.rivers()),
        "lakes": _water(bundled_files.lakes()),
    }


def _abroad(land: Path) -> bytes:
    """The land around mainland France and around each overseas region, without theirs, simplified to some 300 metres."""
    contours = bundled_files.contours()
    own = {key: shapely.make_valid(shapely.geometry.shape(contours[key])) for key in contours if key[0] == "region"}
    around = [shapely.box(*MAINLAND)]
    for shape in own.values():
        if not shapely.intersects(shape, around[0]):
            west, south, east, north = shape.bounds
            around.append(shapely.box(west - OVERSEAS, south - OVERSEAS, east + OVERSEAS, north + OVERSEAS))
    source = json.loads(land.read_text(encoding="utf-8"))["features"]
    shapes = [shapely.make_valid(shapely.geometry.shape(row["geometry"])) for row in source]
    world = [part for shape in shapes for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    features = []
    for box in shapely.get_parts(shapely.union_all(around)):
        inside = shapely.union_all([shapely.make_valid(shapely.clip_by_rect(part, *box.bounds)) for part in world])
        rest = shapely.difference(inside, shapely.union_all(list(own.values())))
        # Its coasts are coarser than ours: what sticks out of these is narrow, and goes; what is left reaches under them again.
        rest = shapely.buffer(shapely.buffer(rest, -SLIVER), SLIVER * 1.5)
        for part in shapely.get_parts(shapely.simplify(rest, SLIVER / 2)):
            if part.area > LEAST:
                shape = json.loads(shapely.to_geojson(shapely.set_precision(part, 0.001)))
                features.append({"type": "Feature", "properties": {}, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()


def _borders(contours: bundled_files.Contours) -> Iterator[dict[str, Any]]:
    """Each border once, under the largest kind of territory that it closes; coasts are edges of the land."""
    kind_of: dict[int, str] = {}
    for kind in ("commune", "departement", "region"):
        uses = Counter(number for key, number in contours.arcs() if key[0] == kind)
        kind_of |= {number: kind if count > 1 else "coast" for number, count in uses.items()}
    for kind, first in BORDERS.items():
        arcs = [shapely.linestrings(contours.arc(number)) for number, own in kind_of.items() if own == kind]
        for line in shapely.get_parts(shapely.line_merge(shapely.multilinestrings(arcs))):
            yield _feature({"kind": kind}, shapely.geometry.mapping(line), first)


def _names(
    rows: list[bundled_files.TerritoryRow], contours: Mapping[bundled_files.Key, Any]
) -> Iterator[dict[str, Any]]:
    for row in sorted(rows, key=lambda row: -(row.population or 0)):
        if row.kind not in ("commune", "departement"):
            continue
        middle = shapely.geometry.mapping(shapely.point_on_surface(shapely.geometry.shape(contours[row.key])))
        people = row.population or 0
        if row.kind == "commune":
            first = next(zoom for least, zoom in NAMED if people >= least)
            yield _feature({"kind": "commune", "name": row.name, "people": people}, middle, first)
        else:
            yield _feature({"kind": "departement", "name": row.name}, middle, 6)


def _water(collection: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in collection["features"]:
        name, rank = row["properties"].get("name") or "", row["properties"].get("rank") or 0
        properties = {"name": FRENCH.get(name, name)} if name else {}
        yield _feature(properties, row["geometry"], max(3, min(8, math.ceil(rank * 0.9))))


def _feature(properties: Mapping[str, Any], geometry: Any, first: int) -> dict[str, Any]:
    return {
        "type": "Feature",
        "tippecanoe": {"minzoom": first},
        "properties": dict(properties),
        "geometry": geometry,
    }


if __name__ == "__main__":
    main()
