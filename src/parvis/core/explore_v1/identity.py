"""The identifier of a record (``core.explore.identity``), as a column of an answer and as a condition."""

from __future__ import annotations

import re

from parvis.core.columns import TableShape
from parvis.core.explore.identity import fact_of_row, id_column
from parvis.core.odsql.bound import NEVER, AtRow, Compare, Every, Output, RowFact, Test, Value
from parvis.core.odsql.valuetypes import ValueType

RECORD_ID = "recordid"
"""Name by which a query asks for a record, when no column is so called."""

_WRITTEN = re.compile(r"[0-9a-f]{32}([0-9a-f]{8})")


def identity_output(shape: TableShape) -> Output:
    """A column with the identifier of each row: the value of the field marked ``id``, else a digest and a rank."""
    return Output(RECORD_ID, fact_of_row(shape, RowFact.ID), None)


def identity_condition(shape: TableShape, record_id: str) -> Test:
    """The row so identified."""
    same = Compare(fact_of_row(shape, RowFact.ID), "=", Value(record_id, ValueType.TEXT))
    if id_column(shape):
        return same
    written = _WRITTEN.fullmatch(record_id)
    return NEVER if written is None else Every((AtRow(int(written[1], 16)), same))
