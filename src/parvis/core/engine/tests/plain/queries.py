"""The queries of the language, answered row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cmp_to_key
from itertools import product
from typing import Any

import pyarrow as pa
import shapely

from parvis.core.engine.contract import ROW, SEARCH
from parvis.core.engine.plans import (
    WGS84,
    Count,
    CountedGroups,
    GeometryForm,
    GroupCount,
    MarkedRows,
    Rows,
    SearchedWords,
)
from parvis.core.engine.tests.plain.conditions import holds
from parvis.core.engine.tests.plain.expressions import Seen, value_of
from parvis.core.engine.tests.plain.values import (
    BeyondPlainPython,
    Cell,
    column,
    geojson,
    hashable,
    sort_key,
    wkt,
)
from parvis.core.odsql.bound import Aggregate, Bound, Every, Order, Output, Query, Test, Total, Tranche
from parvis.core.odsql.shared_words import check_work
from parvis.core.odsql.traversal import is_whole
from parvis.core.odsql.valuetypes import ValueType

type Row = Mapping[str, Any]
"""Cells by the name of their column, the engine's own columns among them."""

GEOGRAPHIC = (ValueType.POINT, ValueType.SHAPE, ValueType.GEOMETRY)


def kept(rows: Iterable[Row], where: Test) -> list[Row]:
    """The rows for which a condition holds; TooComplex when it asks more than can be done in time."""
    check_work(where)
    return [row for row in rows if holds(where, Seen(row)) is True]


def count(rows: Sequence[Row], plan: Count) -> pa.Table:
    """One number."""
    return pa.table({"count": [len(kept(rows, plan.where))]})


def searched_words(rows: Sequence[Row], _plan: SearchedWords) -> pa.Table:
    """One text."""
    return pa.table({"words": pa.array([row[SEARCH] for row in rows], pa.string())})


def answer(rows: Sequence[Row], plan: Rows) -> pa.Table:
    """One column an output."""
    if plan.epsg != WGS84 and any(output.expression.type in GEOGRAPHIC for output in plan.query.outputs):
        raise BeyondPlainPython("another projection")
    seen = _page(rows, plan.query)
    return _table(_columns(plan.query.outputs, seen, plan.form, plan.drawn))


def marked_rows(rows: Sequence[Row], plan: MarkedRows) -> pa.Table:
    """The same with ranks and keys."""
    query, seen = plan.query, _page(rows, plan.query)
    columns = _columns(query.outputs, seen, GeometryForm.JSON, None)
    columns.append(pa.array([each.cells[ROW] for each in seen], pa.int64()))
    for order in query.order_by:
        kind = order.expression.type
        texts = kind in (ValueType.TEXT, ValueType.TEXTS)
        keys = [value_of(order.expression, each) for each in seen]
        keys = [sort_key(key, kind) for key in keys] if texts else keys
        columns.append(column(keys, ValueType.TEXT if texts else kind, is_whole=is_whole(order.expression)))
    return _table(columns)


def counted_groups(rows: Sequence[Row], plan: CountedGroups) -> pa.Table:
    """Groups, and how many there are in all."""
    groups = _groups(rows, plan.query)
    seen = _cut(groups, plan.query)
    columns = _columns(plan.query.outputs, seen, GeometryForm.JSON, None)
    return _table([*columns, pa.array([len(groups)] * len(seen), pa.int64())])


def group_count(rows: Sequence[Row], plan: GroupCount) -> pa.Table:
    """One number."""
    return pa.table({"count": [len(_groups(rows, plan.query))]})


def _page(rows: Sequence[Row], query: Query) -> list[Seen]:
    return _cut(_groups(rows, query) if query.groups else _ordered_rows(rows, query), query)


def _cut(seen: list[Seen], query: Query) -> list[Seen]:
    end = None if query.limit is None else query.offset + query.limit
    return seen[query.offset : end]


def _ordered_rows(rows: Sequence[Row], query: Query) -> list[Seen]:
    chosen = kept(rows, query.where if query.after is None else Every((query.where, query.after)))
    totals: list[Any] = []
    if query.totals:
        whole = Seen(rows=kept(rows, query.where))
        totals = [value_of(total, whole) for total in query.totals]
    seen = [Seen(row, totals=totals) for row in chosen]
    if query.order_by:
        seen.sort(key=cmp_to_key(compared(query.order_by)))
    return seen


