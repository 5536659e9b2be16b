"""Bombs, deaths and crowds: each question ends in time, and the others do not notice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest

from parvis.core.errors import ParvisError
from parvis.core.sandbox import Limits, Sandbox, SandboxBusy, SandboxFailed, SqlError, SqlTimeout, SqlTooLarge
from parvis.core.sandbox.pool import Resources, sweep
from parvis.core.sandbox.tests.conftest import SECONDS, asker, resolved
from parvis.core.sandbox.tests.test_statement_check import ALLOWED, REFUSED
from parvis.core.statements.errors import SqlTooLong

BURNING = "SELECT count(*) FROM range(1000000000000)"
ENDLESS = [
    "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c",
    "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
]
"""What nothing but the clock stops."""
LONG = [
    "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))",
    "SELECT count(DISTINCT hash(a.range * 7919 + b.range)) FROM range(100000) a, range(100000) b",
    "SELECT a.range FROM range(100000) a, range(100000) b ORDER BY hash(a.range, b.range)",
    "SELECT lpad('x', 2000000000, 'y')",
    "SELECT ST_Area(ST_Buffer(ST_Point(0, 0), 1, 100000000))",
    "SELECT " + " || ".join(["repeat('x', 60000000)"] * 60),
]
"""What would take long, and lasts until the clock stops it on most machines."""
HUNGRY = ["SELECT repeat('x', 2000000000)", "SELECT list_sort(range(200000000))"]
BOMBS = [
    "WITH RECURSIVE t AS (SELECT 'x' AS s UNION ALL SELECT s || s FROM t) SELECT max(length(s)) FROM t",
    "SELECT length(repeat(repeat('x', 100000), 100000))",
    "SELECT damerau_levenshtein(repeat('a', 60000), repeat('b', 60000))",
    "SELECT string_agg(a.range::VARCHAR, '') FROM range(100000) a, range(100000) b",
    "SELECT array_agg(a.range) FROM range(100000) a, range(100000) b",
    "SELECT regexp_matches(repeat('a', 10000000), '(a*)*(a*)*(a*)*b{1,500}') FROM range(1000)",
    "SELECT factorial(n) FROM (SELECT 30 AS n FROM range(100000000000)) WHERE n < 0",
    "SELECT printf('%2000000000d', 1)",
    "SELECT format('{:2000000000}', 1)",
    "SELECT list_reduce(range(100000000), lambda a, b: a + b)",
    "SELECT map(range(50000000), range(50000000))",
    "SELECT bar(1, 0, 1, 2000000000)",
]
DEEP = [
    "SELECT " + "(" * 9_000 + "1" + ")" * 9_000,
    "SELECT " + "-" * 1 + "+".join(["1"] * 9_000),
    "SELECT " + "NOT " * 4_900 + "true",
    "SELECT " + "[" * 9_000 + "1" + "]" * 9_000,
    "SELECT " + "abs(" * 4_000 + "1" + ")" * 4_000,
    "SELECT " + "(SELECT " * 2_000 + "1" + ")" * 2_000,
    "SELECT 1" + " UNION ALL SELECT 1" * 1_000,
    "SELECT " + "CASE WHEN true THEN " * 700 + "1" + " END" * 700,
    "SELECT '" + "x" * 30_000 + "'",
    "SELECT '\x00'",
    "SELECT * FROM communes " + "JOIN communes USING (nom) " * 700,
]


@pytest.fixture(scope="module")
def ask_in_haste(tables):
    """As ``ask``, of a pool with a short clock: what it stops takes all of its time."""
    pool = Sandbox(tables["_root"], size=1, resources=Resources(seconds=2, memory=300_000_000), wait=10)
    yield asker(pool, tables)
    pool.close()


@contextmanager
def every_child_held(sandbox) -> Iterator[None]:
    """Every child of the pool at work on a question, until the end of the block."""
    barrier, left = threading.Barrier(sandbox.size + 1), threading.Event()

    def resolve(names):
        barrier.wait(30)
        left.wait(30)
        return {}

    with ThreadPoolExecutor(sandbox.size) as threads:
        answers = [threads.submit(sandbox.ask, "SELECT 1", resolve) for _child in range(sandbox.size)]
        barrier.wait(30)
        try:
            yield
        finally:
            left.set()
        for answer in answers:
            answer.result().close()


def stopped(ask, sql: str, seconds: float) -> SqlError | None:
    """Ask a bomb, which DuckDB may see through, then a small question of the healed pool; the error of the first."""
    started, error = time.monotonic(), None
    try:
        ask(sql)
    except SqlError as refusal:
        error = refusal
        assert error.message("fr")
    assert time.monotonic() - started < seconds + 60
    assert ask("SELECT count(*) AS n FROM communes") == [{"n": 1}]
    return error


@pytest.mark.slow
@pytest.mark.parametrize("sql", BOMBS, ids=range(len(BOMBS)))
def test_a_bomb_is_stopped_within_its_time_and_the_pool_heals(ask, sql):
    stopped(ask, sql, SECONDS)


@pytest.mark.slow
@pytest.mark.parametrize("sql", [*ENDLESS, *LONG], ids=range(len(ENDLESS) + len(LONG)))
def test_a_question_without_end_is_stopped_by_the_clock_and_the_pool_heals(ask_in_haste, sql):
    error = stopped(ask_in_haste, sql, 2)
    assert sql in LONG or (isinstance(error, SqlTimeout) and "2 secondes" in error.message("fr"))


@pytest.mark.parametrize("sql", DEEP, ids=range(len(DEEP)))
def test_deep_and_long_statements_are_answered_or_refused(ask, sql):
    try:
        ask(sql)
    except SqlError as error:
        assert error.message("fr")
    assert ask("SELECT count(*) AS n FROM communes") == [{"n": 1}]


@pytest.mark.parametrize("sql", HUNGRY)
def test_a_hunger_for_memory_is_told_as_such_and_the_pool_heals(ask, sql):
    assert isinstance(stopped(ask, sql, SECONDS), SqlTooLarge)


def test_what_does_not_fit_in_memory_is_put_on_disk_then_removed(tables):
    pool = Sandbox(tables["_root"], size=1, resources=Resources(memory=50_000_000, seconds=30))
    try:
        answer = pool.ask(
            "SELECT range AS n FROM range(2000000) ORDER BY hash(range)", lambda names: {}, Limits(rows=1)
        )
        assert answer.total == 2_000_000
        answer.close()
        assert not [*Path(tempfile.gettempdir()).glob(f"parvis-sql-{os.getpid()}-*/duckdb_temp*")]
    finally:
        pool.close()


def test_other_questions_are_answered_while_a_bomb_burns(tables):
    pool = Sandbox(tables["_root"], size=2, resources=Resources(seconds=3), wait=30)
    ask, answered = asker(pool, tables), 0
    try:
        with every_child_held(pool):
            pass  # all of them have started
        with ThreadPoolExecutor(1) as threads:
            burning = threads.submit(ask, BURNING)
            while not burning.done():
                assert ask("SELECT count(*) AS n FROM communes") == [{"n": 1}]
                answered += 1
            with pytest.raises(SqlTimeout) as stop:
                burning.result()
    finally:
        pool.close()
    assert "3 secondes" in stop.value.message("fr")
    assert answered > 3


def test_many_questions_at_once_each_get_their_own_answer(ask):
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(ask(f"SELECT {n} AS n FROM communes")[0]["n"]))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(20))


def test_nothing_of_a_question_is_left_for_the_next(sandbox, ask):
    ask('SELECT * FROM "equipements-sportifs"')
    with pytest.raises(SandboxFailed):
        # A caller that resolves nothing: the child may not remember the tables of the one before.
        sandbox.ask('SELECT * FROM "equipements-sportifs"', lambda names: {})


def test_when_every_child_is_at_work_one_is_told_so(sandbox, monkeypatch):
    with every_child_held(sandbox):
        monkeypatch.setattr(sandbox, "wait", 0.5)
        with pytest.raises(SandboxBusy):
            sandbox.ask("SELECT 1", lambda names: {})


def test_a_long_answer_is_cut_and_counted(sandbox):
    answer = sandbox.ask("SELECT range AS n FROM range(50000)", lambda names: {}, Limits(rows=1_000))
    assert (answer.rows, answer.total, answer.is_cut) == (1_000, 50_000, True)
    assert answer.table().column("n").to_pylist() == list(range(1_000))
    answer.close()


def test_a_heavy_answer_is_cut_at_its_bytes(sandbox):
    answer = sandbox.ask(
        "SELECT repeat('x', 1000) AS t FROM range(50000)", lambda names: {}, Limits(rows=10**6, bytes=2_000_000)
    )
    assert 1_000 < answer.rows < 2_100
    assert answer.is_cut
    assert answer.total in (50_000, None)
    answer.close()


def test_an_endless_answer_is_cut_and_its_count_given_up(sandbox):
    answer = sandbox.ask("SELECT a.range FROM range(100000) a, range(100000) b", lambda names: {}, Limits(rows=10))
    assert (answer.rows, answer.total) == (10, None)
    assert answer.at_least > 10
    answer.close()


def test_a_wide_answer_is_cut_at_its_cells(sandbox):
    sql = f"SELECT {', '.join(['true'] * 2_000)} FROM range(5000)"
    answer = sandbox.ask(sql, lambda names: {}, Limits(rows=10**6, cells=100_000))
    assert (answer.rows, answer.total, len(answer.columns)) == (50, 5_000, 2_000)
    answer.close()


def test_a_child_without_questions_is_ended_and_another_started(tables):
    pool = Sandbox(tables["_root"], size=1, resources=Resources(idle=0.2))
    try:
        pool.ask("SELECT 1", lambda names: {}).close()
        (pid,) = pool.pids()
        while _is_running(pid):
            time.sleep(0.02)
        assert pool.ask("SELECT 1", lambda names: {}).rows == 1
    finally:
        pool.close()


VALUES = {
    "INTERVAL 3 DAY": "3 days",
    "MAP {'a': 1}": '{"a":1}',
    "{'a': [1, 2]}": '{"a":[1,2]}',
    "TIME '10:00'": "10:00:00",
    "'a'::BLOB": "61",
    "'a'::ENUM('a', 'b')": "a",
    "ST_Point(1, 2)": '{"type":"Point","coordinates":[1.0,2.0]}',
    "'infinity'::DATE": None,
    "'-infinity'::TIMESTAMP": None,
    "DATE '0044-01-01 (BC)'": None,
    "NULL": None,
    "12345678901234567890123456789::BIGNUM": "12345678901234567890123456789",
}


@pytest.mark.parametrize(("expression", "value"), VALUES.items())
def test_every_type_comes_out_in_one_that_formats_know(ask, expression, value):
    assert list(ask(f"SELECT {expression} AS v")[0].values()) == [value]


def test_columns_of_one_name_are_told_apart(ask):
    assert ask("SELECT 1 AS a, 2 AS a, 3 AS a_2") == [{"a": 1, "a_2": 2, "a_2_2": 3}]


def test_an_empty_answer_has_its_columns(sandbox, tables):
    sql = 'SELECT * FROM "equipements-sportifs" WHERE false'
    answer = sandbox.ask(sql, lambda names: resolved(tables, sql, names))
    assert answer.schema.names == ["nom", "places", "ouverture", "point"]
    assert answer.schema.field("ouverture").type == pa.date32()
    assert answer.total == 0
    answer.close()


def test_a_child_that_is_killed_is_replaced(sandbox, ask):
    ask("SELECT 1")
    for pid in sandbox.pids():
        os.kill(pid, signal.SIGKILL)
    assert ask("SELECT 1 AS a") == [{"a": 1}]


def test_children_killed_together_are_replaced_before_the_system_says_that_they_ended(sandbox, ask, monkeypatch):
    with every_child_held(sandbox):
        assert not sandbox.pids()
    killed = sandbox.pids()
    assert len(killed) == sandbox.size > 1
    monkeypatch.setattr("parvis.core.sandbox.pool._Child.is_alive", True)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert ask("SELECT 1 AS a") == [{"a": 1}]


def test_a_child_knows_no_secret_and_is_bound_by_the_system(sandbox, ask, monkeypatch):
    monkeypatch.setenv("PARVIS_SECRET_KEY", "a-secret-in-the-environment")
    ask("SELECT 1")
    (pid, *_others) = sandbox.pids()
    limits = Path(f"/proc/{pid}/limits").read_text()
    for line in ("Max core file size        0 ", "Max open files            128 "):
        assert line in limits
    assert not any(line.startswith("Max address space") and "unlimited" in line for line in limits.splitlines())
    assert not any(line.startswith("Max file size") and "unlimited" in line for line in limits.splitlines())
    for descriptor in (0, 1, 2):
        assert str(Path(f"/proc/{pid}/fd/{descriptor}").readlink()) == "/dev/null"
    status = Path(f"/proc/{pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status


_PARENT = """
import sys, time, threading
from pathlib import Path
from parvis.core.sandbox import Sandbox
if __name__ == "__main__":
    pool = Sandbox(Path(sys.argv[1]), size=2)
    pool.ask("SELECT 1", lambda names: {}).close()
    print(*pool.pids(), flush=True)
    pool.ask("SELECT count(*) FROM range(1000000000000)", lambda names: {})
