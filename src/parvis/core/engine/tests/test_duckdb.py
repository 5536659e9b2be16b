"""The locked engine: right rows, loaded or not, under limits, from many threads, and nothing else."""

from __future__ import annotations

import os
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import EngineFailed, MemorySource, QueryRefused, QueryTimeout, QueryTooLarge, Source
from parvis.core.engine.duckdb import DuckDBEngine, hot
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.core.engine.duckdb.hot import GIVES_WAY
from parvis.core.engine.factories import make_version
from parvis.core.ingest import ingest

COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("nombre", "Nombre", ColumnType.INT),
    Column("point", "Point", ColumnType.GEO_POINT),
)
ENDLESS = HandWritten("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b")


@pytest.fixture
def engine(tmp_path: Path):
    root = tmp_path / "datasets"
    root.mkdir()
    engine = DuckDBEngine(root, memory="300MB")
    yield engine
    engine.close()


@pytest.fixture
def source(tmp_path: Path) -> Source:
    rows = [(f"Cœur d’Évry {n}", n, f"POINT(2.{n} 48.6)" if n % 2 else None) for n in range(100)]
    return make_version(tmp_path / "datasets" / "jeu" / "v1", COLUMNS, rows, parts=3)


def numbers(engine: DuckDBEngine, source: Source) -> list[int]:
    engine._tables.clear()  # what is looked at here is where rows are read, not what is kept of them
    return engine.table(source, HandWritten("SELECT nombre FROM rows")).column(0).to_pylist()


def test_rows_come_in_the_order_of_the_file_and_of_its_parts(engine, source):
    assert numbers(engine, source) == list(range(100))


