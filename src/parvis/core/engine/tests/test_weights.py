"""Rows of megabytes are held a few at a time."""

from __future__ import annotations

from pathlib import Path

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.core.engine.duckdb.weights import HELD, rows_within
from parvis.core.engine.factories import make_version

TEXT = [Column("t", "T", ColumnType.TEXT)]


def test_light_rows_come_as_many_as_asked(tmp_path):
    source = make_version(tmp_path / "v1", TEXT, [["a"]] * 10)
    assert rows_within(source, Path(source.key), 32_768) == 32_768


def test_heavy_rows_come_a_few_at_a_time(tmp_path):
    source = make_version(tmp_path / "v1", TEXT, [[f"{n}" + "abcdefgh" * 500_000] for n in range(40)])
    assert 1 <= rows_within(source, Path(source.key), 32_768) <= HELD // 4_000_000
    engine = DuckDBEngine(tmp_path)
    sizes = [batch.nbytes for batch in engine.stream(source, HandWritten("SELECT t FROM rows"))]
    engine.close()
    assert len(sizes) > 1
    assert max(sizes) <= 2 * HELD


def test_a_version_whose_files_are_gone_is_left_to_the_engine(tmp_path):
    source = make_version(tmp_path / "v1", TEXT, [["a"]])
    (Path(source.key) / "part-0.parquet").unlink()
    assert rows_within(source, Path(source.key), 100) == 100
