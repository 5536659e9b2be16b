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
from parvis.core.overlays.writing import Written, columns_of_shapes, insert_rows, write_rows
from parvis.core.profiling.plans import ColumnGuess, ColumnPlan
from parvis.core.profiling.table import parser_named
from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier

VERDICTS = "overlay_verdicts"
"""Table of what became of each change, which the writer puts beside the rows (``versions.writer.OVERLAID``)."""

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
            written = Written(merge.cells, merge.added, merge.removed)
            key = _key_sql(overlay, plans)
            sources = {name: plan.sources[0] for name, plan in plans.items()}
            staged = replace(staged, rows=write_rows(workspace, staged, sources, key, written))
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
        shapes = columns_of_shapes(connection)
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
    insert_rows(connection, VERDICTS, rows)
