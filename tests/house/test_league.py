"""The league of real files calls right what is read right, and nothing else."""

from __future__ import annotations

import dataclasses
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import independent_reader  # noqa: E402
import league  # noqa: E402

from parvis.core.ingest import ingest  # noqa: E402

FILES = ROOT / "src" / "parvis" / "packs" / "demo" / "files"
READ = {
    "historique-des-populations-legales-2.csv": "insee",
    "stationnement_velos_saint-etienne.csv": "commune",
    "subventions_lot_2017_cp1252.csv": "departement",
    "subventions_charente-maritime.xlsx": "departement",
    "communes-92-hauts-de-seine_2018.geojson": "departement",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of the demonstration, one that is refused, one that holds persons, an archive of several, and their index."""
    lines = ["path\tkind\tlicence\tverdict\tpersons"]
    for name, kind in READ.items():
        (tmp_path / name).write_bytes((FILES / name).read_bytes())
        lines.append(f"{name}\t{kind}\tLicence Ouverte\t\tno")
    (tmp_path / "ouvert.csv").write_text('ville;texte\nÉvry;"sans fin\nLisses;b\n', encoding="utf-8")
    (tmp_path / "agents.csv").write_text("prénom;nom\n" + "Marie;MARTIN\nPaul;BERNARD\n" * 9, encoding="utf-8")
    lines += ["ouvert.csv\tcommune\tLicence Ouverte\t\tno", "agents.csv\tcommune\tLicence Ouverte\t\tyes"]
    with zipfile.ZipFile(tmp_path / "gtfs.zip", "w") as archive:
        for name, text in {
            "stops.txt": "stop_id,stop_name\n1,Gare\n",
            "routes.txt": "route_id,agency\n1,RATP\n",
        }.items():
            archive.writestr(name, text)
    lines.append("gtfs.zip\tcommune\tLicence Ouverte\t\tno")
    (tmp_path / "index.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_real_files_are_told_with_the_worst_producer_first(folder, capsys):
    league.main([str(folder), "--differences", str(folder / "differences.tsv")])
    told_lines = capsys.readouterr().out.splitlines()
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in told_lines
        if line.startswith("| ") and "---" not in line
    ]
    producers = {row[0]: row[1:] for row in rows[: rows.index(next(row for row in rows if row[0] == "**all**")) + 1]}
    assert list(producers) == ["producer", "commune", "departement", "insee", "**all**"], (
        folder / "differences.tsv"
    ).read_text()
    assert producers["**all**"] == ["8", "6", "0", "1", "1", "0", "85.7 %", "1", "0", "0", "0"]
    assert "ouvert.csv\trefused\t\tfile-unclosed-quote" in (folder / "differences.tsv").read_text()


def _wrong_sheets() -> dict[str, independent_reader.Sheet]:
    header, rows = (
        ["ville", "code", "prix"],
        [["Évry", "91228", "12,5"], ["Lisses", "91340", "3"], ["Bondoufle", "91086", "7"]],
    )
    return {
        "rows": independent_reader.Sheet(header, rows[:2]),
        "header": independent_reader.Sheet(["ville", "insee", "prix"], rows),
        "type": independent_reader.Sheet(header, [[a, b, c + " x"] for a, b, c in rows]),
        "cells": independent_reader.Sheet(header, [rows[0], ["Lisses", "91340", "4"], rows[2]]),
    }


@pytest.mark.parametrize("part", ["rows", "header", "type", "cells", ""])
def test_a_wrong_reading_is_never_called_right(part, tmp_path):
    path = tmp_path / "prix.csv"
    path.write_text("ville;code;prix\nÉvry;91228;12,5\nLisses;91340;3\nBondoufle;91086;7\n", encoding="utf-8")
    manifest = ingest(path, name=path.name, destination=tmp_path, work=tmp_path / "work", version="v")
    sheet = _wrong_sheets()[part] if part else independent_reader.read(path)
    lines = league.differences(sheet, manifest, tmp_path / "v")
    assert [line.partition(":")[0] for line in lines][:1] == ([part] if part else [])


@pytest.mark.parametrize(
    ("header", "cells", "types"),
    [
        ("SIRET", ["21560046100010", "35600000000048"], {"text"}),
        ("code postal", ["91000"], {"text"}),
        ("nombre", ["12", "s", "3"], {"int"}),
        ("dossier", ["01", "12"], {"text"}),
        ("prix", ["12,50", "1 240,10"], {"double"}),
        ("date", ["31/12/2020", "n.d."], {"date"}),
        ("gratuit", ["oui", "non"], {"boolean"}),
        ("adresse", ["12 rue A", "3"], {"text"}),
        ("vide", ["", "nd"], set()),
    ],
)
def test_the_independent_reader_tells_the_types_that_a_person_would_accept(header, cells, types):
    assert independent_reader.accepted_types(header, cells) == types


@pytest.mark.parametrize(
    ("cell", "value", "kind", "same"),
    [
        ("1 240,50", 1240.5, "double", True),
        ("2,575.00", 2575.0, "double", True),
        ("2022.00030", 2022.0003, "text", False),
        ("s", None, "int", True),
        ("Évry", None, "text", False),
        ("0123", "123", "text", False),
    ],
)
def test_a_cell_is_the_same_when_nothing_of_it_is_lost(cell, value, kind, same):
    assert independent_reader.is_same(cell, value, kind) is same


def test_a_missed_person_and_a_false_stop_are_told_apart():
    entry = league.Entry("a.csv", "commune", "", persons="yes")
    reading = league.Reading(entry, "right")
    assert (reading.privacy, dataclasses.replace(reading, stopped=True).privacy) == ("missed", "true stops")
    other = league.Reading(dataclasses.replace(entry, persons="no"), "right", stopped=True)
    assert other.privacy == "false stops"
