"""A walk over the tokens of a clause, with its errors and its limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from parvis.core.odsql.errors import ODSQLSyntaxError, TooComplex, UnexpectedEnd, excerpt
from parvis.core.odsql.tokens import Kind, Token, tokenize, whole_characters

MAX_DEPTH = 50
"""Levels of parentheses, ``not`` and calls inside calls."""

MAX_OPERATORS = 500
"""Arithmetic operators in one clause: what an engine reads as one deep expression."""

MAX_TEXT_CALLS = 50
"""Calls that make a text anew for each row: each holds a copy of thousands of cells at once."""

MAX_AGGREGATIONS = 300
"""Aggregations in one clause: an engine prepares thousands of them for half a minute before it looks whether it must stop."""


class Reader:
    """The tokens of one clause, read from left to right, never back: the time is that of the length."""

    def __init__(self, text: str, clause: str) -> None:
        text = whole_characters(text)
        self.text = text
        self.clause = clause
        self.tokens = tokenize(text, clause)
        self.rank = 0
        self.depth = 0
        self.operators = 0
        self.text_calls = 0
        self.aggregations = 0

    @property
    def token(self) -> Token:
        """The token at hand."""
        return self.tokens[self.rank]

    @property
    def following(self) -> Token:
        """The token after it."""
        return self.tokens[min(self.rank + 1, len(self.tokens) - 1)]

    def advance(self) -> Token:
        """The token at hand, left behind."""
        token = self.token
        if token.kind is not Kind.END:
            self.rank += 1
        return token

    def accept(self, *symbols: str) -> Token | None:
        """The token at hand when it is one of these symbols."""
        return self.advance() if self.token.is_symbol(*symbols) else None

    def accept_word(self, *words: str) -> Token | None:
        """The token at hand when it is one of these words."""
        return self.advance() if self.token.is_word(*words) else None

    def expect(self, *symbols: str) -> Token:
        """The same symbol, or an error."""
        return self.accept(*symbols) or self.fail()

    def error(self) -> ODSQLSyntaxError:
        """What is wrong with the token at hand."""
        token = self.token
        text = excerpt(self.text, token.at)
        if token.kind is Kind.END:
            return UnexpectedEnd(position=token.at, text=text, clause=self.clause)
        return ODSQLSyntaxError(token=excerpt(token.text, 0), position=token.at, text=text, clause=self.clause)

    def fail(self) -> NoReturn:
        """Raise it."""
        raise self.error()

    def written_since(self, at: int) -> str:
        """The text as written from a position to the last token read."""
        end = self.tokens[self.rank - 1]
        return self.text[at : end.at + len(end.text)]

    def end(self) -> None:
        """Nothing may be left."""
        if self.token.kind is not Kind.END:
            self.fail()

    def several[Node](self, rule: Callable[[], Node], most: int | None = None) -> tuple[Node, ...]:
        """One or more, between commas; TooComplex beyond ``most``."""
        items = [rule()]
        while self.accept(","):
            items.append(rule())
            if most is not None and len(items) > most:
                raise TooComplex(limit=most, clause=self.clause)
        return tuple(items)

    def nested[Node](self, rule: Callable[[], Node]) -> Node:
        """One level deeper; TooComplex beyond the limit."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooComplex(limit=MAX_DEPTH, clause=self.clause)
        node = rule()
        self.depth -= 1
        return node

    def count_operator(self) -> None:
        """One more arithmetic operator."""
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            raise TooComplex(limit=MAX_OPERATORS, clause=self.clause)

    def count_text_call(self) -> None:
        """One more call that makes a text."""
        self.text_calls += 1
        if self.text_calls > MAX_TEXT_CALLS:
            raise TooComplex(limit=MAX_TEXT_CALLS, clause=self.clause)

    def count_aggregation(self) -> None:
        """One more aggregation."""
        self.aggregations += 1
        if self.aggregations > MAX_AGGREGATIONS:
            raise TooComplex(limit=MAX_AGGREGATIONS, clause=self.clause)
