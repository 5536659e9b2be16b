"""``$apply``: rows kept, grouped and summed up, the result being a table that the other options then question as they do any other.

A transformation is bound to the properties that the one before it leaves, and computed by the engine when the answer is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine.contract import DEFAULT_SECONDS, AnySource, Engine, MemorySource
from parvis.core.engine.plans import Rows
from parvis.core.odata.binding import Binder
from parvis.core.odata.edm import EdmType, EntitySet, Property
from parvis.core.odata.errors import TooManyGroups, UnknownProperty
from parvis.core.odata.nodes import Aggregation, Grouped, Kept
from parvis.core.odata.parser import ROW_COUNT, parse_apply
from parvis.core.odsql.bound import ALWAYS, Aggregate, Bound, Cell, Every, Group, Key, OfRow, Output, Query, Test, Total
from parvis.core.odsql.errors import suggestion
from parvis.core.odsql.functions import FUNCTIONS, Function
from parvis.core.odsql.traversal import is_whole
from parvis.core.odsql.valuetypes import ValueType, type_of

MAX_GROUPS = 100_000
"""Groups that a transformation may make."""

OPTION = "$apply"
_MOMENTS = (ValueType.DATE, ValueType.DATETIME)
_PLAIN = (ValueType.TEXT, ValueType.NUMBER, ValueType.BOOLEAN, *_MOMENTS)


_ROWS, _VALUES = FUNCTIONS["count"]
_METHODS: Mapping[str, tuple[Function, tuple[ValueType, ...]]] = {
    "sum": (FUNCTIONS["sum"][0], (ValueType.NUMBER,)),
    "average": (FUNCTIONS["avg"][0], (ValueType.NUMBER,)),
    "min": (FUNCTIONS["min"][0], (ValueType.NUMBER, *_MOMENTS)),
    "max": (FUNCTIONS["max"][0], (ValueType.NUMBER, *_MOMENTS)),
    "countdistinct": (_VALUES, _PLAIN),
}
"""Each method of the standard: what the engine computes, and of which types of values."""

_ARROW: Mapping[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INT: pa.int64(),
    ColumnType.DOUBLE: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.DATETIME: pa.timestamp("us", "UTC"),
}
_EDM: Mapping[ColumnType, EdmType] = {
    ColumnType.TEXT: EdmType.TEXT,
    ColumnType.INT: EdmType.INT,
    ColumnType.DOUBLE: EdmType.DOUBLE,
    ColumnType.BOOLEAN: EdmType.BOOLEAN,
    ColumnType.DATE: EdmType.DATE,
    ColumnType.DATETIME: EdmType.INSTANT,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One grouping: which rows, by what, what is computed of each group, and the columns that are made."""

    where: Test
    keys: tuple[Bound, ...] | None
    aggregates: tuple[Aggregate, ...]
    shape: TableShape


@dataclass(frozen=True, slots=True)
class Applied:
    """What ``$apply`` makes of an entity set: groupings to compute in order, the properties of the last, a condition on its rows."""

    stages: tuple[Stage, ...]
    entity: EntitySet
    where: Test


def bind_apply(entity: EntitySet, text: str, aliases: Mapping[str, str], timezone: str) -> Applied:
    """``$apply`` checked against the properties of an entity set; the errors of ``core.odata.errors``."""
    stages: list[Stage] = []
    tests: list[Test] = []
    for step in parse_apply(text, aliases):
        binder = Binder(entity, OPTION, timezone)
        if isinstance(step, Kept):
            tests.append(binder.true(step.condition))
            continue
        stage, entity = _grouped(binder, step, _every(tests))
        stages.append(stage)
        tests = []
    return Applied(tuple(stages), entity, _every(tests))


def _every(tests: list[Test]) -> Test:
    return Every(tuple(tests)) if tests else ALWAYS


