"""Two small versions and a pool of children over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.core.sandbox import Sandbox, Table, UnknownTable
from parvis.core.sandbox.pool import Resources
from parvis.core.statements.errors import line_and_column, near

COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("places", "Places", ColumnType.INT),
    Column("ouverture", "Ouverture", ColumnType.DATE),
    Column("point", "Position", ColumnType.GEO_POINT),
)
ROWS = [
    ("Stade", 1200, "2019-05-01", "POINT(2.43 48.63)"),
    ("Piscine", None, "2021-09-15", "POINT(2.44 48.62)"),
    ("Gymnase", 300, None, None),
]
SECONDS = 10.0


def made(folder, columns, rows, **options) -> Table:
    """A table of these rows, its version in ``folder``."""
    return Table(make_version(folder, columns, rows, **options), Path)


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    """What the caller may read, by identifier; a third dataset stands beside, of which nothing may ever be seen."""
    root = tmp_path_factory.mktemp("datasets")
    make_version(root / "secret" / "versions" / "v1", [Column("mot", "Mot", ColumnType.TEXT)], [("ultra-secret",)])
    return {
        "equipements-sportifs": made(root / "a" / "versions" / "v1", COLUMNS, ROWS),
        "communes": made(root / "b" / "versions" / "v1", [Column("nom", "Nom", ColumnType.TEXT)], [("Évry",)], parts=2),
        "_root": root,
    }


@pytest.fixture(scope="module")
def sandbox(tables):
    """A pool of two children."""
    pool = Sandbox(
        tables["_root"], size=2, resources=Resources(seconds=SECONDS, memory=300_000_000, questions=100_000), wait=10
    )
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def ask(sandbox, tables):
    """``ask(sql)`` gives the rows of an answer as dictionaries."""
    return asker(sandbox, tables)


def asker(sandbox, tables):
    """What asks that pool."""

    def asked(sql: str, **limits):
        answer = sandbox.ask(sql, lambda names: resolved(tables, sql, names), **limits)
        try:
            return answer.table().to_pylist()
        finally:
            answer.close()

    return asked


def resolved(tables, sql, names):
    """The tables named, or UnknownTable."""
    resolved_tables = {}
    for table in names:
        if table.name.lower() not in tables or table.name.startswith("_"):
            raise UnknownTable(name=table.name, **line_and_column(sql, table.position), **near(table.name, tables))
        resolved_tables[table.name] = tables[table.name.lower()]
    return resolved_tables
