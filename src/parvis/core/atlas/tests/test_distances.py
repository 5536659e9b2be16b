"""Distances on the sphere, against another formula and places that everybody knows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.atlas.distances import metres

_places = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


def unit(place):
    longitude, latitude = map(math.radians, place)
    return (
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    )


@given(_places, _places)
def test_a_distance_is_the_angle_between_two_directions_times_the_radius(point, other):
    a, b = unit(point), unit(other)
    cross = math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    angle = math.atan2(cross, sum(x * y for x, y in zip(a, b, strict=True)))
    assert metres(point, other) == pytest.approx(angle * 6_371_008.8, abs=1)


def test_paris_is_some_392_kilometres_from_lyon_and_nowhere_from_itself():
    paris, lyon = (2.3522, 48.8566), (4.8357, 45.7640)
    assert metres(paris, lyon) == pytest.approx(391_500, rel=0.005)
    assert metres(paris, paris) == 0
