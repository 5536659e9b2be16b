"""Answers of Overpass as JSON, in the shapes that people save: with centres, boxes, shapes, or the nodes apart."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from parvis.core.osm.errors import ExtractTooLarge, PartialAnswer
from parvis.core.osm.features import Change, clean, fits, placed
from parvis.core.osm.model import key_of
from parvis.core.translation import Sentence

MOST_JSON = 100_000_000
"""Bytes of an answer of Overpass, which is read whole: larger ones are asked as PBF from elsewhere."""
type Place = tuple[float, float]
type _Elements = Mapping[tuple[str, int], Mapping[str, Any]]


def changes_of_answer(source: Path, tags: Mapping[str, str], name: str) -> Iterator[Change]:
    """The objects of an answer that have ``tags``, each placed by what the answer says of it.

    Raises ExtractTooLarge, PartialAnswer; ValueError, KeyError, TypeError, ArithmeticError, AttributeError for what is no answer.
    """
    answer = _read(source, name)
    elements = answer["elements"]
    if not isinstance(elements, list):
        raise TypeError("no elements")
    if "error" in str(answer.get("remark", "")).lower():
        raise PartialAnswer(file=name)
    named = {(element["type"], element["id"]): element for element in elements}
    for element in elements:
        key = key_of(f"{element['type']}/{element['id']}")
        own = element.get("tags") or {}
        if key and isinstance(own, dict) and fits(own, tags):
            places = _places(element, named)
            version = int(element.get("version") or 0)
            shown, whole = clean(own.items(), version)
            modified = str(element.get("timestamp") or "")[:25]
            feature = placed(key, places, shown, whole, modified)
            yield Change(key, version, feature, is_placed=bool(places))


def _read(source: Path, name: str) -> Any:
    with source.open("rb") as stream:
        is_packed = stream.read(2) == b"\x1f\x8b"
    with (gzip.open if is_packed else open)(source, "rb") as stream:
        body = stream.read(MOST_JSON + 1)
    if len(body) > MOST_JSON:
        raise ExtractTooLarge(file=name, limit=Sentence("100 Mo de JSON"))
    return json.loads(body)


def _places(element: Mapping[str, Any], named: _Elements, depth: int = 0) -> list[Place]:
    """Corners of what an answer says of where an object is: a point, a centre, a box, a shape, or the nodes and members listed apart."""
    if element.get("lat") is not None:
        return _valid([(element["lon"], element["lat"])])
    if center := element.get("center"):
        return _valid([(center["lon"], center["lat"])])
    if bounds := element.get("bounds"):
        return _valid([(bounds["minlon"], bounds["minlat"]), (bounds["maxlon"], bounds["maxlat"])])
    if shape := element.get("geometry"):  # corners outside the box that was asked for are null
        return _valid([(point["lon"], point["lat"]) for point in shape if point])
    if depth > 1:
        return []
    parts: list[Mapping[str, Any]] = [
        named.get((member.get("type"), member.get("ref")), {}) if "geometry" not in member else member
        for member in element.get("members", ())
    ]
    parts += [named.get(("node", number), {}) for number in element.get("nodes", ())]
    return [place for part in parts for place in _places(part, named, depth + 1)]


def _valid(places: list[tuple[Any, Any]]) -> list[Place]:
    numbers = [(float(longitude), float(latitude)) for longitude, latitude in places]
    return [place for place in numbers if -180 <= place[0] <= 180 and -90 <= place[1] <= 90]
