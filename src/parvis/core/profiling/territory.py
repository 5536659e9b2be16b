"""Where French territories lie, in degrees and in the projected systems their files use: rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: west, south, east, north, in the unit of its system."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, x: str, y: str) -> str:
        """SQL: true when the point (``x``, ``y``) lies in the box."""
        return f"({x} BETWEEN {self.west} AND {self.east} AND {y} BETWEEN {self.south} AND {self.north})"


WORLD = Box(-180, -90, 180, 90)

TERRITORIES = (
    Box(-5.6, 41.2, 9.9, 51.4),  # metropolitan France
    Box(-63.3, 14.2, -60.7, 18.3),  # Antilles
    Box(-54.8, 2.0, -51.4, 6.1),  # French Guiana
    Box(55.0, -21.6, 56.1, -20.7),  # La Réunion
    Box(44.8, -13.2, 45.5, -12.4),  # Mayotte
    Box(-56.7, 46.5, -56.0, 47.3),  # Saint-Pierre-et-Miquelon
    Box(158.0, -23.0, 172.0, -18.0),  # New Caledonia
    Box(-155.0, -28.0, -134.0, -7.0),  # French Polynesia
    Box(-178.4, -14.6, -175.9, -13.0),  # Wallis and Futuna
)
"""Degrees, longitude first, with a little margin. Nowhere do longitude and latitude both fit when exchanged."""


def in_france(longitude: str, latitude: str) -> str:
    """SQL: true when the point lies in or very near a French territory."""
    return "(" + " OR ".join(box.contains(longitude, latitude) for box in TERRITORIES) + ")"


@dataclass(frozen=True, slots=True)
class Projection:
    """A projected system met in French files: parser name, EPSG code, where its coordinates lie, in metres.

    ``headers``: when not empty, believed only under a header that says so (its box meets another one's).
    """

    name: str
    epsg: int
    box: Box
    label: str
    headers: str = ""


def _conic(zone: int) -> Projection:
    """A zone of the nine-zone conformal conics: 1,700,000 m on its meridian, (zone - 41) million + 200,000 m on its parallel."""
    origin = (zone - 41) * 1_000_000 + 200_000
    return Projection(
        f"cc{zone}", 3900 + zone, Box(1_050_000, origin - 170_000, 2_400_000, origin + 170_000), f"RGF93 / CC{zone}"
    )


PROJECTIONS = (
    Projection("lambert93", 2154, Box(90_000, 6_020_000, 1_250_000, 7_140_000), "RGF93 / Lambert-93"),
    *(_conic(zone) for zone in range(42, 51)),
    Projection("utm20n", 5490, Box(480_000, 1_580_000, 760_000, 2_010_000), "RGAF09 / UTM 20N (Antilles)"),
    Projection("utm22n", 2972, Box(100_000, 220_000, 500_000, 660_000), "RGFG95 / UTM 22N (Guyane)"),
    Projection("utm38s", 4471, Box(490_000, 8_550_000, 540_000, 8_610_000), "RGM04 / UTM 38S (Mayotte)"),
    Projection("utm40s", 2975, Box(305_000, 7_630_000, 385_000, 7_700_000), "RGR92 / UTM 40S (La Réunion)"),
    Projection(
        "lambert2e",
        27572,
        Box(40_000, 1_600_000, 1_210_000, 2_700_000),
        "NTF / Lambert II étendu",
        headers="lambert_?(?:2|ii)|l2e|lamb2",
    ),
)
