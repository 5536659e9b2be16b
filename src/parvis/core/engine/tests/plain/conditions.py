"""Bound conditions over one row: true, false, or None where SQL would not know."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from functools import singledispatch
from typing import Any

import shapely

from parvis.core.engine.contract import ROW, SEARCH
from parvis.core.engine.tests.plain.expressions import Seen, value_of
from parvis.core.engine.tests.plain.values import BeyondPlainPython, comparable, folded, sort_key, words_of
from parvis.core.odsql import bound
from parvis.core.odsql.search_tokens import LONGEST_WORD, allowed_edits, near_pattern
from parvis.core.odsql.valuetypes import ValueType

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@singledispatch
def holds(node: object, seen: Seen) -> bool | None:
    """Whether a condition holds."""
    raise TypeError(type(node))


def _every(truths: Iterable[bool | None]) -> bool | None:
    values = list(truths)
    return False if False in values else None if None in values else True


def _some(truths: Iterable[bool | None]) -> bool | None:
    values = list(truths)
    return True if True in values else None if None in values else False


@holds.register
def _(node: bound.Every, seen: Seen) -> bool | None:
    return _every(holds(condition, seen) for condition in node.conditions)


@holds.register
def _(node: bound.Some, seen: Seen) -> bool | None:
    return _some(holds(condition, seen) for condition in node.conditions)


@holds.register
def _(node: bound.No, seen: Seen) -> bool | None:
    return holds(node.condition, seen) is not True


@holds.register
def _(node: bound.IsTrue, seen: Seen) -> bool | None:
    truth = value_of(node.expression, seen)
    return None if truth is None else bool(truth)


@holds.register
def _(node: bound.Compare, seen: Seen) -> bool | None:
    left, right = value_of(node.left, seen), value_of(node.right, seen)
    if left is None or right is None:
        return None
    return _COMPARE[node.operator](comparable(left), comparable(right))


@holds.register
def _(node: bound.Null, seen: Seen) -> bool | None:
    value = value_of(node.expression, seen)
    return not value if node.expression.type is ValueType.TEXTS else value is None


@holds.register
def _(node: bound.Among, seen: Seen) -> bool | None:
    if not node.values:
        return False
    value = value_of(node.expression, seen)
    if value is None:
        return None
    values = [comparable(value_of(one, seen)) for one in node.values]
    if node.expression.type is ValueType.TEXTS:
        return any(text in values for text in value)
    return comparable(value) in values


@holds.register
def _(node: bound.Has, seen: Seen) -> bool | None:
    texts, value = value_of(node.cell, seen), value_of(node.value, seen)
    return None if texts is None or value is None else value in texts


@holds.register
def _(node: bound.Starts, seen: Seen) -> bool | None:
    value, start = value_of(node.expression, seen), value_of(node.value, seen)
    if value is None:
        return None
    if node.expression.type is ValueType.TEXTS:
        return any(text is not None and text.startswith(start) for text in value)
    return value.startswith(start)


@holds.register
def _(node: bound.HasWord, seen: Seen) -> bool | None:
    if len(node.word.text) > LONGEST_WORD:
        return False
    words = _words(node.expression, seen)
    if words is None:
        return None
    word = folded(node.word.text)
    if node.word.part is bound.Part.NEAR and allowed_edits(word):
        return re.search(near_pattern(word), words) is not None
    ends = {bound.Part.START: f" {word}", bound.Part.ANY: word}
    return ends.get(node.word.part, f" {word} ") in words


def _words(expression: bound.Bound | None, seen: Seen) -> str | None:
    if expression is None:
        return seen.cells[SEARCH]
    value = value_of(expression, seen)
    if value is None:
        return None
    return words_of(" ".join(text for text in value if text is not None) if isinstance(value, list) else value)


@holds.register
def _(node: bound.Beyond, seen: Seen) -> bool | None:
    keys = [sort_key(value_of(order.expression, seen), order.expression.type) for order in node.orders]
    for order, key, value in zip(node.orders, keys, map(comparable, node.values), strict=True):
        if key == value:
            continue
        if value is None or key is None:
            return key is None
        return key < value if order.descending else key > value
    return seen.cells[ROW] > node.row


@holds.register
def _(node: bound.AtRow, seen: Seen) -> bool | None:
    return seen.cells[ROW] == node.row


@holds.register
def _(node: bound.AtRows, seen: Seen) -> bool | None:
    return seen.cells[ROW] in node.rows


@holds.register
def _(node: bound.Ranked, seen: Seen) -> bool | None:
    return node.first < seen.cells[ROW] <= node.last


@holds.register
def _(node: bound.MeetsBox, seen: Seen) -> bool | None:
    if node.system not in ("OGC:CRS84", "EPSG:4326"):
        raise BeyondPlainPython(f"a box in {node.system}")
    shape = value_of(node.expression, seen)
    if shape is None:
        return None
    west, south, east, north = node.box
    sides = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return any(shape.intersects(shapely.box(low, south, high, north)) for low, high in sides)
