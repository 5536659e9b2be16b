"""Patterns of ``date_format`` (specification, section 7.4): symbols are runs of one letter, the rest is copied."""

from __future__ import annotations

import re

from parvis.core.odsql.bound import Piece
from parvis.core.odsql.errors import ODSQLError, TooComplex
from parvis.core.translation import Sentence

_TOKEN = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>[^A-Za-z']+)", re.DOTALL)

SYMBOLS = {
    "y": "year",
    "Y": "year",
    "x": "week-year",
    "w": "week",
    "e": "weekday",
    "E": "weekday-name",
    "D": "day-of-year",
    "M": "month",
    "d": "day",
    "H": "hour",
    "m": "minute",
    "s": "second",
}
"""What each letter writes."""

LONGEST = {"e": 1, "E": 4, "D": 3, "M": 4, "x": 4, "y": 4, "Y": 4}
"""Most letters of one symbol in a row, two where nothing is said."""


MAX_PIECES = 100


def read_pattern(pattern: str, clause: str) -> tuple[Piece, ...]:
    """The pieces of a pattern; ODSQLError at the first letter that is no symbol, or quote that is never closed."""
    pieces = []
    at = 0
    while at < len(pattern):
        # Two quotes outside of quotes are one quote.
        if pattern.startswith("''", at):
            pieces.append(Piece("", "'"))
            at += 2
            continue
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise _wrong(pattern[at], clause)
        pieces.append(_piece(token, clause))
        at = token.end()
        if len(pieces) > MAX_PIECES:
            raise TooComplex(limit=MAX_PIECES, clause=clause)
    return tuple(pieces)


def _piece(token: re.Match[str], clause: str) -> Piece:
    if token["quoted"] is not None:
        return Piece("", token["quoted"].replace("''", "'"))
    if token["other"] is not None:
        return Piece("", token["other"])
    letters = token["letters"]
    if letters[0] not in SYMBOLS or len(letters) > LONGEST.get(letters[0], 2):
        raise _wrong(letters, clause)
    return Piece(letters[0].lower() if letters[0] == "Y" else letters[0], letters)


def _wrong(text: str, clause: str) -> ODSQLError:
    return ODSQLError(
        reason=Sentence(
            "date_format() ne connaît pas « {pattern} » ; mettez entre apostrophes un texte à recopier",
            {"pattern": text[:20]},
        ),
        clause=clause,
    )
