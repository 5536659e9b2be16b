"""Conditions written as text, in the Common Query Language of CSW 2.0.2 (``CQL_TEXT``).

title LIKE '%eau%' AND (modified >= '2026-01-01' OR NOT subject = 'Voirie') AND BBOX(ows:BoundingBox, 2.3, 48.5, 2.6, 48.7)
"""

from __future__ import annotations

import re
from typing import Final

from parvis.web.geocatalogue.boxes import box_of
from parvis.web.geocatalogue.errors import BadFilter
from parvis.web.geocatalogue.predicates import (
    LONGEST_TEXT,
    MOST_CONDITIONS,
    Comparison,
    Every,
    Like,
    Missing,
    Operator,
    Opposite,
    Predicate,
    Relation,
    Some,
    Spatial,
    between,
)

LONGEST: Final = 8_000
DEEPEST: Final = 30

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<operator><>|<=|>=|=|<|>)|(?P<mark>[(),])
    |(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w:.-])|(?P<word>"[^"]+"|[\w:./#-]+))""",
    re.VERBOSE,
)
_SPATIAL = {"BBOX": Relation.INTERSECTS}


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place, text = 0, text.rstrip()
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise _bad(text[place : place + 40])
            kind = str(match.lastgroup)
            self._tokens.append((kind, match[kind]))
            place = match.end()
        self._place = self._depth = self._count = 0

    def whole(self) -> Predicate:
        predicate = self._either()
        if self._place < len(self._tokens):
            raise _bad(self._tokens[self._place][1])
        return predicate

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self._place + ahead
        if place < len(self._tokens):
            return self._tokens[place]
        return "end", f"{self._tokens[-1][1][-30:]} …" if self._tokens else "…"

    def _next(self, *kinds: str) -> str:
        kind, text = self._peek()
        if kind not in kinds:
            raise _bad(text)
        self._place += 1
        return text

    def _accept(self, *words: str) -> bool:
        kind, text = self._peek()
        if kind in ("word", "mark") and text.upper() in words:
            self._place += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise _bad(self._peek()[1])

    def _either(self) -> Predicate:
        parts = [self._both()]
        while self._accept("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _both(self) -> Predicate:
        parts = [self._opposite()]
        while self._accept("AND"):
            parts.append(self._opposite())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _opposite(self) -> Predicate:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadFilter(name="constraint", reason=f"> {DEEPEST} ( NOT")
        try:
            if self._accept("NOT"):
                return Opposite(self._opposite())
            if self._accept("("):
                inner = self._either()
                self._expect(")")
                return inner
            return self._condition()
        finally:
            self._depth -= 1

    def _condition(self) -> Predicate:
        self._count += 1
        if self._count > MOST_CONDITIONS:
            raise BadFilter(name="constraint", reason=f"> {MOST_CONDITIONS} conditions")
        name = self._next("word")
        if name.upper() in _SPATIAL and self._peek()[1] == "(":
            return self._box(_SPATIAL[name.upper()])
        name = name.strip('"')
        if self._peek()[0] == "operator":
            operator = Operator(self._next("operator"))
            return Comparison(name, operator, self._value())
        is_not = self._accept("NOT")
        if self._accept("LIKE", "ILIKE"):
            return _maybe_not(Like(name, self._text()), is_not=is_not)
        if self._accept("BETWEEN"):
            lower = self._value()
            self._expect("AND")
            return _maybe_not(between(name, lower, self._value()), is_not=is_not)
        self._expect("IS")
        is_not = self._accept("NOT")
        self._expect("NULL")
        return _maybe_not(Missing(name), is_not=is_not)

    def _box(self, relation: Relation) -> Predicate:
        self._expect("(")
        self._next("word")
        numbers = []
        while self._accept(","):
            numbers.append(self._next("number", "text").strip("'"))
        self._expect(")")
        system = numbers.pop() if len(numbers) == 5 else ""
        return Spatial(relation, box_of(numbers, system, "BBOX"))

    def _value(self) -> str:
        text = self._next("text", "number", "word")
        return _unquoted(text) if text.startswith("'") else text[:LONGEST_TEXT]

    def _text(self) -> str:
        return _unquoted(self._next("text"))


def _maybe_not(predicate: Predicate, *, is_not: bool) -> Predicate:
    return Opposite(predicate) if is_not else predicate


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")[:LONGEST_TEXT]


def _bad(near: str) -> BadFilter:
    return BadFilter(name="constraint", reason=f"CQL : « {near[:40]} »")


def predicate_of_text(text: str) -> Predicate:
    """What a text asks; BadFilter for what is no CQL."""
    if len(text) > LONGEST:
        raise BadFilter(name="constraint", reason=f"> {LONGEST}")
    return _Reader(text).whole()
