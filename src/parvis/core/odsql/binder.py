"""Nodes to bound trees: names and types checked against the columns, literals read as what they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from typing import NoReturn

from parvis.core.odsql import bound, nodes
from parvis.core.odsql.bound import NEVER, Bound, Cell, Group, Output, Test, Value
from parvis.core.odsql.calls import Caller, bind_call, bind_text_call
from parvis.core.odsql.coercion import coerce
from parvis.core.odsql.errors import NotAllowedHere, ODSQLError, wrong_type
from parvis.core.odsql.functions import TEXT_FUNCTIONS
from parvis.core.odsql.grouping import group_of, is_random
from parvis.core.odsql.literals import value_of
from parvis.core.odsql.names import Names
from parvis.core.odsql.ranges import bind_range
from parvis.core.odsql.search_tokens import full_words, like_words
from parvis.core.odsql.valuetypes import ValueType, type_of
from parvis.core.translation import Sentence

_MIRROR = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds the nodes of one clause to the columns of one source; ``known`` are names given by other clauses."""

    names: Names
    clause: str
    timezone: str = "UTC"
    lang: str = "fr"
    known: Mapping[str, Bound] = field(default_factory=dict)

    def outputs(self, items: tuple[nodes.SelectItem, ...], groups: tuple[Group, ...] = ()) -> tuple[Output, ...]:
        """The columns of the answer; a key asked twice keeps its last meaning.

        ``*`` stands for the keys when there are groups. An expression that is a group has its key, unless it is named.
        """
        chosen = _Chosen(self)
        for item in items:
            node = item.expression
            if isinstance(node, nodes.Star):
                if not groups:
                    chosen.add_all()
            elif isinstance(node, nodes.Fields):
                chosen.choose(node)
            else:
                chosen.add(item, self.expression(node), groups)
        return chosen.outputs(groups)

    def groups(self, items: tuple[nodes.GroupItem, ...]) -> tuple[Group, ...]:
        """The levels of grouping; a key asked twice counts once."""
        groups: dict[str, Group] = {}
        for item in items:
            expression = self._group(item.expression)
            if item.key not in groups:
                groups[item.key] = group_of(len(groups), item.key, expression, self.timezone)
        return tuple(groups.values())

    def _group(self, node: nodes.Expression | nodes.Star | nodes.Fields) -> Bound:
        if not isinstance(node, (nodes.Field, nodes.Call, nodes.Range)):
            raise ODSQLError(
                reason=Sentence("group_by prend des champs et des fonctions de champs, pas de calcul ni de constante"),
                clause=self.clause,
            )
        expression = self.expression(node)
        if isinstance(expression, Value) or expression.type in (ValueType.POINT, ValueType.SHAPE):
            self.refuse("group_by", expression.type, ValueType.TEXT, ValueType.NUMBER, ValueType.DATE)
        return expression

    def orders(self, items: tuple[nodes.OrderItem, ...], outputs: tuple[Output, ...]) -> tuple[bound.Order, ...]:
        """The levels of the order; a name is an alias of the select, else a column."""
        expressions = {**self.known, **{output.key: output.expression for output in outputs}}
        binder = replace(self, known=expressions)
        orders = (binder._order(item) for item in items)
        # A constant orders nothing, and engines refuse it.
        return tuple(order for order in orders if not isinstance(order.expression, Value))

    def _order(self, item: nodes.OrderItem) -> bound.Order:
        expression = self.expression(item.expression)
        if expression.type in (ValueType.POINT, ValueType.SHAPE, ValueType.GEOMETRY):
            self.refuse("order_by", expression.type, ValueType.TEXT)
        return bound.Order(expression, item.descending and not is_random(expression))

    def refuse(self, operation: str, actual: ValueType, *expected: ValueType) -> NoReturn:
        """Raise WrongType: ``operation`` does not take ``actual``."""
        raise wrong_type(operation, actual, expected, self.clause)

    def expression(self, node: nodes.Expression) -> Bound:
        """A checked expression."""
        if isinstance(node, nodes.Field):
            if node.name in self.known:
                return self.known[node.name]
            if (made := self.names.besides(node.name)) is not None:
                return made
            column = self.names.column(node.name, self.clause)
            return Cell(column, type_of(column))
        if isinstance(node, nodes.Literal):
            return self.value(node)
        if isinstance(node, nodes.Negative):
            return bound.Minus(self.number("-", node.operand))
        if isinstance(node, nodes.Arithmetic):
            return self._arithmetic(node)
        if isinstance(node, nodes.Range):
            if self.clause == "where":
                raise NotAllowedHere(name="range()", clause=self.clause)
            return bind_range(self._caller(), node)
        return bind_call(self._caller(), node)

    def _arithmetic(self, node: nodes.Arithmetic) -> Bound:
        operands = (
            self.number(node.rest[0][0], node.first),
            *(self.number(operator, operand) for operator, operand in node.rest),
        )
        return bound.Sum(operands, tuple(operator for operator, _operand in node.rest))

    def number(self, operator: str, node: nodes.Expression) -> Bound:
        """A checked operand of arithmetic."""
        expression = self.expression(node)
        if expression.type not in (ValueType.NUMBER, ValueType.NULL):
            self.refuse(operator, expression.type, ValueType.NUMBER)
        return expression

    def value(self, node: nodes.Literal) -> Value:
        """The value of a literal."""
        return value_of(node, self.clause, self.timezone)

    def _caller(self) -> Caller:
        return Caller(self.names.shape, self.clause, self.timezone, self.lang, self.expression)

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
        return bound.Every(tuple(bound.HasWord(None, word) for word in full_words(node.text)))

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
        operands = [self.expression(value) for value in node.values]
        values = [value for value in operands if value.type is not ValueType.NULL]
        pairs = [self._coerced(expression, "in", value) for value in values]
        # One list of parameters for each way of comparing (a text is read as a number beside numbers): thousands of
        # comparisons, each a condition of its own, would take an engine minutes.
        lists: list[tuple[Bound, list[Value]]] = []
        others: list[Test] = []
        for value, (left, right) in zip(values, pairs, strict=True):
            if not isinstance(right, Value):
                others.append(self.compare(expression, "=", value))
                continue
            same = next((listed for other, listed in lists if other == left), None)
            if same is None:
                lists.append((left, same := []))
            same.append(right)
        tests = (*(bound.Among(left, tuple(listed)) for left, listed in lists), *others)
        return tests[0] if len(tests) == 1 else bound.Some(tests)

    @test.register
    def _(self, node: nodes.InRange) -> Test:
        expression = self.expression(node.expression)
        low = self.compare(expression, ">=" if node.with_low else ">", self.expression(node.low))
        high = self.compare(expression, "<=" if node.with_high else "<", self.expression(node.high))
        return bound.Every((low, high))

    @test.register
    def _(self, node: nodes.ValueIn) -> Test:
        return self.compare(self.expression(node.field), "=", self.value(node.value))

    def compare(self, left: Bound, operator: str, right: Bound) -> Test:
        """``left operator right`` with the right side read as the left one's type."""
        if ValueType.NULL in (left.type, right.type):
            return NEVER
        left, right = self._coerced(left, operator, right)
        if left.type is ValueType.TEXTS:
            has = bound.Has(left, right)
            if operator == "=":
                return has
            if operator == "!=":
                not_null = [] if isinstance(right, Value) else [bound.No(bound.Null(right))]
                return bound.Every((bound.No(bound.Null(left)), *not_null, bound.No(has)))
            self.refuse(operator, left.type, ValueType.NUMBER, ValueType.DATE)
        return bound.Compare(left, operator, right)

    def _coerced(self, left: Bound, operator: str, right: Bound) -> tuple[Bound, Bound]:
        return coerce(left, operator, right, clause=self.clause, timezone=self.timezone)


