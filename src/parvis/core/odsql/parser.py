"""Tokens to nodes: one method a rule of the grammar (specification, section 7.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from parvis.core.odsql.errors import (
    NotSupportedYet,
    ODSQLSyntaxError,
    TooComplex,
    UnexpectedEnd,
    UnknownFunction,
    suggestion,
)
from parvis.core.odsql.functions import AGGREGATIONS, FUNCTIONS
from parvis.core.odsql.nodes import (
    All,
    Any,
    Call,
    Comparison,
    Condition,
    Expression,
    Field,
    FullText,
    InList,
    InRange,
    IsBoolean,
    IsNull,
    Like,
    Literal,
    LiteralKind,
    Not,
    OrderItem,
    SelectItem,
    Star,
    Truth,
    ValueIn,
)
from parvis.core.odsql.tokens import Kind, Token, tokenize

MAX_DEPTH = 50
COMPARISONS = ("=", ":", "!=", "<", "<=", ">", ">=")
RESERVED = frozenset({"and", "or", "not", "in", "is", "like", "as", "asc", "desc", "by", "null", "true", "false"})
"""Words that end an expression. The specification's longer list is accepted unquoted, as live portals do."""

_LITERALS = {
    Kind.STRING: LiteralKind.TEXT,
    Kind.DATE: LiteralKind.DATE,
    Kind.GEOMETRY: LiteralKind.GEOMETRY,
    Kind.DISTANCE: LiteralKind.DISTANCE,
}
_LARGEST = 2**63 - 1


def parse_where(text: str) -> Condition:
    """The condition that a ``where`` states."""
    return _Parser(text, "where").whole(lambda parser: parser.condition())


def parse_select(text: str) -> tuple[SelectItem, ...]:
    """The items of a ``select``, in order."""
    return _Parser(text, "select").whole(lambda parser: parser.several(parser.select_item))


def parse_order_by(text: str) -> tuple[OrderItem, ...]:
    """The items of an ``order_by``, in order."""
    return _Parser(text, "order_by").whole(lambda parser: parser.several(parser.order_item))


