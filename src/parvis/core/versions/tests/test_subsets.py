"""Some rows of a version, as a version of its own: the right ones, in order, with their own profile and extent."""

from __future__ import annotations

import csv
import json

import duckdb
import pytest

from parvis.core.columns import ColumnType
from parvis.core.ingest import ingest
from parvis.core.versions.folders import WriteFailed
from parvis.core.versions.manifest import read_manifest
from parvis.core.versions.subsets import Among, Inside, count_by_code, count_by_contour, write_subset

SQUARE = {"type": "Polygon", "coordinates": [[[2.5, 48.5], [2.6, 48.5], [2.6, 48.7], [2.5, 48.7], [2.5, 48.5]]]}


@pytest.fixture(scope="module")
def version(tmp_path_factory):
    """A table of 300 places, one in three in Lieusaint (77251), spread on a line of longitudes from 2.40 to 2.70.

    Its own ``code`` is of no territory.
    """
    folder = tmp_path_factory.mktemp("subsets")
    path = folder / "lieux.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["nom", "code_insee", "latitude", "longitude", "code"])
        codes = ["77251", "91228", "77296"]
        writer.writerows([f"Lieu {n}", codes[n % 3], "48.6", f"{2.4 + n / 1000:.3f}", f"L{n}"] for n in range(300))
    manifest = ingest(path, name="lieux.csv", destination=folder / "versions", work=folder / "work")
    return folder / "versions" / manifest.version


def rows(folder):
    manifest = read_manifest(folder)
    return duckdb.sql(f"SELECT __row, nom FROM read_parquet('{folder / manifest.parts[0].file}')").fetchall()


def test_rows_of_a_code_keep_their_rank_their_order_and_get_their_own_profile(version, tmp_path):
    subset = write_subset(version, tmp_path, "77251", Among("code_insee", ("77251",)))
    assert rows(tmp_path / "77251") == [(n + 1, f"Lieu {n}") for n in range(0, 300, 3)]
    assert subset.rows == 100
    assert subset.profile["code_insee"].top == [("77251", 100)]
    assert read_manifest(tmp_path / "77251") == subset
    assert subset.bbox[2] == pytest.approx(2.697)


def test_a_code_with_a_quote_is_a_value_and_no_statement(version, tmp_path):
    assert write_subset(version, tmp_path, "odd", Among("code_insee", ("7'; DROP TABLE kept; --",))).rows == 0


def test_codes_that_begin_alike_are_found_together(version, tmp_path):
    assert write_subset(version, tmp_path, "77", Among("code_insee", ("77",), begins=True)).rows == 200


def test_rows_inside_a_contour_are_those_that_plain_arithmetic_finds(version, tmp_path):
    column = read_manifest(version).shape.geometry
    condition = Inside(column.name, column.type is ColumnType.GEO_POINT, json.dumps(SQUARE))
    write_subset(version, tmp_path, "square", condition)
    assert [rank for rank, _nom in rows(tmp_path / "square")] == [
        n + 1 for n in range(300) if 2.5 < 2.4 + n / 1000 < 2.6
    ]


def test_counts_by_code_and_by_contour_are_those_of_the_subsets(version, tmp_path):
    manifest = read_manifest(version)
    assert count_by_code(version, manifest.shape.get("code_insee")) == {"77251": 100, "91228": 100, "77296": 100}
    assert count_by_code(version, manifest.shape.get("code_insee"), 2) == {"77": 200, "91": 100}
    assert count_by_contour(version, manifest.shape.geometry, {"a": json.dumps(SQUARE)}) == {"a": 99}


def test_a_subset_is_written_once_and_whole(version, tmp_path):
    write_subset(version, tmp_path, "77251", Among("code_insee", ("77251",)))
    with pytest.raises(WriteFailed):
        write_subset(version, tmp_path, "77251", Among("code_insee", ("91228",)))
    assert read_manifest(tmp_path / "77251").rows == 100
    assert [path.name for path in tmp_path.iterdir()] == ["77251"]
