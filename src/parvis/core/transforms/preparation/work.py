"""A step at work on the staged table: it names columns by their headers, binds its values, and tells row by row what failed.

Values never become SQL text: ``bind`` gives the name of a parameter. Only what ``quote_identifier`` quotes and the constants of
these modules are written into statements; free SQL passes ``core.statements.check`` first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pyarrow as pa

from parvis.core.columns import ColumnType
from parvis.core.errors import DataError
from parvis.core.formats.sink import clear_rows
from parvis.core.profiling.parsers import filled
from parvis.core.staging import REJECTS, ROWS, StagedColumn, StagedTable, quote_identifier
from parvis.core.statements.parsing import succeeds
from parvis.core.transforms.model import Material, SideTable, Step
from parvis.core.transforms.preparation.model import PREFIX, bad
from parvis.core.transforms.rows import column_of
from parvis.core.translation import Sentence, gettext_noop

FAILURES = "failures"
"""Table of what steps could not do: ``line``, ``step`` (rank from 1), ``column`` (header), ``value``, ``reason`` (a stable code)."""
REJECTED_BY_STEP = "step-failed"
"""The reason of rows that a step removed because it failed on them, among the rejects."""
MOST_ROWS = 50_000_000
"""Rows that a step may make; more is refused before they are made."""
MOST_COLUMNS = 2_000
SHOWN_FAILURES = 100
LONGEST_VALUE = 300
"""Characters of a value that are kept with its failure."""
NUMBERED = f"(SELECT *, row_number() OVER () AS place FROM {ROWS}) {ROWS}"
"""The rows with their place, by which a statement that joins puts them in order again: a join keeps none."""
NEW = "__new__"
"""In conditions of failures: what the cell became."""
_NEXT = "staged_next"
_PARAMETER = re.compile(r"\$(p\d+)\b")


class TooManyRows(DataError):
    """A step would make more rows than may be."""

    code: ClassVar[str] = "step-too-many-rows"
    sentence: ClassVar[str] = gettext_noop("L’étape « {step} » ferait {rows} lignes : {limit} au plus.")
    advice: ClassVar[str] = gettext_noop(
        "Une jointure sur une colonne qui se répète des deux côtés multiplie les lignes : choisissez une autre clé."
    )


class StepFailed(DataError):
    """A step that must not fail failed on some rows."""

    code: ClassVar[str] = "step-failed"
    sentence: ClassVar[str] = gettext_noop(
        "L’étape « {step} » a échoué sur {count} lignes, et la recette demande alors d’arrêter : {example}."
    )
    advice: ClassVar[str] = gettext_noop(
        'Corrigez ces lignes dans le fichier, ou choisissez « on_failure = "empty" » : les échecs sont alors comptés et gardés.'
    )


@dataclass(frozen=True, slots=True)
class Failure:
    """What may go wrong with a cell: the SQL condition of it, the SQL of the value told, a stable code."""

    condition: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column becomes: an SQL expression, the type that it surely has, what may fail in it."""

    sql: str
    hint: ColumnType | None = None
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The table after a step, rows and cells that changed, rows on which it failed, facts of its own."""

    staged: StagedTable
    rows: int = 0
    cells: int = 0
    failures: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


class Work:
    """One step on one table."""

    def __init__(self, material: Material, step: Step, on_failure: str = "empty") -> None:
        self.material, self.step, self.on_failure = material, step, on_failure
        self.connection = material.workspace.connection
        self.staged = material.staged
        self._parameters: dict[str, object] = {}

    @property
    def name(self) -> str:
        """The step, as recipes call it."""
        return self.step.name.removeprefix(PREFIX)

    def refuse(self, reason: str | Sentence) -> Exception:
        """The error of a step that will not do."""
        return bad(self.step, reason)

    def column(self, header: str) -> StagedColumn:
        """The column under that header; StepColumnMissing when there is none."""
        return column_of(self.staged, replace(self.step, name=self.name), header)

    def quoted(self, header: str) -> str:
        """The column, whatever it holds, as SQL."""
        return quote_identifier(self.column(header).name)

    def cell(self, header: str) -> str:
        """The text of a column as SQL; refused when it holds shapes."""
        column = self.column(header)
        if self.types[column.name] != "VARCHAR":
            raise self.refuse(Sentence("« {column} » n’est pas une colonne de texte", {"column": header}))
        return quote_identifier(column.name)

    def text(self, header: str) -> str:
        """A column as text, shapes as WKT."""
        column = self.column(header)
        quoted = quote_identifier(column.name)
        return quoted if self.types[column.name] == "VARCHAR" else f"ST_AsText({quoted})"

    @property
    def types(self) -> dict[str, str]:
        """The SQL type of each staged column."""
        rows = self.connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {ROWS})").fetchall()
        return {str(name): "GEOMETRY" if str(kind).startswith("GEOMETRY") else str(kind) for name, kind in rows}

    def bind(self, value: object) -> str:
        """A value as a parameter of the statement to come."""
        name = f"p{len(self._parameters)}"
        self._parameters[name] = value
        return f"${name}"

    def free(self, header: str, besides: Iterable[str] = ()) -> str:
        """The header, when no other column has it; refused otherwise."""
        if not header.strip():
            raise self.refuse(Sentence("une colonne doit avoir un nom"))
        gone = set(besides)
        if any(column.header == header and header not in gone for column in self.staged.columns):
            raise self.refuse(Sentence("deux colonnes s’appelleraient « {column} »", {"column": header}))
        return header

    def execute(self, sql: str) -> Any:
        """Run a statement with those of the bound values that it names."""
        named = {name: self._parameters[name] for name in set(_PARAMETER.findall(sql)) if name in self._parameters}
        return self.connection.execute(sql, named) if named else self.connection.execute(sql)

    def runs(self, sql: str) -> bool:
        """Whether DuckDB takes a statement of ours with these values."""
        return succeeds(lambda: self.execute(sql).fetchone())

    def number(self, sql: str) -> int:
        """The one number that a statement gives."""
        row = self.execute(sql).fetchone()
        return int(row[0] or 0) if row else 0

    def check_rows(self, count: int) -> None:
        """TooManyRows when a step would make so many."""
        if count > MOST_ROWS:
            raise TooManyRows(step=self.name, rows=count, limit=MOST_ROWS)

    def next_names(self, count: int) -> list[str]:
        """Names of staged columns that are not taken."""
        taken = {int(c.name[1:]) for c in self.staged.columns if c.name[1:].isdecimal()}
        start = max(taken, default=-1) + 1
        if len(self.staged.columns) + count > MOST_COLUMNS:
            raise self.refuse(Sentence("il y aurait plus de {limit} colonnes", {"limit": MOST_COLUMNS}))
        return [f"c{start + rank}" for rank in range(count)]

    def put(
        self,
        cells: Mapping[str, Cell],
        *,
        after: str = "",
        source: str = ROWS,
        select: str = "*",
        gone: Sequence[str] = (),
        order: str = "",
    ) -> Result:
        """Give columns, by header, what the cells say: those there are in their place, new ones behind ``after`` or at the end.

        ``source`` and ``select`` may add columns that the cells read; ``gone`` are headers of columns that go;
        ``order`` is said where the source does not keep that of the rows.
        """
        present = {column.header: column for column in reversed(self.staged.columns)}
        fresh = [header for header in cells if header not in present]
        names = dict(zip(fresh, self.next_names(len(fresh)), strict=True))
        names |= {header: present[header].name for header in cells if header in present}
        removed = {self.column(header).name for header in gone if header not in cells}
        columns = [
            replace(c, hint=cells[c.header].hint) if c.header in cells and c.name == names[c.header] else c
            for c in self.staged.columns
        ]
        place = next((rank + 1 for rank, c in enumerate(columns) if c.header == after), len(columns))
        columns[place:place] = [StagedColumn(names[header], header, cells[header].hint) for header in fresh]
        columns = [column for column in columns if column.name not in removed]
        if not columns:
            raise self.refuse(Sentence("il ne resterait aucune colonne"))
        rank_of = {names[header]: rank for rank, header in enumerate(cells)}
        all_cells = list(cells.values())
        chosen = [
            f"{self._value(all_cells[rank_of[c.name]], rank_of[c.name], c, present)} AS {quote_identifier(c.name)}"
            if c.name in rank_of
            else quote_identifier(c.name)
            for c in columns
        ]
        # Two levels, so that a long expression is computed once: DuckDB shares nothing between branches of CASE.
        made = ", ".join(f"({cell.sql}) AS new_{rank}" for rank, cell in enumerate(cells.values()))
        changed = [names[header] for header in cells if header in present]
        marks = self._marks(cells, rank_of, changed)
        inner = f"SELECT *, {made} FROM (SELECT {select} FROM {source})"
        ordered = f" ORDER BY {order}" if order else ""
        self._replace(f"SELECT line, {', '.join([*chosen, *marks])} FROM ({inner}){ordered}")
        return self._account(replace(self.staged, columns=tuple(columns)), cells, names, len(changed))

    def _value(self, cell: Cell, rank: int, column: StagedColumn, present: Mapping[str, StagedColumn]) -> str:
        """SQL of what a cell becomes: with ``keep``, one in which the step failed stays as it was."""
        if self.on_failure != "keep" or not cell.failures or column.header not in present:
            return f"new_{rank}"
        failed = " OR ".join(f"({failure.condition.replace(NEW, f'new_{rank}')})" for failure in cell.failures)
        return f"CASE WHEN {failed} THEN {quote_identifier(column.name)} ELSE new_{rank} END"

    def _marks(self, cells: Mapping[str, Cell], rank_of: Mapping[str, int], changed: Sequence[str]) -> list[str]:
        """SQL of columns that do not stay: whether a cell changed, why it failed, what it held."""
        marks = [
            f"(new_{rank_of[name]} IS DISTINCT FROM {quote_identifier(name)}) AS changed_{rank}"
            for rank, name in enumerate(changed)
        ]
        for rank, cell in enumerate(cells.values()):
            if cell.failures:
                tests = [(f.condition.replace(NEW, f"new_{rank}"), f) for f in cell.failures]
                cases = " ".join(f"WHEN {test} THEN '{f.reason}'" for test, f in tests)
                values = " ".join(f"WHEN {test} THEN left({f.value}, {LONGEST_VALUE})" for test, f in tests)
                marks += [f"(CASE {cases} END) AS reason_{rank}", f"(CASE {values} END) AS value_{rank}"]
        return marks

    def _replace(self, select: str) -> None:
        self.execute(f"CREATE OR REPLACE TABLE {_NEXT} AS {select}")
        clear_rows(self.connection)
        self.connection.execute(f"ALTER TABLE {_NEXT} RENAME TO {ROWS}")

    def _account(
        self, staged: StagedTable, cells: Mapping[str, Cell], names: Mapping[str, str], changed: int
    ) -> Result:
        """What changed and failed, told by the marks, which then go; rows removed when the step says so."""
        row_count = cell_count = failed = 0
        if changed:
            some = " OR ".join(f"changed_{rank}" for rank in range(changed))
            each = " + ".join(f"count_if(changed_{rank})" for rank in range(changed))
            counted = self.connection.execute(f"SELECT count_if({some}), {each} FROM {ROWS}").fetchone()
            row_count, cell_count = (int(counted[0] or 0), int(counted[1] or 0)) if counted else (0, 0)
        failing = [rank for rank, cell in enumerate(cells.values()) if cell.failures]
        headers = list(cells)
        if failing:
            test = " OR ".join(f"reason_{rank} IS NOT NULL" for rank in failing)
            failed = self.number(f"SELECT count_if({test}) FROM {ROWS}")
            if failed:
                self._tell(failing, headers, failed)
                if self.on_failure == "drop":
                    staged = self._drop_failed(staged, failing, test, failed)
        gone = [f"changed_{rank}" for rank in range(changed)]
        gone += [f"{word}_{rank}" for rank in failing for word in ("reason", "value")]
        for name in gone:
            self.connection.execute(f"ALTER TABLE {ROWS} DROP COLUMN {name}")
        fresh = [header for header in headers if header not in {c.header for c in self.staged.columns}]
        return Result(staged, row_count or (staged.rows if fresh else 0), cell_count, failed)

    def _tell(self, failing: Sequence[int], headers: Sequence[str], failed: int) -> None:
        require_failures(self.connection)
        for rank in failing:
            self.connection.execute(
                f"INSERT INTO {FAILURES} SELECT line, ?, ?, value_{rank}, reason_{rank} FROM {ROWS} WHERE reason_{rank} IS NOT NULL",
                [self.material.rank, headers[rank]],
            )
        if self.on_failure == "stop":
            row = self.connection.execute(
                f'SELECT line, "column", value FROM {FAILURES} WHERE step = ? ORDER BY line LIMIT 1',
                [self.material.rank],
            ).fetchone()
            line, header, value = row or (0, "", "")
            example = Sentence(
                "ligne {line}, « {column} » : « {value} »", {"line": line, "column": header, "value": value or ""}
            )
            raise StepFailed(step=self.name, count=failed, example=example)

    def _drop_failed(self, staged: StagedTable, failing: Sequence[int], test: str, failed: int) -> StagedTable:
        values = ", ".join(f"value_{rank}" for rank in failing)
        self.connection.execute(
            f"INSERT INTO {REJECTS} SELECT line, ?, concat_ws(' · ', {values}) FROM {ROWS} WHERE {test}",
            [REJECTED_BY_STEP],
        )
        self.connection.execute(f"DELETE FROM {ROWS} WHERE {test}")
        return replace(staged, rows=staged.rows - failed, rejects=staged.rejects + failed)

    def select(
        self, select: str, columns: Sequence[StagedColumn] | None = None, details: Mapping[str, Any] | None = None
    ) -> Result:
        """Put the rows of a statement (``line`` first, then the columns) in the place of the table."""
        self._replace(select)
        row_count = self.number(f"SELECT count(*) FROM {ROWS}")
        staged = replace(self.staged, columns=tuple(columns or self.staged.columns), rows=row_count)
        return Result(staged, abs(row_count - self.staged.rows), 0, 0, details or {})

    def failing(self, header: str, reason: str) -> Failure:
        """A failure of a column: its cell held something, and nothing was made of it."""
        cell = self.text(header)
        return Failure(f"({filled(cell)}) AND {NEW} IS NULL", cell, reason)

    def table(self, identifier: str) -> SideTable:
        """Another table of this instance; refused when it was not brought."""
        table = self.material.tables.get(identifier)
        if table is None:
            raise self.refuse(Sentence("« {name} » n’est pas disponible ici", {"name": identifier}))
        return table

    def register(self, name: str, columns: Mapping[str, Sequence[Any] | pa.Array]) -> None:
        """A small table of ours, by name, for the statement to come."""
        self.connection.execute(f"DROP TABLE IF EXISTS {name}")
        self.connection.register("brought", pa.table(dict(columns)))
        try:
            self.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM brought")
        finally:
            self.connection.unregister("brought")


def require_failures(connection: Any) -> None:
    """Have the table of failures, if it is not there yet."""
    connection.execute(
        f'CREATE TABLE IF NOT EXISTS {FAILURES} (line BIGINT, step INTEGER, "column" VARCHAR, value VARCHAR, reason VARCHAR)'
    )


def first_failures(connection: Any, most: int = SHOWN_FAILURES) -> tuple[tuple[int, int, str, str, str], ...]:
    """The first failures: line, rank of the step, column, value, reason; none when no step failed."""
    exists = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [FAILURES]).fetchone()
    if not exists or not exists[0]:
        return ()
    select = f"SELECT line, step, \"column\", coalesce(value, ''), reason FROM {FAILURES} ORDER BY line, step LIMIT {int(most)}"
    rows = connection.execute(select).fetchall()
    return tuple(
        (int(line), int(step), str(column), str(value), str(reason)) for line, step, column, value, reason in rows
    )