def _grouped(binder: Binder, step: Grouped, where: Test) -> tuple[Stage, EntitySet]:
    grouped_by = [] if step.keys is None else [_key(binder, name) for name in step.keys]
    aggregates = [_aggregate(binder, row) for row in step.aggregations]
    made = [(row.name, row.expression, row.label, row.column) for row in grouped_by]
    made += [(row.name, node, row.name, None) for row, node in zip(step.aggregations, aggregates, strict=True)]
    columns: list[Column] = []
    properties: list[Property] = []
    for rank, (name, expression, label, origin) in enumerate(made):
        # Names of one's own for columns: those of properties may differ by their capitals alone.
        column = Column(f"c{rank}", origin.label if origin else name, _column_type(expression))
        columns.append(column)
        properties.append(Property(name, _EDM[column.type], Cell(column, type_of(column)), label, column))
    shape = TableShape(tuple(columns))
    keys = None if step.keys is None else tuple(row.expression for row in grouped_by)
    return Stage(where, keys, tuple(aggregates), shape), replace(binder.entity, properties=tuple(properties))


def _key(binder: Binder, name: str) -> Property:
    row = binder.entity.get(name)
    if row is None:
        names = [other.name for other in binder.entity]
        raise UnknownProperty(option=OPTION, name=name[:100], **suggestion(name[:100], names))
    if row.expression.type not in _PLAIN:
        binder.refuse("groupby", row.expression.type, *_PLAIN)
    return row


def _aggregate(binder: Binder, row: Aggregation) -> Aggregate:
    if row.method == ROW_COUNT or row.expression is None:
        return Aggregate(_ROWS, (), False, ValueType.NUMBER)
    expression = binder.value(row.expression)
    function, accepted = _METHODS[row.method]
    if expression.type not in accepted:
        binder.refuse(row.method, expression.type, *accepted)
    return Aggregate(function, (expression,), row.method == "countdistinct", function.gives or expression.type)


def _column_type(expression: Bound) -> ColumnType:
    if expression.type is not ValueType.NUMBER:
        return _TYPES[expression.type]
    whole = isinstance(expression, OfRow) or is_whole(expression)
    return ColumnType.INT if whole else ColumnType.DOUBLE


_TYPES = {
    ValueType.TEXT: ColumnType.TEXT,
    ValueType.BOOLEAN: ColumnType.BOOLEAN,
    ValueType.DATE: ColumnType.DATE,
    ValueType.DATETIME: ColumnType.DATETIME,
}


def computed(
    engine: Engine, source: AnySource, stages: tuple[Stage, ...], *, seconds: float = DEFAULT_SECONDS
) -> AnySource:
    """The table that groupings make of a source; TooManyGroups beyond ``MAX_GROUPS``. The source itself when there is none."""
    for stage in stages:
        query = _of_groups(stage) if stage.keys is not None else _of_all(stage)
        table = engine.table(source, Rows(query), seconds=seconds)
        if table.num_rows > MAX_GROUPS:
            raise TooManyGroups(limit=MAX_GROUPS)
        if not table.num_rows and stage.keys is None:
            source = MemorySource(_of_nothing(stage), stage.shape)
            continue
        columns = [table.column(rank).cast(_ARROW[column.type], safe=False) for rank, column in enumerate(stage.shape)]
        names = [column.name for column in stage.shape]
        source = MemorySource(pa.Table.from_arrays(columns, names=names), stage.shape)
    return source


def _of_groups(stage: Stage) -> Query:
    groups = tuple(
        Group(f"c{rank}", expression, Key(rank, expression.type, is_whole(expression)), None)
        for rank, expression in enumerate(stage.keys or ())
    )
    shown: list[Bound] = [*(group.shown for group in groups), *stage.aggregates]
    outputs = tuple(Output(f"c{rank}", expression, None) for rank, expression in enumerate(shown))
    return Query(outputs, stage.where, limit=MAX_GROUPS + 1, groups=groups)


def _of_all(stage: Stage) -> Query:
    outputs = tuple(
        Output(f"c{rank}", Total(rank, aggregate.type), None) for rank, aggregate in enumerate(stage.aggregates)
    )
    return Query(outputs, stage.where, limit=1, totals=stage.aggregates)


def _of_nothing(stage: Stage) -> pa.Table:
    """What aggregations say of no row at all: zero where they count, null elsewhere."""
    values = [0 if aggregate.function in (_ROWS, _VALUES) else None for aggregate in stage.aggregates]
    columns = [pa.array([value], _ARROW[column.type]) for value, column in zip(values, stage.shape, strict=True)]
    return pa.Table.from_arrays(columns, names=[column.name for column in stage.shape])
