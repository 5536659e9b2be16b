"""Formats of texts: e-mail, URI, UUID, base 64, GeoJSON, TopoJSON, durations. Each says yes or no to one value.

The verdicts are those of the libraries that the reference implementation of Table Schema calls, written anew; the oracle tests
compare them on random texts.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_LATIN = "\u0100-\u017f\u0180-\u024f\u00a0-\u00ff"
_ATOM = rf"[{_LATIN}0-9a-z!#$%&'*+/=?^_`{{}}|~\-]+"
_LOCAL = re.compile(
    rf"(?:^[{_LATIN}]|{_ATOM}(?:\.{_ATOM})*$"
    rf'|^"(?:[{_LATIN}\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\t.])*")$',
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z]$", re.IGNORECASE)
_ODD_DOMAIN = re.compile(r"\s|__+")
_DURATION = re.compile(
    r"^(?P<sign>[+-])?P(?!\b)(?P<years>[0-9]+(?:[,.][0-9]+)?Y)?(?P<months>[0-9]+(?:[,.][0-9]+)?M)?"
    r"(?P<weeks>[0-9]+(?:[,.][0-9]+)?W)?(?P<days>[0-9]+(?:[,.][0-9]+)?D)?"
    r"(?:T(?P<hours>[0-9]+(?:[,.][0-9]+)?H)?(?P<minutes>[0-9]+(?:[,.][0-9]+)?M)?(?P<seconds>[0-9]+(?:[,.][0-9]+)?S)?)?$"
)

type Duration = tuple[Decimal, dt.timedelta]
"""Months (years count twelve) and the rest, which is exact."""


def is_uri(text: str) -> bool:
    """Only a scheme is asked for: ``mailto:x``, ``htp:/x`` and inner spaces pass (RFC 3986 names are not checked further)."""
    return _SCHEME.match(text) is not None


def is_email(text: str) -> bool:
    """One @, a local part of at most 64 signs, a domain name with a dot (RFC 5321, extended with Latin letters)."""
    if text.count("@") != 1:
        return False
    local, domain = text.split("@")
    if len(local) > 64 or len(domain) > 253 or _LOCAL.match(local) is None:
        return False
    return _is_domain(domain)


def _is_domain(domain: str) -> bool:
    if not domain or _ODD_DOMAIN.search(domain):
        return False
    try:
        encoded = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(encoded.rstrip(".")) <= 253 and _DOMAIN.match(encoded) is not None


def is_uuid(text: str) -> bool:
    """32 hexadecimal digits, with or without hyphens, braces or ``urn:uuid:`` (RFC 9562)."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def is_binary(text: str) -> bool:
    """Base 64, signs out of its alphabet being skipped."""
    try:
        base64.b64decode(text)
    except (binascii.Error, ValueError):
        return False
    return True


def parse_duration(text: str) -> Duration | None:
    """An ISO 8601 duration (``P1Y2M3DT4H``), or None; also in its calendar form (``P2020-01-02T03:04:05``)."""
    match = _DURATION.match(text)
    if match is None:
        return _calendar_duration(text)
    numbers = {
        name: (part or "0n")[:-1].replace(",", ".") for name, part in match.groupdict().items() if name != "sign"
    }
    sign = -1 if match["sign"] == "-" else 1
    try:
        rest = dt.timedelta(**{name: float(numbers[name]) for name in ("weeks", "days", "hours", "minutes", "seconds")})
        return sign * (Decimal(numbers["years"]) * 12 + Decimal(numbers["months"])), sign * rest
    except (OverflowError, ValueError, ArithmeticError):
        return None


def _calendar_duration(text: str) -> Duration | None:
    if not text.startswith("P") or "T" not in text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text[1:])
    except ValueError:
        return None
    rest = dt.timedelta(moment.day, moment.second, moment.microsecond, 0, moment.minute, moment.hour)
    return Decimal(moment.year * 12 + moment.month), rest


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _all(test: Callable[[Any], bool], least: int = 0) -> Callable[[Any], bool]:
    """A list of at least ``least`` items, each of which passes ``test``."""
    return lambda value: isinstance(value, list) and len(value) >= least and all(test(item) for item in value)


