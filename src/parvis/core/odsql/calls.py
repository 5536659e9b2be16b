"""Calls to functions: which form, which arguments, and the functions whose arguments are not plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from parvis.core.columns import TableShape
from parvis.core.odsql import nodes
from parvis.core.odsql.bound import (
    Aggregate,
    AsText,
    Bound,
    Cell,
    Cluster,
    Every,
    HasWord,
    JsonText,
    Local,
    Result,
    Some,
    Starts,
    Test,
    Value,
    Written,
)
from parvis.core.odsql.coercion import common
from parvis.core.odsql.dateformat import read_pattern
from parvis.core.odsql.errors import NotAllowedHere, ODSQLError, StatOnly, misfit, wrong_type
from parvis.core.odsql.functions import (
    ACCEPTED,
    FUNCTIONS,
    RELATIONS,
    TEXT_FUNCTIONS,
    Function,
    Takes,
    Use,
)
from parvis.core.odsql.moments import Moment
from parvis.core.odsql.nowtime import Setting, now_at, read_settings
from parvis.core.odsql.search_tokens import fuzzy_words, search_words
from parvis.core.odsql.traversal import walk
from parvis.core.odsql.valuetypes import ValueType, type_of
from parvis.core.translation import Sentence


@dataclass(frozen=True, slots=True)
class Caller:
    """What the binder lends to bind the arguments of a call."""

    shape: TableShape
    clause: str
    timezone: str
    lang: str
    expression: Callable[[nodes.Expression], Bound]


def bind_call(caller: Caller, node: nodes.Call) -> Bound:
    """A checked call of a function that gives a value for each row, or for all rows of a group."""
    forms = FUNCTIONS[node.name]
    if not any(caller.clause in form.clauses for form in forms) or node.name in TEXT_FUNCTIONS:
        raise NotAllowedHere(name=f"{node.name}()", clause=caller.clause)
    special = _SPECIAL.get(node.name)
    if special:
        return special(caller, node)
    function = form_of(caller, node)
    arguments = tuple(
        argument_of(caller, function, takes, argument)
        for takes, argument in zip(function.takes, node.arguments, strict=True)
    )
    if function.use is Use.AGGREGATION:
        return _aggregate(caller, function, arguments)
    return Result(function, arguments, function.gives or arguments[0].type)


def bind_text_call(caller: Caller, node: nodes.Call) -> Test:
    """``search``, ``suggest`` and ``startswith``: true when one of the fields matches."""
    function = FUNCTIONS[node.name][0]
    if not node.arguments:
        raise _wrong_count(caller, node)
    *fields, last = node.arguments
    text = None if isinstance(last, (nodes.Star, nodes.Named)) else caller.expression(last)
    if not isinstance(text, Value) or text.type is not ValueType.TEXT:
        raise wrong_type(f"{node.name}()", text.type if text else "*", (ValueType.TEXT,), caller.clause)
    whole_row = not fields or any(isinstance(field, nodes.Star) for field in fields)
    if node.name == "startswith":
        cells = _text_cells(caller) if whole_row else _fields(caller, function, fields)
        return Some(tuple(Starts(cell, text) for cell in cells))
    words = (fuzzy_words if node.name == "search" else search_words)(str(text.value))
    if whole_row:
        return Every(tuple(HasWord(None, word) for word in words))
    return Some(
        tuple(Every(tuple(HasWord(cell, word) for word in words)) for cell in _fields(caller, function, fields))
    )


def form_of(caller: Caller, node: nodes.Call) -> Function:
    """The form of the function with that number of arguments, allowed in the clause."""
    for function in FUNCTIONS[node.name]:
        if len(function.takes) == len(node.arguments):
            if caller.clause not in function.clauses:
                raise NotAllowedHere(name=f"{node.name}()", clause=caller.clause)
            return function
    raise _wrong_count(caller, node)


def argument_of(
    caller: Caller, function: Function, takes: Takes, node: nodes.Expression | nodes.Star | nodes.Named
) -> Bound:
    """A checked argument; an instant is seen in the time zone of the request."""
    if isinstance(node, nodes.Star):
        raise NotAllowedHere(name="*", clause=caller.clause)
    if isinstance(node, nodes.Named):
        raise NotAllowedHere(name=node.name, clause=caller.clause)
    expression = caller.expression(node)
    _check(caller, function, takes, expression)
    if takes is Takes.CONSTANT and not isinstance(expression, Value):
        raise NotAllowedHere(name=f"{function.name}()", clause=caller.clause)
    if takes is Takes.MOMENT:
        return localised(expression, caller.timezone)
    return expression


def localised(expression: Bound, timezone: str) -> Bound:
    """A date as it is, an instant as the clock shows it."""
    if isinstance(expression, Value) and isinstance(expression.value, Moment):
        expression = Value(expression.value.as_instant(), ValueType.DATETIME)
    return Local(expression, timezone) if expression.type is ValueType.DATETIME else expression


def _check(caller: Caller, function: Function, takes: Takes, expression: Bound) -> None:
    if expression.type not in ACCEPTED[takes]:
        if function.use is Use.AGGREGATION:
            raise StatOnly(name=f"{function.name}()", **misfit(expression.type, ACCEPTED[takes]), clause=caller.clause)
        raise wrong_type(f"{function.name}()", expression.type, ACCEPTED[takes], caller.clause)


def _wrong_count(caller: Caller, node: nodes.Call) -> ODSQLError:
    counts = " / ".join(str(len(form.takes)) for form in FUNCTIONS[node.name])
    return ODSQLError(
        reason=Sentence("{name}() prend {counts} argument(s)", {"name": node.name, "counts": counts}),
        clause=caller.clause,
    )


def _fields(
    caller: Caller, function: Function, arguments: list[nodes.Expression | nodes.Star | nodes.Named]
) -> list[Cell]:
    cells = []
    for node in arguments:
        expression = None if isinstance(node, (nodes.Star, nodes.Named)) else caller.expression(node)
        if not isinstance(expression, Cell):
            raise NotAllowedHere(name=f"{function.name}()", clause=caller.clause)
        _check(caller, function, Takes.TEXT_FIELDS, expression)
        cells.append(expression)
    return cells


def _text_cells(caller: Caller) -> list[Cell]:
    cells = [Cell(column, type_of(column)) for column in caller.shape]
    return [cell for cell in cells if cell.type in ACCEPTED[Takes.TEXT_FIELDS]]


# Aggregations


def _aggregate(caller: Caller, function: Function, arguments: tuple[Bound, ...], *, distinct: bool = False) -> Bound:
    for argument in arguments:
        if any(isinstance(part, Aggregate) for part in walk(argument)):
            raise NotAllowedHere(name=f"{function.name}()", clause=caller.clause)
    value_type = function.gives or arguments[0].type
    if function.name == "percentile":
        percent = arguments[1]
        if not isinstance(percent, Value) or not 0 <= float(str(percent.value)) <= 100:
            raise ODSQLError(
                reason=Sentence("percentile() prend un nombre de 0 à 100"),
                clause=caller.clause,
            )
    return Aggregate(function, arguments, distinct, value_type)


def _count(caller: Caller, node: nodes.Call) -> Bound:
    rows, values = FUNCTIONS["count"]
    if len(node.arguments) > 1 or (not node.arguments and node.distinct):
        raise _wrong_count(caller, node)
    if not node.arguments or isinstance(node.arguments[0], nodes.Star):
        if node.distinct:
            raise NotAllowedHere(name="*", clause=caller.clause)
        return _aggregate(caller, rows, ())
    argument = argument_of(caller, values, Takes.ANY, node.arguments[0])
    return _aggregate(caller, values, (argument,), distinct=node.distinct)


# Functions whose arguments are not plain values


def _date_format(caller: Caller, node: nodes.Call) -> Bound:
    function = form_of(caller, node)
    moment = argument_of(caller, function, Takes.MOMENT, node.arguments[0])
    pattern = argument_of(caller, function, Takes.PATTERN, node.arguments[1])
    if not isinstance(pattern, Value):
        raise NotAllowedHere(name="date_format()", clause=caller.clause)
    return Written(moment, read_pattern(str(pattern.value), caller.clause), caller.lang)


def _ifnull(caller: Caller, node: nodes.Call) -> Bound:
    function = form_of(caller, node)
    first, second = (argument_of(caller, function, Takes.ANY, argument) for argument in node.arguments)
    pair = common(first, second)
    if pair is None:
        if ValueType.TEXTS in (first.type, second.type) or first.type in _UNREADABLE or second.type in _UNREADABLE:
            raise wrong_type("ifnull()", second.type, (first.type,), caller.clause)
        pair = _as_text(first), _as_text(second)
    return Result(function, pair, pair[0].type if pair[0].type is not ValueType.NULL else pair[1].type)


_UNREADABLE = (ValueType.POINT, ValueType.SHAPE, ValueType.GEOMETRY, ValueType.JSON, ValueType.DISTANCE)


def _as_text(expression: Bound) -> Bound:
    return expression if expression.type is ValueType.TEXT else AsText(expression)


def _now(caller: Caller, node: nodes.Call) -> Bound:
    settings = []
    for argument in node.arguments:
        value = argument.value.value if isinstance(argument, nodes.Named) else None
        if not isinstance(argument, nodes.Named) or not isinstance(value, int) or isinstance(value, bool):
            raise ODSQLError(
                reason=Sentence("now() prend des arguments de la forme nom=entier"),
                clause=caller.clause,
            )
        settings.append(Setting(argument.name, value))
    return Value(now_at(read_settings(settings, caller.clause), caller.timezone), ValueType.DATETIME)


def _json_format(caller: Caller, node: nodes.Call) -> Bound:
    function = form_of(caller, node)
    text = argument_of(caller, function, Takes.TEXT, node.arguments[0])
    if len(node.arguments) == 1:
        return JsonText(text, None)
    fallback = argument_of(caller, function, Takes.ANY, node.arguments[1])
    if not isinstance(fallback, Value) or fallback.type not in (ValueType.TEXT, ValueType.NULL):
        raise wrong_type("json_format()", fallback.type, (ValueType.TEXT, ValueType.NULL), caller.clause)
    return JsonText(text, fallback)


def _geometry(caller: Caller, node: nodes.Call) -> Bound:
    if len(node.arguments) == 3:
        mode = node.arguments[2]
        name = mode.name if isinstance(mode, nodes.Field) else str(getattr(mode, "value", "*"))
        other = RELATIONS.get(name.upper())
        if other is None:
            raise ODSQLError(
                reason=Sentence("geometry() attend INTERSECTS, DISJOINT ou WITHIN, et non {name}", {"name": name[:40]}),
                clause=caller.clause,
            )
        return bind_call(caller, replace(node, name=other, arguments=node.arguments[:2]))
    return bind_call(caller, replace(node, name="intersects"))


def _geo_cluster(caller: Caller, node: nodes.Call) -> Bound:
    named = {a.name: a.value.value for a in node.arguments if isinstance(a, nodes.Named)}
    plain = [a for a in node.arguments if not isinstance(a, nodes.Named)]
    if len(plain) == 3:
        *plain, last = plain
        named["radius"] = last.value if isinstance(last, nodes.Literal) else None
    function = FUNCTIONS["geo_cluster"][0]
    if len(plain) != 2 or set(named) - {"radius"}:
        raise _wrong_count(caller, node)
    point = argument_of(caller, function, Takes.POINT, plain[0])
    zoom = argument_of(caller, function, Takes.CONSTANT, plain[1])
    radius = named.get("radius", 40)
    depth = zoom.value if isinstance(zoom, Value) else None
    if not isinstance(depth, int) or not 0 <= depth <= 25 or not isinstance(radius, (int, float)) or radius < 1:
        raise ODSQLError(
            reason=Sentence("geo_cluster() prend un zoom entier de 0 à 25 et un rayon d’au moins 1 pixel"),
            clause=caller.clause,
        )
    return Cluster(point, depth, float(radius))


type Special = Callable[[Caller, nodes.Call], Bound]
_SPECIAL: dict[str, Special] = {
    "count": _count,
    "date_format": _date_format,
    "ifnull": _ifnull,
    "now": _now,
    "json_format": _json_format,
    "geometry": _geometry,
    "geo_cluster": _geo_cluster,
}
