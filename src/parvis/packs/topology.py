"""Contours of a TopoJSON file, made into GeoJSON one at a time: a border that two areas share is stored once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

DECIMALS = 5
"""Of a degree: about a metre."""

type Key = tuple[str, str]


class Contours(Mapping[Key, dict[str, Any]]):
    """GeoJSON geometries in WGS 84 by kind and code of territory.

    What is held is numbers in two arrays; a geometry is made when it is read, and belongs to who reads it.
    """

    def __init__(self, path: Path) -> None:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            source = json.load(stream)
        self._objects: dict[Key, Mapping[str, Any]] = {
            (kind, item["id"]): item for kind, group in source["objects"].items() for item in group["geometries"]
        }
        self._ends = np.cumsum([0, *map(len, source["arcs"])])
        self._places = np.empty((self._ends[-1], 2), np.float64)
        scale, shift = (np.array(source["transform"][name]) for name in ("scale", "translate"))
        for number, arc in enumerate(source["arcs"]):
            places = np.cumsum(np.array(arc, np.int64), axis=0)
            self._places[self._ends[number] : self._ends[number + 1]] = np.round(places * scale + shift, DECIMALS)

    def __getitem__(self, key: Key) -> dict[str, Any]:
        item = self._objects[key]
        if item["type"] == "Polygon":
            return {"type": "Polygon", "coordinates": [self._ring(ring) for ring in item["arcs"]]}
        polygons = [[self._ring(ring) for ring in polygon] for polygon in item["arcs"]]
        return {"type": "MultiPolygon", "coordinates": polygons}

    def __iter__(self) -> Iterator[Key]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def __contains__(self, key: object) -> bool:
        return key in self._objects

    def arcs(self) -> Iterator[tuple[Key, int]]:
        """Each territory with the numbers of the arcs that it is made of: two that share a border share a number."""
        for key, item in self._objects.items():
            polygons = [item["arcs"]] if item["type"] == "Polygon" else item["arcs"]
            for polygon in polygons:
                for ring in polygon:
                    yield from ((key, number if number >= 0 else ~number) for number in ring)

    def arc(self, number: int) -> np.ndarray[Any, Any]:
        """The places of an arc, longitude and latitude; backwards for a number below nought."""
        return self._arc(number)

    def _ring(self, numbers: Sequence[int]) -> list[list[float]]:
        places: list[list[float]] = []
        for number in numbers:
            places += self._arc(number)[1 if places else 0 :].tolist()
        return places

    def _arc(self, number: int) -> np.ndarray[Any, Any]:
        """A number below nought is an arc taken backwards (TopoJSON 1.0, 2.1.4)."""
        forward = number if number >= 0 else ~number
        arc = self._places[self._ends[forward] : self._ends[forward + 1]]
        return arc if number >= 0 else arc[::-1]
