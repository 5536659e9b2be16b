"""Conditions to DuckDB's SQL. A test may be null for a row; only ``No`` and the engine's ``WHERE`` tell null from true."""

from __future__ import annotations

from functools import singledispatch

from parvis.core.engine.contract import ROW, SEARCH
from parvis.core.engine.duckdb.expressions import DEGREES, WGS84, expression_sql, moved
from parvis.core.engine.duckdb.fragments import Fragment, concat, filled, joined, parameter
from parvis.core.odsql import bound
from parvis.core.odsql.search_tokens import LONGEST_WORD, allowed_edits, near_pattern
from parvis.core.odsql.shared_words import ELEMENT, FEW, Shared, apart, check_work
from parvis.core.odsql.valuetypes import ValueType
from parvis.core.text import fold


def condition_sql(test: bound.Test) -> Fragment:
    """The SQL of a condition; TooComplex when it looks for more words, or makes more texts, than can be done in time."""
    if check_work(test) <= FEW:
        return _test_sql(test)
    plain, shared = apart(test)
    return _all([*map(_test_sql, plain), _shared_sql(shared)])


def _shared_sql(shared: Shared) -> Fragment:
    words = [concat([Fragment(f"'w{rank}': "), _words(given)]) for rank, given in enumerate(shared.expressions)]
    conditions = _all([_test_sql(condition) for condition in shared.conditions])
    template = f"(len(list_filter([{{0}}], lambda {ELEMENT}: {{1}})) > 0)"
    return filled(template, concat([Fragment("{"), joined(words, ", "), Fragment("}")]), conditions)


@singledispatch
def _test_sql(node: object) -> Fragment:
    raise TypeError(type(node))


@_test_sql.register
def _(node: bound.Compare) -> Fragment:
    return filled(f"({{0}} {node.operator} {{1}})", expression_sql(node.left), expression_sql(node.right))


@_test_sql.register
def _(node: bound.Null) -> Fragment:
    if node.expression.type is ValueType.TEXTS:
        # A list without values is no value at all, as in groups and facets.
        return filled("(coalesce(len({0}), 0) = 0)", expression_sql(node.expression))
    return filled("({0} IS NULL)", expression_sql(node.expression))


@_test_sql.register
def _(node: bound.Among) -> Fragment:
    if not node.values:
        return _test_sql(bound.NEVER)
    values = joined([expression_sql(value) for value in node.values], ", ")
    if node.expression.type is ValueType.TEXTS:
        return filled("list_has_any({0}, [{1}])", expression_sql(node.expression), values)
    return filled("({0} IN ({1}))", expression_sql(node.expression), values)


@_test_sql.register
def _(node: bound.Has) -> Fragment:
    return filled("list_contains({0}, {1})", expression_sql(node.cell), expression_sql(node.value))


@_test_sql.register
def _(node: bound.Starts) -> Fragment:
    if node.expression.type is ValueType.TEXTS:
        template = "(len(list_filter({0}, lambda v: starts_with(v, {1}))) > 0)"
        return filled(template, expression_sql(node.expression), expression_sql(node.value))
    return filled("starts_with({0}, {1})", expression_sql(node.expression), expression_sql(node.value))


@_test_sql.register
def _(node: bound.HasWord) -> Fragment:
    if len(node.word.text) > LONGEST_WORD:
        return _test_sql(bound.NEVER)
    words = _words(node.expression)
    if node.word.part is bound.Part.NEAR and allowed_edits(fold(node.word.text)):
        return filled("regexp_matches({0}, {1})", words, parameter(near_pattern(fold(node.word.text))))
    pattern = Fragment(_WANTED.get(node.word.part, _WANTED[bound.Part.WHOLE]), (node.word.text,))
    return filled("contains({0}, {1})", words, pattern)


_WANTED = {
    bound.Part.WHOLE: "' ' || parvis_fold(CAST(? AS VARCHAR)) || ' '",
    bound.Part.START: "' ' || parvis_fold(CAST(? AS VARCHAR))",
    bound.Part.ANY: "parvis_fold(CAST(? AS VARCHAR))",
}


def _words(expression: bound.Bound | None) -> Fragment:
    if expression is None:
        return Fragment(SEARCH)
    if isinstance(expression, bound.SharedWords):
        return Fragment(f"{ELEMENT}.w{expression.rank}")
    template = "parvis_words({0})"
    if expression.type is ValueType.TEXTS:
        template = "parvis_words(array_to_string({0}, ' '))"
    return filled(template, expression_sql(expression))


@_test_sql.register
def _(node: bound.IsTrue) -> Fragment:
    return expression_sql(node.expression)


@_test_sql.register
def _(node: bound.No) -> Fragment:
    # Not the NOT of SQL: a comparison with null counts as false here, so its complement keeps nulls.
    return filled("({0} IS NOT TRUE)", _test_sql(node.condition))


