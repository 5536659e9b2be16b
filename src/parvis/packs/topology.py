"""Contours of a TopoJSON file, made into GeoJSON one at a time: a border that two areas share is stored once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.core.geo.areas import equal_area

DECIMALS = 5
"""Of a degree: about a metre."""

type Key = tuple[str, str]
type Rings = Sequence[Sequence[int]]
type Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A contour as a database keeps it: GeoJSON text, the box around it in degrees, its area in square kilometres."""

    geojson: str
    box: Box
    area: float


class Contours(Mapping[Key, dict[str, Any]]):
    """GeoJSON geometries in WGS 84 by kind and code of territory.

    What is held is numbers in one array; a geometry is made when it is read, and belongs to who reads it.
    """

    def __init__(self, path: Path) -> None:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            source = json.load(stream)
        self._objects: dict[Key, Mapping[str, Any]] = {
            (kind, item["id"]): item for kind, group in source["objects"].items() for item in group["geometries"]
        }
        self._ends = np.cumsum([0, *map(len, source["arcs"])])
        steps = np.array([step for arc in source["arcs"] for step in arc], np.int64)
        sums = np.concatenate(([[0, 0]], np.cumsum(steps, axis=0)))
        starts = np.repeat(sums[self._ends[:-1]], np.diff(self._ends), axis=0)  # each arc starts from nought again
        scale, shift = (np.array(source["transform"][name]) for name in ("scale", "translate"))
        self._places = np.round((sums[1:] - starts) * scale + shift, DECIMALS)

    def __getitem__(self, key: Key) -> dict[str, Any]:
        item = self._objects[key]
        polygons = [[self._ring(ring) for ring in polygon] for polygon in _polygons(item)]
        return {"type": item["type"], "coordinates": polygons if item["type"] == "MultiPolygon" else polygons[0]}

    def __iter__(self) -> Iterator[Key]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def __contains__(self, key: object) -> bool:
        return key in self._objects

    def arc(self, number: int) -> NDArray[np.float64]:
        """The places of an arc, longitude and latitude; backwards for a number below nought (TopoJSON 1.0, 2.1.4)."""
        forward = number if number >= 0 else ~number
        arc = self._places[self._ends[forward] : self._ends[forward + 1]]
        return arc if number >= 0 else arc[::-1]

    def outlines(self) -> Iterator[tuple[Key, Outline]]:
        """Every contour as a database keeps it; reckoned by arcs, which is five times quicker than by contours."""
        texts = [[f"[{x},{y}]" for x, y in self.arc(number).tolist()] for number in range(len(self._ends) - 1)]
        least, most = (reckon.reduceat(self._places, self._ends[:-1]) for reckon in (np.minimum, np.maximum))
        swept = self._swept()
        for key, item in self._objects.items():
            used = [
                number if number >= 0 else ~number for polygon in _polygons(item) for ring in polygon for number in ring
            ]
            (west, south), (east, north) = least[used].min(axis=0).tolist(), most[used].max(axis=0).tolist()
            yield key, Outline(_text(item, texts), (west, south, east, north), _area(item, swept))

    def _swept(self) -> list[float]:
        """Twice the area that each arc sweeps as seen from the origin: those of a ring make up its area."""
        x, y = equal_area(self._places).T
        pieces = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)
        pieces[self._ends[1:] - 1] = 0.0  # from one arc to the next
        swept: list[float] = np.add.reduceat(pieces, self._ends[:-1]).tolist()
        return swept

    def _ring(self, numbers: Sequence[int]) -> list[list[float]]:
        places: list[list[float]] = []
        for number in numbers:
            places += self.arc(number)[1 if places else 0 :].tolist()
        return places


def _polygons(item: Mapping[str, Any]) -> Sequence[Rings]:
    polygons: Sequence[Rings] = item["arcs"] if item["type"] == "MultiPolygon" else [item["arcs"]]
    return polygons


def _text(item: Mapping[str, Any], texts: Sequence[Sequence[str]]) -> str:
    polygons = ("[" + ",".join(_ring_text(ring, texts) for ring in polygon) + "]" for polygon in _polygons(item))
    coordinates = ",".join(polygons)
    if item["type"] == "MultiPolygon":
        coordinates = f"[{coordinates}]"
    return f'{{"type":"{item["type"]}","coordinates":{coordinates}}}'


def _ring_text(numbers: Sequence[int], texts: Sequence[Sequence[str]]) -> str:
    places: list[str] = []
    for number in numbers:
        arc = texts[number] if number >= 0 else texts[~number][::-1]
        places += arc[1:] if places else arc
    return f"[{','.join(places)}]"


def _area(item: Mapping[str, Any], swept: Sequence[float]) -> float:
    area = 0.0
    for polygon in _polygons(item):
        for rank, ring in enumerate(polygon):
            own = abs(sum(swept[number] if number >= 0 else -swept[~number] for number in ring)) / 2
            area += own if rank == 0 else -own
    return area
