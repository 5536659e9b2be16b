"""When a question is asked: a small language, the part of the expressions of XLSForm that compares answers.

``${age} > 17 and selected(${loisirs}, 'velo')``. Source: https://xlsform.org/en/#form-logic (XPath 1.0 of ODK XForms).
An expression is read here once; what it means is computed here and, from the same tree as JSON, in browsers
(``frontend/src/collect/conditions.ts``): ``tests/conditions.json`` is asked of both.

Numbers are those of IEEE 754; texts are in the order of UTF-16, which is that of browsers and of ISO dates; nothing is more or less
than an answer that is not there; a question that is not asked has no answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

from parvis.core.errors import RequestError
from parvis.core.translation import Sentence, gettext_noop

LONGEST: Final = 2_000
DEEPEST: Final = 40

type Tree = list[Any]
"""``["text", "oui"]``, ``["number", 3.0]``, ``["field", "age"]``, ``["self"]``, or an operation and its operands."""
type Value = str | float | bool | list[str]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|\$\{\s*(?P<field>[A-Za-z_][\w.-]*)\s*\}"
    r"|(?P<name>[A-Za-z][A-Za-z-]*)|(?P<sign><=|>=|!=|[=<>+*(),.-]))",
    re.ASCII,
)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?", re.ASCII)
FUNCTIONS: Final = {
    "not": 1,
    "selected": 2,
    "count-selected": 1,
    "string-length": 1,
    "true": 0,
    "false": 0,
    "regex": 2,
}
"""How many operands each takes; ``regex`` is read, for constraints, and means nothing in a condition."""
_COMPARISONS = ("=", "!=", "<=", ">=", "<", ">")


class BadCondition(RequestError):
    """An expression that is not of the language."""

    code: ClassVar[str] = "survey-condition"
    sentence: ClassVar[str] = gettext_noop("La condition « {text} » n’est pas comprise : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Par exemple : ${{age}} > 17 and ${{ville}} = 'Lieusaint', ou selected(${{loisirs}}, 'velo')."
    )


@lru_cache(maxsize=2_000)
def parse(text: str) -> Tree:
    """The tree of an expression, not to be changed; BadCondition."""
    if len(text) > LONGEST:
        raise BadCondition(text=f"{text[:60]}…", reason=Sentence(gettext_noop("elle est trop longue")))
    return _Parser(text).whole()


def fields_of(tree: Tree) -> Iterator[str]:
    """The names of the questions that it looks at."""
    if tree[0] == "field":
        yield tree[1]
    elif tree[0] not in ("text", "number", "self"):
        for operand in tree[1:]:
            yield from fields_of(operand)


def holds(tree: Tree, answers: Mapping[str, Any]) -> bool:
    """Whether the condition is met; ``answers`` are cleaned values by name (``answers.judge``), those not there are empty."""
    return _truth(_value(tree, answers))


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.place, self.depth = text, 0, 0
        self.kind, self.word = "", ""
        self.advance()

    def fail(self, reason: str) -> BadCondition:
        return BadCondition(text=self.text[:200], reason=Sentence(reason))

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.place)
        if match is None:
            if self.text[self.place :].strip():
                raise self.fail(gettext_noop("un signe n’y a pas sa place"))
            self.kind = self.word = ""
            return
        self.place = match.end()
        kind = match.lastgroup or ""
        self.kind, self.word = ("text" if kind in ("single", "double") else kind), match[kind]

    def takes(self, *words: str) -> str:
        """The next word when it is one of these, passed over."""
        if self.kind in ("sign", "name") and self.word in words:
            word = self.word
            self.advance()
            return word
        return ""

    def whole(self) -> Tree:
        tree = self.either()
        if self.kind:
            raise self.fail(gettext_noop("quelque chose suit la fin"))
        return tree

    def either(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(gettext_noop("elle a trop de parenthèses"))
        tree = self.both()
        while self.takes("or"):
            tree = ["or", tree, self.both()]
        self.depth -= 1
        return tree

    def both(self) -> Tree:
        tree = self.comparison()
        while self.takes("and"):
            tree = ["and", tree, self.comparison()]
        return tree

    def comparison(self) -> Tree:
        tree = self.total()
        while sign := self.takes(*_COMPARISONS):
            tree = [sign, tree, self.total()]
        return tree

    def total(self) -> Tree:
        tree = self.product()
        while sign := self.takes("+", "-"):
            tree = [sign, tree, self.product()]
        return tree

    def product(self) -> Tree:
        tree = self.operand()
        while sign := self.takes("*", "div", "mod"):
            tree = [sign, tree, self.operand()]
        return tree

    def operand(self) -> Tree:
        if self.takes("-"):
            self.depth += 1
            if self.depth > DEEPEST:
                raise self.fail(gettext_noop("elle a trop de parenthèses"))
            tree: Tree = ["-", ["number", 0.0], self.operand()]
            self.depth -= 1
            return tree
        if self.takes("("):
            tree = self.either()
            if not self.takes(")"):
                raise self.fail(gettext_noop("une parenthèse n’est pas fermée"))
            return tree
        if self.takes("."):
            return ["self"]
        kind, word = self.kind, self.word
        if kind in ("text", "number", "field"):
            self.advance()
            return [kind, float(word) if kind == "number" else word]
        if kind == "name" and word in FUNCTIONS:
            self.advance()
            return self.call(word)
        raise self.fail(gettext_noop("il y manque une valeur"))

    def call(self, name: str) -> Tree:
        operands: list[Tree] = []
        if not self.takes("("):
            raise self.fail(gettext_noop("il y manque une parenthèse"))
        while not self.takes(")"):
            if operands and not self.takes(","):
                raise self.fail(gettext_noop("une parenthèse n’est pas fermée"))
            operands.append(self.either())
        if len(operands) != FUNCTIONS[name]:
            raise self.fail(gettext_noop("une fonction n’a pas ce qu’il lui faut"))
        return [name, *operands]


def _value(tree: Tree, answers: Mapping[str, Any]) -> Value:
    operation = tree[0]
    if operation in ("text", "number"):
        constant: Value = tree[1]
        return constant
    if operation == "field":
        return _answer(answers.get(tree[1]))
    if operation == "and":
        return _truth(_value(tree[1], answers)) and _truth(_value(tree[2], answers))
    if operation == "or":
        return _truth(_value(tree[1], answers)) or _truth(_value(tree[2], answers))
    return _OPERATIONS[operation](*(_value(operand, answers) for operand in tree[1:]))


def _answer(value: Any) -> Value:
    """An answer as expressions see it: yes and no are « oui » and « non », what is neither text, number nor list is there or not."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    return value if isinstance(value, str) else ("x" if value else "")


