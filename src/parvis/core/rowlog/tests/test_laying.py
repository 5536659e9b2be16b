"""Rows laid over a version: the engine answers as if they had always been there, whatever replaced whatever."""

from __future__ import annotations

import random
import shutil
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.core.engine.factories import make_version
from parvis.core.rowlog import laying
from parvis.core.rowlog.batches import Batch, Content, Head, written_rows
from parvis.core.rowlog.judging import Target, judge
from parvis.core.rowlog.laying import Ground, Keeping, Laid, lay, write_whole
from parvis.core.sandbox.pool import Table

COLUMNS = (
    Column("code", "Code", ColumnType.TEXT),
    Column("nombre", "Nombre", ColumnType.INT),
    Column("lieu", "Lieu", ColumnType.GEO_POINT),
    Column("mots", "Mots", ColumnType.TEXT, annotations={"multivalued": True}),
)
QUESTIONS = (
    "SELECT code, nombre, ST_X(lieu) AS x, mots FROM rows ORDER BY code",
    "SELECT count(*) AS n, sum(nombre) AS s FROM rows WHERE __search LIKE '% pousse %'",
)


class Pushed:
    """A version, what is pushed over it, and what there should be, kept by the simplest means there are."""

    def __init__(self, folder: Path, key: tuple[str, ...] = ("code",)) -> None:
        rows = [(f"{n:03d}", n, f"POINT(2.{n} 48.6)", ["ancien"]) for n in range(100)]
        self.base = make_version(folder / "datasets" / "jeu" / "v1", COLUMNS, rows)
        self.runs, self.work = folder / "datasets" / "jeu" / "runs", folder / "work"
        self.runs.mkdir()
        self.work.mkdir()
        self.ground = Ground(Path(self.base.key), self.base.manifest, key, self.runs)
        self.laid, self.number = Laid(), 0
        self.expected = {code: (code, nombre, float(place[6:].split()[0]), mots) for code, nombre, place, mots in rows}

    def push(self, rows: list[dict]) -> None:
        self.number += 1
        judged = judge(rows, Target(self.base.shape, self.ground.key))
        assert not judged.refusals
        head = Head(self.number, 0.0, put=judged.put, deleted=judged.deleted)
        self.laid, files = lay(self.ground, self.laid, [Batch(head, Content(written_rows(judged.table)))], self.work)
        for path in files:
            shutil.move(path, self.runs)

    def put(self, code: str, nombre: int) -> dict:
        self.expected[code] = (code, nombre, nombre / 100, ["pousse", code])
        return {"code": code, "nombre": nombre, "lieu": {"lon": nombre / 100, "lat": 48}, "mots": ["pousse", code]}

    def merge(self, code: str, nombre: int) -> dict:
        _code, _nombre, *others = self.expected.get(code, (code, None, None, None))
        self.expected[code] = (code, nombre, *others)
        return {"code": code, "nombre": nombre, "_operation": "merge"}

    def delete(self, code: str) -> dict:
        self.expected.pop(code, None)
        return {"code": code, "_operation": "delete"}

    @property
    def source(self) -> Source:
        manifest = replace(self.base.manifest, rows=self.base.rows + self.laid.rows, parts=self.laid.parts)
        gone = tuple(str(self.runs / name) for name in self.laid.gone)
        return Source(f"{self.base.key}/{self.number}", manifest, self.base, gone, str(self.runs))


@pytest.fixture
def pushed(tmp_path):
    return Pushed(tmp_path)


@pytest.fixture
def engine(tmp_path):
    engine = DuckDBEngine(tmp_path / "datasets", memory="300MB")
    yield engine
    engine.close()


