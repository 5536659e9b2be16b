"""Going through bound trees: their parts, the same tree with other parts, what is known of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from parvis.core.columns import ColumnType
from parvis.core.odsql.bound import Aggregate, Bound, Cell, Key, Minus, Result, Sum, Value


def parts_of(node: Bound) -> Iterator[Bound]:
    """The expressions that an expression is made of."""
    for name in node.PARTS:
        child = getattr(node, name)
        yield from child if isinstance(child, tuple) else (child,)


def walk(node: Bound) -> Iterator[Bound]:
    """An expression and all those inside it."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def replaced(node: Bound, change: Callable[[Bound], Bound | None]) -> Bound:
    """The same tree with each node that ``change`` has another for replaced, the outermost first."""
    other = change(node)
    if other is not None:
        return other
    changes: dict[str, object] = {}
    for name in node.PARTS:
        child = getattr(node, name)
        if isinstance(child, tuple):
            changes[name] = tuple(replaced(part, change) for part in child)
        else:
            changes[name] = replaced(child, change)
    return replace(node, **changes) if changes else node  # type: ignore[arg-type]


def is_whole(node: Bound) -> bool:
    """True when a number is known to have no decimals."""
    if isinstance(node, Cell):
        return node.column.type is ColumnType.INT
    if isinstance(node, Value):
        return isinstance(node.value, int)
    if isinstance(node, Sum):
        return "/" not in node.operators and all(is_whole(operand) for operand in node.operands)
    if isinstance(node, Minus):
        return is_whole(node.expression)
    if isinstance(node, Key):
        return node.is_whole
    if isinstance(node, Aggregate):
        return node.function.name == "count" or (
            node.function.name in ("sum", "min", "max") and is_whole(node.arguments[0])
        )
    if isinstance(node, Result):
        if node.function.gives is None:
            return all(is_whole(argument) for argument in node.arguments)
        return node.function.name in _WHOLE
    return False


_WHOLE = frozenset({"length", "year", "month", "day", "hour", "minute", "second"})
