"""GDAL's own client (OAPIF), in a process of its own, against a running server."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys

import pytest
import shapely

from parvis.core.mercator import mercator_y
from parvis.hub.catalogue.rules import Access
from parvis.hub.maps.factories import make_gardens, make_trees

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TURN = 2 * math.pi * 6_378_137

# Our own processes only have the few drivers of core.gdal, so GDAL runs in one that knows nothing of it.
PROGRAM = """
import json, sys
import pyogrio, pyarrow
asked = json.loads(sys.argv[1])
if "bbox" in asked:
    asked["bbox"] = tuple(asked["bbox"])
address = "OAPIF:" + asked.pop("address")
if asked.pop("layers", False):
    found = [str(name) for name, _kind in pyogrio.list_layers(address)]
else:
    meta, table = pyogrio.read_arrow(address, **asked)
    rows = table.to_pylist()
    for row in rows:
        row["wkb_geometry"] = row["wkb_geometry"].hex() if row.get("wkb_geometry") else None
    found = {"crs": meta["crs"], "rows": rows}
print(json.dumps(found, default=str))
"""


@pytest.fixture
def gdal(live_server):
    """Ask GDAL something of the running server; gives what it read."""

    def ask(**parameters):
        question = json.dumps({"address": f"{live_server.url}/ogc", **parameters})
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, question],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            env={**os.environ, "GDAL_SKIP": ""},
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout.splitlines()[-1])

    return ask


def places(count: int) -> list[tuple[float, float]]:
    chance = random.Random(3)
    return [(chance.uniform(2.2, 2.6), chance.uniform(48.4, 48.9)) for _turn in range(count)]


def points(layer) -> dict[str, tuple[float, float]]:
    shapes = ((row["nom"], shapely.from_wkb(row["wkb_geometry"])) for row in layer["rows"])
    return {name: (shape.x, shape.y) for name, shape in shapes}


def test_gdal_lists_the_collections_that_anybody_may_read(gdal):
    make_trees(places(3), dataset_id="arbres")
    make_trees(places(3), dataset_id="secrets", access=Access.RESTRICTED)
    assert gdal(layers=True) == ["arbres", "catalogue"]


def test_gdal_reads_every_feature_of_many_pages_where_it_is(gdal):
    positions = places(12_345)
    make_trees(positions, dataset_id="arbres")
    layer = gdal(layer="arbres")
    assert len(layer["rows"]) == 12_345
    seen = points(layer)
    for rank, (x, y) in enumerate(positions, start=1):
        assert seen[f"Arbre n° {rank}"] == pytest.approx((x, y), abs=1e-9)


def test_gdal_filters_by_box_and_by_value(gdal):
    positions = places(400)
    make_trees(positions, dataset_id="arbres")
    box = (2.3, 48.5, 2.45, 48.7)
    expected = {f"Arbre n° {n}" for n, (x, y) in enumerate(positions, 1) if 2.3 <= x <= 2.45 and 48.5 <= y <= 48.7}
    assert set(points(gdal(layer="arbres", bbox=box))) == expected
    tilleuls = {f"Arbre n° {n}" for n in range(5, 401, 5)}
    assert set(points(gdal(layer="arbres", where="espece = 'Tilleul'"))) == tilleuls
    assert set(points(gdal(layer="arbres", where="espece = 'Tilleul'", bbox=box))) == tilleuls & expected


@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:2154", "EPSG:3857"])
def test_gdal_reads_other_systems_with_their_axes_right(gdal, code):
    positions = [(3.0, 46.5), (2.4, 48.6)]
    make_trees(positions, dataset_id="arbres")
    layer = gdal(layer="arbres", CRS=code)
    # GDAL calls longitude and latitude CRS84 whichever of its two names was asked for.
    assert code in layer["crs"] or "CRS84" in layer["crs"]
    expected = {
        "EPSG:4326": (3.0, 46.5),
        "EPSG:2154": (700_000, 6_600_000),
        "EPSG:3857": ((3 / 360) * TURN, (0.5 - mercator_y(46.5)) * TURN),
    }
    assert points(layer)["Arbre n° 1"] == pytest.approx(expected[code], abs=1e-6)


def test_gdal_reads_areas_with_holes(gdal):
    hole = "POLYGON((2.4 48.6,2.5 48.6,2.5 48.7,2.4 48.7,2.4 48.6),(2.42 48.62,2.44 48.62,2.44 48.64,2.42 48.62))"
    many = "MULTIPOLYGON(((2.9 48.9,2.95 48.9,2.95 48.95,2.9 48.9)),((3 49,3.1 49,3.1 49.1,3 49)))"
    make_gardens([hole, many], (2.4, 48.6, 3.1, 49.1), dataset_id="jardins")
    rows = gdal(layer="jardins")["rows"]
    for row, text in zip(rows, (hole, many), strict=True):
        assert shapely.from_wkb(row["wkb_geometry"]).equals_exact(shapely.from_wkt(text), 1e-9)
