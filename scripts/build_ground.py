"""Make ``src/parvis/packs/territories/ground.pmtiles``, the base map that ships: land, borders and names of France, rivers, lakes.

    python scripts/build_ground.py [--land ne_10m_land.json]

Run it after ``build_territories.py``; half a minute. With the land of the world (Natural Earth, public domain), what lies around
France is made again first: ``abroad.geojson.gz``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry

from parvis.core.basemap.ground import BORDERS, Land, build_ground, feature, layers
from parvis.packs import bundled_files

MAINLAND, OVERSEAS = (-14, 35, 20, 58), 6
"""Degrees: the box around mainland France, how far around the others."""
SLIVER, LEAST = 0.006, 2e-4


def main() -> None:
    """Write the layers, tile them, join the tiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--land", type=Path, help="ne_10m_land.json")
    if land := parser.parse_args().land:
        bundled_files.ABROAD.write_bytes(gzip.compress(_abroad(land), mtime=0))
    contours = bundled_files.contours()
    lands = [
        Land(row.kind, row.name, row.population or 0, row.department, row.region, contours[row.key])
        for row in bundled_files.territory_rows()
        if row.key in contours
    ]
    features = layers(
        lands,
        _borders(contours),
        abroad=bundled_files.abroad(),
        lakes=bundled_files.lakes(),
        rivers=bundled_files.rivers(),
    )
    with tempfile.TemporaryDirectory(dir=bundled_files.GROUND.parent) as name:
        build_ground(features, bundled_files.GROUND, Path(name))
    sys.stdout.write(f"{bundled_files.GROUND.stat().st_size} bytes\n")


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
            yield feature({"kind": kind}, shapely.geometry.mapping(line), first)


if __name__ == "__main__":
    main()
