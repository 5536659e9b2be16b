"""Text to tokens, each with its position."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from parvis.core.odsql.errors import ODSQLSyntaxError, TooComplex, UnexpectedEnd, excerpt

MAX_LENGTH = 100_000
"""Longest clause read, in characters: several thousand values in an ``in (…)``."""


class Kind(StrEnum):
    """What a token is."""

    NAME = "name"
    QUOTED_NAME = "quoted name"
    STRING = "string"
    NUMBER = "number"
    QUANTITY = "quantity"
    DATE = "date"
    GEOMETRY = "geometry"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a clause: ``text`` as written, ``value`` without quotes and escapes, ``at`` from 0."""

    kind: Kind
    text: str
    value: str
    at: int

    def is_word(self, *words: str) -> bool:
        """True for an unquoted name equal to one of ``words`` (given in lower case)."""
        return self.kind is Kind.NAME and self.text.lower() in words

    def is_symbol(self, *symbols: str) -> bool:
        """True for one of these symbols."""
        return self.kind is Kind.SYMBOL and self.text in symbols


# Possessive: a text without its closing quote is given up at once, never tried again from the middle.
_QUOTED = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"' + "|" + r"'[^'\\]*+(?:\\.[^'\\]*+)*+'"
_PATTERNS = (
    (Kind.DATE, rf"(?i:date)(?:{_QUOTED})"),
    (Kind.GEOMETRY, rf"(?i:geom)(?:{_QUOTED})"),
    (Kind.STRING, _QUOTED),
    (Kind.QUOTED_NAME, r"`[^`\\]*+(?:\\.[^`\\]*+)*+`"),
    # A dot belongs to a number only before a digit, so that 1..10 is a range.
    (Kind.QUANTITY, r"\d+(?:\.\d+)?(?![eE][+-]?\d)[A-Za-z]+(?!\w)"),
    (Kind.NUMBER, r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?!\w)"),
    (Kind.NAME, r"[^\W\d]\w*(?:\.[^\W\d]\w*(?:-\w+)*)*"),
    (Kind.SYMBOL, r"\.\.|!=|<=|>=|[=:<>()\[\],*+\-/]"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS), re.DOTALL)
_SPACE = re.compile(r"\s+")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_QUOTES = "\"'`"


def tokenize(text: str, clause: str) -> tuple[Token, ...]:
    """The tokens of a clause, the last one being END; ODSQLSyntaxError at the first character that starts none."""
    if len(text) > MAX_LENGTH:
        raise TooComplex(limit=MAX_LENGTH, clause=clause)
    tokens = []
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at, clause)
        kind = Kind[match.lastgroup or "SYMBOL"]
        tokens.append(Token(kind, match.group(), _value(kind, match.group()), at))
        at = match.end()
    tokens.append(Token(Kind.END, "", "", len(text)))
    return tuple(tokens)


def _value(kind: Kind, text: str) -> str:
    if kind in (Kind.STRING, Kind.QUOTED_NAME, Kind.DATE, Kind.GEOMETRY):
        start = min(text.index(quote) for quote in _QUOTES if quote in text)
        inside = text[start + 1 : -1]
        if "\\" not in inside:
            return inside
        # Escapes of JSON in texts alone: the official client writes its texts so (specification, clients 2.1).
        unescape = _unescaped_json if kind is Kind.STRING else _unescaped
        return whole_characters(_ESCAPE.sub(unescape, inside))
    return text


def _unescaped(match: re.Match[str]) -> str:
    return match[1]


def _unescaped_json(match: re.Match[str]) -> str:
    escape = match[1]
    return chr(int(escape[1:], 16)) if len(escape) == 5 else _CONTROL.get(escape, escape)


def whole_characters(text: str) -> str:
    """Pairs of surrogates as one character; one alone cannot be written anywhere and becomes U+FFFD."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unreadable(text: str, at: int, clause: str) -> ODSQLSyntaxError:
    if text[at] in _QUOTES:
        return UnexpectedEnd(position=len(text), text=excerpt(text, len(text)), clause=clause)
    return ODSQLSyntaxError(token=text[at], position=at, text=excerpt(text, at), clause=clause)
