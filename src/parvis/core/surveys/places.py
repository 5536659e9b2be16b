"""Points, lines and areas as people give them: degrees typed in two fields, an address in words, or one point a line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any

from parvis.core.surveys.bounds import read_number
from parvis.core.text import seen_text
from parvis.core.translation import Sentence, gettext_noop

MOST_POINTS = 1_000
LONGEST_ADDRESS = 255
_DECIMALS = 7
"""A centimetre: no telephone knows better."""
_PAIR = re.compile(r"(-?\d{1,3}(?:\.\d{1,15})?)[\s;,]+(-?\d{1,3}(?:\.\d{1,15})?)", re.ASCII)

type Position = tuple[float, float]
"""Longitude and latitude, as GeoJSON has them."""


class BadPlace(Exception):
    """What was given is no place; ``sentence`` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.sentence = Sentence(message)


def read_point(raw: Mapping[str, Any]) -> dict[str, Any]:
    """``latitude`` and ``longitude`` as numbers, and ``address``, those that were given; empty when nothing was. BadPlace."""
    latitude, longitude = (str(raw.get(name) or "").strip() for name in ("latitude", "longitude"))
    address = seen_text(str(raw.get("address") or ""))[:LONGEST_ADDRESS]
    place: dict[str, Any] = {"address": address} if address else {}
    if not latitude and not longitude:
        return place
    numbers = read_number(latitude), read_number(longitude)
    if numbers[0] is None or numbers[1] is None:
        raise BadPlace(gettext_noop("Donnez la latitude et la longitude en degrés : 48,63 et 2,55."))
    return {**dict(zip(("longitude", "latitude"), _position(numbers[1], numbers[0]), strict=True)), **place}


def read_path(text: str, *, is_area: bool) -> dict[str, Any] | None:
    """A line or an area in GeoJSON, from « latitude, longitude » on each line; None when nothing was given. BadPlace."""
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    if not rows:
        return None
    if len(rows) > MOST_POINTS:
        raise BadPlace(gettext_noop("Ce tracé a trop de points (1 000 au plus)."))
    positions: list[Position] = []
    for row in rows:
        match = _PAIR.fullmatch(row)
        if match is None:
            raise BadPlace(gettext_noop("Écrivez un point par ligne : 48.6301, 2.5502."))
        positions.append(_position(float(match[2]), float(match[1])))
    if is_area:
        return {"type": "Polygon", "coordinates": [_ring(positions)]}
    if len(set(positions)) < 2:
        raise BadPlace(gettext_noop("Une ligne a au moins deux points."))
    return {"type": "LineString", "coordinates": [list(position) for position in positions]}


def _ring(positions: list[Position]) -> list[list[float]]:
    """Closed, and anticlockwise as RFC 7946 wants it."""
    if len(set(positions)) < 3:
        raise BadPlace(gettext_noop("Une surface a au moins trois points."))
    if positions[0] != positions[-1]:
        positions = [*positions, positions[0]]
    area = sum((first[0] * second[1]) - (second[0] * first[1]) for first, second in itertools.pairwise(positions))
    return [list(position) for position in (positions if area >= 0 else reversed(positions))]


def _position(longitude: float, latitude: float) -> Position:
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BadPlace(gettext_noop("Cette latitude ou cette longitude n’existe pas : la latitude vient en premier."))
    return round(longitude, _DECIMALS), round(latitude, _DECIMALS)


def written_path(geometry: Mapping[str, Any]) -> str:
    """What ``read_path`` reads as that line or area."""
    coordinates = geometry["coordinates"][0][:-1] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return "\n".join(f"{latitude}, {longitude}" for longitude, latitude in coordinates)
