"""Tiles decoded by another library, against counts made without them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import mapbox_vector_tile
import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.connections import load_spatial
from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.factories import make_version
from parvis.core.geo.tiles import tile
from parvis.core.mercator import MAX_ZOOM, BadTile, TileAddress, mercator_x, mercator_y
from parvis.core.odsql import Binder, Names, parse_where
from parvis.core.odsql.bound import Test

NAME = Column("nom", "Nom", ColumnType.TEXT)
SIZE = Column("taille", "Taille", ColumnType.DOUBLE)
DAY = Column("jour", "Jour", ColumnType.DATE)
PLACE = Column("geo", "Lieu", ColumnType.GEO_POINT)
SHAPE = Column("forme", "Forme", ColumnType.GEO_SHAPE)


@pytest.fixture
def engine(tmp_path) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(tmp_path, memory="256MB")
    yield made
    made.close()


def points(folder: Path, places: list[tuple[float, float] | None]) -> Source:
    """A version with one row a place; its manifest says where they are, as an import would."""
    source = make_version(folder, (NAME, SIZE, DAY, PLACE), [])
    with duckdb.connect() as connection:
        load_spatial(connection)
        connection.execute(
            "COPY (SELECT rank AS __row, rank + 1 AS __line, 'n° ' || rank AS nom, rank::DOUBLE AS taille, DATE '2026-03-03' AS "
            "jour, CASE WHEN x IS NOT NULL THEN ST_Point(x, y) END AS geo FROM (SELECT unnest(range(1, ? + 1)) AS rank, "
            f"unnest(?::DOUBLE[]) AS x, unnest(?::DOUBLE[]) AS y)) TO '{folder / 'part-0.parquet'}' (FORMAT parquet)",
            [len(places), [place and place[0] for place in places], [place and place[1] for place in places]],
        )
    placed = [place for place in places if place]
    west, south = min(x for x, _y in placed), min(y for _x, y in placed)
    east, north = max(x for x, _y in placed), max(y for _x, y in placed)
    manifest = replace(source.manifest, rows=len(places), bbox=(west, south, east, north), geometry_types=("Point",))
    return Source(source.key, manifest)


def shapes(folder: Path, texts: list[str]) -> Source:
    source = make_version(folder, (NAME, SHAPE), [(f"n° {rank}", text) for rank, text in enumerate(texts)])
    return Source(source.key, replace(source.manifest, geometry_types=("Polygon",)))


def decoded(blob: bytes) -> dict[str, list[dict]]:
    layers = mapbox_vector_tile.decode(blob, default_options={"y_coord_down": True}) if blob else {}
    return {name: layer["features"] for name, layer in layers.items()}


def condition(source: Source, text: str) -> Test:
    """A condition of the query language on these columns."""
    return Binder(Names(source.shape), "where").test(parse_where(text))


def total(layers: dict[str, list[dict]]) -> int:
    gathered = sum(feature["properties"]["n"] for feature in layers.get("clusters", []))
    return gathered + len(layers.get("points", []))


def expected(places: list[tuple[float, float]], address: TileAddress) -> int:
    """How many places are in the tile, by the formula of the projection."""
    n = 2**address.z
    return sum(
        math.floor(mercator_x(x) * n) == address.x and math.floor(mercator_y(y) * n) == address.y for x, y in places
    )


def over(z: int, place: tuple[float, float]) -> TileAddress:
    ((x, y),) = tiles_over([place], z)
    return TileAddress(z, x, y)


def tiles_over(places: list[tuple[float, float]], z: int) -> set[tuple[int, int]]:
    n = 2**z
    return {(math.floor(mercator_x(x) * n), math.floor(mercator_y(y) * n)) for x, y in places}


@pytest.mark.parametrize("z", [0, 5, 9, 11, 13, 14, 16])
def test_every_point_is_in_exactly_one_place_at_every_zoom(tmp_path, engine, z):
    draw = random.Random(z)
    width = (
        0.4 if z < 13 else 0.2 if z < 14 else 0.04 if z < 16 else 0.02
    )  # near, where tiles are small: so that they too have neighbours
    places = [(draw.uniform(2.5 - width / 2, 2.5 + width / 2), draw.gauss(48.7, width / 8)) for _n in range(3000)]
    source = points(tmp_path / "v1", places)
    count = 0
    for x, y in tiles_over(places, z):
        address = TileAddress(z, x, y)
        layers = decoded(tile(source, engine, address, fields=("nom",)))
        assert total(layers) == expected(places, address)
        count += total(layers)
    assert count == len(places)


def test_far_away_points_are_counts_at_their_centre_inside_the_tile(tmp_path, engine):
    places = [(2.3 + n / 1000, 48.7) for n in range(500)]
    layers = decoded(tile(points(tmp_path / "v1", places), engine, TileAddress(5, 16, 11)))
    assert [feature["properties"]["n"] for feature in layers["clusters"]] == [500]
    place = layers["clusters"][0]["geometry"]["coordinates"]
    centre = (mercator_x(2.5495) * 32 - 16) * 4096, (mercator_y(48.7) * 32 - 11) * 4096
    assert place == pytest.approx(centre, abs=100)  # near its centre, its disc of 20 pixels whole in its cell of 64
    assert all(170 <= one % 512 <= 512 - 170 for one in place)


def test_discs_of_crowds_are_whole_in_their_cells_and_few_points_elsewhere_are_told_apart(tmp_path, engine):
    """So many points on two edges of cells that discs at their centres would cover one another."""
    address = TileAddress(12, 2076, 1411)
    west, north, side = address.west, address.latitude_at(0), (address.east - address.west) / 8
    crowds = [(west + side * (1 + sign * 0.02) + n / 1e6, north - side * 0.2) for sign in (-1, 1) for n in range(60)]
    alone = [(west + side * (5 + n / 8), north - side * 2) for n in range(4)]
    layers = decoded(tile(points(tmp_path / "v1", [*crowds, *alone]), engine, address))
    (ax, _ay), (bx, _by) = (feature["geometry"]["coordinates"] for feature in layers["clusters"])
    assert [feature["properties"]["n"] for feature in layers["clusters"]] == [60, 60]
    assert abs(ax - bx) / 8 > 2 * 16  # pixels between discs of about 16 in radius
    assert len(layers["points"]) == 4


def test_a_few_points_in_a_cell_are_drawn_one_by_one_even_far_away(tmp_path, engine):
    crowd = [(2.3 + n / 100_000, 48.7) for n in range(1000)]
    layers = decoded(
        tile(points(tmp_path / "v1", [*crowd, (-60.0, 10.0), (-59.0, 10.0)]), engine, TileAddress(0, 0, 0))
    )
    assert [feature["properties"]["n"] for feature in layers["clusters"]] == [1000]
    assert sorted(feature["id"] for feature in layers["points"]) == [1001, 1002]


def test_near_points_carry_the_values_asked_for_and_their_row(tmp_path, engine):
    source = points(tmp_path / "v1", [(2.5, 48.6)])
    layers = decoded(tile(source, engine, over(16, (2.5, 48.6)), fields=("nom", "taille", "jour", "inconnu", "geo")))
    (feature,) = layers["points"]
    assert feature["id"] == 1
    assert feature["properties"] == {"nom": "n° 1", "taille": 1.0, "jour": "2026-03-03"}


def test_points_on_the_same_spot_are_one_count(tmp_path, engine):
    source = points(tmp_path / "v1", [(2.5, 48.6)] * 3)
    layers = decoded(tile(source, engine, over(18, (2.5, 48.6))))
    assert [feature["properties"]["n"] for feature in layers["clusters"]] == [3]


def test_points_on_a_shared_edge_belong_to_one_tile_only(tmp_path, engine):
    places = [(0.0, 48.0), (0.0, 0.0), (-1e-12, 48.0)]
    source = points(tmp_path / "v1", places)
    for z in (1, 4, 14):
        half = 2 ** (z - 1)
        around = {(x, y) for x in (half - 1, half) for _x, y in tiles_over(places, z)} | {
            (x, y) for x in (half - 1, half) for y in (half - 1, half)
        }
        assert sum(total(decoded(tile(source, engine, TileAddress(z, x, y)))) for x, y in around) == 3


def test_rows_without_a_place_are_in_no_tile(tmp_path, engine):
    source = points(tmp_path / "v1", [(2.5, 48.6), None])
    assert total(decoded(tile(source, engine, TileAddress(0, 0, 0)))) == 1


def test_an_empty_tile_has_no_bytes(tmp_path, engine):
    source = points(tmp_path / "v1", [(2.5, 48.6)])
    assert tile(source, engine, TileAddress(8, 0, 0)) == b""
    assert tile(source, engine, TileAddress(15, 0, 0)) == b""


def test_a_filter_counts_only_what_it_keeps(tmp_path, engine):
    source = points(tmp_path / "v1", [(2.5 + n / 100_000, 48.6) for n in range(1, 101)])
    where = condition(source, 'taille < 10.0 and nom != "n° 3"')
    for address in (TileAddress(0, 0, 0), over(14, (2.5, 48.6))):
        assert total(decoded(tile(source, engine, address, where=where))) == 8


def test_a_crowded_near_tile_stays_bounded(tmp_path, engine):
    draw = random.Random(1)
    address = over(14, (2.5, 48.6))
    places = [
        (draw.uniform(address.west, address.east - 1e-9), draw.uniform(address.south + 1e-9, address.north))
        for _n in range(30_000)
    ]
    layers = decoded(tile(points(tmp_path / "v1", places), engine, address))
    assert total(layers) == 30_000
    assert sum(map(len, layers.values())) <= 10_000


def test_the_same_tile_has_the_same_bytes_each_time(tmp_path, engine):
    draw = random.Random(2)
    places = [(2.5 + draw.uniform(0, 0.01), 48.6 + draw.uniform(0, 0.01)) for _n in range(5000)]
    source = points(tmp_path / "v1", places)
    for z in (9, 12, 15):
        address = over(z, places[0])
        first = tile(source, engine, address, fields=("nom",))
        assert all(tile(source, engine, address, fields=("nom",)) == first for _n in range(5))


def test_a_version_without_geometry_has_no_tile(tmp_path, engine):
    source = make_version(tmp_path / "v1", (NAME,), [("a",)])
    assert tile(source, engine, TileAddress(0, 0, 0)) == b""


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (MAX_ZOOM + 1, 0, 0), (2, 4, 0), (2, 0, 4), (2, -1, 0)])
def test_an_address_outside_the_pyramid_is_refused(z, x, y):
    with pytest.raises(BadTile):
        TileAddress(z, x, y)


def test_a_large_area_is_drawn_clipped_in_each_tile_it_covers(tmp_path, engine):
    source = shapes(tmp_path / "v1", ["POLYGON((2 48, 3 48, 3 49, 2 49, 2 48))"])
    layers = decoded(tile(source, engine, TileAddress(9, 259, 176), fields=("nom",)))
    (feature,) = layers["shapes"]
    assert feature["properties"] == {"nom": "n° 0"}
    assert all(-64 <= value <= 4160 for ring in feature["geometry"]["coordinates"] for place in ring for value in place)


def test_an_area_too_small_to_be_seen_is_a_speck_until_one_comes_near(tmp_path, engine):
    source = shapes(tmp_path / "v1", ["POLYGON((2.5 48.6, 2.5001 48.6, 2.5001 48.6001, 2.5 48.6))"] * 4)
    far = decoded(tile(source, engine, TileAddress(6, 32, 22)))
    assert [feature["properties"]["n"] for feature in far["specks"]] == [4]
    assert "shapes" not in far
    near = decoded(tile(source, engine, over(16, (2.50001, 48.60001))))
    assert len(near["shapes"]) == 4


def test_far_away_a_detailed_outline_is_simplified(tmp_path, engine):
    ring = [(2.5 + math.cos(t / 1000) / 5, 48.6 + math.sin(t / 1000) / 5) for t in range(6283)]
    text = ", ".join(f"{x} {y}" for x, y in [*ring, ring[0]])
    source = shapes(tmp_path / "v1", [f"POLYGON(({text}))"])
    (feature,) = decoded(tile(source, engine, TileAddress(7, 64, 44)))["shapes"]
    assert 8 < len(feature["geometry"]["coordinates"][0]) < 100


def test_an_outline_that_crosses_itself_is_drawn_all_the_same(tmp_path, engine):
    source = shapes(tmp_path / "v1", ["POLYGON((2 48, 3 49, 3 48, 2 49, 2 48))", "POLYGON EMPTY"])
    layers = decoded(tile(source, engine, TileAddress(9, 259, 177)))
    assert len(layers["shapes"]) == 1


def test_lines_and_points_of_one_column_are_both_drawn(tmp_path, engine):
    source = make_version(
        tmp_path / "v1", (NAME, SHAPE), [("ligne", "LINESTRING(2.4 48.6, 2.6 48.6)"), ("point", "POINT(2.5 48.62)")]
    )
    source = Source(source.key, replace(source.manifest, geometry_types=("LineString", "Point")))
    layers = decoded(tile(source, engine, TileAddress(9, 259, 176), fields=("nom",)))
    assert [feature["properties"]["nom"] for feature in layers["shapes"]] == ["ligne"]
    assert [feature["properties"]["nom"] for feature in layers["specks"]] == ["point"]
