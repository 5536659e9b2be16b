"""For tests: files of OpenStreetMap, and a town whose truth is known."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import osmium
from osmium.osm import mutable

from parvis.core.osm.entries import Row
from parvis.core.osm.features import Feature
from parvis.core.osm.mappings import themes
from parvis.core.osm.model import key_of

SAINT_ETIENNE = Path(__file__).parent / "tests" / "data" / "stationnement_velos_saint-etienne.csv"
MELUN = SAINT_ETIENNE.with_name("melun.osm.pbf")


def saint_etienne() -> list[tuple[str, Row]]:
    """Bicycle parkings of Saint-Étienne as OpenStreetMap had them: key of the object, row of the schema."""
    with SAINT_ETIENNE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    return [(key_of(row["id_osm"]), _row(number, row)) for number, row in enumerate(rows)]


def _row(number: int, row: Mapping[str, str]) -> Row:
    longitude, latitude = json.loads(row["coordonneesxy"])
    return Row(str(number), longitude, latitude, row)


def features_of(rows: Iterable[tuple[str, Row]]) -> list[Feature]:
    """The objects that these rows were made of."""
    theme = themes()["stationnement-velo"]
    return [
        Feature(
            key, row.longitude, row.latitude, {**theme.tags, **theme.expected(row.cells)}, 3, "2021-02-27T00:00:00Z"
        )
        for key, row in rows
    ]


def write_pbf(path: Path, features: Iterable[Feature], half: float = 1e-5) -> None:
    """A PBF file; ways are squares around their place, ``half`` degrees on each side, made of nodes of their own."""
    nodes: dict[int, Any] = {}
    ways: dict[int, Any] = {}
    for feature in features:
        number = int(feature.key[1:])
        facts: dict[str, Any] = {"tags": dict(feature.tags), "version": feature.version, "timestamp": feature.modified}
        if feature.key[0] == "n":
            nodes[number] = mutable.Node(id=number, location=(feature.longitude, feature.latitude), **facts)
            continue
        corners = []
        for rank, (east, north) in enumerate(((-1, -1), (1, -1), (1, 1), (-1, 1)), 1):
            longitude = (feature.longitude + east * half + 180) % 360 - 180
            place = longitude, feature.latitude + north * half
            corners.append(9_000_000_000 + number * 4 + rank)
            nodes[corners[-1]] = mutable.Node(id=corners[-1], location=place, version=1)
        ways[number] = mutable.Way(id=number, nodes=[*corners, corners[0]], **facts)
    with osmium.SimpleWriter(str(path)) as writer:
        for number in sorted(nodes):
            writer.add_node(nodes[number])
        for number in sorted(ways):
            writer.add_way(ways[number])


def drifted(rows: Iterable[tuple[str, Row]], seed: int) -> list[tuple[str, Row, str]]:
    """The file that a town might have of these: key of the object that each row is, row, what was done to it.

    Some are left out, some moved a little or far, some say another capacity, some have lost their identifier, some are new.
    """
    chance = random.Random(seed)  # noqa: S311 - the same town each time
    made: list[tuple[str, Row, str]] = []
    for key, row in rows:
        fate = chance.choices(
            ("kept", "gone", "nudged", "far", "capacity", "unnamed", "new"), (50, 12, 12, 6, 10, 6, 4)
        )[0]
        cells, longitude, latitude = dict(row.cells), row.longitude, row.latitude
        if fate == "gone":
            continue
        if fate in ("nudged", "far"):
            metres = 4 if fate == "nudged" else 120
            longitude += metres / 111_195 / 0.7
        elif fate == "capacity":
            cells["capacite"] = str(int(cells["capacite"] or 0) + 2)
        elif fate == "unnamed":
            cells["id_osm"] = ""
        elif fate == "new":
            cells["id_osm"], key = "", ""
            longitude += 0.03
        made.append((key, Row(f"L{len(made):03}", longitude, latitude, cells), fate))
    return made
