"""Options to trees: ``$filter``, ``$orderby``, ``$search`` (OData 4.01, part 2, URL conventions), ``$apply`` (data aggregation)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from parvis.core.odata.errors import BadOption, ODataEnds, ODataSyntax, ODataTooComplex, UnsupportedOption
from parvis.core.odata.nodes import (
    Aggregation,
    Among,
    Binary,
    Call,
    Chain,
    Grouped,
    Kept,
    Literal,
    LiteralKind,
    Name,
    Node,
    Order,
    Search,
    Term,
    Transformation,
    Unary,
)
from parvis.core.odata.tokens import Kind, Token, tokenize
from parvis.core.odsql.errors import excerpt

MAX_DEPTH = 50
"""Levels of parentheses, ``not``, ``-`` and calls inside calls."""
MAX_OPERATORS = 100
"""Arithmetic operators of one option: what an engine reads as one deep expression."""
MAX_COMPARISONS = 500
"""Comparisons of one option; a list of values after ``in`` is one."""
MAX_CHAINED = 5
"""Comparisons of what a comparison gives, without parentheses."""
MAX_TEXT_CALLS = 50
"""Calls that make a text anew for each row."""
MAX_TRANSFORMATIONS = 5
"""Those of ``$apply``, one after the other."""
MAX_KEYS = 20
"""What one of them groups by."""
MAX_AGGREGATIONS = 50
LONGEST_NAME = 128
"""Letters of the name of an aggregation."""

TRANSFORMATIONS = ("aggregate", "groupby", "filter")
METHODS = ("sum", "min", "max", "average", "countdistinct")
ROW_COUNT = "$count"

TEXT_MAKING = frozenset({"tolower", "toupper", "trim", "concat", "substring"})
_EQUALITY, _RELATIONAL = ("eq", "ne"), ("lt", "le", "gt", "ge")
_SUMS, _PRODUCTS = ("add", "sub"), ("mul", "div", "divby", "mod")
_CONSTANTS: Mapping[str, Literal] = {
    "true": Literal(LiteralKind.BOOLEAN, True),
    "false": Literal(LiteralKind.BOOLEAN, False),
    "null": Literal(LiteralKind.NULL, None),
    "INF": Literal(LiteralKind.NUMBER, float("inf")),
    "NaN": Literal(LiteralKind.NUMBER, float("nan")),
}
_LARGEST = 2**63 - 1
_NUMBER = LiteralKind.NUMBER


def parse_filter(text: str, aliases: Mapping[str, str] | None = None) -> Node:
    """The condition of ``$filter``; ``aliases`` are the texts of ``@name`` parameters."""
    return _Expressions(text, "$filter", aliases or {}).whole()


def parse_orderby(text: str, aliases: Mapping[str, str] | None = None) -> tuple[Order, ...]:
    """The levels of ``$orderby``."""
    return _Expressions(text, "$orderby", aliases or {}).orders()


def parse_search(text: str) -> Search | Term:
    """What ``$search`` looks for."""
    return _Searches(text, "$search").whole()


def parse_apply(text: str, aliases: Mapping[str, str] | None = None) -> tuple[Transformation, ...]:
    """The transformations of ``$apply``, in their order."""
    return _Transformations(text, "$apply", aliases or {}).all()


class _Reader:
    """A walk over the tokens of one option, from left to right, never back."""

    def __init__(self, text: str, option: str) -> None:
        self.text, self.option = text, option
        self.tokens = tokenize(text, option)
        self.rank = self.depth = 0

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

    def expect(self, symbol: str) -> None:
        if self.accept(symbol) is None:
            self.fail()

    def fail(self) -> NoReturn:
        token = self.token
        if token.kind is Kind.END:
            raise ODataEnds(option=self.option, position=token.at, text=excerpt(self.text, token.at))
        raise ODataSyntax(
            option=self.option, token=token.text[:100], position=token.at, text=excerpt(self.text, token.at)
        )

    def nested[T](self, read: Callable[[], T]) -> T:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ODataTooComplex(option=self.option, limit=MAX_DEPTH)
        try:
            return read()
        finally:
            self.depth -= 1

    def ended[T](self, node: T) -> T:
        if self.token.kind is not Kind.END:
            self.fail()
        return node


class _Expressions(_Reader):
    def __init__(self, text: str, option: str, aliases: Mapping[str, str]) -> None:
        super().__init__(text, option)
        self.aliases = aliases
        self.operators = self.comparisons = self.text_calls = 0

    def whole(self) -> Node:
        return self.ended(self.expression())

    def orders(self) -> tuple[Order, ...]:
        levels = [self.order()]
        while self.accept(","):
            levels.append(self.order())
        return self.ended(tuple(levels))

    def order(self) -> Order:
        node = self.expression()
        word = self.accept_word("asc", "desc")
        return Order(node, word is not None and word.text == "desc")

    def expression(self) -> Node:
        return self.chain("or", lambda: self.chain("and", self.equality))

    def chain(self, word: str, read: Callable[[], Node]) -> Node:
        operands = [read()]
        while self.accept_word(word):
            operands.append(read())
        return operands[0] if len(operands) == 1 else Chain(word, tuple(operands))

    def equality(self) -> Node:
        left, chained = self.relational(), 0
        while word := self.accept_word(*_EQUALITY, "in"):
            self.count_comparison(chained := chained + 1)
            left = Among(left, self.listed()) if word.text == "in" else Binary(word.text, left, self.relational())
        return left

    def listed(self) -> tuple[Node, ...]:
        self.expect("(")
        if self.accept(")"):
            return ()
        values = [self.nested(self.sum)]
        while self.accept(","):
            values.append(self.nested(self.sum))
        self.expect(")")
        return tuple(values)

    def relational(self) -> Node:
        left, chained = self.sum(), 0
        while word := self.accept_word(*_RELATIONAL):
            self.count_comparison(chained := chained + 1)
            left = Binary(word.text, left, self.sum())
        return left

    def sum(self) -> Node:
        left = self.product()
        while word := self.accept_word(*_SUMS):
            left = Binary(word.text, left, self.product())
            self.count_operator()
        return left

    def product(self) -> Node:
        left = self.unary()
        while word := self.accept_word(*_PRODUCTS):
            left = Binary(word.text, left, self.unary())
            self.count_operator()
        return left

    def count_comparison(self, chained: int) -> None:
        self.comparisons += 1
        if self.comparisons > MAX_COMPARISONS or chained > MAX_CHAINED:
            raise ODataTooComplex(option=self.option, limit=MAX_COMPARISONS)

    def count_operator(self) -> None:
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            raise ODataTooComplex(option=self.option, limit=MAX_OPERATORS)

    def unary(self) -> Node:
        if self.accept_word("not"):
            return Unary("not", self.nested(self.unary))
        if self.accept("-"):
            operand = self.nested(self.unary)
            if isinstance(operand, Literal) and isinstance(operand.value, (int, float)) and operand.kind is _NUMBER:
                return Literal(_NUMBER, -operand.value)
            return Unary("-", operand)
        return self.primary()

    def primary(self) -> Node:
        token = self.token
        if self.accept("("):
            inside = self.nested(self.expression)
            self.expect(")")
            return inside
        if token.kind is Kind.NAME and self.tokens[self.rank + 1].is_symbol("("):
            return self.call()
        if token.kind is Kind.ALIAS:
            return self.alias(self.advance().text)
        return self.simple()

    def simple(self) -> Literal | Name:
        token = self.token
        if token.kind is Kind.NAME:
            self.advance()
            return _CONSTANTS.get(token.text) or Name(token.text.removeprefix("$it/"))
        return self.literal()

    def literal(self) -> Literal:
        token = self.token
        if token.kind is Kind.TEXT:
            self.advance()
            return Literal(LiteralKind.TEXT, token.text[1:-1].replace("''", "'"))
        if token.kind is Kind.MOMENT:
            self.advance()
            return Literal(LiteralKind.MOMENT, token.text.replace(" ", "+"))
        if token.kind is not Kind.NUMBER:
            self.fail()
        self.advance()
        return Literal(_NUMBER, _number(token.text))

    def call(self) -> Call:
        name = self.advance().text.lower()
        self.expect("(")
        if name in TEXT_MAKING:
            self.text_calls += 1
            if self.text_calls > MAX_TEXT_CALLS:
                raise ODataTooComplex(option=self.option, limit=MAX_TEXT_CALLS)
        arguments: list[Node] = []
        if not self.accept(")"):
            arguments.append(self.nested(self.expression))
            while self.accept(","):
                arguments.append(self.nested(self.expression))
            self.expect(")")
        return Call(name, tuple(arguments))

    def alias(self, name: str) -> Node:
        """The literal that a parameter of the address holds; one that is not there is null."""
        text = self.aliases.get(name)
        if text is None:
            return _CONSTANTS["null"]
        reader = _Expressions(text, name, {})
        sign = reader.accept("-")
        node = reader.ended(reader.simple())
        if isinstance(node, Name) or (sign and node.kind is not _NUMBER):
            reader.rank = 0
            reader.fail()
        return Literal(_NUMBER, -node.value) if sign and isinstance(node.value, (int, float)) else node


class _Transformations(_Expressions):
    """``$apply``: ``filter``, ``groupby`` and ``aggregate``, one after the other."""

    def all(self) -> tuple[Transformation, ...]:
        steps = [self.transformation()]
        while self.accept("/"):
            steps.append(self.transformation())
            self.bound(len(steps), MAX_TRANSFORMATIONS)
        return self.ended(tuple(steps))

    def transformation(self) -> Transformation:
        if self.token.kind is not Kind.NAME:
            self.fail()
        name = self.token.text
        if name == "aggregate":
            return Grouped(None, self.aggregated())
        if name not in ("filter", "groupby"):
            raise UnsupportedOption(what=f"$apply : {name[:100]}")
        self.advance()
        self.expect("(")
        step = Kept(self.expression()) if name == "filter" else self.grouped()
        self.expect(")")
        return step

    def grouped(self) -> Grouped:
        self.expect("(")
        keys = [self.key()]
        while self.accept(","):
            keys.append(self.key())
            self.bound(len(keys), MAX_KEYS)
        self.expect(")")
        self.once(keys)
        aggregations = self.aggregated() if self.accept(",") else ()
        self.once([*keys, *(row.name for row in aggregations)])
        return Grouped(tuple(keys), aggregations)

    def key(self) -> str:
        if self.token.kind is not Kind.NAME:
            self.fail()
        name = self.advance().text
        if self.token.is_symbol("("):
            raise UnsupportedOption(what=f"$apply : groupby(({name[:100]}(…)))")
        return name.removeprefix("$it/")

    def aggregated(self) -> tuple[Aggregation, ...]:
        if not self.token.is_word("aggregate"):
            if self.token.kind is Kind.NAME:
                raise UnsupportedOption(what=f"$apply : groupby(…, {self.token.text[:100]}(…))")
            self.fail()
        self.advance()
        self.expect("(")
        aggregations = [self.aggregation()]
        while self.accept(","):
            aggregations.append(self.aggregation())
            self.bound(len(aggregations), MAX_AGGREGATIONS)
        self.expect(")")
        self.once([row.name for row in aggregations])
        return tuple(aggregations)

    def aggregation(self) -> Aggregation:
        if self.accept_word(ROW_COUNT):
            return Aggregation(self.alias_after_as(), ROW_COUNT, None)
        expression = self.expression()
        if self.accept_word("with") is None or self.token.kind is not Kind.NAME:
            self.fail()
        method = self.advance().text
        if method not in METHODS:
            raise UnsupportedOption(what=f"$apply : with {method[:100]}")
        name = self.alias_after_as()
        if self.token.is_word("from"):
            raise UnsupportedOption(what="$apply : from")
        return Aggregation(name, method, expression)

    def alias_after_as(self) -> str:
        if self.accept_word("as") is None or self.token.kind is not Kind.NAME:
            self.fail()
        name = self.token.text
        if not (name.isascii() and name.isidentifier() and len(name) <= LONGEST_NAME):
            self.fail()
        self.advance()
        return name

    def bound(self, size: int, most: int) -> None:
        if size > most:
            raise ODataTooComplex(option=self.option, limit=most)

    def once(self, names: list[str]) -> None:
        """BadOption when a property of the result would have the name of another."""
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise BadOption(option=self.option, value=twice[:100], expected="1")


def _number(text: str) -> int | float:
    if text.isdigit() and len(text) <= 19 and int(text) <= _LARGEST:
        return int(text)
    return float(text)


class _Searches(_Reader):
    """``$search``: words and "phrases", side by side for ``AND``; the operators are in capitals."""

    def __init__(self, text: str, option: str) -> None:
        # Words of a search are any characters: only its own signs are read here.
        self.text, self.option = text, option
        self.tokens = _search_tokens(text, option)
        self.rank = self.depth = 0

    def whole(self) -> Search | Term:
        return self.ended(self.alternatives())

    def alternatives(self) -> Search | Term:
        operands = [self.all_of()]
        while self.accept_word("OR"):
            operands.append(self.all_of())
        return operands[0] if len(operands) == 1 else Search("OR", tuple(operands))

    def all_of(self) -> Search | Term:
        operands = [self.factor()]
        while self.accept_word("AND") or not (self.token.kind is Kind.END or self.token.is_word("OR") or self.closes()):
            operands.append(self.factor())
        return operands[0] if len(operands) == 1 else Search("AND", tuple(operands))

    def closes(self) -> bool:
        return self.token.is_symbol(")")

    def factor(self) -> Search | Term:
        if self.accept_word("NOT"):
            return Search("NOT", (self.nested(self.factor),))
        if self.accept("("):
            inside = self.nested(self.alternatives)
            self.expect(")")
            return inside
        if self.token.kind not in (Kind.NAME, Kind.TEXT) or self.token.is_word("AND", "OR"):
            self.fail()
        return Term(self.advance().text)


def _search_tokens(text: str, option: str) -> list[Token]:
    pieces = text.replace("(", " ( ").replace(")", " ) ").split('"')
    if len(pieces) % 2 == 0:
        raise ODataEnds(option=option, position=len(text), text=excerpt(text, len(text)))
    if len(text) > MAX_SEARCH:
        raise ODataTooComplex(option=option, limit=MAX_SEARCH)
    tokens: list[Token] = []
    for rank, piece in enumerate(pieces):
        if rank % 2:
            tokens.append(Token(Kind.TEXT, piece, 0))
            continue
        tokens += [Token(Kind.SYMBOL if word in "()" else Kind.NAME, word, 0) for word in piece.split()]
    return [*tokens, Token(Kind.END, "", len(text))]


MAX_SEARCH = 1_000
"""Characters of a search."""
