"""Bound trees to DuckDB's SQL and its parameters: the only place of the language that knows an engine.

Every value becomes a ``?``; only names of columns known to the source, quoted, and operators written here become text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch

from parvis.core.engine.contract import ROW, SEARCH, Statement
from parvis.core.odsql import bound
from parvis.core.odsql.moments import Moment
from parvis.core.odsql.valuetypes import ValueType
from parvis.core.staging import quote_identifier


class GeoForm(StrEnum):
    """How geometries leave the engine."""

    JSON = "json"
    """A point is a struct of ``lon`` and ``lat``; a shape is the text of its GeoJSON geometry."""
    WKB = "wkb"
    """Both are well-known binary."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL and the values of its ``?`` in order."""

    sql: str
    parameters: tuple[object, ...] = ()


def to_statement(query: bound.Query, geo: GeoForm = GeoForm.JSON) -> Statement:
    """The statement that answers a query; one column an output, in order, named by its rank.

    Keys are chosen by the asker, so they never become SQL; columns of the source never start with two underscores, so an
    order is never taken for an output.
    """
    outputs = [_output(rank, output, geo) for rank, output in enumerate(query.outputs)]
    parts = [Fragment("SELECT "), *_joined(outputs, ", "), Fragment(" FROM rows"), *_where(query.where)]
    if query.order_by:
        orders = [_order(order) for order in query.order_by]
        # The rank of the row decides between equals, so that pages never overlap.
        parts += [Fragment(" ORDER BY "), *_joined([*orders, Fragment(ROW)], ", ")]
    if query.limit is not None:
        parts.append(Fragment(" LIMIT ?", (query.limit,)))
    if query.offset:
        parts.append(Fragment(" OFFSET ?", (query.offset,)))
    return _statement(parts)


def to_count(where: bound.Test) -> Statement:
    """The statement that counts the rows a condition keeps."""
    return _statement([Fragment("SELECT count(*) FROM rows"), *_where(where)])


def condition_sql(where: bound.Test) -> Fragment:
    """A condition alone, for statements written elsewhere."""
    return _test(where)


def expression_sql(expression: bound.Bound) -> Fragment:
    """An expression alone, for statements written elsewhere."""
    return _expression(expression)


def _statement(parts: list[Fragment]) -> Statement:
    whole = _concat(parts)
    return Statement(whole.sql, whole.parameters)


def _where(where: bound.Test) -> list[Fragment]:
    return [] if where == bound.ALWAYS else [Fragment(" WHERE "), _test(where)]


def _concat(parts: list[Fragment]) -> Fragment:
    return Fragment("".join(part.sql for part in parts), tuple(value for part in parts for value in part.parameters))


def _joined(parts: list[Fragment], separator: str) -> list[Fragment]:
    spaced: list[Fragment] = []
    for part in parts:
        spaced += [Fragment(separator), part] if spaced else [part]
    return spaced


def _filled(template: str, *arguments: Fragment) -> Fragment:
    """A template with ``{0}``, ``{1}``… filled; an argument used twice brings its parameters twice."""
    pieces = re.split(r"\{(\d)\}", template)
    return _concat([arguments[int(piece)] if rank % 2 else Fragment(piece) for rank, piece in enumerate(pieces)])


# Expressions


@singledispatch
def _expression(node: object) -> Fragment:
    raise TypeError(type(node))


@_expression.register
def _(node: bound.Cell) -> Fragment:
    return Fragment(quote_identifier(node.column.name))


@_expression.register
def _(node: bound.Value) -> Fragment:
    if node.type is ValueType.GEOMETRY:
        return _geometry(str(node.value))
    if isinstance(node.value, Moment):
        return Fragment("CAST(? AS TIMESTAMPTZ)", (node.value.start,))
    return Fragment(_TYPED.get(type(node.value), "?"), (node.value,))


# Without a type, a parameter alone in a select would take that of its bytes.
_TYPED: dict[type, str] = {str: "CAST(? AS VARCHAR)"}


@_expression.register
def _(node: bound.Local) -> Fragment:
    return _filled("timezone({0}, {1})", Fragment("?", (node.timezone,)), _expression(node.expression))


@_expression.register
def _(node: bound.AsNumber) -> Fragment:
    return _filled("TRY_CAST({0} AS DOUBLE)", _expression(node.expression))


@_expression.register
def _(node: bound.Result) -> Fragment:
    return _filled(node.function.sql, *(_expression(argument) for argument in node.arguments))


def _geometry(text: str) -> Fragment:
    stripped = text.strip()
    if stripped.startswith("{"):
        return Fragment("ST_GeomFromGeoJSON(CAST(? AS VARCHAR))", (stripped,))
    if re.fullmatch(r"[0-9A-Fa-f]+", stripped):
        return Fragment("ST_GeomFromHEXWKB(CAST(? AS VARCHAR))", (stripped,))
    return Fragment("ST_GeomFromText(CAST(? AS VARCHAR))", (stripped,))