class _Chosen:
    """The items of a select, gathered: ``include`` and ``exclude`` change what the others give (specification, 7.3)."""

    def __init__(self, binder: Binder) -> None:
        self.binder = binder
        self.found: dict[str, Output] = {}
        self.excluded: set[str] = set()
        self.has_fields = False

    def add_all(self) -> None:
        self.has_fields = True
        self.found.update({c.name: Output(c.name, Cell(c, type_of(c)), c) for c in self.binder.names.shape})

    def add(self, item: nodes.SelectItem, expression: Bound, groups: tuple[Group, ...]) -> None:
        group = next((group for group in groups if group.expression == expression), None)
        key = group.key if group and not item.is_named else item.key
        column = expression.column if isinstance(expression, Cell) else None
        self.has_fields = self.has_fields or isinstance(item.expression, nodes.Field)
        self.found[key] = Output(key, expression, column)

    def choose(self, node: nodes.Fields) -> None:
        columns = {name.name: self.binder.names.column(name.name, self.binder.clause) for name in node.names}
        named = {column.name for column in columns.values()}
        chosen = [
            column
            for column in self.binder.names.shape
            if column.name in named or any(column.name.startswith(start.name) for start in node.starts)
        ]
        if not node.keeps:
            self.excluded |= {column.name for column in chosen}
            return
        self.has_fields = True
        self.found.update({c.name: Output(c.name, Cell(c, type_of(c)), c) for c in chosen})

    def outputs(self, groups: tuple[Group, ...]) -> tuple[Output, ...]:
        if self.excluded and not self.has_fields and not groups:
            named = self.found
            self.found = {}
            self.add_all()
            self.found.update(named)
        remaining = tuple(
            output
            for output in self.found.values()
            if output.column is None or output.key not in self.excluded or output.key != output.column.name
        )
        if not remaining and not groups:
            raise ODSQLError(
                reason=Sentence("la sélection ne garde aucun champ"),
                clause=self.binder.clause,
            )
        return remaining