def _is_position(value: object) -> bool:
    """Exactly two numbers: the profile that validators use refuses an altitude."""
    return isinstance(value, list) and len(value) == 2 and all(_is_number(item) for item in value)


_LINE = _all(_is_position, 2)
_RINGS = _all(_all(_is_position, 4))
_COORDINATES: Mapping[str, Callable[[Any], bool]] = {
    "Point": _is_position,
    "MultiPoint": _all(_is_position),
    "LineString": _LINE,
    "MultiLineString": _all(_LINE),
    "Polygon": _RINGS,
    "MultiPolygon": _all(_RINGS),
}


def _is_geometry(value: object) -> bool:
    if not isinstance(value, dict) or "coordinates" not in value:
        return False
    test = _COORDINATES.get(value["type"]) if isinstance(value.get("type"), str) else None
    return test is not None and test(value["coordinates"])


def _is_feature(value: object) -> bool:
    if not isinstance(value, dict):
        return True  # the profile says nothing of what is no object
    if "geometry" not in value or "properties" not in value or value.get("type", "Feature") != "Feature":
        return False
    shaped = value["geometry"] is None or _is_geometry(value["geometry"])
    return shaped and (value["properties"] is None or isinstance(value["properties"], dict))


def _is_crs(value: object) -> bool:
    if value is None:
        return False  # allowed by type, then refused by both of its forms
    if not isinstance(value, dict) or set(value) != {"type", "properties"} or not isinstance(value["properties"], dict):
        return False
    properties = value["properties"]
    if value["type"] == "name":
        return set(properties) == {"name"} and isinstance(properties["name"], str)
    return (
        value["type"] == "link"
        and isinstance(properties.get("href"), str)
        and isinstance(properties.get("type", ""), str)
    )


def is_geojson(value: Mapping[str, Any]) -> bool:
    """A GeoJSON object (RFC 7946, in two dimensions) as the profile of Table Schema validators describes it."""
    if "crs" in value and not _is_crs(value["crs"]):
        return False
    if "bbox" in value and not _all(_is_number)(value["bbox"]):
        return False
    match value.get("type"):
        case "Feature":
            return _is_feature(value)
        case "FeatureCollection":
            return _all(_is_feature)(value.get("features"))
        case "GeometryCollection":
            return _all(_is_geometry)(value.get("geometries"))
        case _:
            return _is_geometry(value)


def _is_index(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


_NUMBERS = _all(_is_number, 2)
_ARCS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "Point": ("coordinates", _NUMBERS),
    "MultiPoint": ("coordinates", _all(_NUMBERS)),
    "LineString": ("arcs", _all(_is_index)),
    "MultiLineString": ("arcs", _all(_all(_is_index))),
    "Polygon": ("arcs", _all(_all(_is_index))),
    "MultiPolygon": ("arcs", _all(_all(_all(_is_index)))),
    "GeometryCollection": ("geometries", lambda value: _all(_is_topology_geometry)(value)),
}


def _is_topology_geometry(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("type"), str) or value["type"] not in _ARCS:
        return False
    if "id" in value and not (isinstance(value["id"], str) or _is_index(value["id"])):
        return False
    if not isinstance(value.get("properties", {}), dict):
        return False
    key, test = _ARCS[value["type"]]
    return key in value and test(value[key])


def is_topojson(value: Mapping[str, Any]) -> bool:
    """A TopoJSON topology or geometry."""
    bbox = value.get("bbox", [[], []])
    if not (isinstance(bbox, list) and len(bbox) == 2 and all(_all(_is_number)(item) for item in bbox)):
        return False
    if value.get("type") != "Topology":
        return _is_topology_geometry(value)
    objects, transform = value.get("objects"), value.get("transform")
    if not isinstance(objects, dict) or not all(_is_topology_geometry(item) for item in objects.values()):
        return False
    if "transform" in value and not (
        isinstance(transform, dict) and all(_NUMBERS(transform.get(key)) for key in ("scale", "translate"))
    ):
        return False
    return _all(_all(lambda item: item is None or _NUMBERS(item), 2))(value.get("arcs"))


TEXT_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "email": is_email,
    "uri": is_uri,
    "uuid": is_uuid,
    "binary": is_binary,
}
OBJECT_FORMATS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {"default": is_geojson, "topojson": is_topojson}
