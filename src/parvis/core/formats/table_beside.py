"""A dBASE table that goes with a map of the same name, as INSEE's grids come: its columns are those of the map, by the key they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.sink import check_width, clear_rows, staged_name
from parvis.core.staging import ROWS, Note, StagedColumn, StagedTable

_DRAWN = "staged_map"


def with_table_beside(job: Job, outcome: Outcome, beside: Path, read: Callable[[Job], Outcome]) -> Outcome:
    """``outcome`` (the map just staged) with the columns of the table ``beside``, which ``read`` stages; a note when they share no key.

    A key is a column of the same name in both, whose values are all there, each once, and the same.
    """
    drawn, reading = outcome
    connection = job.workspace.connection
    connection.execute(f"ALTER TABLE {ROWS} RENAME TO {_DRAWN}")
    try:
        table, _ = read(replace(job, path=beside, format="dbf"))
        pair = _key(connection, drawn, table)
        if pair is not None:
            return _joined(job, drawn, table, *pair), reading
        clear_rows(connection)
        connection.execute(f"CREATE TABLE {ROWS} AS SELECT * FROM {_DRAWN}")
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {_DRAWN}")
    return replace(drawn, notes=(*drawn.notes, Note("table-beside"))), reading


def _key(
    connection: duckdb.DuckDBPyConnection, drawn: StagedTable, table: StagedTable
) -> tuple[StagedColumn, StagedColumn] | None:
    for drawn_key in drawn.columns:
        for table_key in table.columns:
            if drawn_key.header.lower() == table_key.header.lower() and drawn.rows == table.rows:
                row = connection.execute(
                    f"SELECT count(*), count(DISTINCT r.{table_key.name}), count(DISTINCT d.{drawn_key.name}) FROM {ROWS} r "
                    f"JOIN {_DRAWN} d ON r.{table_key.name} = d.{drawn_key.name}::VARCHAR"
                ).fetchone()
                if row == (table.rows, table.rows, table.rows):
                    return drawn_key, table_key
    return None


def _joined(
    job: Job, drawn: StagedTable, table: StagedTable, drawn_key: StagedColumn, table_key: StagedColumn
) -> StagedTable:
    """The rows of the table in their order, then what only the map has."""
    headers = {column.header.lower() for column in table.columns}
    more = [column for column in drawn.columns if column.header.lower() not in headers]
    check_width(len(table.columns) + len(more), job.name, job.limits)
    sources = [f"r.{column.name}" for column in table.columns] + [f"d.{column.name}" for column in more]
    named = ", ".join(f"{source} AS {staged_name(rank)}" for rank, source in enumerate(sources))
    connection = job.workspace.connection
    connection.execute(
        f"CREATE TABLE joined AS SELECT r.line, {named} FROM {ROWS} r JOIN {_DRAWN} d "
        f"ON r.{table_key.name} = d.{drawn_key.name}::VARCHAR ORDER BY r.line"
    )
    clear_rows(connection)
    connection.execute(f"ALTER TABLE joined RENAME TO {ROWS}")
    columns = tuple(
        StagedColumn(staged_name(rank), column.header, column.hint)
        for rank, column in enumerate((*table.columns, *more))
    )
    return StagedTable(columns, table.rows, 0, (*table.notes, *drawn.notes))
