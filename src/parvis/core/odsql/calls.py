"""Calls to functions: which form, which arguments, and text functions as conditions on words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parvis.core.columns import TableShape
from parvis.core.odsql import nodes
from parvis.core.odsql.bound import Bound, Cell, Every, HasWord, Local, Result, Some, Starts, Test, Value
from parvis.core.odsql.errors import NotAllowedHere, ODSQLError, wrong_type
from parvis.core.odsql.functions import ACCEPTED, FUNCTIONS, TEXT_FUNCTIONS, Function, Takes
from parvis.core.odsql.valuetypes import ValueType, type_of
from parvis.core.odsql.words import search_words


@dataclass(frozen=True, slots=True)
class Caller:
    """What the binder lends to bind the arguments of a call."""

    shape: TableShape
    clause: str
    timezone: str
    expression: Callable[[nodes.Expression], Bound]


def bind_call(caller: Caller, node: nodes.Call) -> Result:
    """A checked call of a function that gives a value for each row."""
    if node.name in TEXT_FUNCTIONS:
        raise NotAllowedHere(name=f"{node.name}()", clause=caller.clause)
    function = _form(caller, node)
    arguments = tuple(
        _argument(caller, function, takes, argument)
        for takes, argument in zip(function.takes, node.arguments, strict=True)
    )
    return Result(function, arguments, function.gives)


def bind_text_call(caller: Caller, node: nodes.Call) -> Test:
    """``search``, ``suggest`` and ``startswith``: true when one of the fields matches."""
    function = FUNCTIONS[node.name][0]
    if not node.arguments:
        raise _wrong_count(caller, node)
    *fields, last = node.arguments
    text = caller.expression(last) if not isinstance(last, nodes.Star) else None
    if not isinstance(text, Value) or text.type is not ValueType.TEXT:
        raise wrong_type(f"{node.name}()", text.type if text else "*", (ValueType.TEXT,), caller.clause)
    whole_row = not fields or any(isinstance(field, nodes.Star) for field in fields)
    if node.name == "startswith":
        cells = _text_cells(caller) if whole_row else _fields(caller, function, fields)
        return Some(tuple(Starts(cell, text) for cell in cells))
    words = search_words(str(text.value))
    if whole_row:
        return Every(tuple(HasWord(None, word) for word in words))
    return Some(
        tuple(Every(tuple(HasWord(cell, word) for word in words)) for cell in _fields(caller, function, fields))
    )


def _form(caller: Caller, node: nodes.Call) -> Function:
    for function in FUNCTIONS[node.name]:
        if len(function.takes) == len(node.arguments):
            if function.is_condition and caller.clause != "where":
                raise NotAllowedHere(name=f"{node.name}()", clause=caller.clause)
            return function
    raise _wrong_count(caller, node)


def _wrong_count(caller: Caller, node: nodes.Call) -> ODSQLError:
    counts = " / ".join(str(len(form.takes)) for form in FUNCTIONS[node.name])
    return ODSQLError(
        reason_fr=f"« {node.name}() » attend {counts} argument(s)",
        reason_en=f"{node.name}() takes {counts} argument(s)",
        clause=caller.clause,
    )


def _argument(caller: Caller, function: Function, takes: Takes, node: nodes.Expression | nodes.Star) -> Bound:
    if isinstance(node, nodes.Star):
        raise NotAllowedHere(name="*", clause=caller.clause)
    expression = caller.expression(node)
    _check(caller, function, takes, expression)
    if takes is Takes.MOMENT and expression.type is ValueType.DATETIME:
        return Local(expression, caller.timezone)
    return expression


def _check(caller: Caller, function: Function, takes: Takes, expression: Bound) -> None:
    if expression.type not in ACCEPTED[takes]:
        raise wrong_type(f"{function.name}()", expression.type, ACCEPTED[takes], caller.clause)


def _fields(caller: Caller, function: Function, given: list[nodes.Expression | nodes.Star]) -> list[Cell]:
    cells = []
    for node in given:
        expression = caller.expression(node) if not isinstance(node, nodes.Star) else None
        if not isinstance(expression, Cell):
            raise NotAllowedHere(name=f"{function.name}()", clause=caller.clause)
        _check(caller, function, Takes.TEXT_FIELDS, expression)
        cells.append(expression)
    return cells


def _text_cells(caller: Caller) -> list[Cell]:
    cells = [Cell(column, type_of(column)) for column in caller.shape]
    return [cell for cell in cells if cell.type in ACCEPTED[Takes.TEXT_FIELDS]]
