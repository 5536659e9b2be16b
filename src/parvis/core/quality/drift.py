"""How a version differs from the one before: rows, columns, types, values, and how far each column moved.

The distance is the population stability index: the values of the old version are sorted into ten groups of about equal
size (numbers, dates) or by value (the twenty most frequent, and all others); with *p* and *q* the shares of a group before
and after, it is the sum of (q - p) x ln(q / p). Below 0.1 nothing moved, above 0.25 much did.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from parvis.core.columns import Column, ColumnType
from parvis.core.quality.facts import Drift, Moved
from parvis.core.staging import quote_identifier
from parvis.core.versions.manifest import Manifest, read_manifest
from parvis.core.versions.relations import relation_of

GROUPS = 10
MOST_VALUES = 1000
"""Columns of at most so many distinct values are compared value by value."""

LITTLE, MUCH = 0.1, 0.25
_EXAMPLES = 5
_LEAST = 0.0001
"""The share an empty group counts for, so that the logarithm exists."""


def stability_index(before: Sequence[int], after: Sequence[int]) -> float | None:
    """The index of two lists of counts over the same groups; None when either is empty."""
    first, second = sum(before), sum(after)
    if not first or not second:
        return None
    total = 0.0
    for old, new in zip(before, after, strict=True):
        p, q = max(old / first, _LEAST), max(new / second, _LEAST)
        total += (q - p) * math.log(q / p)
    return round(total, 4)


def drift_between(connection: duckdb.DuckDBPyConnection, old: Path, new: Path) -> Drift:
    """The drift from the version in folder ``old`` to that in ``new``; NotFound when one is no version."""
    before, after = read_manifest(old), read_manifest(new)
    relations = relation_of(old, before), relation_of(new, after)
    moved = {}
    for column in after.shape:
        former = before.shape.get(column.name)
        if former is not None and former.type is column.type and "multivalued" not in column.annotations:
            shift = _moved(connection, relations, column, before, after)
            if shift is not None:
                moved[column.name] = shift
    pairs = [(before.shape.get(column.name), column) for column in after.shape]
    return Drift(
        previous=before.version,
        rows_before=before.rows,
        rows_after=after.rows,
        columns_before=len(before.shape),
        added=tuple(name for name in after.shape.names if before.shape.get(name) is None),
        removed=tuple(name for name in before.shape.names if after.shape.get(name) is None),
        retyped=tuple((c.name, str(f.type), str(c.type)) for f, c in pairs if f is not None and f.type is not c.type),
        moved=moved,
    )


def _moved(
    connection: duckdb.DuckDBPyConnection, relations: tuple[str, str], column: Column, before: Manifest, after: Manifest
) -> Moved | None:
    profiles = [manifest.profile.get(column.name) for manifest in (before, after)]
    distinct = [profile.distinct for profile in profiles if profile is not None]
    if len(distinct) < 2 or column.type.is_geographic:
        return None
    if max(distinct) <= MOST_VALUES and column.type is not ColumnType.DOUBLE:
        return _by_value(connection, relations, column)
    if column.type.is_number or column.type in (ColumnType.DATE, ColumnType.DATETIME):
        return _by_group(connection, relations, column)
    return None


def _by_value(connection: duckdb.DuckDBPyConnection, relations: tuple[str, str], column: Column) -> Moved:
    counts = [_counts(connection, relation, column.name) for relation in relations]
    old, new = counts
    most = sorted(old, key=lambda value: (-old[value], value))[:20]
    groups = [[side.get(value, 0) for value in most] for side in counts]
    rests = [sum(side.values()) - sum(group) for side, group in zip(counts, groups, strict=True)]
    came = sorted(new.keys() - old.keys(), key=lambda value: (-new[value], value))
    gone = sorted(old.keys() - new.keys(), key=lambda value: (-old[value], value))
    psi = stability_index([*groups[0], rests[0]], [*groups[1], rests[1]])
    return Moved(psi, len(came), len(gone), tuple(came[:_EXAMPLES]), tuple(gone[:_EXAMPLES]))


def _counts(connection: duckdb.DuckDBPyConnection, relation: str, name: str) -> dict[str, int]:
    quoted = quote_identifier(name)
    rows = connection.execute(
        f"SELECT left({quoted}::VARCHAR, 100), count(*) FROM {relation} WHERE {quoted} IS NOT NULL GROUP BY 1"
    ).fetchall()
    return {str(value): int(count) for value, count in rows}


def _by_group(connection: duckdb.DuckDBPyConnection, relations: tuple[str, str], column: Column) -> Moved | None:
    value = _as_number(column)
    shares = [rank / GROUPS for rank in range(1, GROUPS)]
    row = connection.execute(
        f"SELECT approx_quantile({value}, {shares}) FROM {relations[0]} WHERE isfinite({value})"
    ).fetchone()
    edges: list[float] = sorted({float(edge) for edge in (row[0] if row and row[0] else ()) if edge is not None})
    if not edges:
        return None
    counts = [_grouped(connection, relation, value, edges) for relation in relations]
    return Moved(stability_index(*counts))


def _grouped(connection: duckdb.DuckDBPyConnection, relation: str, value: str, edges: list[float]) -> list[int]:
    """How many values lie up to each edge, then beyond the last."""
    sums = ", ".join(f"count_if(v <= {edge!r})" for edge in edges)
    row: Any = connection.execute(
        f"SELECT {sums}, count(*) FROM (SELECT {value} AS v FROM {relation}) WHERE isfinite(v)"
    ).fetchone()
    counts = [int(count) for count in row]
    return [count - below for below, count in zip([0, *counts], counts, strict=False)]


def _as_number(column: Column) -> str:
    name = quote_identifier(column.name)
    if column.type.is_number:
        return f"{name}::DOUBLE"
    return f"epoch({name}::TIMESTAMP)::DOUBLE"
