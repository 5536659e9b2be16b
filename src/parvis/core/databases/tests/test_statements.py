"""What may be sent to a database: one statement that reads, however writing is hidden."""

import pytest

from parvis.core.databases import BadQuery
from parvis.core.databases.statements import checked_select


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("postgresql", "SELECT a, 'DROP TABLE x; --' AS \"update\" FROM t -- ; delete\n;"),
        ("postgresql", "WITH a AS (SELECT $$;drop$$ AS x) SELECT replace(x, ';', '') FROM a"),
        ("postgresql", r"SELECT '\', E'\'; drop' /* ; */ FROM t"),
        ("postgresql", "TABLE voirie.rues"),
        ("mysql", 'SELECT `update`, "drop; \\" x" FROM t # ; delete\n WHERE a -- 1'),
        ("mysql", "SELECT 1--1 FROM t"),
    ],
)
def test_one_statement_that_reads_is_taken_as_it_is(kind: str, query: str) -> None:
    assert checked_select(query, kind) == query.rstrip(";\n")


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("postgresql", ""),
        ("postgresql", "DELETE FROM t"),
        ("postgresql", "SELECT 1; DROP TABLE t"),
        ("postgresql", "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone"),
        ("postgresql", "SELECT * INTO copie FROM t"),
        ("postgresql", "SELECT * FROM t FOR UPDATE"),
        ("postgresql", r"SELECT '\'; DROP TABLE t; --'"),
        ("postgresql", "SELECT 1 # ; DROP TABLE t"),
        ("postgresql", "SELECT 1 ` ; DROP TABLE t; `"),
        ("postgresql", "SELECT 1 -- a\rFROM t; DROP TABLE t"),
        ("postgresql", "SELECT 1) AS x; DROP TABLE t; SELECT * FROM (SELECT 1"),
        ("postgresql", "SELECT 1) AS x, (SELECT 2"),
        ("postgresql", "SELECT pg_read_file('/etc/passwd')"),
        ("postgresql", "SELECT dblink_exec('host=x', 'y')"),
        ("postgresql", "SELECT 'a"),
        ("postgresql", "SELECT /* a /* b */ 1"),
        ("postgresql", "SELECT 1\0"),
        ("mysql", "SELECT '\\'; DROP TABLE t; -- '; DELETE FROM t"),
        ("mysql", "SELECT 1 --1; DROP TABLE t"),
        ("mysql", "SELECT 1 /*!50000 INTO OUTFILE '/tmp/x' */"),
        ("mysql", "SELECT 1 /*M!100100 INTO OUTFILE '/tmp/x' */"),
        ("mysql", "SELECT load_file('/etc/passwd')"),
        ("mysql", "SELECT a INTO @x FROM t"),
        ("mysql", "SELECT sleep(100)"),
    ],
)
def test_anything_else_is_refused(kind: str, query: str) -> None:
    with pytest.raises(BadQuery):
        checked_select(query, kind)
