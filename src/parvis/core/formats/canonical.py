"""Typed values as the text that every room agrees on, and the types they hint at."""

from __future__ import annotations

import pyarrow as pa

from parvis.core.columns import ColumnType


def canonical_sql(name: str, type_: pa.DataType) -> str:
    """SQL that gives the column ``name`` (already quoted) of Arrow type ``type_`` as canonical text.

    Dates are ISO 8601, instants have a ``T`` (and an offset when they had a zone), whole numbers have no fraction part,
    booleans are ``true`` or ``false``, nested values are JSON, bytes are hexadecimal.
    """
    if pa.types.is_timestamp(type_):
        zone = " || '+00:00'" if type_.tz else ""
        moment = f"timezone('UTC', {name})" if type_.tz else name
        return f"(regexp_replace(strftime({moment}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f'), '\\.0+$', ''){zone})"
    if pa.types.is_floating(type_):
        return (
            f"(CASE WHEN isfinite({name}) THEN CASE WHEN {name} = trunc({name}) AND abs({name}) < 1e15 "
            f"THEN {name}::BIGINT::VARCHAR ELSE {name}::VARCHAR END END)"
        )
    if pa.types.is_nested(type_) and not pa.types.is_dictionary(type_):
        return f"(CASE WHEN {name} IS NULL THEN NULL ELSE to_json({name})::VARCHAR END)"
    if pa.types.is_binary(type_) or pa.types.is_large_binary(type_) or pa.types.is_fixed_size_binary(type_):
        return f"nullif(hex({name}), '')"
    return f"nullif({name}::VARCHAR, '')"


def hint_of(type_: pa.DataType) -> ColumnType | None:
    """The column type an Arrow type declares; None when it declares nothing of use."""
    if pa.types.is_dictionary(type_):
        return hint_of(type_.value_type)
    for test, hint in _HINTS:
        if test(type_):
            return hint
    return None


_HINTS = (
    (pa.types.is_string, ColumnType.TEXT),
    (pa.types.is_large_string, ColumnType.TEXT),
    (pa.types.is_string_view, ColumnType.TEXT),
    (pa.types.is_boolean, ColumnType.BOOLEAN),
    (pa.types.is_integer, ColumnType.INT),
    (pa.types.is_floating, ColumnType.DOUBLE),
    (pa.types.is_decimal, ColumnType.DOUBLE),
    (pa.types.is_date, ColumnType.DATE),
    (pa.types.is_timestamp, ColumnType.DATETIME),
    (pa.types.is_nested, ColumnType.JSON),
)
