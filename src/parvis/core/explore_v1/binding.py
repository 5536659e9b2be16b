"""Nodes of a ``q`` to conditions of the query language: names and types checked against the columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import singledispatchmethod
from zoneinfo import ZoneInfo

from parvis.core.explore_v1 import nodes
from parvis.core.explore_v1.clock import NotAMove, moved
from parvis.core.explore_v1.errors import InvalidArgument, UnknownV1Function
from parvis.core.explore_v1.identity import RECORD_ID, identity_condition
from parvis.core.explore_v1.parser import parse
from parvis.core.explore_v1.places import circle_condition, polygon_condition, read_circle, read_corners
from parvis.core.odsql import Binder, Names, bound
from parvis.core.odsql.bound import Cell, Part, Test, Value, Word
from parvis.core.odsql.errors import suggestion, wrong_type
from parvis.core.odsql.functions import Function, Takes
from parvis.core.odsql.moments import Moment, read_moment
from parvis.core.odsql.search_tokens import search_words, split_words
from parvis.core.odsql.valuetypes import ValueType, type_of

_TEXTS = (ValueType.TEXT, ValueType.TEXTS)
_MOMENTS = (ValueType.DATE, ValueType.DATETIME)
_GEOS = (ValueType.POINT, ValueType.SHAPE)
_GEOMETRY_TYPE = Function(
    name="geometry type",
    takes=(Takes.GEO,),
    gives=ValueType.TEXT,
    sentence="",
)


@dataclass(frozen=True, slots=True)
class QBinder:
    """Binds the nodes of one ``q`` to the columns of one source; dates without offset are read in ``timezone``."""

    names: Names
    clause: str
    timezone: str
    now: datetime

    @property
    def binder(self) -> Binder:
        """The binder of the query language, for what both versions share."""
        return Binder(self.names, self.clause, self.timezone)

    def cell(self, name: str) -> Cell:
        """The column of that name."""
        column = self.names.column(name, self.clause)
        return Cell(column, type_of(column))

    @singledispatchmethod
    def test(self, node: nodes.Condition) -> Test:
        """A checked condition."""
        raise TypeError(type(node))

    @test.register
    def _(self, node: nodes.All) -> Test:
        return bound.Every(tuple(self.test(condition) for condition in node.conditions))

    @test.register
    def _(self, node: nodes.Any) -> Test:
        return bound.Some(tuple(self.test(condition) for condition in node.conditions))

    @test.register
    def _(self, node: nodes.Not) -> Test:
        return bound.No(self.test(node.condition))

    @test.register
    def _(self, node: nodes.Words) -> Test:
        return _has_words(None, node.text, Part.WHOLE if node.quoted else Part.START, phrase=node.quoted)

    @test.register
    def _(self, node: nodes.FieldIs) -> Test:
        if node.name == RECORD_ID and self.names.shape.get(RECORD_ID) is None:
            return identity_condition(self.names.shape, self.typed(node.value))
        cell = self.cell(node.name)
        if node.operator == "!=":
            return bound.No(self.test(nodes.FieldIs(node.name, "=", node.value)))
        if cell.type in _MOMENTS:
            return self.within(cell, node.operator, self.moment(cell, node.value))
        if node.operator == "=" and cell.type in _TEXTS:
            return self.same_text(cell, node.value)
        return self.binder.compare(cell, node.operator, Value(self.typed(node.value), ValueType.TEXT))

    @test.register
    def _(self, node: nodes.FieldBetween) -> Test:
        cell = self.cell(node.name)
        ends = ((node.low, ">=" if node.with_low else ">"), (node.high, "<=" if node.with_high else "<"))
        tests = []
        for end, operator in ends:
            if end is None:
                continue
            if cell.type in _MOMENTS:
                tests.append(self.within(cell, operator, self.moment(cell, end)))
            else:
                tests.append(self.binder.compare(cell, operator, Value(self.typed(end), ValueType.TEXT)))
        return bound.Every(tuple(tests)) if tests else bound.No(bound.Null(cell))

    @test.register
    def _(self, node: nodes.Call) -> Test:
        function = _FUNCTIONS.get(node.name)
        if function is None:
            raise UnknownV1Function(name=f"#{node.name}", clause=self.clause, **suggestion(node.name, _FUNCTIONS))
        if len(node.arguments) < function.least or (function.most and len(node.arguments) > function.most):
            expected = function.least if function.least == function.most else f"{function.least}+"
            raise InvalidArgument(
                name=f"#{node.name}", value=len(node.arguments), expected=expected, clause=self.clause
            )
        return function.bind(self, node.arguments)

    def typed(self, literal: nodes.Given) -> str:
        """The text of a value; an instant as ISO 8601."""
        return literal.text if isinstance(literal, nodes.Typed) else self.instant(literal).isoformat()

    def instant(self, now_call: nodes.Now) -> datetime:
        """The instant that ``#now(…)`` names."""
        try:
            return moved(self.now.astimezone(ZoneInfo(self.timezone)), now_call.moves)
        except NotAMove as error:
            raise InvalidArgument(
                name="#now", value=str(error), expected="years=-1, month=6, weekday=MO(1)…", clause=self.clause
            ) from error

    def moment(self, cell: Cell, literal: nodes.Given) -> Moment:
        """The period that a value names."""
        if isinstance(literal, nodes.Now):
            return Moment(self.instant(literal), "second")
        period = read_moment(literal.text, self.timezone)
        if period is None:
            raise wrong_type(cell.column.name, literal.text, (cell.type,), self.clause)
        return period

    def within(self, cell: Cell, operator: str, moment: Moment) -> Test:
        """A comparison with a whole period: ``<= 2013`` takes all of 2013, ``> 2013`` starts after it."""
        start, end = moment, Moment(moment.end(), "second")
        if moment.precision == "second":
            return self.compare(cell, operator, start)
        if operator == "=":
            return bound.Every((self.compare(cell, ">=", start), self.compare(cell, "<", end)))
        sign, edge = {"<=": ("<", end), ">": (">=", end), "<": ("<", start), ">=": (">=", start)}[operator]
        return self.compare(cell, sign, edge)

    def compare(self, cell: Cell, operator: str, moment: Moment) -> Test:
        """A comparison with one instant."""
        return self.binder.compare(cell, operator, Value(moment, ValueType.DATE))

    def same_text(self, cell: Cell, literal: nodes.Given) -> Test:
        """All words of the value are words of the field; a value without any word must be the field's own."""
        text = self.typed(literal)
        if not split_words(text):
            return self.binder.compare(cell, "=", Value(text, ValueType.TEXT))
        quoted = isinstance(literal, nodes.Typed) and literal.quoted
        part = Part.START if not quoted and text.endswith("*") else Part.WHOLE
        return _has_words(cell, text, part, phrase=quoted)

    def text_cell(self, name: str) -> Cell:
        """A column of text; WrongType for any other."""
        cell = self.cell(name)
        if cell.type not in _TEXTS:
            raise wrong_type(name, cell.type, (ValueType.TEXT,), self.clause)
        return cell

    def geo_cell(self, name: str) -> Cell:
        """A geographic column; WrongType for any other."""
        cell = self.cell(name)
        if cell.type not in _GEOS:
            raise wrong_type(name, cell.type, _GEOS, self.clause)
        return cell


