"""Palettes hold what they promise to every eye: told apart, even, read on their background."""

import itertools
import re
from pathlib import Path

import pytest

from parvis.core.charts.themes import DARK, LIGHT
from parvis.core.charts.vision import DEFICIENCIES, contrast, distance, lightness, nearest, seen

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
EYES = pytest.mark.parametrize("eyes", ["", *DEFICIENCIES])
AT_A_GLANCE = 10
"""ΔE from which two colours beside each other are told apart at a glance."""


@BOTH
@EYES
def test_the_eight_colours_of_series_are_told_apart_by_all_eyes(theme, eyes):
    assert len(theme.categorical) == 8
    assert nearest(theme.categorical, eyes) >= AT_A_GLANCE


@BOTH
def test_every_colour_of_series_stands_out_from_the_background(theme):
    assert min(contrast(colour, theme.paper) for colour in theme.categorical) >= 3


@BOTH
def test_the_sequential_palette_goes_one_way_in_even_steps(theme):
    steps = [lightness(b) - lightness(a) for a, b in itertools.pairwise(theme.sequential)]
    assert all(step < 0 for step in steps) or all(step > 0 for step in steps)
    assert max(map(abs, steps)) <= 3 * min(map(abs, steps))


@BOTH
@EYES
def test_both_ends_of_the_diverging_palette_are_told_from_each_other_and_from_its_middle(theme, eyes):
    low, middle, high = theme.diverging[0], theme.diverging[3], theme.diverging[-1]
    assert min(distance(low, high, eyes), distance(low, middle, eyes), distance(middle, high, eyes)) >= 2 * AT_A_GLANCE


@BOTH
def test_texts_are_read_on_the_background(theme):
    assert min(contrast(theme.ink, theme.paper), contrast(theme.ink_soft, theme.paper)) >= 4.5


def test_a_red_and_a_green_of_the_same_lightness_are_confused_by_who_lacks_a_cone():
    red, green = "#d05050", "#7f8a22"
    assert distance(red, green) > 3 * distance(red, green, "deuteranopia")


def test_grey_is_seen_as_grey_by_all_eyes():
    for eyes in DEFICIENCIES:
        red, green, blue = seen("#808080", eyes)
        assert max(abs(red - green), abs(green - blue)) < 1e-3


def test_contrast_is_that_of_the_norm():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_the_pages_bear_the_same_colours_of_series():
    styles = Path(__file__).parents[5] / "frontend" / "styles" / "tokens.css"
    css_colours = re.findall(r"--cat-\d: (#[0-9a-f]{6});", styles.read_text(encoding="utf-8"))
    assert css_colours == [*LIGHT.categorical, *DARK.categorical, *DARK.categorical]


@BOTH
@EYES
def test_what_is_beside_the_subject_is_seen_but_told_from_it(theme, eyes):
    assert contrast(theme.muted, theme.paper) >= 3
    assert distance(theme.muted, theme.first, eyes) >= 1.5 * AT_A_GLANCE
