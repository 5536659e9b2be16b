"""What is wrong with a query: text that does not follow the grammar, or names and types that do not fit."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.odsql.valuetypes import WORDS, ValueType

_SYNTAX_FR = "Requête ODSQL mal écrite : "
_SYNTAX_EN = "ODSQL syntax exception: "
_WRONG_FR = "Requête ODSQL incorrecte : "
_WRONG_EN = "ODSQL query is malformed: "
_WHERE_FR = " Clause en cause : {clause}."
_WHERE_EN = " Clause(s) containing the error(s): {clause}."


class ODSQLSyntaxError(RequestError):
    """The text of a clause does not follow the grammar; ``position`` counts characters from 0."""

    code: ClassVar[str] = "odsql-syntax"
    fr: ClassVar[str] = _SYNTAX_FR + "« {token} » inattendu à la position {position} de « {text} »." + _WHERE_FR
    en: ClassVar[str] = _SYNTAX_EN + "unexpected {token} at position {position} in {text}." + _WHERE_EN


class UnexpectedEnd(ODSQLSyntaxError):
    """The clause stops before it is complete."""

    code: ClassVar[str] = "odsql-unexpected-end"
    fr: ClassVar[str] = _SYNTAX_FR + "« {text} » s’arrête trop tôt." + _WHERE_FR
    en: ClassVar[str] = _SYNTAX_EN + "unexpected end of line at position {position} in {text}." + _WHERE_EN


class TooComplex(ODSQLSyntaxError):
    """The clause is too long or too deeply nested to be read safely."""

    code: ClassVar[str] = "odsql-too-complex"
    fr: ClassVar[str] = _SYNTAX_FR + "la clause est trop longue ou trop imbriquée (au plus {limit})." + _WHERE_FR
    en: ClassVar[str] = _SYNTAX_EN + "clause too long or too deeply nested (at most {limit})." + _WHERE_EN


class UnknownFunction(ODSQLSyntaxError):
    """A name before a parenthesis that is no function; the live service calls that a syntax error."""

    code: ClassVar[str] = "odsql-unknown-function"
    fr: ClassVar[str] = _SYNTAX_FR + "la fonction « {name} » n’existe pas.{did_you_mean_fr}" + _WHERE_FR
    en: ClassVar[str] = (
        _SYNTAX_EN
        + "unexpected ( at position {position} in {text}. Unknown function: {name}.{did_you_mean_en}"
        + _WHERE_EN
    )


class ODSQLError(RequestError):
    """The clause can be read, but asks for something that cannot be."""

    code: ClassVar[str] = "odsql"
    fr: ClassVar[str] = _WRONG_FR + "{reason_fr}." + _WHERE_FR
    en: ClassVar[str] = _WRONG_EN + "{reason_en}." + _WHERE_EN


class UnknownField(ODSQLError):
    """No column has that name."""

    code: ClassVar[str] = "odsql-unknown-field"
    fr: ClassVar[str] = _WRONG_FR + "le champ « {name} » n’existe pas.{did_you_mean_fr}" + _WHERE_FR
    en: ClassVar[str] = _WRONG_EN + "Unknown field: {name}.{did_you_mean_en}" + _WHERE_EN


class WrongType(ODSQLError):
    """An operator or a function cannot take a value of that type."""

    code: ClassVar[str] = "odsql-wrong-type"
    fr: ClassVar[str] = _WRONG_FR + "« {what} » n’accepte pas {found_fr} (attendu : {expected_fr})." + _WHERE_FR
    en: ClassVar[str] = _WRONG_EN + "{what} does not accept {found_en}, {expected_en} is expected." + _WHERE_EN


class StatOnly(WrongType):
    """An aggregation was asked of a value that cannot be added up or compared."""

    code: ClassVar[str] = "odsql-stat-only"
    fr: ClassVar[str] = _WRONG_FR + "« {name} » n’accepte pas {found_fr} (attendu : {expected_fr})." + _WHERE_FR
    en: ClassVar[str] = (
        _WRONG_EN
        + "StatAggregation only supports numeric or date expression. "
        + "{name} does not accept {found_en}, {expected_en} is expected."
        + _WHERE_EN
    )


class NotGrouped(ODSQLError):
    """A field stands beside groups without being one of them."""

    code: ClassVar[str] = "odsql-not-grouped"
    fr: ClassVar[str] = (
        _WRONG_FR + "le champ « {name} » n’est ni dans group_by ni dans une agrégation ; "
        "ajoutez-le à group_by, ou résumez-le (count, sum, avg, min, max…)." + _WHERE_FR
    )
    en: ClassVar[str] = (
        _WRONG_EN + "Field {name} must be one of the group_by expressions or be used in an aggregation." + _WHERE_EN
    )


class NotAllowedHere(ODSQLError):
    """A name or a construct exists but may not stand in this clause."""

    code: ClassVar[str] = "odsql-not-allowed"
    fr: ClassVar[str] = _WRONG_FR + "« {name} » n’est pas permis dans cette clause." + _WHERE_FR
    en: ClassVar[str] = _WRONG_EN + "Field {name} is not allowed in the current clause." + _WHERE_EN


EXCERPT = 120
"""Characters of a clause quoted around what is wrong."""


def excerpt(text: str, at: int) -> str:
    """A clause as a message quotes it: whole when short, else what stands around the position."""
    if len(text) <= 2 * EXCERPT:
        return text
    start, end = max(at - EXCERPT, 0), at + EXCERPT
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def suggestion(name: str, known: Iterable[str]) -> dict[str, str]:
    """What to add to a message when a known name is near ``name``; empty sentences when none is."""
    lowered = {other.lower(): other for other in known}
    near = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    if not near:
        return {"did_you_mean_fr": "", "did_you_mean_en": ""}
    found = lowered[near[0]]
    return {"did_you_mean_fr": f" Vouliez-vous dire « {found} » ?", "did_you_mean_en": f" Did you mean {found}?"}


def wrong_type(what: str, found: ValueType | str, expected: Iterable[ValueType], clause: str) -> WrongType:
    """The error for an operator or a function given a value (quoted as typed) or a type it does not take."""
    words = [WORDS[kind] for kind in expected]
    return WrongType(
        what=what,
        found_fr=WORDS[found].fr if isinstance(found, ValueType) else f"« {found} »",
        found_en=WORDS[found].en if isinstance(found, ValueType) else f'"{found}"',
        expected_fr=" ou ".join(word.fr for word in words),
        expected_en=" / ".join(word.en for word in words),
        clause=clause,
    )
