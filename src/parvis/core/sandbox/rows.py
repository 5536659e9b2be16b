"""Rows of a statement on their way out of the child: counted, cut, in types that every format knows."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.children import frames
from parvis.core.sandbox.answers import Limits

_BATCH = 2_048
_PIECE = 1 << 20
_VIEW = "answer_batch"
_PLAIN: tuple[Callable[[pa.DataType], bool], ...] = (
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_date,
    pa.types.is_timestamp,
)
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""Days of the years 1 to 9999, beyond which neither Python nor JSON has dates; DuckDB also has an infinite one."""
_TICKS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def send_rows(
    cursor: duckdb.DuckDBPyConnection, text: str, target: int, limits: Limits, counting: float
) -> dict[str, Any]:
    """Run the statement, send what the limits leave as an Arrow stream, and tell what was sent.

    Rows beyond the limits are only counted, for ``counting`` seconds at most.
    """
    result = cursor.execute(text)
    types = [str(column[1]) for column in result.description]
    most_rows = min(limits.rows, limits.cells // max(len(types), 1))
    reader = result.to_arrow_reader(_BATCH)
    schema = _schema(reader.schema, types)
    plain = _Plain(cursor, reader.schema, schema, types)
    pipe = _Pipe(target)
    rows = sent = seen = 0
    until: float | None = None
    complete = True
    with pa.ipc.new_stream(pipe, schema) as writer:
        for batch in reader:
            seen += batch.num_rows
            if until is None:
                fitting = _within(plain(batch), most_rows - rows, limits.bytes - sent)
                if fitting.num_rows:
                    writer.write_batch(fitting)
                rows, sent = rows + fitting.num_rows, sent + fitting.nbytes
                if fitting.num_rows < batch.num_rows or rows >= most_rows:
                    until = time.monotonic() + counting
            elif time.monotonic() > until:
                complete = False
                break
    pipe.flush()
    return {
        "columns": [[name, type_] for name, type_ in zip(schema.names, types, strict=True)],
        "rows": rows,
        "total": seen if complete else None,
        "at_least": seen,
    }


class _Pipe(io.RawIOBase):
    """A file whose bytes become messages of a megabyte or so."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += memoryview(data)
        if len(self._held) >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        for start in range(0, len(self._held), _PIECE):
            frames.send(self._target, frames.ROWS, bytes(self._held[start : start + _PIECE]))
        self._held.clear()


def _schema(schema: pa.Schema, types: list[str]) -> pa.Schema:
    """The columns with names of their own and types that JSON, CSV and Parquet know."""
    fields: list[pa.Field] = []
    taken: set[str] = set()
    for field, type_ in zip(schema, types, strict=True):
        name, rank = field.name, 1
        while name in taken:
            rank += 1
            name = f"{field.name}_{rank}"
        taken.add(name)
        kind = field.type if _is_plain(field.type, type_) else pa.string()
        if pa.types.is_timestamp(kind) and kind.unit == "ns":
            kind = pa.timestamp("us", kind.tz)
        fields.append(pa.field(name, kind))
    return pa.schema(fields)


def _is_plain(kind: pa.DataType, type_: str) -> bool:
    return any(test(kind) for test in _PLAIN) and not type_.startswith("GEOMETRY")


class _Plain:
    """Batches in the types of ``schema``: the others are written as text by DuckDB itself."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, source_schema: pa.Schema, schema: pa.Schema, types: list[str]
    ) -> None:
        self._schema = schema
        self._cursor = cursor.cursor()
        self._names = [f"c{rank}" for rank in range(len(types))]
        # Fields carry what tells DuckDB that bytes are a geometry.
        self._given = pa.schema([field.with_name(name) for name, field in zip(self._names, source_schema, strict=True)])
        parts = [
            name if _is_plain(field.type, type_) else _as_text(name, type_)
            for name, field, type_ in zip(self._names, source_schema, types, strict=True)
        ]
        self._sql = f"SELECT {', '.join(parts)} FROM {_VIEW}" if parts != self._names else ""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = batch.columns
        if self._sql and batch.num_rows:
            self._cursor.register(_VIEW, pa.Table.from_arrays(columns, schema=self._given))
            table = self._cursor.execute(self._sql).to_arrow_table().combine_chunks()
            self._cursor.unregister(_VIEW)
            columns = [column.chunk(0) if column.num_chunks else column.combine_chunks() for column in table.columns]
        elif self._sql:
            columns = [pa.array([], field.type) for field in self._schema]
        fitted = [_fitted(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        return pa.RecordBatch.from_arrays(fitted, schema=self._schema)


def _as_text(name: str, type_: str) -> str:
    if type_.startswith("GEOMETRY") and not type_.endswith("]"):
        return f"CAST(ST_AsGeoJSON({name}) AS VARCHAR)"
    if type_ == "BLOB":
        return f"lower(hex({name}))"
    is_nested = type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION", "POINT_", "BOX_"))
    if is_nested and "GEOMETRY" not in type_:
        return f"CAST(to_json({name}) AS VARCHAR)"
    return f"CAST({name} AS VARCHAR)"


def _fitted(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """The column in its type, without the dates that only DuckDB has."""
    if pa.types.is_timestamp(kind) or pa.types.is_date32(kind):
        tick = 1 if pa.types.is_date32(kind) else 86_400 * _TICKS[column.type.unit]
        ticks = column.cast(pa.int32() if pa.types.is_date32(kind) else pa.int64())
        bounds = pc.min_max(ticks).as_py()
        low, high = _FIRST_DAY * tick, (_LAST_DAY + 1) * tick - 1
        if bounds["min"] is not None and (bounds["min"] < low or bounds["max"] > high):
            in_range = pc.and_(pc.greater_equal(ticks, max(low, -(2**63))), pc.less_equal(ticks, min(high, 2**63 - 1)))
            column = pc.if_else(in_range, column, pa.scalar(None, column.type))
    return column if column.type == kind else column.cast(kind, safe=False)


def _within(batch: pa.RecordBatch, rows: int, size: int) -> pa.RecordBatch:
    """The first rows that fit."""
    fitting = batch.slice(0, max(rows, 0))
    while fitting.num_rows and fitting.nbytes > size:
        fitting = fitting.slice(0, fitting.num_rows // 2)
    return fitting