@_test_sql.register
def _(node: bound.Every) -> Fragment:
    return _chain(node.conditions, " AND ", "TRUE")


@_test_sql.register
def _(node: bound.Some) -> Fragment:
    return _chain(node.conditions, " OR ", "FALSE")


def _chain(conditions: tuple[bound.Test, ...], operator: str, empty: str) -> Fragment:
    if not conditions:
        return Fragment(empty)
    return filled("({0})", joined([_test_sql(condition) for condition in conditions], operator))


# Order


SORT_KEYS = {
    ValueType.TEXT: "parvis_sort_key({0})",
    ValueType.TEXTS: "parvis_sort_key(array_to_string({0}, ' '))",
}
"""How types are compared in an order: case and accents do not count in texts, nor what comes after their beginning."""


def sort_key(order: bound.Order) -> Fragment:
    """What is compared at one level of an order."""
    return filled(SORT_KEYS.get(order.expression.type, "{0}"), expression_sql(order.expression))


def order_sql(order: bound.Order) -> Fragment:
    """One level of an order."""
    direction = "DESC" if order.descending else "ASC"
    return concat([sort_key(order), Fragment(f" {direction} NULLS LAST")])


@_test_sql.register
def _(node: bound.Beyond) -> Fragment:
    """The rows after the given one: a later level counts where the ones before it are equal; nulls come last."""
    keys = [sort_key(order) for order in node.orders]
    placeholders = [parameter(value) for value in node.values]
    equal: list[Fragment] = []
    ways = []
    for order, key, value, raw in zip(node.orders, keys, placeholders, node.values, strict=True):
        if raw is not None:
            sign = "<" if order.descending else ">"
            ways.append(_all([*equal, filled(f"({{0}} {sign} {{1}} OR {{0}} IS NULL)", key, value)]))
        equal.append(filled("({0} IS NULL)", key) if raw is None else filled("({0} = {1})", key, value))
    ways.append(_all([*equal, filled(f"({ROW} > {{0}})", parameter(node.row))]))
    return filled("({0})", joined(ways, " OR "))


@_test_sql.register
def _(node: bound.AtRow) -> Fragment:
    return filled(f"({ROW} = {{0}})", parameter(node.row))


@_test_sql.register
def _(node: bound.Ranked) -> Fragment:
    return Fragment(f"({ROW} > ? AND {ROW} <= ?)", (node.first, node.last))


@_test_sql.register
def _(node: bound.AtRows) -> Fragment:
    marks = ", ".join("?" for _row in node.rows)
    # The interval spares the engine the groups of rows that are elsewhere.
    return Fragment(f"({ROW} BETWEEN ? AND ? AND {ROW} IN ({marks}))", (min(node.rows), max(node.rows), *node.rows))


@_test_sql.register
def _(node: bound.MeetsBox) -> Fragment:
    geometry = expression_sql(node.expression)
    if node.system not in DEGREES:
        return _within_projected(geometry, node.box, node.system)
    west, south, east, north = node.box
    sides = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    # Boxes are compared first: it costs a tenth of comparing shapes.
    met = [
        filled(
            "({0} && {1} AND ST_Intersects({0}, {1}))",
            geometry,
            Fragment("ST_MakeEnvelope(?, ?, ?, ?)", (low, south, high, north)),
        )
        for low, high in sides
    ]
    return filled("({0})", joined(met, " OR "))


def _within_projected(geometry: Fragment, box: tuple[float, float, float, float], system: str) -> Fragment:
    around = filled(moved(WGS84, system), Fragment("ST_GeomFromText(CAST(? AS VARCHAR))", (_outline(box),)))
    # Projecting every row would cost much: only those near the box's outline in degrees are.
    return filled(
        "(coalesce({0} && {1}, TRUE) AND ST_Intersects({2}, {3}))",
        geometry,
        around,
        filled(moved(system), geometry),
        Fragment("ST_MakeEnvelope(?, ?, ?, ?)", box),
    )


def _outline(box: tuple[float, float, float, float], steps: int = 24) -> str:
    """The box as text, a little larger, with many points on each side, since sides bend when they are projected."""
    west, south, east, north = box
    wide, high = (east - west) / 50 + 1e-9, (north - south) / 50 + 1e-9
    west, south, east, north = west - wide, south - high, east + wide, north + high
    shares = [step / steps for step in range(steps)]
    ring = [(west + (east - west) * share, south) for share in shares]
    ring += [(east, south + (north - south) * share) for share in shares]
    ring += [(east - (east - west) * share, north) for share in shares]
    ring += [(west, north - (north - south) * share) for share in shares]
    return f"POLYGON(({', '.join(f'{x!r} {y!r}' for x, y in [*ring, ring[0]])}))"


def _all(conditions: list[Fragment]) -> Fragment:
    return filled("({0})", joined(conditions, " AND "))