def test_whole_files_have_no_version_loaded_but_use_the_one_that_is(engine, source, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SMALL", 0)
    question = HandWritten("SELECT nombre FROM rows ORDER BY nombre")
    for _turn in range(3):
        assert sum(batch.num_rows for batch in engine.stream(source, question)) == 100
    assert engine._hot._thread is None
    assert not engine._hot._loaded
    engine.warm(source)
    written = engine._written(source, question.statement, counted=False)
    assert "hot." in written.sql
    assert sum(batch.num_rows for batch in engine.stream(source, question)) == 100


def test_a_part_without_any_geometry_stands_beside_one_that_has_some(engine, tmp_path):
    points = [None, None, "POINT(2 48)", None]
    mixed = make_version(tmp_path / "datasets" / "m" / "v1", COLUMNS[2:], [[point] for point in points], parts=2)
    answer = engine.table(mixed, HandWritten("SELECT ST_AsText(point) AS p FROM rows ORDER BY __row"))
    assert answer.column("p").to_pylist() == [None, None, "POINT (2 48)", None]


def test_a_loaded_version_answers_as_its_files_do(engine, source, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SMALL", 0)
    question = HandWritten("SELECT *, ST_X(point) FROM rows WHERE nombre < ? ORDER BY nombre DESC", (10,))
    cold = engine.table(source, question)
    assert engine.warm(source)
    engine._tables.clear()
    assert engine.table(source, question).equals(cold)


def test_a_large_version_is_loaded_in_the_background_once_asked_twice(engine, source, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SMALL", 0)
    numbers(engine, source)
    assert engine._hot._thread is None
    numbers(engine, source)
    engine._hot.stop()
    assert list(engine._hot._loaded) == [source.key]
    assert numbers(engine, source) == list(range(100))


def test_a_small_version_does_not_wait_for_a_large_one_that_is_being_loaded(engine, source):
    with engine._hot._loading:
        assert numbers(engine, source) == list(range(100))
        assert not engine._hot._loaded
    engine._hot.stop()
    assert list(engine._hot._loaded) == [source.key]


@pytest.mark.skipif(sys.platform != "linux", reason="never off Linux: only it has a priority for each thread")
def test_the_loading_thread_gives_way_and_the_others_do_not(engine, source):
    engine.warm_later(source)
    thread = engine._hot._thread.native_id
    engine._hot._loading.acquire()
    engine.warm_later(source)
    until = time.monotonic() + 60
    while os.getpriority(os.PRIO_PROCESS, thread) == os.getpriority(os.PRIO_PROCESS, 0) and time.monotonic() < until:
        time.sleep(0.01)
    assert os.getpriority(os.PRIO_PROCESS, thread) >= GIVES_WAY > os.getpriority(os.PRIO_PROCESS, 0)
    engine._hot._loading.release()


def test_a_version_is_loaded_slice_by_slice_and_none_is_lost(engine, source, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SLICE", 7)  # three parts of 34, 34 and 32 rows
    everything = HandWritten("SELECT * FROM rows")
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SMALL", 0)
    cold = engine.table(source, everything)
    assert engine.warm(source)
    engine._tables.clear()
    assert engine.table(source, everything).equals(cold)


def test_searches_read_the_files_until_the_words_of_the_rows_are_in_memory(engine, source, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SMALL", 0)
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SLICE", 30)
    search = HandWritten("SELECT nombre FROM rows WHERE contains(__search, ' evry 7 ')")
    with monkeypatch.context() as patch:
        patch.setattr(engine._hot, "_complete", lambda *_arguments: None)
        engine.warm(source)
        assert "hot." not in engine._written(source, search.statement).sql
        assert engine.table(source, search).column(0).to_pylist() == [7]
    engine.warm(source)
    engine._tables.clear()
    assert "hot." in engine._written(source, search.statement).sql
    assert engine.table(source, search).column(0).to_pylist() == [7]


def test_words_that_do_not_fit_in_memory_are_left_out_and_the_rest_answers_from_it(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SLICE", 5000)
    rows = [(f"texte {n * 7919 % 10007} {n}", n) for n in range(20_000)]
    texts = make_version(tmp_path / "datasets" / "textes" / "v1", COLUMNS[:2], rows)
    search = HandWritten("SELECT nombre FROM rows WHERE contains(__search, ' 19999 ')")
    with monkeypatch.context() as patch:
        patch.setattr(engine._hot, "_complete", lambda *_arguments: None)
        engine.warm(texts)
    engine._hot._rooms[0].budget = engine._hot._loaded[texts.key].bytes + 1000
    assert engine.warm(texts)
    assert "hot." in engine._written(texts, HandWritten("SELECT nombre FROM rows").statement).sql
    assert "hot." not in engine._written(texts, search.statement).sql
    assert engine.table(texts, search).column(0).to_pylist() == [19_999]
    assert numbers(engine, texts) == list(range(20_000))


def test_a_version_without_rows_is_loaded_as_any_other(engine, tmp_path):
    empty = make_version(tmp_path / "datasets" / "vide" / "v1", COLUMNS, [])
    assert engine.warm(empty)
    assert numbers(engine, empty) == []


def test_texts_of_few_values_are_compressed(engine, tmp_path):
    rows = [("une voie assez longue pour compter " + "abc"[n % 3], n) for n in range(50_000)]
    streets = make_version(tmp_path / "datasets" / "rues" / "v1", COLUMNS[:2], rows)
    assert engine.warm(streets)
    assert next(iter(engine._hot._loaded.values())).bytes < 50_000 * 20


def test_memory_comes_back_when_a_version_is_forgotten(engine, tmp_path):
    rows = [(f"texte {n * 7919 % 10007} {n}", n) for n in range(20_000)]
    texts = make_version(tmp_path / "datasets" / "textes" / "v1", COLUMNS[:2], rows)
    taken = []
    for _turn in range(4):
        assert engine.warm(texts)
        taken.append(engine._hot._loaded[texts.key].bytes)
        engine.forget(texts)
    assert not engine._hot._loaded
    assert max(taken) < min(taken) * 1.5
    assert engine._connection.execute(
        "SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'"
    ).fetchone() == (0,)


def test_the_next_version_of_what_is_often_asked_is_loaded_at_its_first_question(engine, source, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SMALL", 0)
    for _turn in range(3):
        numbers(engine, source)
    following = make_version(Path(source.key).with_name("v2"), COLUMNS[:2], [("a", 1), ("b", 2)])
    assert numbers(engine, following) == [1, 2]
    engine._hot.stop()
    assert following.key in engine._hot._loaded


def test_questions_are_answered_while_a_version_is_loaded_and_others_dropped(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SLICE", 500)
    versions = [
        make_version(tmp_path / "datasets" / f"d{n}" / "v1", COLUMNS[:2], [(f"t{i}", i) for i in range(5000)])
        for n in range(3)
    ]
    engine.warm(versions[0])
    engine._hot._rooms[0].budget = int(engine._hot._loaded[versions[0].key].bytes * 1.5)
    failures = []

    def ask() -> None:
        for turn in range(40):
            if numbers(engine, versions[turn % 3]) != list(range(5000)):
                failures.append(turn)

    askers = [threading.Thread(target=ask) for _rank in range(4)]
    for asker in askers:
        asker.start()
    for turn in range(6):
        engine.warm(versions[turn % 3])
    for asker in askers:
        asker.join()
    assert not failures


def test_a_question_whose_table_is_dropped_before_it_begins_reads_the_files(engine, source):
    assert engine.warm(source)
    written = engine._written

    def dropped_at_once(*arguments, **options):
        statement = written(*arguments, **options)
        engine.forget(source)
        return statement

    engine._written = dropped_at_once
    assert numbers(engine, source) == list(range(100))
    engine._written = written
    assert engine.warm(source)
    engine._written = dropped_at_once
    batches = engine.stream(source, HandWritten("SELECT nombre FROM rows"))
    assert [number for batch in batches for number in batch.column(0).to_pylist()] == list(range(100))


def test_the_least_recently_asked_version_is_dropped_when_the_budget_is_full(engine, tmp_path):
    versions = [
        make_version(tmp_path / "datasets" / f"v{n}", COLUMNS[:2], [("x" * 400, i) for i in range(3000)])
        for n in range(4)
    ]
    assert engine.warm(versions[0])
    size = next(iter(engine._hot._loaded.values())).bytes
    assert size > 0
    engine._hot._rooms[0].budget = int(size * 2.5)
    for version in versions[1:]:
        assert engine.warm(version)
    assert list(engine._hot._loaded) == [v.key for v in versions[2:]]
    assert all(numbers(engine, v) == list(range(3000)) for v in versions)


def test_a_version_larger_than_the_budget_is_read_from_its_files(engine, source):
    engine._hot._rooms[0].budget = 10
    assert not engine.warm(source)
    assert numbers(engine, source) == list(range(100))


def test_words_are_folded_and_stand_between_single_spaces(engine, source):
    text = engine.table(source, HandWritten("SELECT __search FROM rows LIMIT 1")).column(0)[0].as_py()
    assert text == " coeur d evry 0 0 "


def test_a_statement_may_start_with_its_own_tables(engine, source):
    question = HandWritten(
        "WITH large AS (SELECT nombre FROM rows WHERE nombre >= ?) SELECT count(*) FROM large", (90,)
    )
    assert engine.value(source, question) == 10


def test_a_value_is_remembered_for_a_version(engine, source):
    question = HandWritten("SELECT count(*) FROM rows")
    assert engine.value(source, question) == 100
    assert next(iter(engine._values.values())) == 100


def test_a_table_in_memory_is_asked_like_a_version(engine):
    table = pa.table({"titre": ["Arbres", "Écoles"]})
    memory = MemorySource(table, TableShape((Column("titre", "Titre", ColumnType.TEXT),)))
    answer = engine.table(
        memory, HandWritten("SELECT titre, __row FROM rows WHERE contains(__search, ?)", (" ecoles ",))
    )
    assert answer.to_pylist() == [{"titre": "Écoles", "__row": 2}]


def test_an_answer_too_long_is_stopped_and_the_engine_goes_on(engine, source):
    with pytest.raises(QueryTimeout):
        engine.table(source, ENDLESS, seconds=0.2)
    with pytest.raises(QueryTimeout):
        next(iter(engine.stream(source, ENDLESS, seconds=0.2)))
    assert numbers(engine, source) == list(range(100))


def test_the_wait_of_the_reader_is_not_the_time_of_the_engine(engine, source):
    batches = engine.stream(source, HandWritten("SELECT range FROM range(500000)"), seconds=0.3, rows_per_batch=2048)
    first = next(batches)
    threading.Event().wait(0.5)
    assert first.num_rows + sum(batch.num_rows for batch in batches) == 500_000


def test_an_answer_left_before_its_end_is_closed(engine, source):
    batches = engine.stream(source, HandWritten("SELECT range FROM range(50000000)"))
    next(batches)
    batches.close()
    batches.close()
    assert list(batches) == []


def test_too_much_memory_is_refused_not_fatal(engine, source):
    greedy = HandWritten("SELECT list(range || repeat('x', 1000)) FROM range(10000000)")
    with pytest.raises(QueryTooLarge):
        engine.table(source, greedy)
    assert numbers(engine, source) == list(range(100))


def test_an_impossible_conversion_is_an_error_of_the_request(engine, source):
    with pytest.raises(QueryRefused):
        engine.table(source, HandWritten("SELECT CAST(nom AS INT) FROM rows"))


def test_a_missing_file_is_said_without_the_words_of_a_library(engine, source):
    (Path(source.key) / "part-1.parquet").unlink()
    with pytest.raises(EngineFailed):
        numbers(engine, source)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM st_read('/etc/passwd')",
        "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    ],
)
def test_nothing_outside_the_folder_of_versions_can_be_read(engine, source, sql):
    with pytest.raises((EngineFailed, QueryRefused)):
        engine.table(source, HandWritten(sql))


@pytest.mark.parametrize(
    "sql", ["SET memory_limit = '9GB'", "RESET threads", "SET enable_external_access = true", "LOAD httpfs"]
)
def test_no_lock_can_be_undone(engine, sql):
    with pytest.raises(Exception, match=r"(?i)configuration|disabled|permission"):
        engine._connection.execute(sql)


def test_many_threads_each_get_their_own_answer(engine, tmp_path):
    versions = [make_version(tmp_path / "datasets" / f"w{n}", COLUMNS[:2], [("x", n)] * (n + 1)) for n in range(6)]

    def ask(number: int) -> bool:
        version = versions[number % 6]
        question = HandWritten("SELECT count(*) AS n, min(nombre) AS m FROM rows WHERE nombre = ?", (number % 6,))
        return engine.table(version, question).to_pylist() == [{"n": number % 6 + 1, "m": number % 6}]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(120)))


def test_a_statement_written_for_loaded_rows_is_asked_of_them_alone(engine, source, monkeypatch):
    monkeypatch.setattr("parvis.core.engine.duckdb.hot.SMALL", 0)
    few = HandWritten("SELECT nom FROM rows WHERE __place IN (SELECT __place FROM rows WHERE nombre = ?)", (7,))
    question = HandWritten("SELECT nom FROM rows WHERE nombre = ?", (7,), few)
    cold = engine.table(source, question)
    assert cold.column(0).to_pylist() == ["Cœur d’Évry 7"]
    assert engine.warm(source)
    engine._tables.clear()
    assert engine.table(source, question).equals(cold)
    with pytest.raises(EngineFailed):  # no statement sees the place of rows otherwise
        engine.table(source, HandWritten("SELECT __place FROM rows"))


def test_a_short_answer_is_kept_for_a_version_and_not_for_a_table_in_memory(engine, source):
    question = HandWritten("SELECT count(*) AS n FROM rows WHERE nombre > ?", (50,))
    assert engine.table(source, question) is engine.table(source, question)
    shape = TableShape((Column("a", "A", ColumnType.INT),))
    for expected in (1, 2):
        table = MemorySource(pa.table({"a": [expected]}), shape)
        assert engine.table(table, HandWritten("SELECT a FROM rows")).column(0).to_pylist() == [expected]


def test_values_that_python_takes_for_equal_are_asked_apart(engine, source):
    tables = [
        engine.table(source, HandWritten("SELECT typeof(?) AS t FROM rows LIMIT 1", (v,))) for v in (1, 1.0, True)
    ]
    assert len({table.column(0)[0].as_py() for table in tables}) == 3
    values = [engine.value(source, HandWritten("SELECT typeof(?) FROM rows LIMIT 1", (v,))) for v in (1, 1.0, True)]
    assert len(set(values)) == 3


def test_whoever_asks_is_told_what_is_loaded(tmp_path, source):
    loaded = []
    engine = DuckDBEngine(tmp_path / "datasets", on_loaded=loaded.append)
    engine.warm(source)
    other = make_version(tmp_path / "datasets" / "autre" / "v1", COLUMNS[:2], [("a", 1)])
    engine.warm_later(other)
    engine._hot.stop()
    engine.close()
    assert loaded == [[source.key], [other.key, source.key]]


def test_answers_that_are_kept_take_the_memory_that_they_are_counted_for(engine, source):
    # DuckDB’s own buffers, each with the room of a whole batch, are not seen here: what is kept is in bytes of Python.
    tracemalloc.start()
    try:
        for rank in range(200):
            engine.table(source, HandWritten("SELECT * FROM rows WHERE nombre >= ? LIMIT 20", (rank / 7,)))
        taken, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert engine._tables.bytes / 2 < taken < engine._tables.bytes * 2


@pytest.mark.parametrize(("share", "plain"), [(1, {"court", "long"}), (20, {"court"}), (100_000, set())])
def test_texts_nearly_all_different_are_kept_as_they_are_within_a_share_of_memory_the_rest_as_dictionaries(
    tmp_path, monkeypatch, share, plain
):
    """Of 100 MB for loaded versions: 1,500 rows of texts of 6 signs take 15 kB, of 4,000 signs 6 MB."""
    monkeypatch.setattr(hot, "VARIOUS", 500)
    monkeypatch.setattr(hot, "PLAIN_SHARE", share)
    lines = ["court,long,genre", *(f"n-{n:04d},{'mot ' * 999}{n:04d},genre {n % 3}" for n in range(1_500))]
    (tmp_path / "textes.csv").write_text("\n".join(lines), encoding="utf-8")
    manifest = ingest(tmp_path / "textes.csv", name="textes.csv", destination=tmp_path / "d", work=tmp_path / "work")
    source = Source(str(tmp_path / "d" / manifest.version), manifest)
    engine = DuckDBEngine(tmp_path, memory="200MB", loaded=0.5)
    try:
        assert engine.warm(source)
        table = engine._hot._loaded[source.key].table
        stored = engine._connection.execute(
            f"SELECT DISTINCT column_name FROM pragma_storage_info('{table}') "
            "WHERE segment_type = 'VARCHAR' AND compression = 'Uncompressed'"
        ).fetchall()
        assert {name for (name,) in stored} - {"__search"} == plain
    finally:
        engine.close()
