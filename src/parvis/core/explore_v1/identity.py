"""The identifier of a record (``core.explore.identity``), as a column of an answer and as a condition."""

from __future__ import annotations

import re

from parvis.core.columns import Column, TableShape
from parvis.core.engine.contract import ROW
from parvis.core.explore.identity import row_text
from parvis.core.odsql.bound import NEVER, Compare, Every, Output, Result, Test, Value
from parvis.core.odsql.functions import Function
from parvis.core.odsql.valuetypes import ValueType
from parvis.core.staging import quote_identifier

RECORD_ID = "recordid"
"""Name by which a query asks for a record, when no column is so called."""

_WRITTEN = re.compile(r"[0-9a-f]{32}([0-9a-f]{8})")


def identity_output(shape: TableShape) -> Output:
    """A column with the identifier of each row: the value of the field marked ``id``, else a digest and a rank."""
    return Output(RECORD_ID, _identifier(shape), None)


def identity_condition(shape: TableShape, record_id: str) -> Test:
    """The row so identified."""
    same = Compare(_identifier(shape), "=", Value(record_id, ValueType.TEXT))
    if _marked(shape):
        return same
    written = _WRITTEN.fullmatch(record_id)
    if written is None:
        return NEVER
    rank = Compare(_called(ROW, ValueType.NUMBER), "=", Value(int(written[1], 16), ValueType.NUMBER))
    return Every((rank, same))


def _marked(shape: TableShape) -> Column | None:
    return next((column for column in shape if column.annotations.get("id")), None)


def _identifier(shape: TableShape) -> Result:
    marked = _marked(shape)
    fingerprint = f"md5({row_text(shape)}) || printf('%08x', {ROW})"
    if marked:
        name = f"CAST({quote_identifier(marked.name)} AS VARCHAR)"
        return _called(f"coalesce({name}, {fingerprint})", ValueType.TEXT)
    return _called(fingerprint, ValueType.TEXT)


def _called(sql: str, gives: ValueType) -> Result:
    return Result(Function(name="record id", takes=(), gives=gives, sql=sql, sentence=""), (), gives)