# Conditions


@singledispatch
def _test(node: object) -> Fragment:
    raise TypeError(type(node))


@_test.register
def _(node: bound.Compare) -> Fragment:
    return _filled(f"({{0}} {node.operator} {{1}})", _expression(node.left), _expression(node.right))


@_test.register
def _(node: bound.Null) -> Fragment:
    return _filled("({0} IS NULL)", _expression(node.expression))


@_test.register
def _(node: bound.Among) -> Fragment:
    if not node.values:
        return _test(bound.NEVER)
    values = _concat(_joined([_expression(value) for value in node.values], ", "))
    return _filled("({0} IN ({1}))", _expression(node.expression), values)


@_test.register
def _(node: bound.Has) -> Fragment:
    return _filled("list_contains({0}, {1})", _expression(node.cell), _expression(node.value))


@_test.register
def _(node: bound.Starts) -> Fragment:
    if node.expression.type is ValueType.TEXTS:
        template = "(len(list_filter({0}, lambda v: starts_with(v, {1}))) > 0)"
        return _filled(template, _expression(node.expression), _expression(node.value))
    return _filled("starts_with({0}, {1})", _expression(node.expression), _expression(node.value))


@_test.register
def _(node: bound.HasWord) -> Fragment:
    wanted = Fragment(_WANTED[node.word.part], (node.word.text,))
    return _filled("contains({0}, {1})", _words(node.expression), wanted)


_WANTED = {
    bound.Part.WHOLE: "' ' || parvis_fold(CAST(? AS VARCHAR)) || ' '",
    bound.Part.START: "' ' || parvis_fold(CAST(? AS VARCHAR))",
    bound.Part.ANY: "parvis_fold(CAST(? AS VARCHAR))",
}


def _words(expression: bound.Bound | None) -> Fragment:
    if expression is None:
        return Fragment(SEARCH)
    template = "parvis_words({0})"
    if expression.type is ValueType.TEXTS:
        template = "parvis_words(array_to_string({0}, ' '))"
    return _filled(template, _expression(expression))


@_test.register
def _(node: bound.IsTrue) -> Fragment:
    return _expression(node.expression)


@_test.register
def _(node: bound.No) -> Fragment:
    # Not the NOT of SQL: a comparison with null counts as false here, so its complement keeps nulls.
    return _filled("({0} IS NOT TRUE)", _test(node.condition))


@_test.register
def _(node: bound.Every) -> Fragment:
    return _chain(node.conditions, " AND ", "TRUE")


@_test.register
def _(node: bound.Some) -> Fragment:
    return _chain(node.conditions, " OR ", "FALSE")


def _chain(conditions: tuple[bound.Test, ...], operator: str, empty: str) -> Fragment:
    if not conditions:
        return Fragment(empty)
    return _filled("({0})", _concat(_joined([_test(condition) for condition in conditions], operator)))


# Outputs and order


def _output(rank: int, output: bound.Output, geo: GeoForm) -> Fragment:
    value = _expression(output.expression)
    template = _GEO.get((output.expression.type, geo), "{0}")
    return _concat([_filled(template, value), Fragment(f" AS __{rank}")])


_GEO: dict[tuple[ValueType, GeoForm], str] = {
    (ValueType.POINT, GeoForm.JSON): "CASE WHEN {0} IS NOT NULL THEN {'lon': ST_X({0}), 'lat': ST_Y({0})} END",
    (ValueType.SHAPE, GeoForm.JSON): "CAST(ST_AsGeoJSON({0}) AS VARCHAR)",
    (ValueType.GEOMETRY, GeoForm.JSON): "CAST(ST_AsGeoJSON({0}) AS VARCHAR)",
    (ValueType.POINT, GeoForm.WKB): "ST_AsWKB({0})",
    (ValueType.SHAPE, GeoForm.WKB): "ST_AsWKB({0})",
    (ValueType.GEOMETRY, GeoForm.WKB): "ST_AsWKB({0})",
}


def _order(order: bound.Order) -> Fragment:
    template = _SORT_KEYS.get(order.expression.type, "{0}")
    direction = "DESC" if order.descending else "ASC"
    return _concat([_filled(template, _expression(order.expression)), Fragment(f" {direction} NULLS LAST")])


_SORT_KEYS = {ValueType.TEXT: "parvis_fold({0})", ValueType.TEXTS: "parvis_fold(array_to_string({0}, ' '))"}

type Dialect = Callable[[bound.Query, GeoForm], Statement]
"""What a second engine brings: the same trees to its own statement."""
