"""Trees of OData to checked trees of the query language: no text of a caller ever becomes SQL.

Logic has three values here: what compares with null is false (but ``eq null``), what a function makes of null is null, and
``not`` of null is null. So a condition is bound twice, as what makes it true and as what makes it false.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from parvis.core.odata import nodes
from parvis.core.odata.edm import EntitySet
from parvis.core.odata.errors import BadOption, MisfitTypes, UnknownProperty, UnsupportedOption
from parvis.core.odata.functions import FUNCTIONS, INSTANTS, PRESENT, REMAINDER, WHOLE_QUOTIENT
from parvis.core.odata.nodes import LiteralKind
from parvis.core.odsql.bound import (
    ALWAYS,
    NEVER,
    Among,
    Bound,
    Compare,
    Every,
    HasWord,
    IsTrue,
    Minus,
    No,
    Null,
    OfRow,
    Order,
    Result,
    Some,
    Sum,
    Test,
    Value,
)
from parvis.core.odsql.calls import localised
from parvis.core.odsql.coercion import coerce
from parvis.core.odsql.errors import misfit, suggestion
from parvis.core.odsql.functions import ACCEPTED, Takes
from parvis.core.odsql.moments import Moment, read_moment
from parvis.core.odsql.search_tokens import full_words
from parvis.core.odsql.traversal import is_whole
from parvis.core.odsql.valuetypes import ValueType

_SIGNS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_MIRROR = {"eq": "eq", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "divby": "/"}
_MOMENTS = (ValueType.DATE, ValueType.DATETIME)
_COMPARED = (ValueType.TEXT, ValueType.NUMBER, *_MOMENTS)
_EARLIEST, _LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def orders_of(entity: EntitySet, levels: tuple[nodes.Order, ...], timezone: str) -> tuple[Order, ...]:
    """The order of a question; nulls come first when it rises, last when it falls."""
    binder = Binder(entity, "$orderby", timezone)
    orders: list[Order] = []
    for level in levels:
        expression = binder.value(level.expression)
        if expression.type not in (*_COMPARED, ValueType.BOOLEAN):
            binder.refuse("$orderby", expression.type, *_COMPARED)
        if isinstance(expression, Value):
            continue
        if not level.descending and not isinstance(expression, OfRow):
            orders.append(Order(Result(PRESENT, (expression,), ValueType.BOOLEAN), descending=False))
        orders.append(Order(expression, level.descending))
    return tuple(orders)


def search_of(search: nodes.Search | nodes.Term) -> Test:
    """The rows that have the words of a search; case and accents do not count."""
    if isinstance(search, nodes.Term):
        words = tuple(HasWord(None, word) for word in full_words(search.text))
        return Every(words) if words else NEVER
    tests = tuple(map(search_of, search.operands))
    if search.operator == "NOT":
        return No(tests[0])
    return Every(tests) if search.operator == "AND" else Some(tests)


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds the expressions of one option to the properties of one entity set."""

    entity: EntitySet
    option: str
    timezone: str = "UTC"

    def refuse(self, operation: str, actual: ValueType, *expected: ValueType) -> NoReturn:
        """Raise MisfitTypes: ``operation`` does not take ``actual``."""
        raise MisfitTypes(option=self.option, what=operation, **misfit(actual, expected))

    # Conditions

    def true(self, node: nodes.Node) -> Test:
        """When a condition is true."""
        if isinstance(node, nodes.Chain):
            return self._chain(node, true=True)
        if isinstance(node, nodes.Unary) and node.operator == "not":
            return self.false(node.operand)
        if isinstance(node, nodes.Among):
            return self._among(node)
        if isinstance(node, nodes.Binary) and node.operator in _SIGNS:
            return self._comparison(node)
        if isinstance(node, nodes.Literal) and node.kind in (LiteralKind.BOOLEAN, LiteralKind.NULL):
            return ALWAYS if node.value is True else NEVER
        expression = self._boolean(node)
        return IsTrue(expression) if expression.type is ValueType.BOOLEAN else NEVER

    def false(self, node: nodes.Node) -> Test:
        """When it is false, which is not whenever it is not true."""
        if isinstance(node, nodes.Chain):
            return self._chain(node, true=False)
        if isinstance(node, nodes.Unary) and node.operator == "not":
            return self.true(node.operand)
        if isinstance(node, (nodes.Among, nodes.Binary)):
            return No(self.true(node))  # comparisons are never null
        if isinstance(node, nodes.Literal) and node.kind in (LiteralKind.BOOLEAN, LiteralKind.NULL):
            return ALWAYS if node.value is False else NEVER
        expression = self._boolean(node)
        if expression.type is not ValueType.BOOLEAN:
            return NEVER
        return Compare(expression, "=", Value(False, ValueType.BOOLEAN))

    def _chain(self, node: nodes.Chain, *, true: bool) -> Test:
        tests = [self.true(operand) if true else self.false(operand) for operand in node.operands]
        if (node.operator == "and") is true:
            return Every(tuple(tests))
        return Some(tuple(_gathered(tests)))

    def _boolean(self, node: nodes.Node) -> Bound:
        expression = self.value(node)
        if expression.type not in (ValueType.BOOLEAN, ValueType.NULL):
            self.refuse(self.option, expression.type, ValueType.BOOLEAN)
        return expression

    def _comparison(self, node: nodes.Binary) -> Test:
        if node.operator == "ne":
            return No(self._comparison(nodes.Binary("eq", node.left, node.right)))
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if node.operator == "eq" and isinstance(other, nodes.Literal) and _is_condition(side):
                return self._is(side, other)
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, Value) and not isinstance(right, Value):
            return self._compared(right, _MIRROR[node.operator], left)
        return self._compared(left, node.operator, right)

    def _is(self, condition: nodes.Node, literal: nodes.Literal) -> Test:
        """A condition compared with a constant."""
        if literal.kind is LiteralKind.NULL:
            return No(Some((self.true(condition), self.false(condition))))
        if literal.kind is not LiteralKind.BOOLEAN:
            self.refuse("eq", self.value(literal).type, ValueType.BOOLEAN)
        return self.true(condition) if literal.value is True else self.false(condition)

    def _compared(self, left: Bound, operator: str, right: Bound) -> Test:
        if ValueType.NULL in (left.type, right.type):
            if operator != "eq":
                return NEVER
            return Null(left) if right.type is ValueType.NULL else Null(right)
        if left.type is ValueType.BOOLEAN and operator != "eq":
            self.refuse(operator, left.type, *_COMPARED)
        left, right = self._alike(left, operator, right)
        same = Compare(left, _SIGNS[operator], right)
        if operator == "eq" and not isinstance(left, Value) and not isinstance(right, Value):
            return Some((same, Every((Null(left), Null(right)))))
        return same

    def _alike(self, left: Bound, operator: str, right: Bound) -> tuple[Bound, Bound]:
        """Both sides of one type; a number that is none (NaN) equals nothing."""
        are_moments = left.type in _MOMENTS and right.type in _MOMENTS
        if left.type not in (*_COMPARED, ValueType.BOOLEAN) or not (left.type is right.type or are_moments):
            is_left = left.type not in (*_COMPARED, ValueType.BOOLEAN)
            self.refuse(operator, left.type if is_left else right.type, *(_COMPARED if is_left else (left.type,)))
        if isinstance(left, Value) and isinstance(left.value, Moment):
            left = Value(left.value.as_instant(), ValueType.DATETIME)
        return coerce(left, _SIGNS[operator], right, clause=self.option, timezone=self.timezone)

    def _among(self, node: nodes.Among) -> Test:
        if _is_condition(node.operand):
            equal = (nodes.Binary("eq", node.operand, value) for value in node.values)
            return Some(tuple(map(self._comparison, equal)))
        operand = self.value(node.operand)
        return Some(tuple(_gathered([self._compared(operand, "eq", self.value(value)) for value in node.values])))

    # Values

    def value(self, node: nodes.Node) -> Bound:
        """A checked expression; MisfitTypes for a condition where a value should be."""
        if isinstance(node, nodes.Name):
            return self._property(node.name)
        if isinstance(node, nodes.Literal):
            return self._literal(node)
        if isinstance(node, nodes.Call):
            return self._call(node)
        if isinstance(node, nodes.Unary) and node.operator == "-":
            operand = self._number("-", node.operand)
            return operand if operand.type is ValueType.NULL else Minus(operand)
        if isinstance(node, nodes.Binary) and node.operator not in _SIGNS:
            return self._arithmetic(node)
        what = node.operator if isinstance(node, (nodes.Unary, nodes.Binary, nodes.Chain)) else "in"
        raise UnsupportedOption(what=f"{self.option} : {what}")

    def _property(self, name: str) -> Bound:
        row = self.entity.get(name)
        if row is None:
            if "/" in name or "." in name:
                raise UnsupportedOption(what=f"{self.option} : {name[:100]}")
            raise UnknownProperty(
                option=self.option, name=name[:100], **suggestion(name, [row.name for row in self.entity])
            )
        return row.expression

    def _literal(self, node: nodes.Literal) -> Value:
        if node.kind is LiteralKind.MOMENT:
            moment = read_moment(str(node.value), self.timezone)
            if moment is None:
                raise BadOption(option=self.option, value=str(node.value), expected="2024-01-31, 2024-01-31T12:00:00Z")
            return Value(moment, ValueType.DATE)
        kind = _TYPES[node.kind]
        if kind is ValueType.TEXT:
            return Value(str(node.value).replace("\0", ""), kind)
        return Value(node.value, kind)

    def _number(self, operator: str, node: nodes.Node) -> Bound:
        expression = self.value(node)
        if expression.type not in (ValueType.NUMBER, ValueType.NULL):
            self.refuse(operator, expression.type, ValueType.NUMBER)
        return expression

    def _arithmetic(self, node: nodes.Binary) -> Bound:
        operands = self._number(node.operator, node.left), self._number(node.operator, node.right)
        if any(operand.type is ValueType.NULL for operand in operands):
            return _NOTHING
        if node.operator == "mod":
            return Result(REMAINDER, operands, ValueType.NUMBER)
        if node.operator == "div" and all(map(is_whole, operands)):
            return Result(WHOLE_QUOTIENT, operands, ValueType.NUMBER)
        return Sum(operands, (_ARITHMETIC.get(node.operator, "/"),))

    def _call(self, node: nodes.Call) -> Bound:
        if node.name in INSTANTS and not node.arguments:
            moments = {"now": datetime.now(UTC), "mindatetime": _EARLIEST, "maxdatetime": _LATEST}
            return Value(moments[node.name], ValueType.DATETIME)
        forms = FUNCTIONS.get(node.name)
        if forms is None:
            raise UnsupportedOption(what=f"{self.option} : {node.name[:100]}()")
        form = next((row for row in forms if len(row.takes) == len(node.arguments)), None)
        if form is None:
            counts = " | ".join(str(len(row.takes)) for row in forms)
            raise BadOption(option=self.option, value=f"{node.name}({len(node.arguments)})", expected=counts)
        arguments = tuple(
            self._argument(node.name, takes, argument)
            for takes, argument in zip(form.takes, node.arguments, strict=True)
        )
        if any(argument.type is ValueType.NULL for argument in arguments):
            return _NOTHING
        return Result(form, arguments, form.gives or ValueType.TEXT)

    def _argument(self, function: str, takes: Takes, node: nodes.Node) -> Bound:
        expression = self.value(node)
        if expression.type not in (*ACCEPTED[takes], ValueType.NULL):
            self.refuse(f"{function}()", expression.type, *ACCEPTED[takes])
        return localised(expression, self.timezone) if takes is Takes.MOMENT else expression


