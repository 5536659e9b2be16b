"""Coordinate systems in which places may be asked for and given: those of France and its overseas parts, and the usual ones.

Rows are stored in WGS 84, longitude first. Addresses of systems are those of the OGC; coordinates leave in the order of axes
of each system's authority, as OGC API – Features part 2 wants (latitude first in EPSG:4326).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.odsql.bound import Bound, MeetsBox, Placed
from parvis.core.translation import gettext_noop

type Box = tuple[float, float, float, float]

WORLD: Box = (-180.0, -90.0, 180.0, 90.0)


class UnknownCrs(RequestError):
    """A coordinate system that is not offered."""

    code: ClassVar[str] = "crs-unknown"
    sentence: ClassVar[str] = gettext_noop("Le système de coordonnées « {crs} » n’est pas proposé ici.")
    advice: ClassVar[str] = gettext_noop("La fiche de la collection donne la liste de ceux qui le sont, sous « crs ».")


@dataclass(frozen=True, slots=True)
class Crs:
    """A coordinate system: its code, where it is of use (degrees), whether its first axis is the northing or latitude."""

    code: str
    name: str
    area: Box = WORLD
    north_first: bool = False

    @property
    def uri(self) -> str:
        """Its address at the OGC."""
        return f"http://www.opengis.net/def/crs/{self.code.replace(':', '/0/').replace('OGC/0/', 'OGC/1.3/')}"

    @property
    def is_degrees(self) -> bool:
        """Whether its coordinates are the stored ones, but for the order of axes."""
        return self.code in ("OGC:CRS84", "EPSG:4326")


CRS84 = Crs("OGC:CRS84", "WGS 84, longitude et latitude")
_FRANCE: Box = (-9.9, 41.0, 10.4, 51.6)

SYSTEMS = (
    CRS84,
    Crs("EPSG:4326", "WGS 84, latitude et longitude", north_first=True),
    Crs("EPSG:3857", "Web Mercator", (-180.0, -85.06, 180.0, 85.06)),
    Crs("EPSG:4258", "ETRS89", (-32.0, 32.0, 40.0, 84.0), north_first=True),
    Crs("EPSG:3035", "ETRS89 / LAEA Europe", (-32.0, 32.0, 40.0, 72.0), north_first=True),
    Crs("EPSG:2154", "RGF93 / Lambert-93", _FRANCE),
    *(
        Crs(f"EPSG:{3900 + parallel}", f"RGF93 / CC{parallel}", (-9.9, parallel - 1.2, 10.4, parallel + 1.2))
        for parallel in range(42, 51)
    ),
    Crs("EPSG:5490", "RGAF09 / UTM 20 N (Antilles)", (-63.7, 14.0, -60.0, 18.6)),
    Crs("EPSG:2972", "RGFG95 / UTM 22 N (Guyane)", (-54.7, 2.0, -49.0, 8.9)),
    Crs("EPSG:2975", "RGR92 / UTM 40 S (La Réunion)", (51.0, -25.8, 60.0, -18.2)),
    Crs("EPSG:4471", "RGM04 / UTM 38 S (Mayotte)", (43.4, -14.5, 46.7, -11.1)),
    Crs("EPSG:4467", "RGSPM06 / UTM 21 N (Saint-Pierre-et-Miquelon)", (-57.2, 43.3, -55.8, 47.4)),
    Crs("EPSG:3163", "RGNC91-93 / Lambert (Nouvelle-Calédonie)", (156.2, -26.5, 174.3, -14.8)),
    Crs("EPSG:3296", "RGPF / UTM 5 S (Polynésie)", (-158.1, -26.8, -150.0, -4.5)),
    Crs("EPSG:3297", "RGPF / UTM 6 S (Polynésie)", (-150.0, -31.3, -144.0, -4.5)),
)

_FORMS = (
    re.compile(r"https?://www\.opengis\.net/def/crs/(?P<authority>EPSG|OGC)/(?:[\w.]+)/(?P<code>\w+)", re.IGNORECASE),
    re.compile(r"urn:ogc:def:crs:(?P<authority>EPSG|OGC):(?:[\w.]*):(?P<code>\w+)", re.IGNORECASE),
    re.compile(r"\[?(?P<authority>EPSG|OGC):(?P<code>\w+)\]?", re.IGNORECASE),
)


def crs_of(text: str, offered: Iterable[Crs] = SYSTEMS) -> Crs:
    """The system that a URI, a URN or a short code names; UnknownCrs when it is not among ``offered``."""
    for form in _FORMS:
        if match := form.fullmatch(text.strip()):
            code = f"{match['authority']}:{match['code']}".upper()
            for crs in offered:
                if crs.code == code:
                    return crs
    raise UnknownCrs(crs=text[:100])


def offered_for(bbox: Box | None) -> tuple[Crs, ...]:
    """The systems in which data that are in this box (degrees) may be given."""
    return SYSTEMS if bbox is None else tuple(crs for crs in SYSTEMS if _meet(crs.area, bbox))


def geometry_in(geometry: Bound, crs: Crs) -> Placed:
    """A stored geometry as GeoJSON in a system, axes in the order of its authority; null where it has no place there."""
    return Placed(geometry, crs.code, crs.north_first)


def within_box(geometry: Bound, box: Box, crs: Crs) -> MeetsBox:
    """The condition that a stored geometry meets a box given in a system, in the order of its axes.

    In degrees, a box whose west is greater than its east crosses the antimeridian.
    """
    if crs.north_first:
        box = (box[1], box[0], box[3], box[2])
    return MeetsBox(geometry, box, crs.code)


def _meet(box: Box, other: Box) -> bool:
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]
