"""Coordinate systems against their own definitions, worked out here without any library."""

from __future__ import annotations

import math

import duckdb
import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.connections import load_spatial
from parvis.core.engine.duckdb.conditions import condition_sql
from parvis.core.engine.duckdb.expressions import expression_sql
from parvis.core.geo.crs import CRS84, SYSTEMS, UnknownCrs, crs_of, geometry_in, offered_for, within_box
from parvis.core.odsql.bound import Cell
from parvis.core.odsql.valuetypes import ValueType

GRS80 = 6_378_137.0, 1 / 298.257222101


def meridian_arc(latitude: float, steps: int = 20_000) -> float:
    """Metres along a meridian of GRS 80 from the equator, by Simpson's rule."""
    axis, flat = GRS80
    square = flat * (2 - flat)
    width = math.radians(latitude) / steps

    def radius(angle: float) -> float:
        return axis * (1 - square) / (1 - square * math.sin(angle) ** 2) ** 1.5

    inner = sum((4 if step % 2 else 2) * radius(step * width) for step in range(1, steps))
    return (radius(0) + inner + radius(math.radians(latitude))) * width / 3


POINT = Cell(Column("p", "P", ColumnType.GEO_POINT), ValueType.POINT)


@pytest.fixture(scope="module")
def spatial():
    with duckdb.connect() as connection:
        load_spatial(connection)
        yield connection


def moved(spatial, code: str, longitude: float, latitude: float) -> tuple[float, float]:
    sql = f"SELECT ST_X(q), ST_Y(q) FROM (SELECT {placed(code)} AS q FROM (SELECT ST_Point(?, ?) AS p))"
    return spatial.execute(sql, [longitude, latitude]).fetchone()


def placed(code: str) -> str:
    """SQL of the point ``p`` in a system, read again from what the engine writes of it."""
    return f"ST_GeomFromGeoJSON({expression_sql(geometry_in(POINT, crs_of(code))).sql})"


@pytest.mark.parametrize(
    ("code", "meridian", "latitude", "south"),
    [
        ("EPSG:5490", -63, 16.2, False),
        ("EPSG:2972", -51, 4.9, False),
        ("EPSG:4467", -57, 46.8, False),
        ("EPSG:2975", 57, -21.1, True),
        ("EPSG:4471", 45, -12.8, True),
        ("EPSG:3296", -153, -17.5, True),
        ("EPSG:3297", -147, -17.5, True),
    ],
)
def test_on_its_meridian_a_utm_zone_is_a_scaled_arc(spatial, code, meridian, latitude, south):
    x, y = moved(spatial, code, meridian, latitude)
    # Polynesia's datum stands half a metre from WGS 84; the others agree with it.
    near = 1.5 if "329" in code else 1e-3
    assert x == pytest.approx(500_000, abs=near)
    assert y == pytest.approx((10_000_000 if south else 0) + 0.9996 * meridian_arc(latitude), abs=near)


@pytest.mark.parametrize(
    ("code", "place", "expected"),
    [
        ("EPSG:2154", (3.0, 46.5), (700_000, 6_600_000)),
        ("EPSG:3949", (3.0, 49.0), (1_700_000, 8_200_000)),
        ("EPSG:3163", (166.0, -21.5), (400_000, 300_000)),
        ("EPSG:3035", (10.0, 52.0), (3_210_000, 4_321_000)),
        ("EPSG:4326", (2.5, 48.5), (48.5, 2.5)),
        ("EPSG:4258", (2.5, 48.5), (48.5, 2.5)),
        ("EPSG:3857", (180.0, 0.0), (math.pi * 6_378_137, 0)),
    ],
)
def test_an_origin_is_its_false_easting_and_northing_in_the_order_of_axes(spatial, code, place, expected):
    # New Caledonia's origin of latitude is an intersection of two parallels: its northing is known to the metre only.
    near = 1e-3 if code != "EPSG:3163" else 300_000
    assert moved(spatial, code, *place) == pytest.approx(expected, abs=near)


@pytest.mark.parametrize(
    "text",
    [
        "EPSG:2154",
        "[epsg:2154]",
        "http://www.opengis.net/def/crs/EPSG/0/2154",
        "https://www.opengis.net/def/crs/EPSG/9.9.1/2154",
        "urn:ogc:def:crs:EPSG::2154",
    ],
)
def test_a_system_has_several_names(text):
    assert crs_of(text).code == "EPSG:2154"


@pytest.mark.parametrize("text", ["", "2154", "EPSG:99999", "EPSG:2154; DROP TABLE rows", "http://x/EPSG/0/2154"])
def test_other_names_are_refused(text):
    with pytest.raises(UnknownCrs):
        crs_of(text)


def test_every_system_is_found_by_its_address():
    assert [crs_of(crs.uri) for crs in SYSTEMS] == list(SYSTEMS)
    assert CRS84.uri == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def test_a_system_is_offered_only_near_its_area():
    codes = {crs.code for crs in offered_for((55.2, -21.4, 55.9, -20.8))}
    assert {"OGC:CRS84", "EPSG:4326", "EPSG:3857", "EPSG:2975"} <= codes
    assert not {"EPSG:2154", "EPSG:5490", "EPSG:3035"} & codes


@pytest.mark.parametrize("crs", SYSTEMS, ids=lambda crs: crs.code)
def test_a_box_keeps_the_points_in_it_and_no_other(spatial, crs):
    west, south, east, north = crs.area
    centre = (west + east) / 2, max(min((south + north) / 2, 80), -80)
    x, y = moved(spatial, crs.code, *centre)
    size = 0.5 if crs.is_degrees or crs.code == "EPSG:4258" else 30_000
    box = x - size, y - size, x + size, y + size
    condition = condition_sql(within_box(POINT, box, crs))
    spread = f"SELECT ST_Point({centre[0]} + a / 40, {centre[1]} + b / 40) AS p FROM range(-60, 61) x(a), range(-60, 61) y(b)"
    actual = spatial.execute(f"SELECT count(*) FROM ({spread}) WHERE {condition.sql}", condition.parameters).fetchone()[
        0
    ]
    inside = f"SELECT count(*) FROM (SELECT {placed(crs.code)} AS q FROM ({spread})) WHERE ST_X(q) BETWEEN ? AND ? AND ST_Y(q) BETWEEN ? AND ?"
    expected = spatial.execute(inside, [box[0], box[2], box[1], box[3]]).fetchone()[0]
    assert actual == expected > 100
