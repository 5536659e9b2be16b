"""Where the rows of a value lie, for columns whose values are nearly all different: identifiers, references, names.

Rows are laid so that neighbours on the map are neighbours in the file, which scatters identifiers: without help, a row asked by
its own would be looked for in all of them.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.contract import Source
from parvis.core.engine.duckdb.rooms import Room
from parvis.core.odsql.bound import Among, Cell, Compare, Every, Test, Value
from parvis.core.staging import quote_identifier

FEW = 8
"""Rows fetched by their place at most: each costs as much as a thousand gone through."""

KEYED_FROM = 20_000
"""Rows from which a column has a key: fewer are gone through in less than a millisecond."""

KEY_BYTES = 8
"""Bytes that a key takes for each row."""

_MOST = 4
_LONGEST = 100
_KEYED = (ColumnType.TEXT, ColumnType.INT)
_DIGEST = "CAST(md5_number_lower(CAST({} AS VARCHAR)) >> 32 AS UINTEGER)"


@dataclass(frozen=True, slots=True)
class Equality:
    """What each row of an answer must hold: in this column, one of these values, all texts or all whole numbers."""

    column: Column
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """The digests of the values of a column, 32 bits each, in order, and the places of their rows: eight bytes a row."""

    digests: Sequence[int]
    places: Sequence[int]

    @property
    def bytes(self) -> int:
        """What it takes."""
        return KEY_BYTES * len(self.digests)

    def at(self, digest: int) -> list[int] | None:
        """The places of the rows whose value has this digest, a few of which may hold another value; None for too many."""
        start = bisect_left(self.digests, digest)
        within = range(start, min(start + FEW + 1, len(self.digests)))
        places = [self.places[rank] for rank in within if self.digests[rank] == digest]
        return places if len(places) <= FEW else None


def equalities(test: Test) -> tuple[Equality, ...]:
    """Those that a condition asks of all rows it keeps."""
    if isinstance(test, Every):
        return tuple(equality for condition in test.conditions for equality in equalities(condition))
    if isinstance(test, Compare) and test.operator == "=":
        left, right = (test.left, test.right) if isinstance(test.left, Cell) else (test.right, test.left)
        return _equality(left, (right,))
    if isinstance(test, Among) and len(test.values) <= FEW:
        return _equality(test.expression, test.values)
    return ()


def _equality(cell: object, values: Sequence[object]) -> tuple[Equality, ...]:
    if not isinstance(cell, Cell) or "multivalued" in cell.column.annotations or not values:
        return ()
    asked_type = {ColumnType.TEXT: str, ColumnType.INT: int}.get(cell.column.type)
    plain: list[str | int] = []
    for value in values:
        content = value.value if isinstance(value, Value) else None
        if not isinstance(content, str | int) or type(content) is not asked_type:
            return ()
        if isinstance(content, int) and abs(content) >= 1 << 63:
            return ()
        plain.append(content)
    return (Equality(cell.column, tuple(plain)),)


def columns_worth_a_key(source: Source) -> list[Column]:
    """The columns of which few rows hold the same value, the most different first."""
    if source.rows < KEYED_FROM:
        return []
    distinct = {
        column.name: facts.distinct
        for column in source.shape
        if column.type in _KEYED
        and "multivalued" not in column.annotations
        and (facts := source.manifest.profile.get(column.name))
        and facts.distinct * FEW >= max(source.rows - facts.nulls, KEYED_FROM)
    }
    ranked = sorted((column for column in source.shape if column.name in distinct), key=lambda c: -distinct[c.name])
    return ranked[:_MOST]


def build_key(cursor: duckdb.DuckDBPyConnection, table: str, column: Column, room: Room) -> Key | None:
    """The key of a column of a loaded table; None for long texts, which nobody asks for whole."""
    name = quote_identifier(column.name)
    if column.type is ColumnType.TEXT:
        longest = cursor.execute(f"SELECT max(strlen({name})) FROM (SELECT {name} FROM {table} LIMIT 2048)").fetchone()
        if longest and (longest[0] or 0) > _LONGEST:
            return None
    digests, places = room.numbers(
        cursor.execute(
            f"SELECT {_DIGEST.format(name)} AS digest, CAST(rowid AS UINTEGER) FROM {table} WHERE {name} IS NOT NULL ORDER BY digest"
        )
    )
    return Key(digests, places)


def places(keys: dict[str, Key], required: Sequence[Equality]) -> list[int] | None:
    """Where all rows lie that may hold what is wanted; None when no key tells, or when they are many."""
    for equality in required:
        key = keys.get(equality.column.name)
        if key is None:
            continue
        places_of_each = [key.at(_digest(value)) for value in equality.values]
        if None not in places_of_each:
            merged = {place for some in places_of_each for place in some or ()}
            return sorted(merged) if len(merged) <= FEW else None
    return None


def _digest(value: str | int) -> int:
    """What ``_DIGEST`` gives: asking DuckDB for it would take longer than to fetch the rows."""
    return int.from_bytes(hashlib.md5(str(value).encode(), usedforsecurity=False).digest()[12:], "little")
