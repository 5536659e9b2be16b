"""Places that are written otherwise than in decimal degrees: degrees and minutes, geohashes, encoded lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import BLANKS, filled
from parvis.core.staging import ROWS
from parvis.core.transforms.preparation.model import Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.texts import distinct_values
from parvis.core.transforms.preparation.work import NUMBERED, Cell, Failure, Result, Work
from parvis.core.translation import gettext_noop

_MADE = "placed"
_DEGREES = re.compile(
    r"""(?P<before>[NSEWO])?\s*(?P<sign>[+-])?\s*(?P<degrees>\d{1,3}(?:\.\d+)?)\s*(?:°|º|d|deg|\s)\s*
    (?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*(?:'|’|′|m|min|\s|$)\s*)?(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:"|”|″|''|’’|′′|s|sec)?\s*)?
    (?P<after>[NSEWO])?""",
    re.VERBOSE | re.IGNORECASE,
)
_GEOHASH = "0123456789bcdefghjkmnpqrstuvwxyz"
LONGEST_LINE = 200_000
"""Characters of an encoded line."""


def decimal_degrees(text: str) -> str | None:
    """« 48° 51′ 24,5″ N » in decimal degrees; None for what is no angle."""
    match = _DEGREES.fullmatch(text.strip(BLANKS).replace(",", ".").replace("−", "-"))
    if match is None or (match["before"] and match["after"]):
        return None
    side = (match["before"] or match["after"] or "").upper()
    degrees, minutes, seconds = (float(match[name] or 0) for name in ("degrees", "minutes", "seconds"))
    value = degrees + minutes / 60 + seconds / 3600
    if minutes >= 60 or seconds >= 60 or value > (90 if side in ("N", "S") else 180) or (side and match["sign"]):
        return None
    return f"{-value if side in ('S', 'W', 'O') or match['sign'] == '-' else value:.8f}".rstrip("0").rstrip(".")


def geohash_shape(text: str) -> str | None:
    """The rectangle of a geohash, as WKT."""
    code = text.strip(BLANKS).lower()
    if not 0 < len(code) <= 12 or any(sign not in _GEOHASH for sign in code):
        return None
    bounds = [[-180.0, 180.0], [-90.0, 90.0]]
    bits = "".join(f"{_GEOHASH.index(sign):05b}" for sign in code)
    for rank, bit in enumerate(bits):
        pair = bounds[rank % 2]
        pair[bit == "0"] = sum(pair) / 2
    (west, east), (south, north) = bounds
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return "POLYGON((" + ", ".join(f"{x!r} {y!r}" for x, y in corners) + "))"


def polyline_shape(text: str) -> str | None:
    """A line in Google's encoding (five decimals), as WKT."""
    signs = text.strip(BLANKS)
    if not 2 <= len(signs) <= LONGEST_LINE or any(not 63 <= ord(sign) <= 126 for sign in signs):
        return None
    numbers, value, shift = [], 0, 0
    for sign in signs:
        chunk = ord(sign) - 63
        value |= (chunk & 31) << shift
        shift += 5
        if shift > 40:
            return None
        if chunk < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if shift or len(numbers) % 2 or len(numbers) < 4:
        return None
    latitude = longitude = 0
    points = []
    for up, right in zip(numbers[::2], numbers[1::2], strict=True):
        latitude, longitude = latitude + up, longitude + right
        if abs(latitude) > 9_000_000 or abs(longitude) > 18_000_000:
            return None
        points.append(f"{longitude / 1e5!r} {latitude / 1e5!r}")
    return f"LINESTRING({', '.join(points)})"


_WRITTEN: Mapping[str, Callable[[str], str | None]] = {"geohash": geohash_shape, "polyline": polyline_shape}


def _made(work: Work, header: str, make: Callable[[str], str | None], to: str, hint: ColumnType, reason: str) -> Result:
    cell = work.cell(header)
    distinct_values(work, header, _MADE, lambda text: {"after": make(text)})
    failure = Failure(f"({filled(cell)}) AND after IS NULL", cell, reason)
    return work.put(
        {to: Cell("after", hint, (failure,))}, after=header, source=f"{NUMBERED} LEFT JOIN {_MADE} m ON m.before = {ROWS}.{cell}",
        select=f"{ROWS}.*, m.after", order="place",
    )  # fmt: skip


def _degrees(work: Work, values: Mapping[str, Any]) -> Result:
    return _made(work, values["column"], decimal_degrees, work.free(values["to"]), ColumnType.DOUBLE, "not-degrees")


def _decode(work: Work, values: Mapping[str, Any]) -> Result:
    make = _WRITTEN[values["from"]]
    return _made(work, values["column"], make, work.free(values["to"]), ColumnType.GEO_SHAPE, "not-encoded")


_COLUMN = Parameter("column", Kind.COLUMN, gettext_noop("Colonne"))
_TO = Parameter("to", Kind.NEW, gettext_noop("Nouvelle colonne"))

PLACES_AS_TEXT: tuple[Preparation, ...] = (
    Preparation(
        "degrees", Group.PLACES, gettext_noop("Lire des degrés, minutes et secondes"),
        gettext_noop("Met dans une nouvelle colonne les degrés décimaux d’une latitude ou d’une longitude (« 48° 51′ 24″ N » donne 48,856667)."),
        gettext_noop("{to} : degrés décimaux de {column}"), (_COLUMN, _TO), _degrees, fails=True,
    ),
    Preparation(
        "decode", Group.PLACES, gettext_noop("Lire des formes codées"),
        gettext_noop("Met dans une nouvelle colonne la forme d’un geohash (son carré) ou d’une ligne codée de Google."),
        gettext_noop("{to} : formes lues de {column} ({from})"),
        (
            _COLUMN,
            Parameter(
                "from", Kind.CHOICE, gettext_noop("Écriture"),
                choices=(Choice("geohash", gettext_noop("geohash")), Choice("polyline", gettext_noop("ligne codée de Google"))),
            ), _TO,
        ), _decode, fails=True,
    ),
)  # fmt: skip
"""One row a step."""
