"""What of OpenStreetMap is drawn: rows from a tag to a layer of the tiles, the kind that styles name, and the zoom it begins at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MIN_ZOOM: Final = 4
MAX_ZOOM: Final = 14
"""Browsers enlarge these beyond: a tile of zoom 14 is precise to some 10 cm."""

AREAS: Final = ("land", "water", "buildings")
LINES: Final = ("waterways", "roads", "rails", "boundaries")
POINTS: Final = ("places", "stations", "waters")
LAYERS: Final = (*AREAS, *LINES, *POINTS)


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a tag is drawn: ``kind`` in its layer, from zoom ``first`` on."""

    layer: str
    kind: str
    first: int


def _all(layer: str, key: str, kinds: Mapping[str, tuple[str, int]]) -> dict[tuple[str, str], Drawn]:
    rows = {}
    for values, (kind, first) in kinds.items():
        for value in values.split():
            rows[key, value] = Drawn(layer, kind, first)
    return rows


AREA_TAGS: Final[Mapping[tuple[str, str], Drawn]] = {
    **_all(
        "water",
        "natural",
        {"water": ("lake", 5)},
    ),
    **_all("water", "landuse", {"reservoir basin": ("lake", 5)}),
    **_all("water", "waterway", {"riverbank dock": ("river", 6)}),
    **_all(
        "land",
        "natural",
        {
            "wood": ("wood", 6),
            "grassland heath scrub fell": ("heath", 9),
            "wetland": ("wetland", 8),
            "beach sand shingle": ("sand", 9),
            "glacier": ("glacier", 6),
        },
    ),
    **_all(
        "land",
        "landuse",
        {
            "forest": ("wood", 6),
            "grass meadow village_green recreation_ground": ("grass", 10),
            "orchard vineyard allotments plant_nursery": ("crops", 10),
            "cemetery": ("park", 11),
            "residential": ("built", 8),
            "commercial retail industrial railway port garages construction depot": ("works", 9),
            "farmyard": ("built", 12),
        },
    ),
    **_all(
        "land",
        "leisure",
        {"park garden": ("park", 10), "golf_course": ("grass", 10), "pitch stadium track": ("sport", 13)},
    ),
    **_all("land", "amenity", {"school university college hospital": ("civic", 12), "parking": ("parking", 14)}),
    **_all("land", "aeroway", {"aerodrome": ("works", 9), "runway apron": ("parking", 11)}),
    **_all("land", "place", {"square": ("parking", 14)}),
    **_all("land", "highway", {"pedestrian": ("parking", 14)}),
}
"""Areas by tag; reserves are not here: what covers them is."""

LINE_TAGS: Final[Mapping[tuple[str, str], Drawn]] = {
    **_all(
        "roads",
        "highway",
        {
            "motorway motorway_link": ("motorway", 5),
            "trunk trunk_link": ("trunk", 6),
            "primary primary_link": ("primary", 7),
            "secondary secondary_link": ("secondary", 9),
            "tertiary tertiary_link": ("tertiary", 10),
            "unclassified residential living_street": ("street", 12),
            "pedestrian busway": ("street", 13),
            "service": ("service", 14),
            "track path footway cycleway bridleway steps": ("path", 14),
        },
    ),
    **_all(
        "rails",
        "railway",
        {"rail": ("rail", 7), "narrow_gauge funicular": ("rail", 10), "light_rail tram subway": ("tram", 11)},
    ),
    **_all("waterways", "waterway", {"river": ("river", 7), "canal": ("canal", 9), "stream": ("stream", 12)}),
}

ADMIN_LEVELS: Final = {"2": 4, "4": 5, "6": 6, "8": 10}
"""Zoom from which borders are drawn: countries, regions, departments, communes."""

PLACE_ZOOMS: Final = {
    "city": 5,
    "town": 8,
    "village": 10,
    "suburb": 12,
    "quarter": 13,
    "neighbourhood": 14,
    "hamlet": 13,
    "isolated_dwelling": 14,
    "locality": 14,
    "island": 9,
    "islet": 13,
}

ISLANDS: Final = frozenset(("island", "islet"))
"""Places that are often drawn whole rather than as a point."""

STATION_ZOOMS: Final = {"station": 12, "halt": 13, "tram_stop": 15}
SIDINGS: Final = frozenset(("siding", "spur", "yard", "crossover"))
UNDERGROUND: Final = frozenset(("yes", "building_passage", "culvert", "covered"))
NO_BUILDING: Final = frozenset(("no", "demolished", "proposed", "collapsed"))

KEYS: Final = (
    "building",
    "highway",
    "railway",
    "waterway",
    "natural",
    "landuse",
    "leisure",
    "amenity",
    "aeroway",
    "place",
    "boundary",
)
"""Keys of whatever is drawn: libosmium leaves everything else out before Python sees it."""
