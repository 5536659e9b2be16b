"""One text for one value, the same in SQL and in Python, whatever the file that it came from wrote."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from typing import Any

from parvis.core.columns import Column, ColumnType

PLACES = 6
"""Decimals of degrees that tell two places apart: a tenth of a metre."""


def canonical_sql(column: Column, value: str) -> str:
    """SQL: the canonical text of a typed expression; NULL for an empty one."""
    match column.type:
        case ColumnType.DATETIME:
            return f"strftime(timezone('UTC', {value}), '%Y-%m-%dT%H:%M:%S')"
        case ColumnType.GEO_POINT:
            latitude, longitude = (f"round(ST_{axis}({value}), {PLACES})::VARCHAR" for axis in ("Y", "X"))
            return f"{latitude} || ',' || {longitude}"
        case ColumnType.GEO_SHAPE:
            return f"ST_AsText({value})"
        case _ if "multivalued" in column.annotations and column.type is ColumnType.TEXT:
            return f"to_json({value})::VARCHAR"
        case _:
            return f"({value})::VARCHAR"


def canonical_text(value: Any, column: Column) -> str | None:
    """The canonical text of a value as the engine's records give it, or as a form has read it; None for an empty one."""
    if value is None or value == "":
        return None
    match column.type:
        case ColumnType.INT:
            return str(int(value))
        case ColumnType.DOUBLE:
            number = float(value)
            return repr(number) if math.isfinite(number) else None
        case ColumnType.BOOLEAN:
            return "true" if value else "false"
        case ColumnType.DATE:
            return value.isoformat()[:10] if isinstance(value, date) else str(value)[:10]
        case ColumnType.DATETIME:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            return moment.strftime("%Y-%m-%dT%H:%M:%S")
        case ColumnType.GEO_POINT:
            return f"{_degrees(value['lat'])},{_degrees(value['lon'])}"
        case _ if isinstance(value, list | dict):
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return str(value)


def _degrees(number: float) -> str:
    rounded = round(float(number), PLACES)
    return repr(rounded)