"""


@pytest.mark.slow
@pytest.mark.parametrize("deadly", [signal.SIGKILL, signal.SIGTERM])
def test_children_die_with_their_parent_even_at_work(tmp_path, deadly):
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    parent = subprocess.Popen([sys.executable, script, tmp_path], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline().split()[0])
    time.sleep(0.3)
    assert Path(f"/proc/{pid}").exists()
    parent.send_signal(deadly)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 60
    while _is_running(pid):
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.02)
    sweep()
    assert not list(Path(tempfile.gettempdir()).glob(f"parvis-sql-{parent.pid}-*"))


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return False


def test_a_pool_waits_for_its_first_child_however_slow_the_machine_and_leaves_nothing_once_closed(tables):
    pool = Sandbox(tables["_root"], size=1, wait=0.001)
    answer = pool.ask("SELECT 1 AS un", lambda names: {})
    assert answer.table().to_pylist() == [{"un": 1}]
    answer.close()
    (pid,) = pool.pids()
    pool.close()
    assert not _is_running(pid)
    with pytest.raises(SandboxFailed):
        pool.ask("SELECT 1", lambda names: {})


WORDS = (  # noqa: SIM905 - a bag of words
    "SELECT FROM WHERE ( ) , * communes \"equipements-sportifs\" nom places getenv read_csv '/etc/passwd' 'x' 1 0 -1 + = "
    "WITH t AS UNION ALL JOIN ON true ; -- /* */ $1 ? :: DATE [ ] { } lambda x : pg_tables . main COLUMNS ORDER BY LIMIT"
).split()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_random_statements_never_break_anything(ask, seed):
    chance = random.Random(seed)
    statements = [sql for sql, _rows in (*ALLOWED, *REFUSED)]
    for _turn in range(400):
        if chance.random() < 0.5:
            sql = " ".join(chance.choices(WORDS, k=chance.randint(1, 14)))
        else:
            raw = bytearray(chance.choice(statements).encode())
            for _change in range(chance.randint(1, 4)):
                place = chance.randrange(len(raw) + 1)
                raw[place : place + chance.randint(0, 3)] = bytes(chance.choices(range(256), k=chance.randint(0, 3)))
            sql = raw.decode(errors="replace")
        try:
            rows = ask(sql)
        except SqlTooLong:
            continue  # a parser that gave up
        except ParvisError as error:
            assert isinstance(error, SqlError | SandboxFailed), sql
            assert "ultra" not in str(error)
        else:
            assert "ultra-secret" not in str(rows)
            assert "root:" not in str(rows)
