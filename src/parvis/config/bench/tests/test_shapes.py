"""Each shape of file is read whole, and what is drawn from it asks Parvis and DuckDB alone the same thing."""

from __future__ import annotations

import random
import sqlite3
from urllib.parse import parse_qsl

import duckdb
import pytest

from parvis.config.bench.datasette import copy_rows
from parvis.config.bench.shapes.drawn import Drawing
from parvis.config.bench.shapes.files import SHAPES, Shape
from parvis.core.columns import ColumnType
from parvis.core.connections import load_spatial
from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.explore import ExploreRequest, records
from parvis.core.ingest import ingest

ROWS = 60
COMMON = [ColumnType.TEXT] * 4 + [ColumnType.DATE, ColumnType.DOUBLE]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.dataset)
def test_each_shape_is_read_whole_and_as_duckdb_alone_reads_it(shape: Shape, tmp_path):
    path = tmp_path / shape.file
    shape.write(path, ROWS)
    manifest = ingest(path, name=path.name, destination=tmp_path / "versions", work=tmp_path / "work")
    assert manifest.rows == ROWS
    assert [column.type for column in manifest.shape][:6] == COMMON
    assert (manifest.shape.geometry is not None) == ("lieu" in shape.read)
    if shape.read:
        with duckdb.connect() as alone:
            load_spatial(alone)
            alone.execute(f"CREATE TABLE typed AS {shape.read.format(file=path)}")
            part = tmp_path / "versions" / manifest.version / "part-0.parquet"
            ordered = f"SELECT reference, montant FROM typed {shape.order}"
            assert sorted(alone.execute(ordered).fetchall()) == sorted(
                alone.execute(f"SELECT reference, montant FROM '{part}'").fetchall()
            )


@pytest.mark.parametrize("dataset", ["simple", "deux", "polygones"])
def test_a_drawn_question_asks_the_same_of_all(dataset, tmp_path):
    shape = next(shape for shape in SHAPES if shape.dataset == dataset)
    shape.write(tmp_path / shape.file, 400)
    manifest = ingest(tmp_path / shape.file, name=shape.file, destination=tmp_path / "v", work=tmp_path / "work")
    source = Source(str(tmp_path / "v" / manifest.version), manifest)
    engine = DuckDBEngine(tmp_path)
    with duckdb.connect() as alone:
        load_spatial(alone)
        alone.execute(f"CREATE TABLE rows AS FROM read_parquet('{source.key}/part-0.parquet')")
        copy_rows(alone, tmp_path / "rows.db", "rows")
        kinds = Drawing(manifest.shape, alone, random.Random(5)).kinds()
        assert len(kinds) == 10 + (shape.order != "")
        for kind, draw in kinds.items():
            for _turn in range(5):
                question = draw()
                page = records(engine, source, ExploreRequest.from_query(parse_qsl(question.path.partition("?")[2])))
                answers = [alone.execute(sql).fetchall() for sql in question.sql]
                assert len(page.results) == len(answers[-1])
                if len(answers) == 2:
                    assert answers[0] == [(page.total_count,)]
                with sqlite3.connect(tmp_path / "rows.db") as peer:
                    others = [peer.execute(sql).fetchall() for sql in question.sqlite]
                assert [len(rows) for rows in others] == (
                    [] if kind == "rectangle" else [len(rows) for rows in answers]
                )
                if len(others) == 2:
                    assert others[0] == answers[0]
    engine.close()
