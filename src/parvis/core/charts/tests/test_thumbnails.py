"""Thumbnails of charts: every type has one, light, and nothing is drawn of nothing."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from parvis.core.charts.factories import make_answered, make_chart
from parvis.core.charts.marks import MARKS
from parvis.core.charts.reading import read
from parvis.core.charts.themes import DARK, LIGHT
from parvis.core.charts.thumbnails import HEIGHT, MOST_BARS, WIDTH, thumbnail

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("mark", MARKS)
def test_each_type_of_chart_has_a_light_thumbnail_within_its_frame(mark):
    description, answers = make_chart(mark)
    drawn = thumbnail(mark, read(description, answers), LIGHT)
    shapes = list(ElementTree.fromstring(drawn))
    assert shapes
    assert len(drawn.encode()) < 24_000
    for shape in shapes:
        if shape.tag == f"{SVG}rect":
            x, y, width, height = (float(shape.get(name)) for name in ("x", "y", "width", "height"))
            assert x >= 0 and x + width <= WIDTH + 1
            assert y >= 0 and y + height <= HEIGHT + 1
    assert not list(ElementTree.fromstring(drawn).iter(f"{SVG}text"))


def test_the_two_themes_are_drawn_in_their_own_colours():
    description, answers = make_chart("bars")
    reading = read(description, answers)
    light, dark = (thumbnail("bars", reading, theme) for theme in (LIGHT, DARK))
    assert LIGHT.categorical[0] in light and LIGHT.categorical[0] not in dark
    assert DARK.categorical[0] in dark


def test_the_longest_bar_is_as_wide_as_the_frame_and_the_others_in_proportion():
    description, answers = make_answered("bars", [{"c_group": "a", "c_value": 40}, {"c_group": "b", "c_value": 10}], grouping="commune")  # fmt: skip
    drawn = ElementTree.fromstring(thumbnail("bars", read(description, answers), LIGHT))
    longest, shortest = sorted((float(bar.get("width")) for bar in drawn), reverse=True)
    assert longest == 4 * shortest


def test_a_hundred_groups_are_no_more_than_the_bars_that_fit():
    rows = [{"c_group": f"g{n}", "c_value": 200 - n} for n in range(40)]
    description, answers = make_answered("bars", rows, grouping="commune")
    drawn = ElementTree.fromstring(thumbnail("bars", read(description, answers), LIGHT))
    assert len(drawn) == MOST_BARS


def test_nothing_is_drawn_of_values_that_are_all_zero_or_missing():
    description, answers = make_chart("bars")
    reading = read(description, answers)
    for value in (None, 0.0):
        points = tuple(replace(point, value=value) for point in reading.points)
        assert thumbnail("bars", replace(reading, points=points), LIGHT) == ""