@pytest.mark.parametrize("loaded", [True, False])
def test_the_engine_sees_every_row_as_a_dictionary_would_keep_them(pushed, engine, monkeypatch, loaded):
    monkeypatch.setattr(laying, "MOST_RUNS", 4)
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SMALL", 1 << 30 if loaded else 0)
    if not loaded:  # nor behind our back, as what is often asked is
        monkeypatch.setattr("parvis.core.engine.duckdb.hot.HotTables.load_later", lambda *_source: None)
    chance, connection = random.Random(17), laying.KeptConnection()
    for batch in range(9):
        rows = []
        for _row in range(chance.randrange(1, 30)):
            code = f"{chance.randrange(140):03d}"
            act = chance.choices((pushed.put, pushed.merge, pushed.delete), (4, 3, 3))[0]
            rows.append(act(code) if act == pushed.delete else act(code, chance.randrange(1000)))
        with connection.used() if batch % 3 else nullcontext():
            pushed.push(rows)
    connection.close()
    assert len(pushed.laid.parts) <= 5
    answer = engine.table(pushed.source, HandWritten(QUESTIONS[0])).to_pylist()
    assert [tuple(row.values()) for row in answer] == sorted(pushed.expected.values())
    assert pushed.source.rows == len(pushed.expected)
    new = [row[1] for row in pushed.expected.values() if row[3] and row[3][0] == "pousse"]
    assert engine.table(pushed.source, HandWritten(QUESTIONS[1])).to_pylist() == [{"n": len(new), "s": sum(new)}]
    statement = HandWritten("SELECT code FROM rows").statement
    assert ("hot" in engine._written(pushed.source, statement).sql) is loaded
    own = Table(pushed.source, Path).relation
    columns = engine._connection.execute(f"SELECT * FROM ({own}) ORDER BY code").to_arrow_table()
    assert columns.column_names == list(pushed.base.shape.names)
    assert columns.num_rows == len(pushed.expected)


def test_a_row_to_merge_changes_the_columns_that_it_tells_and_no_other(pushed, engine):
    def merge(code: str, **cells: object) -> dict:
        return {"code": code, "_operation": "merge", **cells}

    pushed.push([merge("001", nombre=1_000), merge("002", mots=None), merge("neuf", nombre=7)])
    pushed.push(
        [
            merge("001", lieu={"lon": 5, "lat": 45}),
            merge("001", mots=["a", "b"]),
            pushed.put("003", 33),
            merge("003", nombre=34),
            pushed.delete("004"),
            merge("004", nombre=44),
            merge("005", nombre=55),
            pushed.delete("005"),
            merge("neuf", mots=["c"]),
            merge("absent", nombre=None),
        ]
    )
    codes = ("001", "002", "003", "004", "005", "absent", "neuf")
    rows = engine.table(pushed.source, HandWritten(QUESTIONS[0])).to_pylist()
    assert [tuple(row.values()) for row in rows if row["code"] in codes] == [
        ("001", 1_000, 5.0, ["a", "b"]),
        ("002", 2, 2.2, None),
        ("003", 34, 0.33, ["pousse", "003"]),
        ("004", 44, None, None),
        ("absent", None, None, None),
        ("neuf", 7, None, ["c"]),
    ]
    assert len(rows) == pushed.source.rows == 101


def test_rows_stand_in_the_order_of_the_version_then_of_the_log(pushed, engine):
    pushed.push([pushed.put("zzz", 1), pushed.put("050", 2), pushed.put("aaa", 3)])
    codes = engine.table(pushed.source, HandWritten("SELECT code FROM rows")).column(0).to_pylist()
    assert codes == [f"{n:03d}" for n in range(100) if n != 50] + ["zzz", "050", "aaa"]


def test_without_a_key_rows_are_added_even_twice(tmp_path, engine):
    pushed = Pushed(tmp_path, key=())
    for _turn in range(2):
        pushed.push([pushed.put("001", 1), pushed.put("001", 1)])
    count = HandWritten("SELECT count(*) FROM rows WHERE code = '001'")
    assert engine.value(pushed.source, count) == 5


def test_what_lies_over_a_version_grows_its_extent(pushed):
    pushed.push([{"code": "loin", "lieu": {"lon": -60.5, "lat": 14.5}}])
    assert pushed.laid.bbox == (-60.5, 14.5, -60.5, 14.5)
    assert Laid.from_dict(pushed.laid.to_dict()) == pushed.laid


def test_all_rows_are_written_to_one_file_that_keeps_what_it_is_told_to(pushed, tmp_path, engine):
    pushed.push([pushed.put("100", 7), pushed.delete("000")])
    path = tmp_path / "datasets" / "tout.parquet"
    count = write_whole(pushed.ground, pushed.laid, path, keeping=Keeping(most=9))
    read = engine._connection.execute(f"SELECT * FROM read_parquet('{path}')").fetchall()
    assert count == len(read) == 9
    assert read[0] == ("092", 92, "48.6,2.92", ["ancien"])
    assert read[-1] == ("100", 7, "48.0,0.07", ["pousse", "100"])
