"""Bound expressions over one row: cells by name, and, for groups, their keys and their rows."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any
from zoneinfo import ZoneInfo

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.contract import ROW
from parvis.core.engine.tests.plain import aggregates, calendars
from parvis.core.engine.tests.plain.functions import SCALARS, geometry_of
from parvis.core.engine.tests.plain.values import BeyondPlainPython, geojson, text_of, wkt
from parvis.core.odsql import bound
from parvis.core.odsql.moments import Moment
from parvis.core.odsql.traversal import is_whole
from parvis.core.odsql.valuetypes import ValueType


@dataclass(frozen=True, slots=True)
class Seen:
    """What an expression is computed over: the cells of a row, or the keys and the rows of a group; ``totals`` are those of
    the whole answer."""

    cells: Mapping[str, Any] = field(default_factory=dict)
    keys: Sequence[Any] = ()
    rows: Sequence[Mapping[str, Any]] = ()
    totals: Sequence[Any] = ()


@singledispatch
def value_of(node: object, seen: Seen) -> Any:
    """The value of an expression; None for null."""
    raise TypeError(type(node))


@value_of.register
def _(node: bound.Cell, seen: Seen) -> Any:
    return seen.cells[node.column.name]


@value_of.register
def _(node: bound.Value, seen: Seen) -> Any:
    if node.type is ValueType.GEOMETRY:
        return geometry_of(str(node.value))
    return node.value.start if isinstance(node.value, Moment) else node.value


@value_of.register
def _(node: bound.Local, seen: Seen) -> Any:
    moment = value_of(node.expression, seen)
    if not isinstance(moment, datetime):
        return moment
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))
    return zoned.astimezone(ZoneInfo(node.timezone)).replace(tzinfo=None)


_NUMBER = re.compile(
    r"\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*|\s*[+-]?(?:inf|infinity|nan)\s*", re.IGNORECASE
)


@value_of.register
def _(node: bound.AsNumber, seen: Seen) -> Any:
    value = value_of(node.expression, seen)
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    return None if value is None else float(value)


@value_of.register
def _(node: bound.AsText, seen: Seen) -> Any:
    return text_of(value_of(node.expression, seen))


@value_of.register
def _(node: bound.Result, seen: Seen) -> Any:
    values = [value_of(argument, seen) for argument in node.arguments]
    if node.function.name == "random":
        drawn = hashlib.md5(f"{seen.cells[ROW]} {values}".encode(), usedforsecurity=False)
        return int(drawn.hexdigest()[:15], 16)
    if node.function.name == "ifnull":
        return next((value for value in values if value is not None), None)
    if node.function.name == "present":
        return values[0] is not None
    compute = SCALARS.get((node.function.name, len(values)))
    if compute is None:
        raise BeyondPlainPython(f"{node.function.name}()")
    return None if None in values else compute(*values)


@value_of.register
def _(node: bound.Sum, seen: Seen) -> Any:
    values = [value_of(operand, seen) for operand in node.operands]
    if None in values:
        return None
    terms, signs = [values[0]], []
    for operator, value in zip(node.operators, values[1:], strict=True):
        if operator == "/":
            if value == 0:
                return None
            terms[-1] = terms[-1] / float(value)
        elif operator == "*":
            terms[-1] = terms[-1] * value
        else:
            signs.append(operator)
            terms.append(value)
    total = terms[0]
    for sign, term in zip(signs, terms[1:], strict=True):
        total = total + term if sign == "+" else total - term
    return total


@value_of.register
def _(node: bound.Minus, seen: Seen) -> Any:
    value = value_of(node.expression, seen)
    return None if value is None else -value


@value_of.register
def _(node: bound.JsonText, seen: Seen) -> Any:
    return value_of(node.expression, seen)


@value_of.register
def _(node: bound.Written, seen: Seen) -> Any:
    moment = value_of(node.expression, seen)
    return None if moment is None else calendars.written(moment, node.pieces, node.lang)


@value_of.register
def _(node: bound.Day, seen: Seen) -> Any:
    day = value_of(node.expression, seen)
    return None if day is None else f"{day:%Y-%m-%d}T00:00:00+00:00"


# Groups


@value_of.register
def _(node: bound.Key, seen: Seen) -> Any:
    return seen.keys[node.rank]


@value_of.register
def _(node: bound.Total, seen: Seen) -> Any:
    return seen.totals[node.rank]


@value_of.register
def _(node: bound.Aggregate, seen: Seen) -> Any:
    columns = [[value_of(argument, Seen(row)) for row in seen.rows] for argument in node.arguments]
    return aggregates.computed(node, len(seen.rows), columns)


@value_of.register
def _(node: bound.NumberStep, seen: Seen) -> Any:
    value = value_of(node.expression, seen)
    if value is None:
        return None
    if is_whole(node.expression) and isinstance(node.step, int):
        return value - value % node.step
    ratio = value / float(node.step)
    is_on_a_bound = not isinstance(node.step, int) and abs(ratio - round(ratio)) < 1e-9
    return float(round(ratio) if is_on_a_bound else math.floor(ratio))


@value_of.register
def _(node: bound.MomentStep, seen: Seen) -> Any:
    moment = value_of(node.expression, seen)
    return None if moment is None else calendars.period_start(moment, node.amount, node.unit)


@value_of.register
def _(node: bound.Tranche, seen: Seen) -> Any:
    value = value_of(node.expression, seen)
    if value is None:
        return None
    for rank, high in enumerate(node.bounds, start=-1):
        if high is not None and calendars.before(value, value_of(high, seen)):
            return rank
    return len(node.bounds) - 2 if node.bounds[-1] is None else -1


@value_of.register
def _(node: bound.Cluster, seen: Seen) -> Any:
    point = value_of(node.expression, seen)
    if point is None or point.is_empty:
        return None
    cells = float(256 * 2**node.zoom) / node.radius
    latitude = math.radians(max(min(point.y, 85.05), -85.05))
    down = 0.5 - math.log(math.tan(math.pi / 4 + latitude / 2)) / (2 * math.pi)
    return math.floor((point.x + 180) / 360 * cells) * 2**40 + math.floor(down * cells)


@value_of.register
def _(node: bound.Shown, seen: Seen) -> Any:
    key, bucket = seen.keys[node.rank], node.bucket
    if isinstance(bucket, bound.Cluster):
        points = [value_of(bucket.expression, Seen(row)) for row in seen.rows]
        return aggregates.cluster(points)
    if key is None:
        return None
    if isinstance(bucket, bound.Tranche):
        return bucket.texts[key]
    if isinstance(bucket, bound.MomentStep):
        end = calendars.period_end(key, bucket.amount, bucket.unit)
        return f"[{calendars.instant(key, node.zone)}, {calendars.instant(end, node.zone)}["
    if is_whole(bucket.expression) and isinstance(bucket.step, int):
        return f"[{key}, {key + bucket.step}["
    if isinstance(bucket.step, int):
        return f"[{int(key) * bucket.step}, {int(key) * bucket.step + bucket.step}["
    return f"[{round(key * bucket.step, 12)!r}, {round((key + 1) * bucket.step, 12)!r}["


# Rows and places


@value_of.register
def _(node: bound.OfRow, seen: Seen) -> Any:
    rank = seen.cells[ROW]
    if node.fact is bound.RowFact.RANK:
        return rank
    text = "\x1f".join(_written(column, seen.cells[column.name]) for column in node.columns)
    if node.fact is bound.RowFact.SIZE:
        return len(text.encode())
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    if node.fact is bound.RowFact.DIGEST:
        return digest
    marked = text_of(seen.cells[node.marked.name]) if node.marked else None
    return f"{digest}{rank:08x}" if marked is None else marked


_EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


def _written(column: Column, value: Any) -> str:
    if value is None:
        return "\0"
    if column.type is ColumnType.DATETIME:
        return str((value - _EPOCH) // timedelta(microseconds=1))
    return wkt(value) if column.type.is_geographic else text_of(value)


@value_of.register
def _(node: bound.PathStart, seen: Seen) -> Any:
    value = value_of(node.expression, seen)
    if value is None:
        return None
    if node.type is not ValueType.TEXTS:
        return _start(value, node)
    return [_start(text, node) for text in value if text is not None and text.startswith(node.start)]


def _start(text: str, node: bound.PathStart) -> str:
    return node.mark.join(text.split(node.mark)[: node.depth])


@value_of.register
def _(node: bound.Placed, seen: Seen) -> Any:
    shape = value_of(node.expression, seen)
    if node.system not in ("OGC:CRS84", "EPSG:4326"):
        raise BeyondPlainPython(f"coordinates in {node.system}")
    if shape is None or shape.is_empty:
        return None
    return geojson(calendars.flipped(shape) if node.north_first else shape)