def _truth(value: Value) -> bool:
    return value != 0 if isinstance(value, float) else bool(value)


def _number(value: Value) -> float | None:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _text(value: Value) -> str:
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, float):  # languages write fractions each in its way: only whole numbers have a text
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else ""
    return ("oui" if value else "non") if isinstance(value, bool) else value


def _compared(first: Value, second: Value) -> tuple[Any, Any] | None:
    """Both as what can be compared: numbers when one is; None when nothing is more or less."""
    if isinstance(first, float) or isinstance(second, float):
        pair = _number(first), _number(second)
        return None if None in pair else pair
    texts = _text(first), _text(second)
    return texts[0].encode("utf-16-be", "surrogatepass"), texts[1].encode("utf-16-be", "surrogatepass")


def _same(first: Value, second: Value) -> bool:
    pair = _compared(first, second)
    return pair is not None and bool(pair[0] == pair[1])


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Value, Value], bool]:
    def compare(first: Value, second: Value) -> bool:
        pair = None if first in ("", []) or second in ("", []) else _compared(first, second)
        return pair is not None and test(*pair)

    return compare


def _computed(operation: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    def compute(first: Value, second: Value) -> Value:
        left, right = _number(first), _number(second)
        if left is None or right is None:
            return ""
        try:
            result = operation(left, right)
        except (ZeroDivisionError, ValueError, OverflowError):
            return ""
        return result if math.isfinite(result) else ""

    return compute


def _selected(value: Value, choice: Value) -> bool:
    wished = _text(choice)
    return wished in value if isinstance(value, list) else bool(wished) and wished == _text(value)


_OPERATIONS: Final[Mapping[str, Callable[..., Value]]] = {
    "=": _same,
    "!=": lambda first, second: not _same(first, second),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "+": _computed(lambda left, right: left + right),
    "-": _computed(lambda left, right: left - right),
    "*": _computed(lambda left, right: left * right),
    "div": _computed(lambda left, right: left / right),
    "mod": _computed(math.fmod),
    "not": lambda value: not _truth(value),
    "selected": _selected,
    "count-selected": lambda value: float(len(value)) if isinstance(value, list) else float(bool(value)),
    "string-length": lambda value: float(len(_text(value))),
    "true": lambda: True,
    "false": lambda: False,
    "regex": lambda *_operands: False,
    "self": lambda: "",
}
