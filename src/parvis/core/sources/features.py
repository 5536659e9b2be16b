"""Features of services as GeoJSON by line: what is one, in which order its coordinates are, and what goes to the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from parvis.core.sources.answers import unreadable
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.values import Box, mapping, rows, short
from parvis.core.translation import gettext_noop

PAGE: Final = 1_000
"""Features that are asked at once."""
MARGIN: Final = 0.5
"""Degrees around the rectangle of a layer within which its points may lie."""
_SAMPLE: Final = 500
_NOT_FEATURES = gettext_noop("aucune liste « features » de GeoJSON n’y est")


def features_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The features of a collection; SourceRefuses when the server tells an error, UnreadableAnswer when there is no list."""
    listed = body.get("features")
    if not isinstance(listed, list):
        error = (
            body.get("error")
            or body.get("exceptions")
            or body.get("description")
            or body.get("title")
            or body.get("detail")
        )
        if error:
            detail = error if isinstance(error, str) else mapping(error).get("message") or _first(error)
            raise SourceRefuses(file="", reason=short(detail, 300) or "?")
        raise unreadable(_NOT_FEATURES)
    return rows(listed)


def _first(error: object) -> object:
    first = next(iter(rows(error)), {})
    return first.get("text") or first.get("message") or first.get("code")


def plain_feature(feature: Mapping[str, Any]) -> dict[str, Any]:
    """A feature with what a row is made of, and its identifier where its properties have none."""
    properties = mapping(feature.get("properties"))
    identifier = feature.get("id")
    if isinstance(identifier, str | int) and not isinstance(identifier, bool) and "id" not in properties:
        properties = {"id": identifier, **properties}
    geometry = feature.get("geometry")
    return {"type": "Feature", "geometry": geometry if isinstance(geometry, dict) else None, "properties": properties}


def swapped(features: Iterable[Mapping[str, Any]], box: Box | None) -> bool:
    """True when more points lie in the rectangle of their layer with latitude first than as GeoJSON wants it."""
    if box is None:
        return False
    west, south, east, north = box

    def fits(x: float, y: float) -> bool:
        return west - MARGIN <= x <= east + MARGIN and south - MARGIN <= y <= north + MARGIN

    straight = crossed = 0
    for rank, (x, y) in enumerate(_first_positions(features)):
        if rank >= _SAMPLE:
            break
        straight += fits(x, y)
        crossed += fits(y, x)
    return crossed > straight


def _first_positions(features: Iterable[Mapping[str, Any]]) -> Iterator[tuple[float, float]]:
    for feature in features:
        part = mapping(feature.get("geometry")).get("coordinates")
        while isinstance(part, list) and part and isinstance(part[0], list):
            part = part[0]
        if isinstance(part, list) and len(part) >= 2 and all(isinstance(number, int | float) for number in part[:2]):
            yield part[0], part[1]


def turned(geometry: Any) -> Any:
    """A geometry with the two numbers of each position exchanged."""
    if isinstance(geometry, dict):
        return {
            name: _turned_positions(part)
            if name == "coordinates"
            else [turned(inner) for inner in part]
            if name == "geometries" and isinstance(part, list)
            else part
            for name, part in geometry.items()
        }
    return geometry


def _turned_positions(part: Any) -> Any:
    if not isinstance(part, list):
        return part
    if part and isinstance(part[0], list):
        return [_turned_positions(inner) for inner in part]
    return [part[1], part[0], *part[2:]] if len(part) >= 2 else part
