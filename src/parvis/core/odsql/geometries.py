"""Geometries written by people, checked before an engine sees them: WKT, WKB in hexadecimal, GeoJSON."""

from __future__ import annotations

import re
import struct

from parvis.core.odsql.errors import ODSQLError
from parvis.core.translation import Sentence

MAX_DEPTH = 12
"""Levels of brackets in a text, of collections in WKB. Beyond 16 DuckDB refuses a text; of WKB it overflows its stack."""

_WKT = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(?:POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|GEOMETRYCOLLECTION)\b"
    r"[\sZM]*(?:\(.*\)|EMPTY)\s*",
    re.DOTALL | re.IGNORECASE,
)
_HEX = re.compile(r"\s*(?:[0-9A-Fa-f]{2}){5,}\s*")
_BRACKETS = re.compile(r"[\[({\])}]")
_COLLECTION = 7
_DIMENSIONS = (0, 1000, 2000, 3000, *(flags << 29 for flags in range(1, 8)))
"""How the kinds with altitude, measure or reference system are numbered, in both dialects of WKB."""


def check_geometry(text: str, clause: str) -> None:
    """ODSQLError when the text is none of the three, or is nested so deeply that reading it would be unsafe."""
    stripped = text.strip()
    if _HEX.fullmatch(stripped):
        if _collections(bytes.fromhex(stripped)) <= MAX_DEPTH:
            return
    elif (stripped.startswith("{") or _WKT.fullmatch(stripped)) and _depth(stripped) <= MAX_DEPTH:
        return
    raise ODSQLError(
        reason=Sentence("« {text} » n’est pas une géométrie (WKT, WKB ou GeoJSON)", {"text": text.strip()[:60]}),
        clause=clause,
    )


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket[0] in "[({" else -1
        deepest = max(deepest, depth)
    return deepest


def _collections(content: bytes) -> int:
    """How many collections are at the head of a geometry, one directly in the other or after simple ones.

    Counting every header that reads as a collection is more than the depth, never less.
    """
    count = 0
    for order, pattern in ((b"\x01", "<I"), (b"\x00", ">I")):
        marks = {order + struct.pack(pattern, _COLLECTION + extra) for extra in _DIMENSIONS}
        count += sum(content.count(mark) for mark in marks)
    return count
