"""The text of a ``q`` to nodes (specification, section 11.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from parvis.core.explore_v1.nodes import All, Any, Call, Condition, FieldBetween, FieldIs, Given, Not, Now, Typed, Words
from parvis.core.odsql.errors import ODSQLSyntaxError, TooComplex, UnexpectedEnd

MAX_LENGTH = 100_000
MAX_DEPTH = 50
MAX_TERMS = 1_000
"""Most conditions in one query: each becomes a look at every row."""

_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|“((?:[^”“\\]|\\.)*)[”“]', re.DOTALL)
_VALUE_QUOTED = re.compile(_QUOTED.pattern + r"|'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# A colon that begins «://» is part of an address that somebody pasted, not an operator.
_FIELD = re.compile(
    r"(?:`(?P<quoted>[^`]+)`|(?P<name>[^\W\d][\w.-]*|\d+[^\W\d][\w.-]*))\s*(?P<operator>==|!=|<=|>=|[<>=]|:(?!//))"
)
_FUNCTION = re.compile(r"#(?P<name>\w+)\s*\(")
_WORD = re.compile(r'[^\s()"“”]+')
_BARE = re.compile(r'[^\s()"“”]+')
_BOUND = re.compile(r'[^\s()"“”\[\]{}]+')
_TO = re.compile(r"\s*(?:TO\b|\.\.)\s*", re.IGNORECASE)
_ARGUMENT = re.compile(r"[^,()\"“”']+(?:\([^()]*\))?")
_KEYWORD = {word: re.compile(rf"{word}(?![\w:=<>.-])") for word in ("AND", "OR", "NOT")}
_OPERATORS = {":": "=", "==": "="}


def parse(text: str, clause: str = "q") -> Condition:
    """The condition that ``text`` states; ODSQLSyntaxError, naming ``clause``, where it cannot be read."""
    return _Parser(text, clause).whole()


class _Parser:
    def __init__(self, text: str, clause: str) -> None:
        if len(text) > MAX_LENGTH:
            raise TooComplex(limit=MAX_LENGTH, clause=clause)
        self.text = text
        self.clause = clause
        self.at = 0
        self.depth = 0
        self.terms = 0

    # The walk over characters

    def skip(self) -> None:
        if space := _SPACE.match(self.text, self.at):
            self.at = space.end()

    def accept(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        self.skip()
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def accept_sign(self, signs: str) -> str:
        self.skip()
        sign = self.text[self.at : self.at + 1]
        if not sign or sign not in signs:
            return ""
        self.at += 1
        return sign

    def ended(self) -> bool:
        self.skip()
        return self.at >= len(self.text)

    def error(self) -> ODSQLSyntaxError:
        if self.ended() or self.text[self.at] in '"“':
            return UnexpectedEnd(position=len(self.text), text=self.text, clause=self.clause)
        return ODSQLSyntaxError(token=self.text[self.at], position=self.at, text=self.text, clause=self.clause)

    def fail(self) -> NoReturn:
        raise self.error()

    def nested(self, rule: Callable[[], Condition]) -> Condition:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooComplex(limit=MAX_DEPTH, clause=self.clause)
        node = rule()
        self.depth -= 1
        return node

    # Conditions

    def whole(self) -> Condition:
        if self.ended():
            return All(())
        node = self.condition()
        if not self.ended():
            self.fail()
        return node

    def condition(self) -> Condition:
        terms = [self.conjunction()]
        while self.accept(_KEYWORD["OR"]):
            terms.append(self.conjunction())
        return terms[0] if len(terms) == 1 else Any(tuple(terms))

    def conjunction(self) -> Condition:
        terms = [self.negation()]
        while self.accept(_KEYWORD["AND"]) or not self.at_end_of_conjunction():
            terms.append(self.negation())
        return terms[0] if len(terms) == 1 else All(tuple(terms))

    def at_end_of_conjunction(self) -> bool:
        return self.ended() or self.text[self.at] == ")" or _KEYWORD["OR"].match(self.text, self.at) is not None

    def negation(self) -> Condition:
        if self.accept(_KEYWORD["NOT"]):
            return Not(self.nested(self.negation))
        if self.accept_sign("("):
            node = self.nested(self.condition)
            if not self.accept_sign(")"):
                self.fail()
            return node
        return self.term()

    def term(self) -> Condition:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise TooComplex(limit=MAX_TERMS, clause=self.clause)
        if match := self.accept(_FUNCTION):
            return self.call(match)
        if match := self.accept(_QUOTED):
            return Words(_unquoted(match), quoted=True)
        if match := self.accept(_FIELD):
            operator = match["operator"]
            return self.field(match["quoted"] or match["name"], _OPERATORS.get(operator, operator))
        if _KEYWORD["AND"].match(self.text, self.at) or _KEYWORD["OR"].match(self.text, self.at):
            self.fail()
        if match := self.accept(_WORD):
            return Words(match[0], quoted=False)
        raise self.error()

    def field(self, name: str, operator: str) -> Condition:
        self.skip()
        if operator == "=" and (sign := self.accept_sign("[]{")):
            return self.interval(name, sign)
        if operator == "=" and self.accept_sign("("):
            node = self.nested(self.condition)
            if not self.accept_sign(")"):
                self.fail()
            return _inside(node, name)
        return FieldIs(name, operator, self.value(_BARE))

    def interval(self, name: str, opening: str) -> FieldBetween:
        low = self.end()
        if not self.accept(_TO):
            self.fail()
        high = self.end()
        closing = self.accept_sign("][}") or self.fail()
        return FieldBetween(name, low, high, opening == "[", closing == "]")

    def end(self) -> Given | None:
        value = self.value(_BOUND)
        return None if isinstance(value, Typed) and not value.quoted and value.text == "*" else value

    def value(self, bare: re.Pattern[str]) -> Given:
        if match := self.accept(_VALUE_QUOTED):
            return Typed(_unquoted(match), quoted=True)
        if match := self.accept(_FUNCTION):
            node = self.call(match)
            if node.name != "now":
                self.at = node.at
                self.fail()
            return Now(tuple(_move(argument) for argument in node.arguments))
        if match := self.accept(bare):
            return Typed(match[0], quoted=False)
        raise self.error()

    def call(self, match: re.Match[str]) -> Call:
        arguments: list[str] = []
        while not self.accept_sign(")"):
            if arguments and not self.accept_sign(","):
                self.fail()
            argument = self.accept(_VALUE_QUOTED)
            if argument:
                arguments.append(_unquoted(argument))
            elif argument := self.accept(_ARGUMENT):
                arguments.append(argument[0].strip())
            else:
                self.fail()
        return Call(match["name"].lower(), tuple(arguments), match.start())


def _unquoted(match: re.Match[str]) -> str:
    return _ESCAPE.sub(r"\1", next(group for group in match.groups() if group is not None))


def _move(argument: str) -> tuple[str, str]:
    name, _sign, value = argument.partition("=")
    return name.strip().lower(), value.strip()


def _inside(node: Condition, name: str) -> Condition:
    """``name:(a OR b)``: the words of the group are looked for in that field."""
    match node:
        case Words(text, quoted):
            return FieldIs(name, "=", Typed(text, quoted))
        case Not(condition):
            return Not(_inside(condition, name))
        case All(conditions):
            return All(tuple(_inside(condition, name) for condition in conditions))
        case Any(conditions):
            return Any(tuple(_inside(condition, name) for condition in conditions))
    return node
