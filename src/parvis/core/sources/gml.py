"""Features of GML 2, 3.1 and 3.2 as GeoJSON, for services that give nothing else: geometries, attributes, axes, projections.

A feature is read and let go before the next one comes. Curves that are not made of straight lines are refused: what would be left of
them is another geometry.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from parvis.core.formats.projecting import geometries_in_degrees
from parvis.core.sources.answers import local, unreadable, xml_answer, xml_parts
from parvis.core.translation import gettext_noop

MEMBERS: Final = ("featureMember", "featureMembers", "member")
COLLECTIONS: Final = ("FeatureCollection", "SimpleFeatureCollection")
MOST_COLUMNS: Final = 500
LONGEST_CELL: Final = 100_000
_GML = re.compile(r"^\{http://www\.opengis\.net/gml(/3\.[\d.]+)?\}")
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_HREF = "{http://www.w3.org/1999/xlink}href"
_CODE = re.compile(r"(?:epsg\.xml#|EPSG[/:]+(?:[\d.]*[/:])?)(\d{1,7})$", re.IGNORECASE)
_CRS84 = re.compile(r"\bCRS:?84$", re.IGNORECASE)
_LONGITUDE_FIRST = re.compile(r"^EPSG:\d+$|epsg\.xml#", re.IGNORECASE)
"""Ways of naming a system that put longitude, or east, first whatever the system says of itself."""
_DEGREES: Final = frozenset({4326, 4258, 4171, 4979, 4937})
_MEMBER_OF: Final = {
    "MultiPoint": ("Point", "pointMember", "pointMembers"),
    "MultiLineString": ("LineString", "lineStringMember"),
    "MultiCurve": ("LineString", "curveMember", "curveMembers"),
    "MultiPolygon": ("Polygon", "polygonMember"),
    "MultiSurface": ("Polygon", "surfaceMember", "surfaceMembers"),
    "CompositeSurface": ("Polygon", "surfaceMember"),
    "MultiGeometry": ("", "geometryMember", "geometryMembers"),
}
_SURFACES: Final = ("Surface", "PolyhedralSurface", "TriangulatedSurface", "Tin")
_SIMPLE: Final = frozenset(
    {"Point", "LineString", "LinearRing", "Polygon", "PolygonPatch", "Triangle", "Rectangle", "Envelope", "Box"}
)
_STRAIGHT: Final = frozenset({"Curve", "CompositeCurve", "OrientableCurve", "OrientableSurface", "Ring", *_SURFACES})
_CURVED = gettext_noop("une géométrie a des courbes (« {name} »), qui ne peuvent pas être lues sans la déformer")
_BROKEN = gettext_noop("une géométrie « {name} » n’a pas de coordonnées lisibles")
_NO_SYSTEM = gettext_noop("le système de coordonnées « {name} » n’est pas connu")

type Ring = list[list[float]]


class Curved(Exception):
    """A geometry that straight lines do not make."""


@dataclass
class Collection:
    """What an answer holds: features with their coordinates as written, and the name of the system that each was written in."""

    features: list[dict[str, Any]] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)
    matched: int | None = None
    root: str = ""


def read_collection(answer: Path, kinds: Mapping[str, str], system: str = "") -> Collection:
    """The features of an answer; ``kinds`` types attributes by name (``int``, ``float``, ``bool``), ``system`` is that of the layer."""
    collection, default = Collection(), [system]

    def take(element: Element) -> None:
        name = local(element)
        if _GML.match(element.tag) and name in ("Envelope", "Box", "null", "Null"):
            default[0] = element.get("srsName", "") or default[0]
            return
        feature, own = _feature(element, kinds, default[0])
        collection.features.append(feature)
        collection.systems.append(own)

    collection.root, attributes = xml_parts(answer, (*MEMBERS, "boundedBy"), COLLECTIONS, take)
    matched = attributes.get("numberMatched", "")
    collection.matched = int(matched) if re.fullmatch(r"\d{1,12}", matched) else None
    return collection


def attribute_kinds(answer: Path) -> dict[str, str]:
    """The types of attributes by name, as an XML schema declares them; names that it types in two ways are left out."""
    root = xml_answer(answer)
    kinds: dict[str, str] = {}
    for element in root.iter():
        if local(element) != "element" or not (name := element.get("name", "")):
            continue
        word = element.get("type", "") or next(
            (part.get("base", "") for part in element.iter() if local(part) in ("restriction", "extension")), ""
        )
        kind = _KINDS.get(word.rpartition(":")[2].lower(), "text")
        kinds[name] = kind if kinds.get(name, kind) == kind else "text"
    return {name: kind for name, kind in list(kinds.items())[:MOST_COLUMNS] if kind != "text"}


_KINDS: Final = {
    **dict.fromkeys(
        ("int", "integer", "long", "short", "byte", "nonnegativeinteger", "positiveinteger", "unsignedint"), "int"
    ),
    **dict.fromkeys(("unsignedlong", "unsignedshort"), "int"),
    **dict.fromkeys(("decimal", "double", "float"), "float"),
    "boolean": "bool",
}


def in_degrees(collection: Collection) -> list[dict[str, Any]]:
    """The features in degrees, longitude first; UnreadableAnswer or UnknownProjection for a system that nobody knows."""
    by_system: dict[str, list[int]] = {}
    for rank, system in enumerate(collection.systems):
        if collection.features[rank]["geometry"] is not None:
            by_system.setdefault(system, []).append(rank)
    features = list(collection.features)
    for system, ranks in by_system.items():
        code, is_east_first = system_of(system)
        if not system and any(
            abs(number) > 180 for rank in ranks for number in first_position(features[rank]["geometry"])
        ):
            raise unreadable(_NO_SYSTEM, name="?")
        if code in _DEGREES:
            if not is_east_first:
                for rank in ranks:
                    features[rank] = {**features[rank], "geometry": turned(features[rank]["geometry"])}
            continue
        shapes = [json.dumps(features[rank]["geometry"]) for rank in ranks]
        moved = geometries_in_degrees(shapes, code, is_east_first=is_east_first)
        for rank, geometry in zip(ranks, moved, strict=True):
            features[rank] = {**features[rank], "geometry": json.loads(geometry)}
    return features


def system_of(name: str) -> tuple[int, bool]:
    """The EPSG code of a system, and whether its name puts longitude or east first; UnreadableAnswer for one without a code."""
    name = name.strip()
    if not name or _CRS84.search(name):
        return 4326, True
    match = _CODE.search(name)
    if match is None:
        raise unreadable(_NO_SYSTEM, name=name[:100])
    code = int(match[1])
    return (3857 if code == 900913 else code), bool(_LONGITUDE_FIRST.search(name))


def first_position(geometry: Any) -> list[float]:
    """The first position of a geometry."""
    while geometry["type"] == "GeometryCollection":
        geometry = geometry["geometries"][0]
    part = geometry["coordinates"]
    while isinstance(part[0], list):
        part = part[0]
    return list(part)


def turned(geometry: Any) -> Any:
    """A geometry with the two numbers of each position exchanged."""
    if geometry["type"] == "GeometryCollection":
        return {**geometry, "geometries": [turned(part) for part in geometry["geometries"]]}
    return {**geometry, "coordinates": _turned(geometry["coordinates"])}


def _turned(part: Any) -> Any:
    return [_turned(inner) for inner in part] if isinstance(part[0], list) else [part[1], part[0]]


def _feature(element: Element, kinds: Mapping[str, str], default: str) -> tuple[dict[str, Any], str]:
    properties: dict[str, Any] = {}
    geometry: dict[str, Any] | None = None
    system = default
    identifier = element.get("fid", "") or next((value for key, value in element.attrib.items() if _GML.match(key)), "")
    for part in element:
        name = local(part)
        if name == "boundedBy" and _GML.match(part.tag):
            system = next((box.get("srsName", "") for box in part), "") or system
            continue
        shape = next((inner for inner in part if _is_geometry(inner)), None)
        if shape is None:
            for key, text in _cells(part, name):
                _put(properties, key, _typed(text, kinds.get(key, "")))
        elif geometry is None:
            geometry, own = _shape(shape), _system_within(shape)
            system = own or system
    if identifier and "id" not in properties:
        properties = {"id": identifier, **properties}
    return {"type": "Feature", "geometry": geometry, "properties": properties}, system


def _put(properties: dict[str, Any], key: str, value: Any) -> None:
    if key in properties:
        former = properties[key]
        properties[key] = [*(former if isinstance(former, list) else [former]), value][:1_000]
    elif len(properties) < MOST_COLUMNS:
        properties[key] = value


def _cells(part: Element, name: str, level: int = 0) -> Iterator[tuple[str, str]]:
    """The texts of a property, those of what it holds under names joined by dots."""
    if len(part) == 0:
        text = (part.text or "").strip()[:LONGEST_CELL]
        nil = part.get(_NIL, "") in ("true", "1")
        yield name, "" if nil else text or part.get(_HREF, "")[:LONGEST_CELL]
    elif level < 10:
        for inner in part:
            # an object between two properties adds nothing to the name
            below = name if local(inner)[:1].isupper() else f"{name}.{local(inner)}"
            yield from _cells(inner, below[:200], level + 1)


def _typed(text: str, kind: str) -> Any:
    if not text:
        return None
    try:
        match kind:
            case "int" if re.fullmatch(r"[+-]?(0|[1-9]\d{0,18})", text):
                return int(text)
            case "float" if math.isfinite(number := float(text)):
                return number
            case "bool" if text in ("true", "false", "1", "0"):
                return text in ("true", "1")
    except ValueError:
        pass
    return text


def _is_geometry(element: Element) -> bool:
    name = local(element)
    return bool(_GML.match(element.tag)) and (
        name in _SIMPLE or name in _STRAIGHT or name in _MEMBER_OF or name == "Solid"
    )


def _system_within(element: Element) -> str:
    """The system that a geometry names, itself or in its first part."""
    return next((system for part in element.iter() if (system := part.get("srsName", ""))), "")


def _shape(element: Element) -> dict[str, Any] | None:
    """The geometry, None for one that is empty; UnreadableAnswer for curves and for coordinates that are no numbers."""
    try:
        return _geometry(element, _dimension(element))
    except Curved as curved:
        raise unreadable(_CURVED, name=str(curved)[:50]) from curved
    except (ValueError, IndexError) as error:
        raise unreadable(_BROKEN, name=local(element)[:50]) from error


def _dimension(element: Element) -> int:
    declared = next(
        (text for part in element.iter() if (text := part.get("srsDimension", "") or part.get("dimension", ""))), ""
    )
    return int(declared) if declared in ("2", "3", "4") else 0


def _geometry(element: Element, dimension: int) -> dict[str, Any] | None:
    name = local(element)
    if name in _MEMBER_OF:
        return _many(element, name, dimension)
    match name:
        case "Point":
            points = _positions(element, dimension)
            return {"type": "Point", "coordinates": points[0]} if points else None
        case "LineString" | "Curve" | "CompositeCurve" | "OrientableCurve":
            line = _line(element, dimension)
            return {"type": "LineString", "coordinates": line} if len(line) > 1 else None
        case "Polygon" | "PolygonPatch" | "Triangle" | "Rectangle" | "Envelope" | "Box":
            rings = _rings(element, dimension)
            return {"type": "Polygon", "coordinates": rings} if rings else None
        case _ if name in (*_SURFACES, "OrientableSurface"):
            polygons = [rings for part in _patches(element) if (rings := _rings(part, dimension))]
            return _single_or_multi("Polygon", polygons)
    raise Curved(name)


def _many(element: Element, name: str, dimension: int) -> dict[str, Any] | None:
    kind, *members = _MEMBER_OF[name]
    parts = [
        geometry
        for member in element
        if local(member) in members
        for part in member
        if (geometry := _geometry(part, dimension)) is not None
    ]
    if not kind:
        return {"type": "GeometryCollection", "geometries": parts} if parts else None
    coordinates: list[Any] = []
    for part in parts:
        coordinates += part["coordinates"] if part["type"].startswith("Multi") else [part["coordinates"]]
    return {"type": f"Multi{kind}", "coordinates": coordinates} if coordinates else None


def _single_or_multi(kind: str, parts: list[Any]) -> dict[str, Any] | None:
    if not parts:
        return None
    return (
        {"type": kind, "coordinates": parts[0]} if len(parts) == 1 else {"type": f"Multi{kind}", "coordinates": parts}
    )


def _patches(element: Element) -> Iterator[Element]:
    for part in element:
        if local(part) in ("patches", "polygonPatches", "trianglePatches", "baseSurface"):
            for patch in part:
                if local(patch) in (*_SURFACES, "OrientableSurface"):
                    yield from _patches(patch)
                elif local(patch) in _SIMPLE:
                    yield patch
                else:
                    raise Curved(local(patch))


def _line(element: Element, dimension: int) -> Ring:
    """The positions of a line, of a ring, or of what curves are made of, each end once."""
    name = local(element)
    if name in ("LineString", "LinearRing", "LineStringSegment"):
        return _positions(element, dimension)
    if name not in ("Curve", "CompositeCurve", "OrientableCurve", "Ring"):
        raise Curved(name)
    line: Ring = []
    for part in element:
        if local(part) in ("segments", "curveMember", "baseCurve"):
            for inner in part:
                added = _line(inner, dimension)
                line += added[1:] if line and added and line[-1] == added[0] else added
    return line[::-1] if name == "OrientableCurve" and element.get("orientation") == "-" else line


def _rings(element: Element, dimension: int) -> list[Ring]:
    if local(element) in ("Envelope", "Box"):
        corners = _positions(element, dimension)
        (west, south), (east, north) = corners[0], corners[1]
        return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]
    outer = [
        _line(ring, dimension) for part in element if local(part) in ("exterior", "outerBoundaryIs") for ring in part
    ]
    inner = [
        _line(ring, dimension) for part in element if local(part) in ("interior", "innerBoundaryIs") for ring in part
    ]
    rings = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in [*outer[:1], *inner] if len(ring) > 2]
    return rings if outer and outer[0] else []


def _positions(element: Element, dimension: int) -> Ring:
    """Positions in two dimensions, however they are written."""
    numbers: list[float] = []
    points: Ring = []
    for part in element:
        name, text = local(part), part.text or ""
        match name:
            case "pos" | "lowerCorner" | "upperCorner":
                if values := [float(word) for word in text.split()]:
                    points.append([values[0], values[1]])
            case "posList":
                numbers += map(float, text.split())
            case "coordinates":
                points += _written(part, text)
            case "coord":
                points.append(
                    [float(next(inner.text or "" for inner in part if local(inner) == axis)) for axis in ("X", "Y")]
                )
            case "pointProperty" | "pointRep":
                points += [point for inner in part for point in _positions(inner, dimension)]
    if numbers:
        step = dimension or (3 if len(numbers) % 2 and len(numbers) % 3 == 0 else 2)
        if len(numbers) % step:
            raise ValueError(len(numbers))
        points += [[numbers[rank], numbers[rank + 1]] for rank in range(0, len(numbers), step)]
    if not all(math.isfinite(number) for point in points for number in point):
        raise ValueError("inf")
    return points


def _written(part: Element, text: str) -> Ring:
    """``coordinates`` of GML 2, with the signs that they declare."""
    decimal, comma, blank = part.get("decimal", "."), part.get("cs", ","), part.get("ts", " ")
    if decimal != ".":
        text = text.replace(decimal, ".") if comma != decimal else text
    tuples = text.split() if not blank.strip() else [row for row in text.split(blank) if row.strip()]
    rows = [row.split(comma) if comma.strip() else row.split() for row in tuples]
    return [[float(row[0]), float(row[1])] for row in rows]
