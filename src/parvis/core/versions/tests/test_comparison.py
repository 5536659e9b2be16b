"""Two versions compared: rows added, removed, changed; columns too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.core.errors import NotFound
from parvis.core.profiling.factories import stage_rows
from parvis.core.profiling.type_inference import guess
from parvis.core.staging import Workspace
from parvis.core.versions.comparison import ComparisonTooLong, compare_versions
from parvis.core.versions.writer import write_version


def version(
    workspace: Workspace, folder: Path, name: str, headers: Sequence[str], rows: Sequence[Sequence[str]]
) -> Path:
    staged = stage_rows(workspace, headers, rows)
    original = folder / "source.csv"
    original.write_text("source")
    write_version(
        workspace, staged, guess(workspace, staged), detected_format="csv", reading={}, original=original, source="x",
        destination=folder, version=name,
    )  # fmt: skip
    return folder / name


def test_rows_are_matched_by_their_identifier(workspace: Workspace, tmp_path: Path) -> None:
    old = version(workspace, tmp_path, "v1", ("Id", "Nom", "Note"), [("1", "a", "5"), ("2", "b", "6"), ("3", "c", "7")])
    new = version(workspace, tmp_path, "v2", ("Id", "Nom", "Note"), [("3", "c", "7"), ("2", "B", "6"), ("4", "d", "8")])
    comparison = compare_versions(old, new)
    assert (comparison.key, comparison.added, comparison.removed, comparison.changed, comparison.unchanged) == (
        "id",
        1,
        1,
        1,
        1,
    )
    assert comparison.added_rows == ({"id": "4", "nom": "d", "note": "8"},)
    assert comparison.removed_rows == ({"id": "1", "nom": "a", "note": "5"},)
    assert [(row.key, row.values) for row in comparison.changed_rows] == [("2", {"nom": ("b", "B")})]


def test_rows_without_identifier_are_compared_whole_and_repetitions_count(workspace: Workspace, tmp_path: Path) -> None:
    old = version(workspace, tmp_path, "v1", ("Ville", "Jour"), [("Évry", "lundi")] * 3 + [("Issy", "mardi")])
    new = version(workspace, tmp_path, "v2", ("Ville", "Jour"), [("Évry", "lundi")] * 2 + [("Issy", "jeudi")])
    comparison = compare_versions(old, new)
    assert (comparison.key, comparison.added, comparison.removed, comparison.changed, comparison.unchanged) == (
        None,
        1,
        2,
        0,
        2,
    )


def test_columns_are_compared_too(workspace: Workspace, tmp_path: Path) -> None:
    old = version(workspace, tmp_path, "v1", ("Id", "Montant", "Vieux"), [("1", "5", "x"), ("2", "6", "y")])
    new = version(workspace, tmp_path, "v2", ("Id", "Montant", "Neuf"), [("1", "5,5", "x"), ("2", "6", "y")])
    comparison = compare_versions(old, new)
    assert comparison.columns_added == ("neuf",)
    assert comparison.columns_removed == ("vieux",)
    assert comparison.columns_retyped == (("montant", "int", "double"),)


def test_points_are_compared(workspace: Workspace, tmp_path: Path) -> None:
    old = version(workspace, tmp_path, "v1", ("Id", "geo"), [("1", "48.62, 2.43"), ("2", "48.7, 2.5")])
    new = version(workspace, tmp_path, "v2", ("Id", "geo"), [("1", "48.62, 2.43"), ("2", "48.7, 2.6")])
    comparison = compare_versions(old, new)
    assert (comparison.changed, comparison.unchanged) == (1, 1)


def test_a_folder_that_is_no_version_is_not_found(workspace: Workspace, tmp_path: Path) -> None:
    old = version(workspace, tmp_path, "v1", ("Id",), [("1",)])
    with pytest.raises(NotFound):
        compare_versions(old, tmp_path / "absent")


def test_a_comparison_that_lasts_is_stopped(tmp_path: Path) -> None:
    columns = (Column("a", "A", ColumnType.INT), Column("b", "B", ColumnType.TEXT))
    for name in ("v1", "v2"):
        make_version(tmp_path / name, columns, [(n, f"valeur {n * 7919}") for n in range(200_000)])
    with pytest.raises(ComparisonTooLong):
        compare_versions(tmp_path / "v1", tmp_path / "v2", work=tmp_path, seconds=0.05)
