"""Ask the questions of a plan: one scan for what is certain, the remaining texts judged once each, faults joined back to rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from parvis.core.formats.regular_text import number
from parvis.core.progress import Progress, no_progress
from parvis.core.validation.model import Rule
from parvis.core.validation.plan import Condition, Finding, Once, Question, Stage
from parvis.core.validation.typed_cells import is_text, read_cell, shown

FAULTS = "validation_faults"
"""Table of faults: the record ``n`` that orders it, ``number`` shown as its row, ``stage``, ``rank`` and ``sub`` (order inside a record),
``rule`` (rank in the list of rules), ``value``, ``more`` (JSON)."""

VERDICTS = "validation_verdicts"
NUMBERED = "validation_numbered"
DOUBTFUL = "validation_doubtful"
"""Table of the rows of which something is not certain: their number ``n``, and all their cells."""

_BATCH = 20_000
_TELLING = 100
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class Rows:
    """A table to validate: ``columns``, ``number`` and ``width`` are SQL over ``relation`` (a quoted name).

    ``columns`` give texts, NULL where the record is too short; ``number`` is unique and follows the order of the file; ``width`` is
    None when all records have as many cells as the header, ``more`` gives the texts beyond it (a list).
    """

    relation: str
    columns: tuple[str, ...]
    number: str | None
    """None for rows that are read as they are asked for: ``Run.look`` numbers them."""
    count: int
    width: str | None = None
    more: str = "NULL"
    typed: bool = False
    """Whether cells may carry numbers, dates or booleans (``core.validation.typed_cells``)."""


class Run:
    """One run of a plan over rows, in the database ``connection``; faults gather in the table ``FAULTS``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rows: Rows, progress: Progress = no_progress) -> None:
        self.connection, self.rows, self._progress = connection, rows, progress
        self._doubtful = rows
        self.rules: list[Rule] = []
        self._place = (0, 1)
        connection.execute(f"DROP TABLE IF EXISTS {FAULTS}")
        connection.execute(
            f"""CREATE TABLE {FAULTS} (n BIGINT, number BIGINT, stage UTINYINT, rank INTEGER, sub INTEGER, rule INTEGER,
            value VARCHAR, more VARCHAR)"""
        )

    def add_rules(self, rules: Sequence[Rule]) -> int:
        """Take ``rules`` in and give the rank of the first."""
        first = len(self.rules)
        self.rules += rules
        return first

    def column(self, position: int) -> str:
        """The SQL of a column."""
        return self.rows.columns[position]

    def ask(self, questions: Sequence[Question]) -> None:
        """These questions, about cells and checks."""
        for done, question in enumerate(questions):
            self._place = (done, len(questions))
            self._progress("validate", *self._place)
            self._judge(question)

    def look(self, questions: Sequence[Question], blank: Condition, keys: Collection[int]) -> list[Question] | None:
        """Set apart, in one scan, the rows of which something is not certain; the questions that they leave open.

        ``blank`` is about all columns of the table. Of rows that are read as they are asked for, only those and the columns
        ``keys`` remain, in a table; None when they are not as many as was told.
        """
        conditions = [f"NOT ({blank.on(self.rows.columns)})", *(self._certain(item, self.rows) for item in questions)]
        sure = f"CASE WHEN {' AND '.join(f'({sql})' for sql in conditions)} THEN true ELSE false END"
        parameters = [*blank.parameters, *_parameters(questions)]
        if self.rows.number is None:
            self._number(sure, parameters, keys)
            if number(self.connection, f"SELECT count(*) FROM {NUMBERED}") != self.rows.count:
                return None
            sure, parameters = "cells IS NULL", []
        names = tuple(f"t{rank}" for rank in range(len(self.rows.columns)))
        cells = "".join(f", {sql} AS {name}" for sql, name in zip(self.rows.columns, names, strict=True))
        self.connection.execute(
            f"""CREATE OR REPLACE TABLE {DOUBTFUL} AS SELECT {self.rows.number} AS n{cells} FROM {self.rows.relation}
            WHERE NOT ({sure})""",
            parameters,
        )
        self._doubtful = replace(self.rows, relation=DOUBTFUL, columns=names, number="n")
        return self._open(questions)

    def _number(self, sure: str, parameters: Sequence[object], keys: Collection[int]) -> None:
        """Make a table of the rows in their order: the cells of those that are not ``sure``, ``keys`` of all."""
        texts = [f"coalesce({sql}, '')" for sql in self.rows.columns]
        cells, stay = ", ".join(texts), "".join(f", {texts[rank]} AS k{rank}" for rank in keys)
        self.connection.execute(
            f"""CREATE OR REPLACE TABLE {NUMBERED} AS SELECT CASE WHEN {sure} THEN NULL ELSE [{cells}] END AS cells{stay}
            FROM {self.rows.relation}""",
            parameters,
        )
        columns = (f"k{rank}" if rank in keys else f"cells[{rank + 1}]" for rank in range(len(self.rows.columns)))
        self.rows = replace(self.rows, relation=NUMBERED, columns=tuple(columns), number="(rowid + 2)")

    def _open(self, questions: Sequence[Question]) -> list[Question]:
        """Those that some doubtful row leaves open."""
        doubts = [f"bool_or(NOT coalesce(({self._certain(item, self._doubtful)}), false))" for item in questions]
        if not doubts:
            return []
        row = self.connection.execute(f"SELECT {', '.join(doubts)} FROM {DOUBTFUL}", _parameters(questions)).fetchone()
        return [question for question, is_open in zip(questions, row or (), strict=True) if is_open]

    def _certain(self, question: Question, rows: Rows) -> str:
        columns = [rows.columns[position] for position in question.columns]
        certain = question.certain.on(columns)
        if not rows.typed:
            return certain
        return " AND ".join([*(is_text(column) for column in columns), f"({certain})"])

    def _judge(self, question: Question) -> None:
        """Judge each distinct text that is not certain, and join the faulty ones back to their rows."""
        first = self.add_rules(question.rules)
        rows = self._doubtful
        columns = [rows.columns[position] for position in question.columns]
        names = [f"t{rank}" for rank in range(len(columns))]
        picked = ", ".join(f"{sql} AS {name}" for sql, name in zip(columns, names, strict=True))
        doubtful = f"NOT coalesce(({self._certain(question, rows)}), false)"
        parameters = list(question.certain.parameters)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {VERDICTS} ({', '.join(f'{name} VARCHAR' for name in names)}, sub INTEGER, rule INTEGER, more VARCHAR)"
        )
        with self.connection.cursor() as reader:
            result = reader.execute(f"SELECT DISTINCT {picked} FROM {rows.relation} WHERE {doubtful}", parameters)
            for batch in result.to_arrow_reader(_BATCH):
                self._keep(self._judged(question, batch, first), names)
        if question.told_once:
            self._tell_if_any(question, first)
            return
        value = "NULL" if question.value is None else f"r.{names[question.value]}"
        if rows.typed and question.value is not None:
            value = shown(value)
        same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM v.{name}" for name in names)
        self.connection.execute(
            f"""INSERT INTO {FAULTS} SELECT r.n, r.n, ?, ?, v.sub, v.rule, {value}, v.more
            FROM (SELECT n, {picked} FROM {rows.relation}) r JOIN {VERDICTS} v ON {same}""",
            [question.stage.value, question.rank],
        )

    def _judged(self, question: Question, batch: pa.RecordBatch, first: int) -> pa.Table:
        """The faulty texts of a batch of distinct ones, with what is wrong; progress is told between texts, which may be slow."""
        typed = self.rows.typed
        columns = [batch.column(rank) for rank in range(len(question.columns))]
        if question.sift is not None and not typed:
            doubtful = pa.compute.invert(question.sift(columns[0]))
            columns = [column.filter(doubtful) for column in columns]
        faulty: list[list[object]] = [[] for _ in range(len(columns) + 3)]
        for done, texts in enumerate(zip(*(column.to_pylist() for column in columns), strict=True)):
            if not done % _TELLING:
                self._progress("validate", *self._place)
            for sub, finding in enumerate(question.judge([read_cell(text) for text in texts] if typed else texts)):
                for place, value in enumerate((*texts, sub, first + finding.rule, _more(finding))):
                    faulty[place].append(value)
        names = [*(f"t{rank}" for rank in range(len(columns))), "sub", "rule", "more"]
        types = [*(pa.string() for _ in columns), pa.int32(), pa.int32(), pa.string()]
        return pa.table({name: pa.array(values, kind) for name, values, kind in zip(names, faulty, types, strict=True)})

    def _tell_if_any(self, question: Question, rule: int) -> None:
        self.connection.execute(
            f"""INSERT INTO {FAULTS} SELECT ?, NULL, ?, ?, 0, ?, NULL, NULL FROM {VERDICTS} LIMIT 1""",
            [_LAST, question.stage.value, question.rank, rule],
        )

    def _keep(self, verdicts: pa.Table, names: Sequence[str]) -> None:
        if verdicts.num_rows:
            self.connection.register("validation_batch", verdicts)
            self.connection.execute(
                f"INSERT INTO {VERDICTS} SELECT {', '.join(names)}, sub, rule, more FROM validation_batch"
            )
            self.connection.unregister("validation_batch")

    def shape(self) -> None:
        """Blank records, and records with too many or too few cells."""
        self._blank()
        width = len(self.rows.columns)
        if self.rows.width is None or not width:
            return
        extra = self.add_rules([Rule("extra-cell", "row:extra-cell", "", None, {"expected": width})])
        self.connection.execute(
            f"""INSERT INTO {FAULTS} SELECT n, n, {Stage.SHAPE.value}, {width} + place, 0, {extra}, more[place],
                json_object('position', {width} + place)::VARCHAR
            FROM (SELECT {self.rows.number} AS n, {self.rows.more} AS more, unnest(range(1, len({self.rows.more}) + 1)) AS place
                  FROM {self.rows.relation} WHERE {self.rows.width} > {width})"""
        )

    def missing_cells(self, names: Sequence[str]) -> None:
        """A fault for each column that a short record does not reach; ``names`` are those of the columns' fields."""
        if self.rows.width is None or not names:
            return
        rules = [Rule("missing-cell", "row:missing-cell", name, rank) for rank, name in enumerate(names, start=1)]
        first = self.add_rules(rules)
        self.connection.execute(
            f"""INSERT INTO {FAULTS} SELECT n, n, {Stage.SHAPE.value}, place, 0, {first} + place, '', NULL
            FROM (SELECT {self.rows.number} AS n, unnest(range({self.rows.width}, {len(names)})) AS place
                  FROM {self.rows.relation} WHERE {self.rows.width} < {len(names)})"""
        )

    def _blank(self) -> None:
        """One fault for each record all of whose cells are missing; nothing else is said of its cells."""
        blank = self.add_rules([Rule("blank-row", "row:blank-row")])
        self.connection.execute(
            f"INSERT INTO {FAULTS} SELECT n, n, {Stage.CELLS.value}, -1, 0, {blank}, NULL, NULL FROM validation_blank"
        )

    def find_blank(self, blank: Condition) -> None:
        """Gather the numbers of blank records."""
        self.connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE validation_blank AS SELECT n FROM {self._doubtful.relation}
            WHERE {blank.on(self._doubtful.columns)}""",
            list(blank.parameters),
        )

    def forget_blank(self) -> None:
        """Take away what was said of the cells of blank records."""
        self.connection.execute(
            f"DELETE FROM {FAULTS} WHERE stage <= {Stage.SHAPE.value} AND rank <> -1 AND n IN (SELECT n FROM validation_blank)"
        )

    def tell_once(self, faults: Sequence[Once], order: int = 0) -> None:
        """Faults that do not depend on rows, in their order; a schema may have thousands of fields that are missing."""
        rows: list[tuple[object, ...]] = []
        for place, once in enumerate(faults, start=order):
            rank = place
            if once.with_first_row and not self.rows.count:
                continue
            first = self.add_rules([once.rule])
            n, stage = (_LAST, 0) if once.last else (-1, 0)
            if once.with_first_row:
                n, stage, rank = self._first_number(), Stage.CHECKS.value, once.rank
            rows.append((n, once.row, stage, rank, first, once.value))
        if rows:
            names = ("n", "number", "stage", "rank", "rule", "value")
            types = (pa.int64(), pa.int64(), pa.uint8(), pa.int32(), pa.int32(), pa.string())
            batch = [pa.array(values, kind) for values, kind in zip(zip(*rows, strict=True), types, strict=True)]
            self.connection.register("validation_batch", pa.table(batch, names=list(names)))
            self.connection.execute(
                f"INSERT INTO {FAULTS} SELECT n, number, stage, rank, 0, rule, value, NULL FROM validation_batch"
            )
            self.connection.unregister("validation_batch")

    def _first_number(self) -> int:
        row = self.connection.execute(f"SELECT min({self.rows.number}) FROM {self.rows.relation}").fetchone()
        return int(row[0]) if row and row[0] is not None else 0


def _more(finding: Finding) -> str | None:
    return None if finding.more is None else json.dumps(finding.more, ensure_ascii=False)


def _parameters(questions: Sequence[Question]) -> list[object]:
    return [value for question in questions for value in question.certain.parameters]
