"""Cells gathered from the grid, against the same cells counted one by one in plain Python."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.geo.point_grid import CLUSTER_CELLS, SPARSE, deepest_grid_zoom, point_cells
from parvis.core.geo.tests.test_tiles import condition, decoded, points, total
from parvis.core.geo.tiles import draw, layer_of
from parvis.core.mercator import TileAddress, latitude, mercator_x, mercator_y

EDGES = [n * 360 / 2**z - 180 for z in range(1, 9) for n in range(2**z)]


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("gathering")


@pytest.fixture(scope="module")
def engine(root) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(root, memory="256MB")
    yield made
    made.close()


numbers = count()


def cells_by_hand(places, address):
    """For each cell of the tile, the ranks of the rows whose point is in it."""
    side, cells = 2**address.z * CLUSTER_CELLS, defaultdict(list)
    for rank, (lon, lat) in enumerate(places, start=1):
        if not (-180 <= lon < 180 and latitude(1) < lat <= latitude(0)):
            continue
        column, row = math.floor(mercator_x(lon) * side), math.floor(mercator_y(lat) * side)
        if (column // CLUSTER_CELLS, row // CLUSTER_CELLS) == (address.x, address.y):
            cells[column % CLUSTER_CELLS * CLUSTER_CELLS + row % CLUSTER_CELLS].append(rank)
    return cells


def _degrees(number: float) -> float:
    """To a tenth of a millimetre: nearer to the edge of a cell, the last bit of two ways to reckon decides."""
    return round(number, 9)


@settings(max_examples=40)
@given(
    places=st.lists(
        st.tuples(
            st.floats(-180, 180).map(_degrees) | st.sampled_from(EDGES) | st.floats(2.3, 2.32).map(_degrees),
            st.floats(-90, 90).map(_degrees) | st.just(0.0) | st.floats(48.6, 48.62).map(_degrees),
        ),
        min_size=1,
        max_size=60,
    ),
    zoom=st.integers(0, 2),
)
def test_cells_are_those_of_the_projection_wherever_points_are(root, engine, places, zoom):
    source = points(root / f"v{next(numbers)}", places)
    layer = layer_of(source)
    zoom = min(zoom, deepest_grid_zoom(layer))
    seen = 0
    for x in range(2**zoom):
        for y in range(2**zoom):
            address = TileAddress(zoom, x, y)
            expected = cells_by_hand(places, address)
            cells = point_cells(engine, layer, address)
            assert {cell.rank: cell.n for cell in cells} == {rank: len(rows) for rank, rows in expected.items()}
            for cell in cells:
                inside = [places[row - 1] for row in expected[cell.rank]]
                assert cell.lon == pytest.approx(sum(lon for lon, _lat in inside) / cell.n)
                assert cell.lat == pytest.approx(sum(lat for _lon, lat in inside) / cell.n)
                assert sorted(cell.rows) == (expected[cell.rank] if cell.n <= SPARSE else [])
            seen += sum(cell.n for cell in cells)
    assert seen == sum(-180 <= lon < 180 and latitude(1) < lat <= latitude(0) for lon, lat in places)


def test_every_tile_from_afar_is_gathered_from_one_reading_of_the_rows(root, engine):
    places = [(2.3 + n % 97 / 500, 48.6 + n % 89 / 500) for n in range(3_000)]
    source = points(root / "once", places)
    layer = layer_of(source)
    plans = []

    class Noting:
        def table(self, source, plan, *, seconds):
            plans.append(plan)
            return engine.table(source, plan, seconds=seconds)

    for zoom in range(deepest_grid_zoom(layer) + 1):
        point_cells(
            Noting(), layer, TileAddress(zoom, int(mercator_x(2.35) * 2**zoom), int(mercator_y(48.65) * 2**zoom))
        )
    assert len(plans) > 5
    assert all(plan == plans[0] for plan in plans)


def test_points_on_the_edges_of_tiles_are_drawn_once_from_afar(root, engine):
    """Where the edge told from a tile's address and the place told from the latitude differ by a binary digit."""
    edges = [latitude(n / 16) for n in (4, 5, 6, 7)]
    latitudes = edges + [math.nextafter(edge, 90) for edge in edges]
    places = [(lon, lat) for lon in (0.0, 22.5) for lat in latitudes]
    source = points(root / "edges", places)
    layer = replace(layer_of(source), rows=10**9)  # so many that they would be told apart from near only
    assert deepest_grid_zoom(layer) == 5
    for zoom in range(6):
        side = 2**zoom
        over = {
            (int(mercator_x(lon) * side), int(mercator_y(lat) * side) + near)
            for lon, lat in places
            for near in (-1, 0, 1)
        }
        tiles = [TileAddress(zoom, x, y) for x, y in over if 0 <= y < side]
        assert sum(total(decoded(draw(engine, layer, one))) for one in tiles) == len(places)


def test_rows_that_a_filter_leaves_out_are_in_no_cell(root, engine):
    source = points(root / "filtered", [(2.3 + n / 1000, 48.7) for n in range(100)])
    layer = layer_of(source, where=condition(source, "taille > 40"))
    assert sum(cell.n for cell in point_cells(engine, layer, TileAddress(0, 0, 0))) == 60
