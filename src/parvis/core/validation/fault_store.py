"""Faults on disk: a Parquet file in order, read a batch at a time; counts and first examples for the report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from parvis.core.validation.model import Count, Fault, Rule
from parvis.core.validation.runner import FAULTS

EXAMPLES = 5
"""Faults of each count that a report carries along."""

_ORDER = "n, stage, rank, sub"
_COLUMNS = ["number", "rule", "value", "more"]


@dataclass(frozen=True, slots=True)
class StoredFaults:
    """All faults of a table, in the file ``path``; it must live as long as they are read."""

    path: Path
    rules: tuple[Rule, ...]
    total: int

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[Fault]:
        return self._read(None)

    def between(self, first: int, last: int) -> Iterator[Fault]:
        """Those of rows ``first`` to ``last``, both included; parts of the file without them are passed over."""
        return self._read((first, last))

    def _read(self, rows: tuple[int, int] | None) -> Iterator[Fault]:
        with pq.ParquetFile(self.path) as file:
            groups = [group for group in range(file.num_row_groups) if _may_hold(file, group, rows)]
            for batch in file.iter_batches(10_000, row_groups=groups, columns=_COLUMNS):
                for number, rule, value, more in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    if rows is None or (number is not None and rows[0] <= number <= rows[1]):
                        yield fault_of(self.rules[rule], number, value, more)


def _may_hold(file: pq.ParquetFile, group: int, rows: tuple[int, int] | None) -> bool:
    if rows is None:
        return True
    statistics = file.metadata.row_group(group).column(0).statistics
    if statistics is None or not statistics.has_min_max:
        return True
    return bool(statistics.min <= rows[1] and statistics.max >= rows[0])


def fault_of(rule: Rule, number: int | None, value: str | None, more: str | None) -> Fault:
    """One fault from its rule and what is its own."""
    own: dict[str, Any] = json.loads(more) if more else {}
    position = rule.position
    if rule.rule == "row:extra-cell":
        position = own.pop("position")
    return Fault(rule.kind, number, rule.column, position, value, rule.rule, {**rule.details, **own})


def store(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], path: Path) -> StoredFaults:
    """Write the faults gathered in the database to ``path`` in their order."""
    target = str(path).replace("'", "''")
    connection.execute(
        f"""COPY (SELECT number, rule, value, more FROM {FAULTS} ORDER BY {_ORDER}) TO '{target}'
        (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"""
    )
    row = connection.execute(f"SELECT count(*) FROM {FAULTS}").fetchone()
    return StoredFaults(path, tuple(rules), int(row[0]) if row else 0)


def counted(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> tuple[Count, ...]:
    """How many faults of each rule and column, in the order in which they first appear."""
    rows = connection.execute(
        f"SELECT rule, count(*), min((n, stage, rank, sub)) AS first FROM {FAULTS} GROUP BY rule ORDER BY first"
    ).fetchall()
    counts: dict[tuple[str, str, str | None], int] = {}
    for rank, count, _ in rows:
        rule = rules[rank]
        key = (rule.kind, rule.rule, rule.column)
        counts[key] = counts.get(key, 0) + count
    return tuple(Count(*key, count) for key, count in counts.items())


def first_examples(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> tuple[Fault, ...]:
    """The first ``EXAMPLES`` faults of each rule, in order."""
    rows = connection.execute(
        f"""SELECT f.rule, f.number, f.value, f.more FROM (
            SELECT unnest(arg_min({{'n': n, 'stage': stage, 'rank': rank, 'sub': sub, 'rule': rule, 'number': number,
                'value': value, 'more': more}}, (n, stage, rank, sub), {EXAMPLES})) AS f
            FROM {FAULTS} GROUP BY rule) ORDER BY f.n, f.stage, f.rank, f.sub"""
    ).fetchall()
    return tuple(fault_of(rules[rule], number, value, more) for rule, number, value, more in rows)
