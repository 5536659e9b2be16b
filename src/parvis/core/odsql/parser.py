"""Tokens to nodes: one method a rule of the grammar (specification, section 7.2)."""

from __future__ import annotations

from parvis.core.odsql.errors import TooComplex
from parvis.core.odsql.expressions import Bracketed, ExpressionReader
from parvis.core.odsql.functions import TEXT_FUNCTIONS
from parvis.core.odsql.nodes import (
    All,
    Any,
    Call,
    Comparison,
    Condition,
    Expression,
    Field,
    Fields,
    FullText,
    GroupItem,
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
from parvis.core.odsql.search_tokens import split_words
from parvis.core.odsql.tokens import Kind

MAX_CONDITIONS = 2_000
"""Conditions in one ``where``, a word looked for being one: beyond, an engine takes seconds to prepare."""

MAX_ITEMS = 2_000
"""Items of a ``select``: as many as a file may have columns."""

MAX_LEVELS = 100
"""Levels of a ``group_by`` or an ``order_by``."""

COMPARISONS = ("=", ":", "!=", "<", "<=", ">", ">=")


def parse_where(text: str) -> Condition:
    """The condition that a ``where`` states."""
    reader = _ConditionReader(text, "where")
    node = reader.condition()
    reader.end()
    return node


def parse_select(text: str) -> tuple[SelectItem, ...]:
    """The items of a ``select``, in order."""
    reader = _ItemReader(text, "select")
    items = reader.several(reader.select_item, MAX_ITEMS)
    reader.end()
    return items


def parse_group_by(text: str) -> tuple[GroupItem, ...]:
    """The items of a ``group_by``, in order."""
    reader = _ItemReader(text, "group_by")
    items = reader.several(reader.group_item, MAX_LEVELS)
    reader.end()
    return items


def parse_order_by(text: str) -> tuple[OrderItem, ...]:
    """The items of an ``order_by``, in order."""
    reader = _ItemReader(text, "order_by")
    items = reader.several(reader.order_item, MAX_LEVELS)
    reader.end()
    return items


class _ConditionReader(ExpressionReader):
    conditions = 0

    def counted[Node: Condition](self, node: Node, words: str = "") -> Node:
        """The same condition, one more of them for each of its words; TooComplex beyond the limit."""
        self.conditions += max(1, len(split_words(words)))
        if self.conditions > MAX_CONDITIONS:
            raise TooComplex(limit=MAX_CONDITIONS, clause=self.clause)
        return node

    def bracketed(self) -> Expression | Bracketed:
        """A condition; one that is but an expression alone may go on as one: ``(a + b) > 3``."""
        inside = self.condition()
        if isinstance(inside, Truth):
            return inside.expression
        if isinstance(inside, FullText):
            return Literal(LiteralKind.TEXT, inside.text, inside.at)
        return Bracketed(inside)

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
        return self.predicate()

    def predicate(self) -> Condition:
        left = self.sum()
        if isinstance(left, Bracketed):
            return left.condition
        return self.counted(self.about(left), _words_of(left))

    def about(self, left: Expression) -> Condition:
        token = self.token
        if self.accept_word("is"):
            return self.state(left, token.at)
        if self.accept_word("in"):
            return self.membership(left, token.at)
        if self.accept_word("like"):
            like = Like(left, self.string(), token.at)
            return self.counted(like, like.pattern)
        if operator := self.accept(*COMPARISONS):
            if operator.text == ":" and self.token.is_symbol("[", "]"):
                return self.interval(left, token.at)
            sign = "=" if operator.text == ":" else operator.text
            return Comparison(left, sign, self.expression(), operator.at)
        return self.alone(left)

    def alone(self, left: Expression) -> Condition:
        if isinstance(left, Literal) and left.kind is LiteralKind.TEXT:
            return FullText(str(left.value), left.at)
        if isinstance(left, Literal) and not self.token.is_symbol(")"):
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
            values = self.several(self.bound)
            self.expect(")")
            return InList(left, values, at)
        if isinstance(left, Literal):
            return ValueIn(left, self.field(), at)
        raise self.error()

    def interval(self, left: Expression, at: int) -> InRange:
        opening = self.expect("[", "]")
        low = self.bound()
        if not self.accept("..") and not self.accept_word("to"):
            self.fail()
        high = self.bound()
        closing = self.expect("[", "]")
        return InRange(left, low, high, opening.text == "[", closing.text == "]", at)

    def bound(self) -> Expression:
        """A literal; or a call, so that ``now(…)`` may be in an interval."""
        if self.token.kind is Kind.NAME and self.following.is_symbol("("):
            return self.nested(self.call)
        return self.literal()

    def string(self) -> str:
        if self.token.kind is not Kind.STRING:
            self.fail()
        return self.advance().value


def _words_of(node: Expression) -> str:
    """The text whose words a condition looks for: a text alone, or the last argument of a function on words."""
    if isinstance(node, Call) and node.name in TEXT_FUNCTIONS and node.arguments:
        last = node.arguments[-1]
        return _words_of(last) if isinstance(last, Literal) else ""
    return str(node.value) if isinstance(node, Literal) and node.kind is LiteralKind.TEXT else ""


class _ItemReader(ExpressionReader):
    def select_item(self) -> SelectItem:
        at = self.token.at
        if self.accept("*"):
            return SelectItem(Star(at), "*", at)
        if self.token.is_word("include", "exclude") and self.following.is_symbol("("):
            return SelectItem(self.choice(), "", at)
        return self.named_item(at)

    def group_item(self) -> GroupItem:
        return self.named_item(self.token.at)

    def named_item(self, at: int) -> SelectItem:
        expression = self.expression()
        key = expression.name if isinstance(expression, Field) else self.written_since(at)
        if self.accept_word("as"):
            return SelectItem(expression, self.alias(), at, is_named=True)
        return SelectItem(expression, key, at)

    def alias(self) -> str:
        if self.token.kind not in (Kind.NAME, Kind.QUOTED_NAME):
            self.fail()
        return self.advance().value

    def choice(self) -> Fields:
        word = self.advance()
        self.expect("(")
        chosen = self.several(self.chosen)
        self.expect(")")
        names = tuple(name for name, is_start in chosen if not is_start)
        starts = tuple(name for name, is_start in chosen if is_start)
        return Fields(word.is_word("include"), names, starts, word.at)

    def chosen(self) -> tuple[Field, bool]:
        if star := self.accept("*"):
            return Field("", star.at), True
        name = self.field()
        return name, self.accept("*") is not None

    def order_item(self) -> OrderItem:
        at = self.token.at
        minus = self.accept("-")
        expression = self.expression()
        direction = self.accept_word("asc", "desc")
        descending = minus is not None or (direction is not None and direction.is_word("desc"))
        return OrderItem(expression, descending, at)
