"""Contours drawn as paths."""

from __future__ import annotations

from parvis.core.geo.svg import bounds, draw, frame, outline

SQUARE = {"type": "Polygon", "coordinates": [[[2.0, 48.0], [2.1, 48.0], [2.1, 48.1], [2.0, 48.1], [2.0, 48.0]]]}
POINT = {"type": "Point", "coordinates": [2.0, 48.0]}


def test_north_is_up_and_shapes_keep_their_proportions():
    window = frame(bounds([SQUARE]), 100)
    assert window.point(2.0, 48.1) == (0, 0)
    assert window.point(2.1, 48.0) == (100, window.height)
    assert 148 <= window.height <= 151  # a tenth of a degree of longitude is shorter by cos(48°)


def test_a_tall_territory_is_made_narrower():
    window = frame(bounds([SQUARE]), 100, tallest=75, margin=5)
    assert window.height == 75
    assert window.width < 60


def test_a_path_has_relative_moves_and_its_label_stands_in_the_middle():
    drawn = draw(SQUARE, frame((2.0, 48.0, 2.1, 48.1), 100))
    assert drawn.path == "M0 150l100 0 0-150-100 0z"
    assert drawn.path.endswith("z")
    assert [(x, room) for x, _y, room in drawn.places] == [(50, 100)] * 3


def test_what_is_too_small_or_has_no_surface_is_not_drawn():
    wide = frame((-5.0, 41.0, 9.0, 51.0), 20)
    assert draw(SQUARE, wide) is None
    assert draw(POINT, wide) is None
    assert bounds([POINT]) is None


def test_an_outline_is_drawn_whole_where_a_part_of_it_is_seen_and_not_at_all_elsewhere():
    assert outline(SQUARE, frame((2.05, 48.05, 2.15, 48.15), 100)) == "M-50 225l100 0 0-150-100 0z"
    assert outline(SQUARE, frame((3.0, 48.0, 3.1, 48.1), 100)) == ""
    assert outline(SQUARE, frame((-5.0, 41.0, 9.0, 51.0), 20)) == ""
    assert outline({"type": "Polygon", "coordinates": [[]]}, frame((2.0, 48.0, 2.1, 48.1), 100)) == ""


def test_holes_and_islands_are_part_of_the_same_path():
    hole = [[2.02, 48.02], [2.08, 48.02], [2.08, 48.08], [2.02, 48.02]]
    ring = SQUARE["coordinates"][0]
    several = {"type": "MultiPolygon", "coordinates": [[ring, hole], [[[x + 0.2, y] for x, y in ring]]]}
    drawn = draw(several, frame(bounds([several]), 200))
    assert drawn.path.count("M") == 3
