"""Coordinates of every French projection, computed a second time by their published formulas (IGN NT/G 71, Krüger's series)."""

from __future__ import annotations

import math

import pytest

A, F = 6_378_137.0, 1 / 298.257222101
E = math.sqrt(2 * F - F * F)
# Each conic one: the latitudes of its two parallels, of its origin, what is added to the north.
CONIC = {"EPSG:2154": (44.0, 49.0, 46.5, 6_600_000)} | {
    f"EPSG:{3942 + rank}": (41.25 + rank, 42.75 + rank, 42.0 + rank, 1_200_000 + rank * 1_000_000) for rank in range(9)
}
EAST = {"EPSG:2154": 700_000}
UTM = {"EPSG:5490": (-63, 0), "EPSG:2972": (-51, 0), "EPSG:4471": (45, 10_000_000), "EPSG:2975": (57, 10_000_000)}
PLACES = {
    "EPSG:2154": (2.3522, 48.8566), **{f"EPSG:{3942 + rank}": (2.9 + rank / 3, 41.8 + rank) for rank in range(9)},
    "EPSG:5490": (-61.5331, 16.2411), "EPSG:2972": (-52.3333, 4.9333), "EPSG:4471": (45.2279, -12.7806), "EPSG:2975": (55.4504, -20.8789),
}  # fmt: skip


def conic(name: str, longitude: float, latitude: float) -> tuple[float, float]:
    def isometric(angle: float) -> float:
        sine = E * math.sin(angle)
        return math.log(math.tan(math.pi / 4 + angle / 2) * ((1 - sine) / (1 + sine)) ** (E / 2))

    def normal(angle: float) -> float:
        return A / math.sqrt(1 - (E * math.sin(angle)) ** 2)

    first, second, origin = (math.radians(degrees) for degrees in CONIC[name][:3])
    n = math.log(normal(second) * math.cos(second) / (normal(first) * math.cos(first))) / (
        isometric(first) - isometric(second)
    )
    c = normal(first) * math.cos(first) / n * math.exp(n * isometric(first))
    radius, gamma = c * math.exp(-n * isometric(math.radians(latitude))), n * math.radians(longitude - 3)
    north = CONIC[name][3] + c * math.exp(-n * isometric(origin))
    return EAST.get(name, 1_700_000) + radius * math.sin(gamma), north - radius * math.cos(gamma)


def transverse(name: str, longitude: float, latitude: float) -> tuple[float, float]:
    meridian, north = UTM[name]
    n = F / (2 - F)
    scale = 0.9996 * A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    series = (n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240)
    angle, away = math.radians(latitude), math.radians(longitude - meridian)
    t = math.sinh(math.atanh(math.sin(angle)) - E * math.atanh(E * math.sin(angle)))
    xi, eta = math.atan2(t, math.cos(away)), math.atanh(math.sin(away) / math.hypot(1, t))
    east = eta + sum(a * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, a in enumerate(series, 1))
    up = xi + sum(a * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, a in enumerate(series, 1))
    return 500_000 + scale * east, north + scale * up


@pytest.mark.parametrize("name", PLACES)
def test_a_point_goes_to_each_projection_and_comes_back_to_the_centimetre(prepare, name):
    longitude, latitude = PLACES[name]
    x, y = conic(name, longitude, latitude) if name in CONIC else transverse(name, longitude, latitude)
    there = prepare(
        {"g": [f"{latitude}, {longitude}"]}, {"do": "coordinates", "column": "g", "x": "x", "y": "y", "in": name}
    ).columns
    assert (float(there["x"][0]), float(there["y"][0])) == pytest.approx((x, y), abs=0.02)
    written = {"x": [f"{x:.3f}".replace(".", ",")], "y": [f"{y:.3f}"]}
    back = prepare(
        written, {"do": "point", "x": "x", "y": "y", "to": "p", "from": name}, {"do": "coordinates", "column": "p", "x": "lon", "y": "lat"}
    ).columns  # fmt: skip
    assert (float(back["lon"][0]), float(back["lat"][0])) == pytest.approx((longitude, latitude), abs=2e-7)
