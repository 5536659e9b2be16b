"""A version too large for memory is loaded in a file of the process, and answers as one in memory does."""

from __future__ import annotations

import mmap
import shutil
from pathlib import Path

import duckdb
import pytest

from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine, hot
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.core.engine.duckdb.rooms import RESERVE, OnDisk
from parvis.core.ingest import ingest

SEARCH = HandWritten("SELECT nombre FROM rows WHERE contains(__search, ' r 9999 ')")
COUNT = HandWritten("SELECT count(*) FROM rows")
ROWS = 30_000


@pytest.fixture
def engine(tmp_path: Path):
    engine = DuckDBEngine(tmp_path, memory="300MB", loaded=0.002, work=tmp_path, disk=10**9)
    yield engine
    engine.close()


def version(folder: Path, name: str, rows: int) -> Source:
    """A version of two columns: references nearly all different, in no order, and their rank."""
    lines = [f"{name}-{n * 7919 % 30_011},{n}" for n in range(rows)]
    (folder / f"{name}.csv").write_text("\n".join(["ref,nombre", *lines]), encoding="utf-8")
    manifest = ingest(folder / f"{name}.csv", name=f"{name}.csv", destination=folder / name, work=folder / "work")
    return Source(str(folder / name / manifest.version), manifest)


@pytest.fixture
def large(tmp_path: Path) -> Source:
    return version(tmp_path, "r", ROWS)


@pytest.fixture
def small(tmp_path: Path) -> Source:
    return version(tmp_path, "s", 2)


def room_of(engine: DuckDBEngine, source: Source) -> str:
    return engine._hot._loaded[source.key].room.database


def test_what_does_not_fit_in_memory_is_loaded_on_the_disk(engine, large, small):
    assert engine.warm(large) and engine.warm(small)
    assert (room_of(engine, large), room_of(engine, small)) == ("disk", "hot")
    assert "disk.hot_" in engine._written(large, SEARCH.statement).sql
    number = engine.table(large, SEARCH).column(0).to_pylist()[0]
    assert number * 7919 % 30_011 == 9_999


def test_its_keys_are_read_from_a_file_and_take_none_of_the_memory(engine, large):
    engine.warm(large)
    key = engine._hot._loaded[large.key].keys["ref"]
    assert isinstance(key.digests, memoryview) and isinstance(key.digests.obj, mmap.mmap)
    assert [*key.digests] == sorted(key.digests) and sorted(key.places) == [*range(ROWS)]
    assert not list(engine._spill.iterdir())


def test_a_disk_that_is_nearly_full_takes_none(engine, large, monkeypatch):
    full = shutil.disk_usage("/")._replace(free=RESERVE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: full)
    assert not engine.warm(large)
    assert engine.value(large, COUNT) == ROWS


def test_a_disk_that_fills_meanwhile_leaves_the_version_to_its_files(engine, large, monkeypatch):
    monkeypatch.setattr(hot, "SLICE", 10_000)
    usual = shutil.disk_usage("/")
    frees = [RESERVE * 9, RESERVE * 9, 0, 0, 0]
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usual._replace(free=frees.pop(0)))
    assert not engine.warm(large)
    assert len(frees) < 5
    assert engine.value(large, COUNT) == ROWS


def test_each_room_lets_go_of_its_own_least_asked(engine, large, small, tmp_path):
    other = version(tmp_path, "o", ROWS)
    assert engine.warm(small) and engine.warm(large)
    engine._hot._rooms[1].budget = engine._hot._loaded[large.key].bytes * 3 // 2
    assert engine.warm(other)
    assert set(engine._hot._loaded) == {small.key, other.key}
    assert engine.value(large, COUNT) == ROWS


def test_its_file_has_no_name_so_that_nothing_of_it_outlives_a_process_that_is_killed(tmp_path, large):
    engine = DuckDBEngine(tmp_path, loaded=0, work=tmp_path, disk=10**9)
    assert engine.warm(large)
    assert sum(path.stat().st_size for path in tmp_path.glob("parvis-engine-*/*")) < 1_000_000
    assert engine._hot._rooms[1].taken(engine._connection) > 250_000
    engine.close()
    assert not list(tmp_path.glob("parvis-engine-*"))


def test_a_full_disk_is_told_from_files_that_cannot_be_read(tmp_path):
    room = OnDisk(tmp_path, 10**9)
    written = duckdb.IOException(f'Could not write file "{tmp_path}/tables.duckdb": No space left on device')
    committed = duckdb.TransactionException(f'Failed to commit: Could not write file "{tmp_path}/tables.duckdb.wal"')
    assert room.is_full(written) and room.is_full(committed) and room.is_full(duckdb.OutOfMemoryException("memory"))
    assert not room.is_full(duckdb.IOException(f'No files found that match "{tmp_path}/part-0.parquet"'))
    assert not room.is_full(duckdb.ConversionException("tables.duckdb"))
