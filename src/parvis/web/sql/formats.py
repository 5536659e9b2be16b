"""An answer as bytes: JSON, CSV and Parquet, each with its trail."""

from __future__ import annotations

import csv
import io
import json
import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.explore.text_columns import instants_as_text, numbers_as_text
from parvis.web.sql.query import SqlReply

_CELLS = 50_000
_JSON_TYPES = ("GEOMETRY", "JSON", "STRUCT", "MAP")


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an answer."""

    name: str
    media_type: str
    extension: str
    write: Callable[[SqlReply], Iterator[bytes]]
    rows: int
    cells: int
    """Most rows and cells it is given."""


def _json(reply: SqlReply) -> Iterator[bytes]:
    """The trail, the columns, then the rows; geometries and nested values as objects."""
    answer = reply.answer
    head = {
        **reply.facts,
        "columns": [{"name": column.name, "type": column.type} for column in answer.columns],
        "total_count": answer.total,
        "row_count": answer.rows,
        "truncated": answer.is_cut,
    }
    yield json.dumps(head, ensure_ascii=False).removesuffix("}").encode() + b', "results": ['
    nested = {column.name for column in answer.columns if _is_nested(column.type)}
    comma = ""
    for batch in _slices(reply):
        rows = [{name: _json_value(value, name in nested) for name, value in row.items()} for row in batch.to_pylist()]
        written = json.dumps(rows, ensure_ascii=False, allow_nan=False)[1:-1]
        yield f"{comma}{written}".encode()
        comma = ", "
    yield b"]}"


def _slices(reply: SqlReply) -> Iterator[pa.RecordBatch]:
    """The rows, some cells at a time: as Python objects they take ten times their place."""
    size = max(_CELLS // max(len(reply.answer.columns), 1), 1)
    for batch in reply.answer.batches():
        for start in range(0, batch.num_rows, size):
            yield batch.slice(start, size)


def _is_nested(type_: str) -> bool:
    return type_.startswith(_JSON_TYPES) or type_.endswith("]")


def _json_value(value: Any, nested: bool) -> Any:
    if nested and isinstance(value, str):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, date | datetime) else value


def _csv(reply: SqlReply) -> Iterator[bytes]:
    """As the Explore API writes it: semicolons, UTF-8 with its mark."""
    yield "\ufeff".encode()
    yield _lines([[column.name for column in reply.answer.columns]])
    for batch in _slices(reply):
        columns = [_texts(column).to_pylist() for column in batch.columns]
        yield _lines(zip(*columns, strict=True))


def _lines(rows: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def _texts(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return instants_as_text(column, "UTC") if kind.tz else column.cast(pa.string())
    if pa.types.is_floating(kind):
        return numbers_as_text(column)
    return column if pa.types.is_string(kind) else column.cast(pa.string())


def _parquet(reply: SqlReply) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as whole:
        schema = reply.answer.schema.with_metadata({"parvis": json.dumps(reply.facts, ensure_ascii=False)})
        with pq.ParquetWriter(whole, schema, compression="zstd") as writer:
            for batch in reply.answer.batches():
                writer.write_batch(batch)
        whole.seek(0)
        yield from _pieces(whole)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(1 << 18):
        yield piece


FORMATS = {
    row.name: row
    for row in (
        Format("json", "application/json; charset=utf-8", "json", _json, 10_000, 1_000_000),
        Format("csv", "text/csv; charset=utf-8", "csv", _csv, 1_000_000, 20_000_000),
        Format("parquet", "application/vnd.apache.parquet", "parquet", _parquet, 1_000_000, 20_000_000),
    )
}
