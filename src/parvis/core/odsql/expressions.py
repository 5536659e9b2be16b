"""Tokens to expressions (specification, section 7.2: ``expr``, ``term``, ``factor`` and calls)."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.odsql.errors import UnknownFunction, excerpt, suggestion
from parvis.core.odsql.functions import FUNCTIONS, TEXT_MAKING, Use
from parvis.core.odsql.nodes import (
    Arithmetic,
    Call,
    Condition,
    Expression,
    Field,
    Literal,
    LiteralKind,
    Named,
    Negative,
    Range,
    Star,
)
from parvis.core.odsql.reader import Reader
from parvis.core.odsql.tokens import Kind, Token

RESERVED = frozenset({"and", "or", "not", "in", "is", "like", "as", "asc", "desc", "by", "null", "true", "false"})
"""Words that end an expression. The specification's longer list is accepted unquoted, as live portals do."""

_LITERALS = {
    Kind.STRING: LiteralKind.TEXT,
    Kind.DATE: LiteralKind.DATE,
    Kind.GEOMETRY: LiteralKind.GEOMETRY,
    Kind.QUANTITY: LiteralKind.QUANTITY,
}
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Bracketed:
    """What stood between parentheses and is a condition, not an expression."""

    condition: Condition


class ExpressionReader(Reader):
    """The rules of expressions; a clause that knows conditions says what parentheses may hold."""

    def bracketed(self) -> Expression | Bracketed:
        """What parentheses hold: here, an expression."""
        return self.expression()

    def expression(self) -> Expression:
        """A whole expression."""
        return self.plain(self.sum())

    def plain(self, node: Expression | Bracketed) -> Expression:
        """The same, an error when it is a condition."""
        if isinstance(node, Bracketed):
            self.fail()
        return node

    def sum(self) -> Expression | Bracketed:
        """Terms joined by ``+`` and ``-``."""
        first = self.product()
        if not self.token.is_symbol("+", "-"):
            return first
        at, rest = self.token.at, []
        start = self.plain(first)
        while sign := self.accept("+", "-"):
            self.count_operator()
            rest.append((sign.text, self.plain(self.product())))
        return Arithmetic(start, tuple(rest), at)

    def product(self) -> Expression | Bracketed:
        """Factors joined by ``*`` and ``/``."""
        first = self.factor()
        if not self.token.is_symbol("*", "/"):
            return first
        at, rest = self.token.at, []
        start = self.plain(first)
        while sign := self.accept("*", "/"):
            self.count_operator()
            rest.append((sign.text, self.plain(self.factor())))
        return Arithmetic(start, tuple(rest), at)

    def factor(self) -> Expression | Bracketed:
        """A literal, a field, a call, a factor with its sign, or anything between parentheses."""
        token = self.token
        if self.accept("("):
            inside = self.nested(self.bracketed)
            self.expect(")")
            return inside
        if token.is_symbol("-", "+") and self.following.kind is not Kind.NUMBER:
            self.advance()
            operand = self.plain(self.nested(self.factor))
            return Negative(operand, token.at) if token.text == "-" else operand
        if token.kind is Kind.NAME and self.following.is_symbol("("):
            return self.call()
        if token.kind is Kind.QUOTED_NAME or (token.kind is Kind.NAME and token.text.lower() not in RESERVED):
            return self.field()
        return self.literal()

    def field(self) -> Field:
        """A name."""
        token = self.token
        if token.kind is not Kind.QUOTED_NAME and (token.kind is not Kind.NAME or token.text.lower() in RESERVED):
            self.fail()
        self.advance()
        return Field(token.value, token.at)

    def literal(self) -> Literal:
        """A value."""
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

    def call(self) -> Call | Range:
        """A function and its arguments."""
        name = self.advance()
        self.known_function(name)
        self.expect("(")
        lowered = name.text.lower()
        if lowered in TEXT_MAKING:
            self.count_text_call()
        if FUNCTIONS[lowered][0].use is Use.AGGREGATION:
            self.count_aggregation()
        if lowered == "range":
            return self.range_of(name)
        distinct = lowered == "count" and not self.following.is_symbol(")") and self.accept_word("distinct") is not None
        arguments = () if self.token.is_symbol(")") else self.several(self.argument)
        self.expect(")")
        return Call(lowered, arguments, self.written_since(name.at), name.at, distinct)

    def argument(self) -> Expression | Star | Named:
        """An argument: ``*``, ``name=value``, or an expression."""
        if self.token.is_symbol("*") and self.following.is_symbol(")", ","):
            return Star(self.advance().at)
        if self.token.kind is Kind.NAME and self.following.is_symbol("="):
            name = self.advance()
            self.expect("=")
            return Named(name.text.lower(), self.literal(), name.at)
        return self.nested(self.expression)

    def range_of(self, name: Token) -> Range:
        """``range``: a step, bounds, or the bounds in brackets of version 2.0, one turned outwards being open."""
        expression = self.nested(self.expression)
        self.expect(",")
        if opening := self.accept("[", "]"):
            bounds: list[Literal | None] = [None] if opening.text == "]" else []
            bounds += self.several(self.range_bound)
            closing = self.expect("[", "]")
            bounds += [None] if closing.text == "[" else []
        else:
            bounds = list(self.several(self.range_bound))
        self.expect(")")
        text = self.written_since(name.at)
        if not opening and len(bounds) == 1 and bounds[0] is not None:
            return Range(expression, bounds[0], (), text, name.at)
        return Range(expression, None, tuple(bounds), text, name.at)

    def range_bound(self) -> Literal | None:
        """A bound, None for ``*``; or a step, a number and a unit that may stand apart."""
        if self.accept("*"):
            return None
        literal = self.literal()
        if literal.kind is LiteralKind.NUMBER and self.token.kind is Kind.NAME:
            return Literal(LiteralKind.QUANTITY, f"{literal.value}{self.advance().text}", literal.at)
        return literal

    def known_function(self, name: Token) -> None:
        """UnknownFunction, naming the nearest, when no function has that name."""
        lowered = name.text.lower()
        if lowered not in FUNCTIONS:
            opening = self.token.at
            raise UnknownFunction(
                name=excerpt(name.text, 0),
                position=opening,
                text=excerpt(self.text, opening),
                clause=self.clause,
                **suggestion(lowered, FUNCTIONS),
            )


def _number(text: str) -> int | float:
    if text.isdigit() and len(text) <= 19 and int(text) <= _LARGEST:
        return int(text)
    return float(text)