def compared(orders: Sequence[Order]) -> Callable[[Seen, Seen], int]:
    """Which comes first: nulls last whatever the direction; equal ones stay as they lie."""

    def compare(first: Seen, second: Seen) -> int:
        for order in orders:
            kind = order.expression.type
            way = _compare_keys(
                sort_key(value_of(order.expression, first), kind),
                sort_key(value_of(order.expression, second), kind),
                descending=order.descending,
            )
            if way:
                return way
        return 0

    return compare


def _compare_keys(first: Cell, second: Cell, *, descending: bool) -> int:
    if first is None or second is None:
        return (first is None) - (second is None)
    way = (first > second) - (first < second)
    return -way if descending else way


def _groups(rows: Sequence[Row], query: Query) -> list[Seen]:
    """Groups in their order: that of the query, then keys rising, the null one first."""
    gathered: dict[tuple[Any, ...], tuple[tuple[Any, ...], list[Row]]] = {}
    for row in kept(rows, query.where):
        for keys in keys_of(row, [group.expression for group in query.groups]):
            outside = (
                key == -1
                for key, group in zip(keys, query.groups, strict=True)
                if isinstance(group.expression, Tranche)
            )
            if not any(outside):
                gathered.setdefault(tuple(map(hashable, keys)), (keys, []))[1].append(row)
    seen = [Seen(keys=keys, rows=members) for keys, members in gathered.values()]
    seen.sort(key=lambda each: [_rising(key, g.expression) for key, g in zip(each.keys, query.groups, strict=True)])
    if query.order_by:
        seen.sort(key=cmp_to_key(compared(query.order_by)))
    return seen


def keys_of(row: Row, expressions: Sequence[Bound], *, with_empty: bool = True) -> Iterator[tuple[Any, ...]]:
    """The keys of a row: as many as its lists have values, none standing for a list without any if ``with_empty``."""
    choices: list[list[Any]] = []
    for expression in expressions:
        value = value_of(expression, Seen(row))
        if expression.type is ValueType.TEXTS:
            choices.append(
                list(dict.fromkeys(text for text in value or () if text is not None)) or ([None] if with_empty else [])
            )
        else:
            choices.append([value])
    yield from product(*choices)


def _rising(key: Cell, expression: Bound) -> tuple[Any, ...]:
    if key is None:
        return (False,)
    is_text = expression.type in (ValueType.TEXT, ValueType.TEXTS)
    return (True, sort_key(key, ValueType.TEXT), key) if is_text else (True, sort_key(key, expression.type))


def _columns(outputs: Sequence[Output], seen: Sequence[Seen], form: GeometryForm, drawn: int | None) -> list[pa.Array]:
    return [_column(output.expression, seen, _FORMS[form][rank == drawn]) for rank, output in enumerate(outputs)]


def _column(expression: Bound, seen: Sequence[Seen], form: GeometryForm) -> pa.Array:
    values = [value_of(expression, each) for each in seen]
    if expression.type in GEOGRAPHIC:
        return _geometries(values, expression.type, form)
    kind = ValueType.TEXT if expression.type in (ValueType.JSON, ValueType.NULL) else expression.type
    if isinstance(expression, (Aggregate, Total)) and kind is ValueType.TEXTS:
        kind = ValueType.TEXT
    return column(values, kind, is_whole=is_whole(expression))


def _geometries(values: Sequence[Any], kind: ValueType, form: GeometryForm) -> pa.Array:
    if form is GeometryForm.WKB:
        return pa.array([None if shape is None else shapely.to_wkb(shape) for shape in values], pa.binary())
    if form is GeometryForm.WKT:
        return pa.array([None if shape is None else wkt(shape) for shape in values], pa.string())
    if kind is ValueType.POINT:
        pairs = [None if point is None else {"lon": _axis(point, "x"), "lat": _axis(point, "y")} for point in values]
        return pa.array(pairs, pa.struct([("lon", pa.float64()), ("lat", pa.float64())]))
    return pa.array([None if shape is None else geojson(shape) for shape in values], pa.string())


def _axis(point: shapely.Point, name: str) -> float | None:
    return None if point.is_empty else float(getattr(point, name))


_J = GeometryForm.JSON
_FORMS = {
    GeometryForm.JSON: (_J, _J),
    GeometryForm.WKB: (GeometryForm.WKB, GeometryForm.WKB),
    GeometryForm.WKT: (GeometryForm.WKT, GeometryForm.WKT),
    GeometryForm.DRAWN_WKB: (_J, GeometryForm.WKB),
    GeometryForm.DRAWN_WKT: (_J, GeometryForm.WKT),
}
"""The form of the geometries that are not drawn, and of the one that is."""


def _table(columns: Sequence[pa.Array]) -> pa.Table:
    return pa.table(list(columns), names=[f"__{rank}" for rank in range(len(columns))])
