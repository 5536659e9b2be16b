"""Steps on files of the demonstration, each result computed a second time by hand in plain Python."""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from parvis.core.columns import TableShape
from parvis.core.formats.file_reader import read
from parvis.core.staging import open_workspace
from parvis.core.transforms.model import SideTable
from parvis.core.transforms.preparation.address_files import read_addresses
from parvis.core.transforms.preparation.address_names import FILES
from parvis.core.transforms.preparation.tests.conftest import prepared
from parvis.core.transforms.preparation.work import FAILURES

FOLDER = next(parent for parent in Path(__file__).parents if parent.name == "parvis") / "packs" / "demo" / "files"


@pytest.fixture
def of_file(workspace):
    """A file read as an import reads it, then prepared."""

    def run(name: str, *steps, tables=None):
        workspace.connection.execute(f"DROP TABLE IF EXISTS {FAILURES}")
        workspace.connection.execute("DROP TABLE IF EXISTS staged")
        workspace.connection.execute("DELETE FROM rejects")
        staged, _detected = read(FOLDER / name, workspace, name=name)
        return prepared(workspace, staged, *steps, tables=tables)

    return run


def lines(name: str, skipped: int = 0, **options) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as stream:
        for _line in range(skipped):
            next(stream)
        return list(csv.DictReader(stream, **options))


def test_values_become_columns_and_come_back(of_file):
    name = "arcep_ftth_epci_2018T1.csv"
    rows = lines(name, 4)
    pivoted = of_file(name, {"do": "pivot", "column": "Champ", "value": "T1 2018", "by": ["Siren EPCI"]}).columns
    expected = defaultdict(dict)
    for row in rows:
        expected[row["Siren EPCI"]].setdefault(row["Champ"], row["T1 2018"])
    assert pivoted["Siren EPCI"] == list(expected)
    assert pivoted["Catégorie"] == [row.get("Catégorie") for row in expected.values()]
    turned = of_file(
        name, {"do": "unpivot", "columns": ["T3 2017", "T4 2017", "T1 2018"], "name": "trimestre", "value": "v"}
    ).columns
    assert Counter(zip(turned["Siren EPCI"], turned["trimestre"], turned["v"], strict=True)) == Counter(
        (row["Siren EPCI"], quarter, row[quarter])
        for row in rows
        for quarter in ("T3 2017", "T4 2017", "T1 2018")
        if row[quarter].strip()
    )


def test_groups_are_added_up_as_by_hand(of_file):
    name = "arbres_urbains_saint-germain-en-laye.csv"
    rows = [row for row in lines(name) if any(row.values())]
    grouped = of_file(
        name, {"do": "type", "columns": ["hauteur"], "type": "double"},
        {"do": "aggregate", "by": ["genre_arbre"], "values": [{"to": "n", "do": "rows"}, {"to": "h", "do": "max", "column": "hauteur"}, {"to": "e", "do": "distinct", "column": "espece_arbre"}]},
    ).columns  # fmt: skip
    expected: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        expected[row["genre_arbre"]].append(row)
    for genus, count, height, species in zip(
        *(grouped[header] for header in ("genre_arbre", "n", "h", "e")), strict=True
    ):
        group = expected[genus or ""]
        heights = [float(row["hauteur"].replace(",", ".")) for row in group if row["hauteur"].strip()]
        assert int(count) == len(group)
        assert (float(height) if height else None) == (max(heights) if heights else None)
        assert int(species) == len({row["espece_arbre"] for row in group if row["espece_arbre"].strip()})
    assert len(grouped["n"]) == len(expected)


def test_addresses_that_hands_write_otherwise_are_placed_where_they_are(tmp_path):
    """Every address of three communes, without accents, in capitals, abbreviated: where the file itself has it."""
    source = FOLDER / "bano_limousin_2000.csv"
    assert read_addresses(source, tmp_path, name=source.name) == 2_001
    with source.open(encoding="utf-8", newline="") as stream:
        known_places = [(row[1], row[2], row[3], row[4], float(row[6]), float(row[7])) for row in csv.reader(stream)]
    short = {
        "Rue": "R.",
        "Avenue": "Av",
        "Boulevard": "Bd",
        "Chemin": "Chem.",
        "Impasse": "Imp",
        "Place": "Pl",
        "Route": "Rte",
    }
    typed = tmp_path / "saisi.csv"
    with typed.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["adresse", "commune"])
        for number, street, postcode, city, _lat, _lon in known_places:
            first, _space, rest = street.partition(" ")
            writer.writerow([f"{number}, {short.get(first, first)} {rest} {postcode} {city}".upper(), ""])
    tables = {"addresses": SideTable(tuple(tmp_path / file for file in FILES), TableShape(()))}
    take = {"lat": "latitude", "lon": "longitude", "score": "score", "niveau": "level"}
    with open_workspace(tmp_path / "work") as workspace:
        staged, _detected = read(typed, workspace, name=typed.name)
        places = prepared(
            workspace, staged, {"do": "geocode", "columns": ["adresse"], "take": take}, tables=tables
        ).columns
    metres = [
        math.hypot((float(lat) - place[4]) * 111_320, (float(lon) - place[5]) * 78_000) if lat else math.inf
        for lat, lon, place in zip(places["lat"], places["lon"], known_places, strict=True)
    ]
    share = sum(distance < 50 for distance in metres) / len(metres)
    assert share > 0.98
    assert Counter(places["niveau"])["housenumber"] > 0.98 * len(metres)
