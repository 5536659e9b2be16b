"""Nodes to bound trees: names and types checked against the columns, literals read as what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatchmethod
from typing import NoReturn

from parvis.core.odsql import bound, nodes
from parvis.core.odsql.bound import NEVER, Bound, Cell, Output, Test, Value
from parvis.core.odsql.calls import Caller, bind_call, bind_text_call
from parvis.core.odsql.coercion import coerce
from parvis.core.odsql.errors import wrong_type
from parvis.core.odsql.functions import TEXT_FUNCTIONS
from parvis.core.odsql.literals import value_of
from parvis.core.odsql.names import Names
from parvis.core.odsql.valuetypes import ValueType, type_of
from parvis.core.odsql.words import like_words, whole_words

_MIRROR = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds the nodes of one clause to the columns of one source."""

    names: Names
    clause: str
    timezone: str = "UTC"

    def outputs(self, items: tuple[nodes.SelectItem, ...]) -> tuple[Output, ...]:
        """The columns of the answer; a key asked twice keeps its last meaning."""
        outputs: dict[str, Output] = {}
        for item in items:
            if isinstance(item.expression, nodes.Star):
                outputs.update({c.name: Output(c.name, Cell(c, type_of(c)), c) for c in self.names.shape})
                continue
            expression = self.expression(item.expression)
            column = expression.column if isinstance(expression, Cell) else None
            outputs[item.key] = Output(item.key, expression, column)
        return tuple(outputs.values())

    def orders(self, items: tuple[nodes.OrderItem, ...], outputs: tuple[Output, ...]) -> tuple[bound.Order, ...]:
        """The levels of the order; a name is an alias of the select, else a column."""
        return tuple(self._order(item, {output.key: output for output in outputs}) for item in items)

    def _order(self, item: nodes.OrderItem, outputs: dict[str, Output]) -> bound.Order:
        node = item.expression
        alias = outputs.get(node.name) if isinstance(node, nodes.Field) else None
        expression = alias.expression if alias else self.expression(node)
        if expression.type in (ValueType.POINT, ValueType.SHAPE):
            self.refuse("order_by", expression.type, ValueType.TEXT)
        return bound.Order(expression, item.descending)

    def refuse(self, what: str, found: ValueType, *expected: ValueType) -> NoReturn:
        """Raise WrongType: ``what`` does not take ``found``."""
        raise wrong_type(what, found, expected, self.clause)

    def expression(self, node: nodes.Expression) -> Bound:
        """A checked expression."""
        if isinstance(node, nodes.Field):
            column = self.names.column(node.name, self.clause)
            return Cell(column, type_of(column))
        if isinstance(node, nodes.Literal):
            return self.value(node)
        return bind_call(self._caller(), node)

    def value(self, node: nodes.Literal) -> Value:
        """The value of a literal."""
        return value_of(node, self.clause, self.timezone)

    def _caller(self) -> Caller:
        return Caller(self.names.shape, self.clause, self.timezone, self.expression)

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
    def _(self, node: nodes.FullText) -> Test:
        return bound.Every(tuple(bound.HasWord(None, word) for word in whole_words(node.text)))

    @test.register
    def _(self, node: nodes.Like) -> Test:
        expression = self.expression(node.expression)
        if expression.type not in (ValueType.TEXT, ValueType.TEXTS):
            self.refuse("like", expression.type, ValueType.TEXT)
        return bound.Every(tuple(bound.HasWord(expression, word) for word in like_words(node.pattern)))

    @test.register
    def _(self, node: nodes.IsNull) -> Test:
        return bound.Null(self.expression(node.expression))

    @test.register
    def _(self, node: nodes.IsBoolean) -> Test:
        if isinstance(node.expression, nodes.Call):
            called = self.test(nodes.Truth(node.expression, node.at))
            return called if node.wanted else bound.No(called)
        return self.compare(self.expression(node.expression), "=", Value(node.wanted, ValueType.BOOLEAN))

    @test.register
    def _(self, node: nodes.Truth) -> Test:
        if isinstance(node.expression, nodes.Call) and node.expression.name in TEXT_FUNCTIONS:
            return bind_text_call(self._caller(), node.expression)
        expression = self.expression(node.expression)
        if expression.type is not ValueType.BOOLEAN:
            self.refuse("where", expression.type, ValueType.BOOLEAN)
        return bound.IsTrue(expression)

    @test.register
    def _(self, node: nodes.Comparison) -> Test:
        left, right = self.expression(node.left), self.expression(node.right)
        if isinstance(left, Value) and not isinstance(right, Value):
            return self.compare(right, _MIRROR[node.operator], left)
        return self.compare(left, node.operator, right)

    @test.register
    def _(self, node: nodes.InList) -> Test:
        expression = self.expression(node.expression)
        values = [self.value(value) for value in node.values if value.kind is not nodes.LiteralKind.NULL]
        pairs = [self._coerced(expression, "in", value) for value in values]
        # One list of parameters only when every value is compared with the very same expression.
        if expression.type is not ValueType.TEXTS and all(left is expression for left, _right in pairs):
            return bound.Among(expression, tuple(right for _left, right in pairs if isinstance(right, Value)))
        return bound.Some(tuple(self.compare(expression, "=", value) for value in values))

    @test.register
    def _(self, node: nodes.InRange) -> Test:
        expression = self.expression(node.expression)
        low = self.compare(expression, ">=" if node.with_low else ">", self.value(node.low))
        high = self.compare(expression, "<=" if node.with_high else "<", self.value(node.high))
        return bound.Every((low, high))

    @test.register
    def _(self, node: nodes.ValueIn) -> Test:
        return self.compare(self.expression(node.field), "=", self.value(node.value))

    def compare(self, left: Bound, operator: str, right: Bound) -> Test:
        """``left operator right`` with the right side read as the left one's type."""
        if ValueType.NULL in (left.type, right.type):
            return NEVER
        left, right = self._coerced(left, operator, right)
        if isinstance(left, Cell) and left.type is ValueType.TEXTS and isinstance(right, Value):
            has = bound.Has(left, right)
            if operator == "=":
                return has
            if operator == "!=":
                return bound.Every((bound.No(bound.Null(left)), bound.No(has)))
            self.refuse(operator, left.type, ValueType.NUMBER, ValueType.DATE)
        return bound.Compare(left, operator, right)

    def _coerced(self, left: Bound, operator: str, right: Bound) -> tuple[Bound, Bound]:
        return coerce(left, operator, right, clause=self.clause, timezone=self.timezone)
