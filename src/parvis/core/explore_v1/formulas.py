"""The expressions of ``y.<serie>.expr``: arithmetic over numeric fields, bound to the columns."""

from __future__ import annotations

import re
from collections.abc import Callable

from parvis.core.explore_v1.errors import UnknownV1Function
from parvis.core.explore_v1.parser import MAX_DEPTH
from parvis.core.odsql import Names
from parvis.core.odsql.bound import AsNumber, Bound, Cell, Minus, Result, Sum, Value
from parvis.core.odsql.errors import ODSQLSyntaxError, TooComplex, UnexpectedEnd, suggestion, wrong_type
from parvis.core.odsql.functions import Function, Takes
from parvis.core.odsql.valuetypes import ValueType, type_of

MAX_LENGTH = 2_000
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})|(?P<name>[^\W\d]\w*)|`(?P<quoted>[^`]+)`|(?P<sign>[-+*/(),]))"
)
_N = Takes.NUMBER
_ONE = (
    *(
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "toRadians",
        "toDegrees",
        "exp",
        "log",
        "log10",
    ),
    *("sqrt", "cbrt", "ceil", "floor", "rint", "round", "abs", "signum"),
)
_TWO = ("atan2", "pow", "max", "min", "hypot")
FUNCTIONS = {
    name: Function(name, takes, ValueType.NUMBER, "")
    for names, takes in ((_ONE, (_N,)), (_TWO, (_N, _N)))
    for name in names
}
"""The functions of formulas; null where a number has no result, such as the logarithm of a negative one."""


def formula(text: str, names: Names, clause: str) -> Bound:
    """A checked expression, whose numbers all have decimals; ODSQLSyntaxError or ODSQLError, naming ``clause``, for what it cannot be."""
    if len(text) > MAX_LENGTH:
        raise TooComplex(limit=MAX_LENGTH, clause=clause)
    return _Reader(text, names, clause).whole()


class _Reader:
    def __init__(self, text: str, names: Names, clause: str) -> None:
        self.text = text
        self.names = names
        self.clause = clause
        self.at = 0
        self.depth = 0

    def peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.at)

    def accept(self, signs: str) -> str:
        token = self.peek()
        if token is None or token["sign"] is None or token["sign"] not in signs:
            return ""
        self.at = token.end()
        return token["sign"]

    def error(self) -> ODSQLSyntaxError:
        rest = self.text[self.at :].lstrip()
        position = len(self.text) - len(rest)
        if not rest:
            return UnexpectedEnd(position=position, text=self.text, clause=self.clause)
        return ODSQLSyntaxError(token=rest[0], position=position, text=self.text, clause=self.clause)

    def whole(self) -> Bound:
        expression = self.sum()
        if self.text[self.at :].strip():
            raise self.error()
        return expression

    def sum(self) -> Bound:
        return self.chain("+-", self.product)

    def product(self) -> Bound:
        return self.chain("*/", self.factor)

    def chain(self, signs: str, rule: Callable[[], Bound]) -> Bound:
        expression = rule()
        while sign := self.accept(signs):
            expression = Sum((expression, rule()), (sign,))
        return expression

    def factor(self) -> Bound:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooComplex(limit=MAX_DEPTH, clause=self.clause)
        expression = self.value()
        self.depth -= 1
        return expression

    def value(self) -> Bound:
        if self.accept("-"):
            return Minus(self.factor())
        if self.accept("("):
            return self.closed(self.sum())
        token = self.peek()
        if token is None or token["sign"]:
            raise self.error()
        self.at = token.end()
        if token["number"]:
            return Value(float(token["number"]), ValueType.NUMBER)
        if token["name"] and self.accept("("):
            return self.call(token["name"])
        return self.field(token["quoted"] or token["name"])

    def closed(self, expression: Bound) -> Bound:
        if not self.accept(")"):
            raise self.error()
        return expression

    def call(self, name: str) -> Bound:
        function = FUNCTIONS.get(name)
        if function is None:
            raise UnknownV1Function(name=name, clause=self.clause, **suggestion(name, FUNCTIONS))
        arguments = [self.sum()]
        while self.accept(","):
            arguments.append(self.sum())
        if len(arguments) != len(function.takes):
            raise self.error()
        return self.closed(Result(function, tuple(arguments), ValueType.NUMBER))

    def field(self, name: str) -> Bound:
        column = self.names.column(name, self.clause)
        cell = Cell(column, type_of(column))
        if cell.type not in (ValueType.TEXT, ValueType.NUMBER):
            raise wrong_type(name, cell.type, (ValueType.NUMBER,), self.clause)
        return AsNumber(cell)
