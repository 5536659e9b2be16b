"""A version is whole or absent, and loses nothing of its source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from parvis.core.columns import ColumnType
from parvis.core.connections import load_spatial
from parvis.core.errors import Cancelled
from parvis.core.profiling.factories import stage_rows
from parvis.core.profiling.plans import Override
from parvis.core.profiling.type_inference import guess
from parvis.core.progress import Progress, no_progress
from parvis.core.staging import REJECTS, StagedTable, Workspace
from parvis.core.versions.folders import WriteFailed, safe_name
from parvis.core.versions.manifest import Manifest, read_manifest
from parvis.core.versions.misfits import MisfitPolicy, MisfitValues
from parvis.core.versions.writer import NoColumns, write_version


def write(
    workspace: Workspace,
    staged: StagedTable,
    folder: Path,
    *,
    policy: MisfitPolicy = MisfitPolicy.STOP,
    overrides: dict[str, Override] | None = None,
    progress: Progress = no_progress,
    version: str = "v1",
) -> Manifest:
    original = folder / "source.csv"
    original.write_bytes(b"\xefbytes as they came\r\n")
    return write_version(
        workspace,
        staged,
        guess(workspace, staged, overrides),
        detected_format="csv",
        reading={"delimiter": ";"},
        original=original,
        source="upload",
        destination=folder / "versions",
        version=version,
        policy=policy,
        progress=progress,
        name="Données d’été (2024).csv",
    )


def rows_of(folder: Path, columns: str = "*", file: str = "part-0.parquet") -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        load_spatial(connection)
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(f"SELECT {columns} FROM '{folder / file}'").fetchall()


ROWS: Sequence[Sequence[str | None]] = [
    ["91228", "1 234,5", "31/12/2020", "oui", " texte ", "48.62", "2.43"],
    ["01001", "", "01/02/2021", "non", "", "", ""],
    ["2A004", "7", None, "oui", "\u00a0", "43.1", "5.9"],
]
HEADERS = ("Code INSEE", "Montant (€)", "Le", "Ouvert", "Nom", "lat", "lon")


def test_every_row_is_written_typed_with_its_rank_and_line(workspace: Workspace, tmp_path: Path) -> None:
    manifest = write(workspace, stage_rows(workspace, HEADERS, ROWS), tmp_path)
    actual = rows_of(
        tmp_path / "versions" / "v1",
        "__row, __line, code_insee, montant, le::VARCHAR, ouvert, nom, ST_AsText(geo_point_2d)",
    )
    assert actual == [
        (1, 2, "91228", 1234.5, "2020-12-31", True, " texte ", "POINT (2.43 48.62)"),
        (2, 3, "01001", None, "2021-02-01", False, None, None),
        (3, 4, "2A004", 7.0, None, True, None, "POINT (5.9 43.1)"),
    ]
    assert manifest.rows == 3
    assert manifest.bbox == (2.43, 43.1, 5.9, 48.62)
    assert manifest.geometry_types == ("POINT",)
    assert manifest.shape.get("montant").annotations == {"unit": "€"}  # type: ignore[union-attr]


def test_the_manifest_read_back_is_the_one_written(workspace: Workspace, tmp_path: Path) -> None:
    manifest = write(workspace, stage_rows(workspace, HEADERS, ROWS), tmp_path)
    assert read_manifest(tmp_path / "versions" / "v1") == manifest
    assert manifest.parsing["geo_point_2d"] == {"sources": ["lon", "lat"], "parser": "lon_lat_columns"}
    assert manifest.profile["montant"].minimum == 7
    assert manifest.profile["le"].maximum == "2021-02-01"
    assert manifest.profile["ouvert"].top == [("true", 2), ("false", 1)]


def test_the_original_is_kept_byte_for_byte_under_a_safe_name(workspace: Workspace, tmp_path: Path) -> None:
    manifest = write(workspace, stage_rows(workspace, HEADERS, ROWS), tmp_path)
    original = tmp_path / "versions" / "v1" / manifest.original.file
    assert original.name == "donnees-d-ete-2024-.csv"
    assert original.read_bytes() == b"\xefbytes as they came\r\n"
    assert manifest.original.sha256 == hashlib.sha256(original.read_bytes()).hexdigest()
    part = manifest.parts[0]
    assert part.sha256 == hashlib.sha256((tmp_path / "versions" / "v1" / part.file).read_bytes()).hexdigest()


def test_geoparquet_is_declared(workspace: Workspace, tmp_path: Path) -> None:
    write(workspace, stage_rows(workspace, HEADERS, ROWS), tmp_path)
    metadata = pq.read_metadata(tmp_path / "versions" / "v1" / "part-0.parquet").metadata
    geo = json.loads(metadata[b"geo"])
    assert geo["version"].startswith("1.")
    assert geo["primary_column"] == "geo_point_2d"


def misfitting(workspace: Workspace) -> StagedTable:
    rows = [[str(n), str(n)] for n in range(97)]
    return stage_rows(workspace, ["Consommation", "Autre"], [*rows, ["fermé", "1"], ["S", "2"], ["S", "3"]])


def test_values_that_do_not_fit_stop_publication_with_their_line(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(MisfitValues) as raised:
        write(workspace, misfitting(workspace), tmp_path)
    error = raised.value
    assert error.message() == (
        "« Données d’été (2024).csv » : colonne « Consommation » : 3 valeurs ne sont pas des nombres entiers ; "
        "ligne 99 : « fermé »."
    )
    assert "« S » marquent sans doute une valeur absente" in error.hint()
    assert "--on-misfit null" in error.hint()
    assert [(m.line, m.value) for m in error.report.examples] == [(99, "fermé"), (100, "S"), (101, "S")]
    assert error.to_dict()["total"] == 3
    assert not (tmp_path / "versions").exists()


def test_a_column_may_be_kept_as_text(workspace: Workspace, tmp_path: Path) -> None:
    manifest = write(workspace, misfitting(workspace), tmp_path, policy=MisfitPolicy.TEXT)
    assert manifest.shape.get("consommation").type is ColumnType.TEXT  # type: ignore[union-attr]
    assert manifest.shape.get("autre").type is ColumnType.INT  # type: ignore[union-attr]
    assert {"code": "kept-as-text", "details": {"column": "consommation", "count": 3}} in manifest.notes


def test_cells_may_be_emptied_and_their_content_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    manifest = write(workspace, misfitting(workspace), tmp_path, policy=MisfitPolicy.NULL)
    assert manifest.nulled == 3
    assert manifest.profile["consommation"].nulls == 3
    nulled = rows_of(tmp_path / "versions" / "v1", file="nulled.parquet")
    assert nulled == [(99, "consommation", "fermé"), (100, "consommation", "S"), (101, "consommation", "S")]


def test_refused_lines_stand_beside_the_table(workspace: Workspace, tmp_path: Path) -> None:
    staged = stage_rows(workspace, ["a"], [["1"]])
    workspace.connection.execute(f"INSERT INTO {REJECTS} VALUES (3, 'too-many-cells', '1;2;3')")
    manifest = write(workspace, StagedTable(staged.columns, 1, 1), tmp_path)
    workspace.connection.execute(f"DELETE FROM {REJECTS}")
    assert (manifest.rejects, manifest.aside) == (1, 0)
    assert rows_of(tmp_path / "versions" / "v1", file="rejects.parquet") == [(3, "too-many-cells", "1;2;3")]


def test_few_values_make_a_facet_unless_a_person_refused_it(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["nord" if n % 2 else "sud", "a" if n % 2 else "b", f"nom {n}"] for n in range(10)]
    staged = stage_rows(workspace, ["Quartier", "Type", "Nom"], rows)
    manifest = write(workspace, staged, tmp_path, overrides={"type": Override(annotations={"facet": False})})
    assert [dict(c.annotations) for c in manifest.shape] == [{"facet": True}, {}, {}]


def test_many_points_are_written_neighbours_together(workspace: Workspace, tmp_path: Path) -> None:
    staged = stage_rows(workspace, ["lat", "lon"], [])
    workspace.connection.execute(
        "INSERT INTO staged SELECT i + 2, (45 + (i * 7919 % 1000) / 1000)::VARCHAR, (2 + (i * 104729 % 997) / 1000)::VARCHAR "
        "FROM range(60000) t(i)"
    )
    write(workspace, StagedTable(staged.columns, 60_000, 0), tmp_path)
    rows = rows_of(tmp_path / "versions" / "v1", "__row, lat, lon")
    assert sorted(row for row, _, _ in rows) == list(range(1, 60_001))
    steps = [abs(a[1] - b[1]) + abs(a[2] - b[2]) for a, b in pairwise(rows)]
    assert sum(steps) / len(steps) < 0.02


def test_rows_keep_the_order_of_the_source_when_lines_say_nothing_of_it(workspace: Workspace, tmp_path: Path) -> None:
    staged = stage_rows(workspace, ["a"], [["x"], ["y"], ["z"]])
    workspace.connection.execute(
        "CREATE OR REPLACE TABLE staged AS SELECT CASE c0 WHEN 'z' THEN 9 ELSE 2 END::BIGINT AS line, c0 FROM staged"
    )
    write(workspace, staged, tmp_path)
    assert rows_of(tmp_path / "versions" / "v1") == [(1, 2, "x"), (2, 2, "y"), (3, 9, "z")]


def test_a_person_who_cancels_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    def cancelling(stage: str, done: int, total: int | None = None) -> None:
        if stage == "write":
            raise Cancelled

    with pytest.raises(Cancelled):
        write(workspace, stage_rows(workspace, HEADERS, ROWS), tmp_path, progress=cancelling)
    assert list((tmp_path / "versions").iterdir()) == []


def test_a_full_disk_leaves_nothing_and_says_so(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> str:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("parvis.core.versions.writer.copy_with_digest", full)
    with pytest.raises(WriteFailed, match="le disque est plein"):
        write(workspace, stage_rows(workspace, HEADERS, ROWS), tmp_path)
    assert list((tmp_path / "versions").iterdir()) == []


def test_a_version_is_never_written_twice_under_one_name(workspace: Workspace, tmp_path: Path) -> None:
    manifest = write(workspace, stage_rows(workspace, HEADERS, ROWS), tmp_path)
    with pytest.raises(WriteFailed):
        write(workspace, stage_rows(workspace, ["a"], [["1"]]), tmp_path)
    assert read_manifest(tmp_path / "versions" / "v1") == manifest


def test_a_version_without_columns_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NoColumns):
        write(workspace, stage_rows(workspace, ["a"], [["1"]]), tmp_path, overrides={"a": Override(drop=True)})


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\moi\\été.XLSX", "ete.xlsx"),
        ("...", "fichier"),
        (".htaccess", "htaccess"),
        ("a" * 300 + ".csv", "a" * 100 + ".csv"),
        ("x\x00y;rm -rf.csv", "x-y-rm--rf.csv"),
    ],
)
def test_names_of_originals_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe
