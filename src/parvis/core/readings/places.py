"""Points in one cell: which number is the longitude, how the pair is to be written, or that it is in metres."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parvis.core.profiling.territory import PROJECTIONS, TERRITORIES, Box, Projection
from parvis.core.readings.model import Candidate, Certainty, Settings
from parvis.core.text import SPACES

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_PAIR = re.compile(rf"({_NUMBER})\s*[,;|/ ]\s*({_NUMBER})")
_FRENCH = re.compile(r"([+-]?[0-9]+,[0-9]+)(?:\s*[;|/]\s*|\s+|,\s+)([+-]?[0-9]+,[0-9]+)")
_OBJECT = re.compile(
    rf"""\{{\s*["']?(?P<first>lon|lng|long|longitude|lat|latitude)["']?\s*:\s*["']?(?P<a>{_NUMBER})["']?\s*,\s*["']?(?:lon|lng|long|longitude|lat|latitude)["']?\s*:\s*["']?(?P<b>{_NUMBER})["']?\s*\}}"""
)
_POINT = re.compile(rf"(?:SRID=[0-9]+;)?\s*POINT\s*\(\s*({_NUMBER})\s+({_NUMBER})\s*\)", re.IGNORECASE)
_LONGEST = 120
_RIGHT = {
    "default": re.compile(rf"{_NUMBER}\s*,\s*{_NUMBER}"),
    "array": re.compile(rf"\[\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\]"),
    "object": re.compile(r'\{\s*"lon"\s*:.*,\s*"lat"\s*:.*\}'),
}
"""How each format of Table Schema looks."""


def find_pair(text: str) -> tuple[float, float, str] | None:
    """The two numbers of a cell and what says their order: ``lon-lat`` or ``lat-lon`` when the form does, else empty."""
    bare = text.strip().strip(SPACES)
    if not bare or len(bare) > _LONGEST:
        return None
    if match := _POINT.fullmatch(bare):
        return float(match[1]), float(match[2]), "lon-lat"
    if match := _OBJECT.fullmatch(bare):
        return (
            float(match["a"]),
            float(match["b"]),
            "lon-lat" if match["first"].startswith("lo") or match["first"] == "lng" else "lat-lon",
        )
    inner = bare.strip("[](){}\"' ")
    if match := _FRENCH.fullmatch(inner):
        return float(match[1].replace(",", ".")), float(match[2].replace(",", ".")), ""
    if re.search(r"[.\[;|/ ]", bare) and (match := _PAIR.fullmatch(inner)):  # « 48,85 » alone is a French number
        return float(match[1]), float(match[2]), ""
    return None


def in_boxes(longitude: float, latitude: float) -> bool:
    """True when the point is in or very near a French territory."""
    return any(_contains(box, longitude, latitude) for box in TERRITORIES)


def _contains(box: Box, x: float, y: float) -> bool:
    return box.west <= x <= box.east and box.south <= y <= box.north


def projection_of(x: float, y: float) -> Projection | None:
    """The projected system in which a pair in metres most probably is, among those that their values alone tell."""
    return next((p for p in PROJECTIONS if not p.headers and _contains(p.box, x, y)), None)


def read_point(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """The text as a point in the form of the schema: ``format`` is ``default`` (lon,lat), ``array`` or ``object``.

    A pair is turned round where only then it falls in France; pairs in metres are left to the transform that projects them.
    """
    pair = find_pair(text)
    if pair is None:
        return ()
    form = str(settings.get("format") or "default")
    right = _RIGHT.get(form, _RIGHT["default"]).fullmatch(text) is not None
    return tuple(
        Candidate(variant, point_text(lon, lat, form), sure)
        for variant, lon, lat, sure in _orders(*pair)
        if not (right and variant in ("form", "longitude-first"))
    )


def _orders(first: float, second: float, axis_order: str) -> Iterator[tuple[str, float, float, Certainty]]:
    if axis_order == "lat-lon":
        first, second = second, first
    straight, turned = in_boxes(first, second), in_boxes(second, first)
    if turned and not straight:
        yield "swapped", second, first, Certainty.SURE if not axis_order else Certainty.LIKELY
    elif straight or (axis_order and abs(first) <= 180 and abs(second) <= 90):
        yield "form", first, second, Certainty.SURE
    elif abs(first) <= 180 and abs(second) <= 90 and abs(first) > 90:
        yield "form", first, second, Certainty.LIKELY
    elif abs(first) <= 90 and abs(second) <= 90:
        yield "longitude-first", first, second, Certainty.CHOICE
        if first != second:  # the same number twice has but one order
            yield "latitude-first", second, first, Certainty.CHOICE


def number_text(value: float) -> str:
    """A coordinate without exponent nor needless zeros, to a tenth of a millimetre."""
    return f"{value:.9f}".rstrip("0").rstrip(".")


def point_text(longitude: float, latitude: float, form: str) -> str:
    """A point as Table Schema writes it in that format."""
    lon, lat = number_text(longitude), number_text(latitude)
    if form == "array":
        return f"[{lon},{lat}]"
    return f'{{"lon": {lon}, "lat": {lat}}}' if form == "object" else f"{lon},{lat}"
