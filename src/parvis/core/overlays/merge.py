"""Laying an overlay over the staged rows of a source, so that everything after it (types, checks, search for persons) sees the result."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from parvis.core.overlays.canonical import canonical_sql
from parvis.core.overlays.model import (
    Addition,
    CellChange,
    CellState,
    CellVerdict,
    Key,
    MergeReport,
    Overlay,
    Removal,
)
from parvis.core.overlays.spelling import spelt
from parvis.core.overlays.three_way import decide
from parvis.core.profiling.plans import ColumnGuess, ColumnPlan
from parvis.core.profiling.table import parser_named
from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier
from parvis.core.transforms.rows import replace_rows

VERDICTS = "overlay_verdicts"
"""Table of what became of each change, which the writer puts beside the rows (``versions.writer.OVERLAID``)."""

DELIVERED = "overlay_delivered"
"""Table of the rows that were changed or removed, as the source delivered them; absent when none was."""

_BETWEEN, _EMPTY = "\x1f", "\x1e"
"""Between the values of a key, and in the place of an empty one: no file writes them."""

type Rows = dict[str, list[dict[str, str | None]]]


def merge_overlay(
    workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess], overlay: Overlay
) -> tuple[StagedTable, MergeReport]:
    """The staged rows with what was accepted in them, and what became of each change.

    ``guesses`` say how the source writes its columns, by their technical names. The rows keep their order and their lines; added
    ones come last, on lines that the source has not. The former rows go only where something is to be written.
    """
    plans = {guess.plan.column.name: guess.plan for guess in guesses if len(guess.plan.sources) == 1}
    connection = workspace.connection
    if any(name not in plans for name in overlay.key):
        report = MergeReport(overlay.key, tuple(_without_key(overlay)))
    else:
        columns = _columns_of(overlay, plans)
        rows = _touched(connection, overlay, plans, columns)
        merge = _Merge(overlay, plans, rows)
        merge.decide_all()
        merge.leave_unwritable(connection)
        last = connection.execute(f"SELECT coalesce(max(line), 0) FROM {ROWS}").fetchone()
        if merge.cells or merge.added or merge.removed:
            staged = replace(staged, rows=_write(workspace, staged, plans, merge))
        report = MergeReport(overlay.key, tuple(merge.verdicts), int(last[0]) if last else 0)
    _keep(connection, report)
    return staged, report


def key_text(key: Key) -> str:
    """The values of a key as one text."""
    return _BETWEEN.join(_EMPTY if value is None else value for value in key)


def _without_key(overlay: Overlay) -> list[CellVerdict]:
    """Every change waits: nothing tells rows apart in this file."""
    state = CellState.MISSING
    cells = [CellVerdict(row.change, row.key, row.column, None, row.base, row.ours, state) for row in overlay.cells]
    rows: tuple[Addition | Removal, ...] = (*overlay.additions, *overlay.removals)
    whole = [CellVerdict(row.change, row.key, "", None, None, None, state) for row in rows]
    return cells + whole


def _columns_of(overlay: Overlay, plans: Mapping[str, ColumnPlan]) -> list[str]:
    names = [row.column for row in overlay.cells]
    names += [name for row in overlay.additions for name in row.values]
    names += [name for row in overlay.removals for name in row.base]
    return [name for name in dict.fromkeys(names) if name in plans]


def _value_sql(plan: ColumnPlan) -> str:
    """SQL: the canonical text of a column of the staged rows."""
    return canonical_sql(plan.column, parser_named(plan.parser).sql(quote_identifier(plan.sources[0])))


def _key_sql(overlay: Overlay, plans: Mapping[str, ColumnPlan]) -> str:
    values = ", ".join(f"coalesce({_value_sql(plans[name])}, '{_EMPTY}')" for name in overlay.key)
    return f"concat_ws('{_BETWEEN}', {values})"


def _touched(
    connection: duckdb.DuckDBPyConnection, overlay: Overlay, plans: Mapping[str, ColumnPlan], columns: Sequence[str]
) -> Rows:
    """The rows of the source that some change is about, by their key."""
    changes: tuple[CellChange | Addition | Removal, ...] = (*overlay.cells, *overlay.additions, *overlay.removals)
    keys = {key_text(change.key) for change in changes}
    connection.execute("CREATE OR REPLACE TEMP TABLE overlay_keys (k VARCHAR)")
    connection.execute("INSERT INTO overlay_keys SELECT unnest(?::VARCHAR[])", [sorted(keys)])
    values = "".join(f", {_value_sql(plans[name])}" for name in columns)
    touched = connection.execute(
        f"SELECT k{values} FROM (SELECT {_key_sql(overlay, plans)} AS k, * FROM {ROWS}) SEMI JOIN overlay_keys USING (k)"
    ).fetchall()
    rows: Rows = {}
    for key, *cells in touched:
        rows.setdefault(key, []).append(dict(zip(columns, cells, strict=True)))
    return rows


@dataclass
class _Merge:
    """The work in progress: what is decided, and what is to be written."""

    overlay: Overlay
    plans: Mapping[str, ColumnPlan]
    rows: Rows
    verdicts: list[CellVerdict] = field(default_factory=list)
    cells: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """Canonical texts to write, by key and column."""
    added: dict[str, dict[str, str | None]] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    def decide_all(self) -> None:
        """Rows first: a cell may be one of a row that was added."""
        for addition in self.overlay.additions:
            self._add(addition.change, addition.key, addition.values)
        for removal in self.overlay.removals:
            self._remove(removal.change, removal.key, removal.base)
        for cell in self.overlay.cells:
            self._correct(cell.change, cell.key, cell.column, cell.base, cell.ours)

    def _add(self, change: str, key: Key, values: Mapping[str, str | None]) -> None:
        name = key_text(key)
        rows = self.rows.get(name, [])
        if any(column not in self.plans for column in values):
            self._note(change, key, "", None, None, None, CellState.MISSING)
        elif not rows:
            self.added[name] = dict(values)
            self._note(change, key, "", None, None, None, CellState.APPLIED)
        elif len(rows) > 1:
            self._note(change, key, "", None, None, None, CellState.AMBIGUOUS)
        elif all(rows[0][column] == value for column, value in values.items()):
            self._note(change, key, "", None, None, None, CellState.SAME)
        else:
            for column, value in values.items():
                if rows[0][column] != value:
                    self._note(change, key, column, rows[0][column], None, value, CellState.CONFLICT)

    def _remove(self, change: str, key: Key, base: Mapping[str, str | None]) -> None:
        name = key_text(key)
        rows = self.rows.get(name, [])
        columns = [column for column in base if column in self.plans]
        if not rows:
            self._note(change, key, "", None, None, None, CellState.SAME)
        elif len(rows) > 1:
            self._note(change, key, "", None, None, None, CellState.AMBIGUOUS)
        elif all(rows[0][column] == base[column] for column in columns):
            self.removed.add(name)
            self._note(change, key, "", None, None, None, CellState.APPLIED)
        else:
            for column in columns:
                if rows[0][column] != base[column]:
                    self._note(change, key, column, rows[0][column], base[column], None, CellState.CONFLICT)

    def _correct(self, change: str, key: Key, column: str, base: str | None, accepted: str | None) -> None:
        name = key_text(key)
        rows = self.rows.get(name) or ([self.added[name]] if name in self.added else [])
        if column not in self.plans:
            self._note(change, key, column, None, base, accepted, CellState.MISSING)
        elif not rows:
            self._note(change, key, column, None, base, accepted, CellState.GONE)
        elif len(rows) > 1:
            self._note(change, key, column, None, base, accepted, CellState.AMBIGUOUS)
        else:
            source = rows[0].get(column)
            state = decide(base, source, accepted)
            if state is CellState.APPLIED:
                self.cells[name, column] = accepted
            self._note(change, key, column, source, base, accepted, state)

    def leave_unwritable(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write each value as its column writes them; what it cannot hold stays as the source says, and is told."""
        values_of: dict[str, set[str]] = {}
        for (_name, column), value in self.cells.items():
            if value is not None:
                values_of.setdefault(column, set()).add(value)
        for values in self.added.values():
            for column, value in values.items():
                if value is not None:
                    values_of.setdefault(column, set()).add(value)
        shapes = _geometries(connection)
        texts = {
            column: spelt(connection, self.plans[column], sorted(values), shape=self.plans[column].sources[0] in shapes)
            for column, values in values_of.items()
        }

        def is_written(column: str, value: str | None) -> bool:
            return value is None or value in texts[column]

        refused = {place for place, value in self.cells.items() if not is_written(place[1], value)}
        lost_rows = {
            name for name, values in self.added.items() if not all(is_written(c, value) for c, value in values.items())
        }
        self.verdicts = [
            replace(verdict, state=CellState.UNWRITABLE)
            if verdict.state is CellState.APPLIED
            and (
                (key_text(verdict.key), verdict.column) in refused
                or (key_text(verdict.key) in lost_rows and not verdict.column)
            )
            else verdict
            for verdict in self.verdicts
        ]
        self.cells = {
            place: value if value is None else texts[place[1]][value]
            for place, value in self.cells.items()
            if place not in refused
        }
        self.added = {
            name: {column: value if value is None else texts[column][value] for column, value in values.items()}
            for name, values in self.added.items()
            if name not in lost_rows
        }

    def _note(
        self,
        change: str,
        key: Key,
        column: str,
        source: str | None,
        base: str | None,
        accepted: str | None,
        state: CellState,
    ) -> None:
        self.verdicts.append(CellVerdict(change, key, column, source, base, accepted, state))


