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
from pathlib import Path

import shapely
import shapely.geometry

from parvis.core.basemap.ground import Land, borders_of, build_ground, layers
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
        Land(
            row.kind,
            row.name,
            row.population or 0,
            row.department,
            row.region,
            shapely.geometry.shape(contours[row.key]),
        )
        for row in bundled_files.territory_rows()
        if row.key in contours
    ]
    features = layers(
        lands,
        borders_of(lands),
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


if __name__ == "__main__":
    main()
