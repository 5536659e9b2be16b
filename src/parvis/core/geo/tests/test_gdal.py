"""Tiles read by GDAL's own driver, against counts and places worked out without them."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.factories import make_version
from parvis.core.geo.tests.test_tiles import condition
from parvis.core.geo.tiles import tile
from parvis.core.mercator import HALF_WORLD, TileAddress, mercator_x, mercator_y
from parvis.core.odsql.bound import ALWAYS

COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("taille", "Taille", ColumnType.INT),
    Column("geo", "Lieu", ColumnType.GEO_POINT),
)
PEOPLE = 3_000


@pytest.fixture
def engine(tmp_path) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(tmp_path, memory="256MB")
    yield made
    made.close()


def places() -> list[tuple[float, float]]:
    chance = random.Random(9)
    return [(chance.uniform(2.2, 2.6), chance.uniform(48.5, 48.7)) for _turn in range(PEOPLE)]


def version(folder: Path) -> Source:
    rows = [(f"n° {rank}", rank % 10, f"POINT({x!r} {y!r})") for rank, (x, y) in enumerate(places())]
    source = make_version(folder, COLUMNS, rows)
    return Source(source.key, replace(source.manifest, bbox=(2.2, 48.5, 2.6, 48.7), geometry_types=("Point",)))


# Our own processes only have the few drivers of core.gdal: tiles are read in one that knows nothing of it.
PROGRAM = """
import json, sys
import pyogrio
for line in sys.stdin:
    asked = json.loads(line)
    path, layer = asked.pop("path"), asked.pop("layer")
    rows = []
    if layer in {name for name, _kind in pyogrio.list_layers(path)}:
        rows = pyogrio.read_arrow(path, layer=layer, **asked)[1].to_pylist()
    for row in rows:
        row["wkb_geometry"] = row["wkb_geometry"].hex()
    print(json.dumps(rows), flush=True)
"""
type Read = Callable[[bytes, TileAddress, str], list[dict]]


@pytest.fixture
def read(tmp_path) -> Iterator[Read]:
    """The features of a layer as GDAL sees them, geometries in metres of EPSG:3857."""
    arguments = [sys.executable, "-c", PROGRAM]
    environment = {**os.environ, "GDAL_SKIP": ""}
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:

        def read(blob: bytes, address: TileAddress, layer: str) -> list[dict]:
            path = tmp_path / f"{address.z}-{address.x}-{address.y}.mvt"
            path.write_bytes(blob)
            place = {"X": str(address.x), "Y": str(address.y), "Z": str(address.z)}
            process.stdin.write(json.dumps({"path": str(path), "layer": layer, **place}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield read
        process.stdin.close()


def over(z: int) -> set[TileAddress]:
    """The tiles of a zoom that hold places."""
    n = 2**z
    return {TileAddress(z, int(mercator_x(x) * n), int(mercator_y(y) * n)) for x, y in places()}


@pytest.mark.parametrize("z", [0, 7, 9, 11, 13])
@pytest.mark.parametrize(
    ("where", "keeps"),
    [(None, lambda rank: True), ('taille < 3 and nom != "n° 1"', lambda rank: rank % 10 < 3 and rank != 1)],
)
def test_gdal_counts_every_kept_row_once_over_the_tiles_of_a_zoom(engine, read, tmp_path, z, where, keeps):
    source = version(tmp_path / "version")
    test = condition(source, where) if where else ALWAYS
    count = 0
    for address in over(z):
        blob = tile(source, engine, address, fields=["nom"], where=test)
        if blob:
            count += len(read(blob, address, "points"))
            count += sum(feature["n"] for feature in read(blob, address, "clusters"))
    assert count == sum(keeps(rank) for rank in range(PEOPLE))


def test_gdal_finds_the_kept_rows_where_they_are(engine, read, tmp_path):
    source, z = version(tmp_path / "version"), 15
    where = condition(source, "taille = 7")
    shapes = {}
    for address in over(z):
        blob = tile(source, engine, address, fields=["nom"], where=where)
        for feature in read(blob, address, "points") if blob else []:
            shapes[feature["nom"]] = shapely.from_wkb(feature["wkb_geometry"])
    expected = {f"n° {rank}": place for rank, place in enumerate(places()) if rank % 10 == 7}
    assert set(shapes) <= set(expected)
    # A few share a spot of 4 pixels with another and are gathered with it.
    assert len(shapes) > len(expected) * 0.98
    unit = 2 * HALF_WORLD / 2**z / 4096
    for name, shape in shapes.items():
        x, y = expected[name]
        east, north = (mercator_x(x) - 0.5) * 2 * HALF_WORLD, (0.5 - mercator_y(y)) * 2 * HALF_WORLD
        # Tiles cut coordinates to whole units.
        assert max(abs(shape.x - east), abs(shape.y - north)) <= unit * 1.001


def test_few_kept_rows_are_drawn_one_by_one_however_many_the_version_has(engine, read, tmp_path):
    source = version(tmp_path / "version")
    address = next(iter(over(8)))
    whole = tile(source, engine, address)
    assert read(whole, address, "clusters")
    few = tile(source, engine, address, where=condition(source, 'nom in ("n° 1", "n° 500", "n° 900")'))
    assert read(few, address, "clusters") == []
    assert len(read(few, address, "points")) == sum(
        address in {TileAddress(8, int(mercator_x(x) * 256), int(mercator_y(y) * 256))}
        for x, y in (places()[rank] for rank in (1, 500, 900))
    )