_TYPES = {
    LiteralKind.TEXT: ValueType.TEXT,
    LiteralKind.NUMBER: ValueType.NUMBER,
    LiteralKind.BOOLEAN: ValueType.BOOLEAN,
    LiteralKind.NULL: ValueType.NULL,
}

_NOTHING = Value(None, ValueType.NULL)


def _is_condition(node: nodes.Node) -> bool:
    """Whether a node is a condition by its form alone."""
    if isinstance(node, nodes.Call):
        forms = FUNCTIONS.get(node.name, ())
        return any(form.gives is ValueType.BOOLEAN for form in forms)
    if isinstance(node, (nodes.Chain, nodes.Among)):
        return True
    if isinstance(node, nodes.Unary):
        return node.operator == "not"
    return isinstance(node, nodes.Binary) and node.operator in _SIGNS


def _gathered(tests: Iterable[Test]) -> Iterator[Test]:
    """Alternatives, the equalities of one expression with values as one list: an engine takes minutes for thousands of them apart."""
    lists: list[tuple[Bound, list[Value]]] = []
    for test in tests:
        if not (isinstance(test, Compare) and test.operator == "=" and isinstance(test.right, Value)):
            yield test
            continue
        same = next((values for expression, values in lists if expression == test.left), None)
        if same is None:
            lists.append((test.left, same := []))
        same.append(test.right)
    for expression, values in lists:
        yield Among(expression, tuple(values)) if len(values) > 1 else Compare(expression, "=", values[0])