def where_of_q(
    text: str, names: Names, *, timezone: str = "UTC", clause: str = "q", now: datetime | None = None
) -> Test:
    """The condition that a query of version 1 states on these columns; ODSQLSyntaxError or ODSQLError, naming ``clause``.

    It may be in the ``extra`` of an ``ExploreRequest``: it is what the parameter ``qv1`` of version 2.1 means.
    """
    return QBinder(names, clause, timezone, now or datetime.now(UTC)).test(parse(text, clause))


def _has_words(cell: Cell | None, text: str, part: Part, *, phrase: bool) -> Test:
    words = split_words(text)
    if phrase and len(words) > 1:
        words = [" ".join(words)]
    return bound.Every(tuple(bound.HasWord(cell, Word(word, part)) for word in words))


# Functions


def _null(binder: QBinder, arguments: tuple[str, ...]) -> Test:
    return bound.Null(binder.cell(arguments[0]))


def _exact(binder: QBinder, arguments: tuple[str, ...]) -> Test:
    return binder.binder.compare(binder.cell(arguments[0]), "=", Value(arguments[1], ValueType.TEXT))


def _search(binder: QBinder, arguments: tuple[str, ...]) -> Test:
    *fields, text = arguments
    words = search_words(text)
    if not fields or "*" in fields:
        return bound.Every(tuple(bound.HasWord(None, word) for word in words))
    cells = [binder.text_cell(field) for field in fields]
    return bound.Some(tuple(bound.Every(tuple(bound.HasWord(cell, word) for word in words)) for cell in cells))


def _startswith(binder: QBinder, arguments: tuple[str, ...]) -> Test:
    return bound.Starts(binder.text_cell(arguments[0]), Value(arguments[1], ValueType.TEXT))


def _distance(binder: QBinder, arguments: tuple[str, ...]) -> Test:
    circle = read_circle(f"{arguments[1]},{arguments[2]}", "#distance", binder.clause)
    return circle_condition(binder.binder, binder.geo_cell(arguments[0]), circle)


def _polygon(binder: QBinder, arguments: tuple[str, ...]) -> Test:
    corners = read_corners(arguments[1], "#polygon", binder.clause)
    return polygon_condition(binder.binder, binder.geo_cell(arguments[0]), corners)


def _geometry(binder: QBinder, arguments: tuple[str, ...]) -> Test:
    kind = bound.Result(_GEOMETRY_TYPE, (binder.geo_cell(arguments[0]),), ValueType.TEXT)
    return bound.Compare(kind, "=", Value(re.sub(r"\W", "", arguments[1]).lower(), ValueType.TEXT))


@dataclass(frozen=True, slots=True)
class _FunctionRow:
    """A function of the old language: fewest and most arguments (0: any number), and its meaning."""

    least: int
    most: int
    bind: Callable[[QBinder, tuple[str, ...]], Test]


_FUNCTIONS = {
    "null": _FunctionRow(1, 1, _null),
    "exact": _FunctionRow(2, 2, _exact),
    "search": _FunctionRow(1, 0, _search),
    "startswith": _FunctionRow(2, 2, _startswith),
    "distance": _FunctionRow(3, 3, _distance),
    "polygon": _FunctionRow(2, 2, _polygon),
    "geometry": _FunctionRow(2, 2, _geometry),
}
