"""The expressions of ``y.<serie>.expr``: arithmetic over numeric fields, to SQL and parameters."""

from __future__ import annotations

import re
from collections.abc import Callable

from parvis.core.engine.duckdb.queries import Fragment, expression_sql
from parvis.core.explore_v1.errors import UnknownV1Function
from parvis.core.explore_v1.parser import MAX_DEPTH
from parvis.core.odsql import Names
from parvis.core.odsql.bound import AsNumber, Bound, Cell
from parvis.core.odsql.errors import ODSQLSyntaxError, TooComplex, UnexpectedEnd, suggestion, wrong_type
from parvis.core.odsql.valuetypes import ValueType, type_of

MAX_LENGTH = 2_000
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})|(?P<name>[^\W\d]\w*)|`(?P<quoted>[^`]+)`|(?P<sign>[-+*/(),]))"
)
# TRY: a logarithm of a negative number is no number, not the end of the whole answer.
_FUNCTIONS = {
    "sin": "TRY(sin({0}))",
    "cos": "TRY(cos({0}))",
    "tan": "TRY(tan({0}))",
    "asin": "TRY(asin({0}))",
    "acos": "TRY(acos({0}))",
    "atan": "atan({0})",
    "atan2": "atan2({0}, {1})",
    "toRadians": "radians({0})",
    "toDegrees": "degrees({0})",
    "exp": "TRY(exp({0}))",
    "log": "TRY(ln({0}))",
    "log10": "TRY(log10({0}))",
    "sqrt": "TRY(sqrt({0}))",
    "cbrt": "cbrt({0})",
    "ceil": "ceil({0})",
    "floor": "floor({0})",
    "rint": "round_even({0}, 0)",
    "round": "floor({0} + 0.5)",
    "pow": "TRY(pow({0}, {1}))",
    "abs": "abs({0})",
    "signum": "sign({0})",
    "max": "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN greatest({0}, {1}) END",
    "min": "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN least({0}, {1}) END",
    "sinh": "TRY(sinh({0}))",
    "cosh": "TRY(cosh({0}))",
    "tanh": "tanh({0})",
    "hypot": "TRY(sqrt({0} * {0} + {1} * {1}))",
}
_OPERATORS = {"+": "({0} + {1})", "-": "({0} - {1})", "*": "({0} * {1})", "/": "({0} / nullif({1}, 0))"}


def formula_sql(text: str, names: Names, clause: str) -> Fragment:
    """The SQL of an expression; ODSQLSyntaxError or ODSQLError, naming ``clause``, for what it cannot be."""
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

    def whole(self) -> Fragment:
        fragment = self.sum()
        if self.text[self.at :].strip():
            raise self.error()
        return fragment

    def sum(self) -> Fragment:
        return self.chain("+-", self.product)

    def product(self) -> Fragment:
        return self.chain("*/", self.factor)

    def chain(self, signs: str, rule: Callable[[], Fragment]) -> Fragment:
        fragment = rule()
        while sign := self.accept(signs):
            fragment = filled(_OPERATORS[sign], fragment, rule())
        return fragment

    def factor(self) -> Fragment:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooComplex(limit=MAX_DEPTH, clause=self.clause)
        fragment = self.value()
        self.depth -= 1
        return fragment

    def value(self) -> Fragment:
        if self.accept("-"):
            return filled("(-{0})", self.factor())
        if self.accept("("):
            return self.closed(self.sum())
        token = self.peek()
        if token is None or token["sign"]:
            raise self.error()
        self.at = token.end()
        if token["number"]:
            return Fragment("CAST(? AS DOUBLE)", (float(token["number"]),))
        if token["name"] and self.accept("("):
            return self.call(token["name"])
        return self.field(token["quoted"] or token["name"])

    def closed(self, fragment: Fragment) -> Fragment:
        if not self.accept(")"):
            raise self.error()
        return fragment

    def call(self, name: str) -> Fragment:
        template = _FUNCTIONS.get(name)
        if template is None:
            raise UnknownV1Function(name=name, clause=self.clause, **suggestion(name, _FUNCTIONS))
        arguments = [self.sum()]
        while self.accept(","):
            arguments.append(self.sum())
        if len(arguments) != (2 if "{1}" in template else 1):
            raise self.error()
        return self.closed(filled(template, *arguments))

    def field(self, name: str) -> Fragment:
        column = self.names.column(name, self.clause)
        cell: Bound = Cell(column, type_of(column))
        if cell.type is ValueType.TEXT:
            cell = AsNumber(cell)
        if cell.type is not ValueType.NUMBER:
            raise wrong_type(name, cell.type, (ValueType.NUMBER,), self.clause)
        inside = expression_sql(cell)
        return Fragment(f"CAST({inside.sql} AS DOUBLE)", inside.parameters)


def filled(template: str, *arguments: Fragment) -> Fragment:
    """A template with ``{0}``, ``{1}`` filled; an argument used twice brings its parameters twice."""
    sql = ""
    parameters: list[object] = []
    for rank, piece in enumerate(re.split(r"\{(\d)\}", template)):
        if rank % 2:
            sql += arguments[int(piece)].sql
            parameters += arguments[int(piece)].parameters
        else:
            sql += piece
    return Fragment(sql, tuple(parameters))
