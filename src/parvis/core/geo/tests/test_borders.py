"""A border that two areas share is one line, from one meeting of borders to the next."""

import pytest

from parvis.core.geo.borders import lines, sides


def square(x, y):
    ring = [[x, y], [x + 0.25, y], [x + 0.25, y + 0.25], [x, y + 0.25], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_shared_side_is_one_whichever_way_each_area_turns():
    left, right = square(0, 0), square(0.25, 0)
    right["coordinates"][0].reverse()
    assert len(sides([left])) == 4
    assert len(sides([left, right])) == 7
    assert sides([left]) & sides([right]) == {((0.25, 0), (0.25, 0.25))}


def test_sides_are_put_end_to_end_and_meet_where_borders_do():
    drawn = lines(sides([square(0, 0), square(0.25, 0)]))
    pieces = [line for gathered in drawn for line in gathered.geoms]
    assert len(pieces) == 3  # the shared side, and the way around each square
    assert sum(piece.length for piece in pieces) == pytest.approx(7 * 0.25)
    ends = {end for piece in pieces for end in (piece.coords[0], piece.coords[-1])}
    assert ends == {(0.25, 0), (0.25, 0.25)}


def test_there_are_no_lines_without_areas():
    assert lines(sides([])) == []