def _write(workspace: Workspace, staged: StagedTable, plans: Mapping[str, ColumnPlan], merge: _Merge) -> int:
    """Replace the staged rows; how many there are."""
    connection = workspace.connection
    sources = {name: plan.sources[0] for name, plan in plans.items()}
    columns = list(dict.fromkeys(column for _name, column in merge.cells))
    writes: dict[str, dict[str, str | None]] = {}
    for (name, column), text in merge.cells.items():
        if name in merge.added:
            merge.added[name][column] = text
        else:
            writes.setdefault(name, {})[column] = text
    flags = "".join(
        f", {quote_identifier('h_' + sources[c])} BOOLEAN, {quote_identifier('v_' + sources[c])} VARCHAR"
        for c in columns
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE overlay_writes (k VARCHAR, gone BOOLEAN{flags})")
    rows = [
        [
            name,
            name in merge.removed,
            *(cell for c in columns for cell in (c in writes.get(name, {}), writes.get(name, {}).get(c))),
        ]
        for name in dict.fromkeys([*writes, *merge.removed])
    ]
    _insert(connection, "overlay_writes", rows)
    if rows:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {DELIVERED} AS SELECT r.* EXCLUDE (k) FROM "
            f"(SELECT {_key_sql(merge.overlay, plans)} AS k, * FROM {ROWS}) r SEMI JOIN overlay_writes USING (k)"
        )
    overridden = {sources[column] for column in columns}
    shapes = _geometries(connection)

    def typed(name: str, value: str) -> str:
        """SQL: a text as the staged column of that name holds it."""
        return f"ST_GeomFromText({value})" if name in shapes else f"{value}::VARCHAR"

    def cell(name: str) -> str:
        column = f"r.{quote_identifier(name)}"
        if name not in overridden:
            return f"{column} AS {quote_identifier(name)}"
        flag, value = (f"w.{quote_identifier(prefix + name)}" for prefix in ("h_", "v_"))
        return f"CASE WHEN {flag} THEN {typed(name, value)} ELSE {column} END AS {quote_identifier(name)}"

    changed = ", ".join(cell(column.name) for column in staged.columns)
    select = f"""SELECT r.line, {changed}
    FROM (SELECT {_key_sql(merge.overlay, plans)} AS k, * FROM {ROWS}) r LEFT JOIN overlay_writes w ON r.k = w.k
    WHERE NOT coalesce(w.gone, false)"""
    parameters: list[object] = []
    for rank, values in enumerate(merge.added.values(), start=1):
        texts = {sources[column]: text for column, text in values.items()}
        cells = ", ".join(f"{typed(column.name, '?')} AS {quote_identifier(column.name)}" for column in staged.columns)
        select += f" UNION ALL SELECT (SELECT coalesce(max(line), 0) FROM {ROWS}) + {rank} AS line, {cells}"
        parameters += [texts.get(column.name) for column in staged.columns]
    return replace_rows(workspace, f"SELECT * FROM ({select}) ORDER BY line", parameters)


def _keep(connection: duckdb.DuckDBPyConnection, report: MergeReport) -> None:
    """The verdicts as a table, for the file beside the rows."""
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {VERDICTS} (change VARCHAR, "key" VARCHAR, "column" VARCHAR, source VARCHAR, '
        "before VARCHAR, accepted VARCHAR, state VARCHAR)"
    )
    rows = [
        [
            row.change,
            json.dumps(row.key, ensure_ascii=False),
            row.column,
            row.theirs,
            row.base,
            row.ours,
            str(row.state),
        ]
        for row in report.verdicts
    ]
    _insert(connection, VERDICTS, rows)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Add rows to a table, column by column: one by one takes DuckDB a millisecond each."""
    if rows:
        lists = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(f"INSERT INTO {table} SELECT {', '.join('unnest(?)' for _ in lists)}", lists)


def _geometries(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The staged columns that hold shapes and not texts."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM {ROWS}").fetchall()
    return {str(name) for name, kind, *_rest in rows if str(kind).startswith("GEOMETRY")}
