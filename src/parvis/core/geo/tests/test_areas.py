"""Areas of contours, beside what INSEE and geodesy say."""

from __future__ import annotations

import pytest

from parvis.core.geo.areas import square_kilometres
from parvis.packs.bundled_files import contours


@pytest.mark.parametrize(
    ("kind", "code", "official"),
    [
        ("commune", "75056", 105.40),
        ("departement", "77", 5_915.3),
        ("departement", "2A", 4_014.2),
        ("departement", "974", 2_503.7),
        ("region", "11", 12_012.3),
    ],
)
def test_the_contours_shipped_are_within_a_percent_of_the_official_areas(kind, code, official):
    assert square_kilometres(contours()[kind, code]) == pytest.approx(official, rel=0.01)


def test_a_degree_on_the_equator_and_the_whole_ellipsoid_have_the_areas_of_wgs_84():
    cell = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    assert square_kilometres(cell) == pytest.approx(
        12_308.778, abs=0.5
    )  # whose north edge is a geodesic, in GeographicLib
    world = {"type": "Polygon", "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]}
    assert square_kilometres(world) == pytest.approx(510_065_621.7, rel=1e-9)


def test_a_hole_is_taken_off_and_parts_are_added_whatever_the_way_they_turn():
    outer = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
    hole = [[0.5, 0.5], [1, 0.5], [1, 1], [0.5, 1], [0.5, 0.5]]
    whole, pierced, alone = (
        {"type": "Polygon", "coordinates": rings} for rings in ([outer], [outer[::-1], hole], [hole])
    )
    assert square_kilometres(pierced) == pytest.approx(square_kilometres(whole) - square_kilometres(alone))
    two = {"type": "MultiPolygon", "coordinates": [[outer], [hole]]}
    assert square_kilometres(two) == pytest.approx(square_kilometres(whole) + square_kilometres(alone))