class _Parser:
    def __init__(self, text: str, clause: str) -> None:
        self.text = text
        self.clause = clause
        self.tokens = tokenize(text, clause)
        self.rank = 0
        self.depth = 0

    # The walk over tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.rank]

    def advance(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.rank += 1
        return token

    def accept(self, *symbols: str) -> Token | None:
        return self.advance() if self.token.is_symbol(*symbols) else None

    def accept_word(self, *words: str) -> Token | None:
        return self.advance() if self.token.is_word(*words) else None

    def expect(self, *symbols: str) -> Token:
        return self.accept(*symbols) or self.fail()

    def error(self) -> ODSQLSyntaxError:
        token = self.token
        if token.kind is Kind.END:
            return UnexpectedEnd(position=token.at, text=self.text, clause=self.clause)
        return ODSQLSyntaxError(token=token.text, position=token.at, text=self.text, clause=self.clause)

    def fail(self) -> NoReturn:
        raise self.error()

    def whole[Node](self, rule: Callable[[_Parser], Node]) -> Node:
        node = rule(self)
        if self.token.kind is not Kind.END:
            self.fail()
        return node

    def several[Node](self, rule: Callable[[], Node]) -> tuple[Node, ...]:
        items = [rule()]
        while self.accept(","):
            items.append(rule())
        return tuple(items)

    def nested[Node](self, rule: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooComplex(limit=MAX_DEPTH, clause=self.clause)
        node = rule()
        self.depth -= 1
        return node

    # Conditions

    def condition(self) -> Condition:
        terms = [self.conjunction()]
        while self.accept_word("or"):
            terms.append(self.conjunction())
        return terms[0] if len(terms) == 1 else Any(tuple(terms))

    def conjunction(self) -> Condition:
        terms = [self.negation()]
        while self.accept_word("and"):
            terms.append(self.negation())
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def negation(self) -> Condition:
        if self.accept_word("not"):
            return Not(self.nested(self.negation))
        if self.accept("("):
            inside = self.nested(self.condition)
            self.expect(")")
            return inside
        return self.predicate()

    def predicate(self) -> Condition:
        left = self.expression()
        token = self.token
        if self.accept_word("is"):
            return self.state(left, token.at)
        if self.accept_word("in"):
            return self.membership(left, token.at)
        if self.accept_word("like"):
            return Like(left, self.string(), token.at)
        if operator := self.accept(*COMPARISONS):
            if operator.text == ":" and self.token.is_symbol("[", "]"):
                return self.interval(left, token.at)
            sign = "=" if operator.text == ":" else operator.text
            return Comparison(left, sign, self.expression(), operator.at)
        if isinstance(left, Literal) and left.kind is LiteralKind.TEXT:
            return FullText(str(left.value), left.at)
        if isinstance(left, Literal):
            self.fail()
        return Truth(left, left.at)

    def state(self, left: Expression, at: int) -> Condition:
        negated = self.accept_word("not") is not None
        word = self.accept_word("null", "true", "false") or self.fail()
        node: Condition = IsNull(left, at) if word.is_word("null") else IsBoolean(left, word.is_word("true"), at)
        return Not(node) if negated else node

    def membership(self, left: Expression, at: int) -> Condition:
        if self.token.is_symbol("[", "]"):
            return self.interval(left, at)
        if self.accept("("):
            values = self.several(self.literal)
            self.expect(")")
            return InList(left, values, at)
        if isinstance(left, Literal):
            return ValueIn(left, self.field(), at)
        raise self.error()

    def interval(self, left: Expression, at: int) -> InRange:
        opening = self.expect("[", "]")
        low = self.literal()
        if not self.accept("..") and not self.accept_word("to"):
            self.fail()
        high = self.literal()
        closing = self.expect("[", "]")
        return InRange(left, low, high, opening.text == "[", closing.text == "]", at)

    # Expressions

    def expression(self) -> Expression:
        token = self.token
        if token.kind is Kind.NAME and self.tokens[self.rank + 1].is_symbol("("):
            return self.call()
        if token.kind is Kind.QUOTED_NAME or (token.kind is Kind.NAME and token.text.lower() not in RESERVED):
            return self.field()
        return self.literal()

    def field(self) -> Field:
        token = self.token
        if token.kind is not Kind.QUOTED_NAME and (token.kind is not Kind.NAME or token.text.lower() in RESERVED):
            self.fail()
        self.advance()
        return Field(token.value, token.at)

    def literal(self) -> Literal:
        sign = self.accept("-", "+")
        token = self.token
        if token.kind is Kind.NUMBER:
            self.advance()
            value = _number(token.text)
            return Literal(LiteralKind.NUMBER, -value if sign and sign.text == "-" else value, token.at)
        if sign:
            self.fail()
        if token.kind in _LITERALS:
            self.advance()
            return Literal(_LITERALS[token.kind], token.value, token.at)
        if word := self.accept_word("true", "false"):
            return Literal(LiteralKind.BOOLEAN, word.is_word("true"), token.at)
        if self.accept_word("null"):
            return Literal(LiteralKind.NULL, None, token.at)
        raise self.error()

    def string(self) -> str:
        if self.token.kind is not Kind.STRING:
            self.fail()
        return self.advance().value

    def call(self) -> Call:
        name = self.advance()
        self.known_function(name)
        self.expect("(")
        arguments = () if self.token.is_symbol(")") else self.several(self.argument)
        closing = self.expect(")")
        return Call(name.text.lower(), arguments, self.text[name.at : closing.at + 1], name.at)

    def argument(self) -> Expression | Star:
        if star := self.accept("*"):
            return Star(star.at)
        return self.nested(self.expression)

    def known_function(self, name: Token) -> None:
        lowered = name.text.lower()
        if lowered in AGGREGATIONS:
            raise NotSupportedYet(name=f"{lowered}()", clause=self.clause)
        if lowered not in FUNCTIONS:
            raise UnknownFunction(
                name=name.text,
                position=self.token.at,
                text=self.text,
                clause=self.clause,
                **suggestion(lowered, FUNCTIONS),
            )

    # Items

    def select_item(self) -> SelectItem:
        at = self.token.at
        if self.accept("*"):
            return SelectItem(Star(at), "*", at)
        expression = self.expression()
        end = self.tokens[self.rank - 1]
        key = self.text[at : end.at + len(end.text)]
        if isinstance(expression, Field):
            key = expression.name
        if self.accept_word("as"):
            key = self.alias()
        return SelectItem(expression, key, at)

    def alias(self) -> str:
        if self.token.kind not in (Kind.NAME, Kind.QUOTED_NAME):
            self.fail()
        return self.advance().value

    def order_item(self) -> OrderItem:
        at = self.token.at
        minus = self.accept("-")
        expression = self.expression()
        direction = self.accept_word("asc", "desc")
        descending = minus is not None or (direction is not None and direction.is_word("desc"))
        return OrderItem(expression, descending, at)


def _number(text: str) -> int | float:
    if text.isdigit() and int(text[:25]) <= _LARGEST and len(text) <= 19:
        return int(text)
    return float(text)
