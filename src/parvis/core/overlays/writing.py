"""Putting accepted values among the staged rows: one rewriting of the table, whatever the number of columns and of rows added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier
from parvis.core.transforms.rows import replace_rows

DELIVERED = "overlay_delivered"
"""Table of the rows that were changed or removed, as the source delivered them; absent when none was."""

_WRITES, _ADDED = "overlay_writes", "overlay_added"


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be written: texts by key and column, rows added by key, keys of rows removed."""

    cells: Mapping[tuple[str, str], str | None]
    added: Mapping[str, Mapping[str, str | None]]
    removed: frozenset[str] | set[str]


def write_rows(
    workspace: Workspace, staged: StagedTable, sources: Mapping[str, str], key: str, written: Written
) -> int:
    """Replace the staged rows; how many there are.

    ``sources`` gives the staged column of each column, ``key`` is the SQL of the key of a staged row.
    """
    connection = workspace.connection
    shapes = columns_of_shapes(connection)
    added = {name: dict(values) for name, values in written.added.items()}
    writes: dict[str, dict[str, str | None]] = {name: {} for name in written.removed}
    for (name, column), text in written.cells.items():
        if name in added:
            added[name][column] = text
        else:
            writes.setdefault(name, {})[sources[column]] = text
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_WRITES} (k VARCHAR, gone BOOLEAN, names VARCHAR[], texts VARCHAR[])"
    )
    insert_rows(
        connection,
        _WRITES,
        [[name, name in written.removed, list(texts), list(texts.values())] for name, texts in writes.items()],
    )
    keyed = f"(SELECT {key} AS k, * FROM {ROWS})"
    if writes:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {DELIVERED} AS "
            f"SELECT r.* EXCLUDE (k) FROM {keyed} r SEMI JOIN {_WRITES} USING (k)"
        )
    overridden = {name for texts in writes.values() for name in texts}
    cells = ", ".join(
        _cell(column.name, is_shape=column.name in shapes)
        if column.name in overridden
        else f"r.{quote_identifier(column.name)}"
        for column in staged.columns
    )
    select = (
        f"SELECT r.line, {cells} FROM {keyed} r LEFT JOIN {_WRITES} w ON r.k = w.k WHERE NOT coalesce(w.gone, false)"
    )
    if added:
        _stage_added(connection, staged, sources, list(added.values()))
        typed = ", ".join(
            f"ST_GeomFromText({quote_identifier(column.name)})"
            if column.name in shapes
            else quote_identifier(column.name)
            for column in staged.columns
        )
        select += f" UNION ALL SELECT (SELECT coalesce(max(line), 0) FROM {ROWS}) + line, {typed} FROM {_ADDED}"
    return replace_rows(workspace, f"SELECT * FROM ({select}) ORDER BY line")


def _cell(name: str, *, is_shape: bool) -> str:
    """SQL: the text written for a column where there is one, empty or not, else what the source delivered."""
    column, literal = quote_identifier(name), "'" + name.replace("'", "''") + "'"
    text = f"w.texts[list_position(w.names, {literal})]"
    value = f"ST_GeomFromText({text})" if is_shape else text
    return f"CASE WHEN list_contains(w.names, {literal}) THEN {value} ELSE r.{column} END AS {column}"


def _stage_added(
    connection: duckdb.DuckDBPyConnection,
    staged: StagedTable,
    sources: Mapping[str, str],
    added: Sequence[Mapping[str, str | None]],
) -> None:
    """The rows added as a table of texts, in order."""
    names = [column.name for column in staged.columns]
    columns = ", ".join(f"{quote_identifier(name)} VARCHAR" for name in names)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_ADDED} (line BIGINT, {columns})")
    rows = []
    for rank, values in enumerate(added, start=1):
        texts = {sources[column]: text for column, text in values.items()}
        rows.append([rank, *(texts.get(name) for name in names)])
    insert_rows(connection, _ADDED, rows)


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Add rows to a table, column by column: one by one takes DuckDB a millisecond each."""
    if rows:
        lists = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"INSERT INTO {table} SELECT {', '.join('unnest(?)' for _ in lists)}", lists)


def columns_of_shapes(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The staged columns that hold shapes and not texts."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM {ROWS}").fetchall()
    return {str(name) for name, kind, *_rest in rows if str(kind).startswith("GEOMETRY")}
