"""A real file of a town, drifted, against an extract read from PBF: each verdict is that of a second conflation (``oracle``)."""

from __future__ import annotations

import random
from dataclasses import replace

import osmium
import pytest

from parvis.core.osm.conflation import conflate
from parvis.core.osm.conflation import likeness as measured_likeness
from parvis.core.osm.entries import entry_of, object_of
from parvis.core.osm.extracts import Selection, extract
from parvis.core.osm.factories import MELUN, drifted, features_of, saint_etienne, write_pbf
from parvis.core.osm.features import read_csv
from parvis.core.osm.mappings import themes
from parvis.core.osm.tests.oracle import Thing, likeness, verdicts

THEME = themes()["stationnement-velo"]
HALF = 0.0006
"""Degrees: areas are some 130 metres high."""
PLACES = {
    "Saint-Étienne": (4.39, 45.44, 1),
    "La Réunion": (55.45, -20.88, 1),
    "Guyane": (-52.33, 4.92, 1),
    "the line where dates change, crowded": (180, -13.28, 0.05),
    "a pole": (0, 89.98, 0.1),
}
"""Where the town is set down: its middle, and how much smaller it is."""


def set_down(thing, middle: tuple[float, float, float]):
    """The same thing somewhere else."""
    east, north, scale = middle
    longitude = east + (thing.longitude - 4.39) * scale
    latitude = north + (thing.latitude - 45.44) * scale
    return replace(thing, longitude=round((longitude + 180) % 360 - 180, 7), latitude=round(latitude, 7))


@pytest.mark.parametrize("distance", [4.0, 50.0, 600.0])
@pytest.mark.parametrize("place", PLACES)
def test_each_verdict_is_that_of_a_conflation_made_apart(tmp_path, place, distance):
    theme = replace(THEME, distance=distance, moved=min(distance, 20.0))
    real = saint_etienne()
    write_pbf(tmp_path / "e.osm.pbf", [set_down(feature, PLACES[place]) for feature in features_of(real)], HALF)
    extract(tmp_path / "e.osm.pbf", tmp_path / "e.csv", Selection(dict(THEME.tags)), "e.osm.pbf")
    features = list(read_csv(tmp_path / "e.csv"))
    chance, rows = random.Random(place), []
    for _key, row, _fate in drifted(real, seed=14):
        reference = row.cells["id_osm"] if chance.random() < 0.5 else ""
        copies = 2 if chance.random() < 0.06 else 1  # a line twice: its reference settles nothing
        for number in range(copies):
            cells = {**row.cells, "id_osm": reference}
            rows.append(set_down(replace(row, key=f"{row.key}-{number}", cells=cells), PLACES[place]))
    town = [entry_of(row, theme) for row in rows]
    osm = [object_of(f, theme) for f in features]

    expected = verdicts(
        [_row(row) for row in rows],
        [Thing(f.key, f.longitude, f.latitude, "", (f.key,), _capacity(f), _half(f)) for f in features],
        theme.distance,
        theme.moved,
    )
    assert {(f.ours, f.theirs): str(f.verdict) for f in conflate(town, osm, theme).findings} == expected
    assert len(set(expected.values())) >= 4


def _half(feature) -> float:
    """Of what crosses the line where dates change, the middle alone is known."""
    return HALF if feature.key[0] == "w" and abs(feature.longitude) + HALF <= 180 else 0.0


def _capacity(feature) -> tuple[tuple[str, str], ...]:
    return (("capacity", feature.tags.get("capacity", "")),)


def _row(row) -> Thing:
    kind, _slash, number = row.cells["id_osm"].partition("/")
    capacity = row.cells["capacite"]
    values = (("capacity", capacity),) if capacity not in ("", "0") else ()
    return Thing(row.key, row.longitude, row.latitude, "", (f"{kind[0]}{number}",) if number else (), values)


def test_names_are_as_alike_as_a_second_measure_says():
    names = {thing.tags.get("name", "") for thing in osmium.FileProcessor(str(MELUN))} - {""}
    names |= {"École Jules-Ferry", "ECOLE JULES FERRY", "école maternelle Jules Ferry", "Hôtel de ville", "夢", "—"}
    assert len(names) > 20
    pairs = [(first, second) for first in names for second in names]
    assert all(abs(measured_likeness(*pair) - likeness(*pair)) < 1e-9 for pair in pairs), [
        (pair, measured_likeness(*pair), likeness(*pair))
        for pair in pairs
        if abs(measured_likeness(*pair) - likeness(*pair)) >= 1e-9
    ][:3]
