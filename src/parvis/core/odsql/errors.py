"""What is wrong with a query: text that does not follow the grammar, or names and types that do not fit."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar

from parvis.core.errors import RequestError
from parvis.core.odsql.valuetypes import WORDS, ValueType
from parvis.core.translation import Sentence, chained, gettext_noop


class ODSQLSyntaxError(RequestError):
    """The text of a clause does not follow the grammar; ``position`` counts characters from 0."""

    code: ClassVar[str] = "odsql-syntax"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL mal écrite : « {token} » inattendu à la position {position} de « {text} ». Clause "
        "en cause : {clause}."
    )


class UnexpectedEnd(ODSQLSyntaxError):
    """The clause stops before it is complete."""

    code: ClassVar[str] = "odsql-unexpected-end"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL mal écrite : « {text} » s’arrête trop tôt. Clause en cause : {clause}."
    )


class TooComplex(ODSQLSyntaxError):
    """The clause is too long or too deeply nested to be read safely."""

    code: ClassVar[str] = "odsql-too-complex"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL mal écrite : la clause est trop longue ou trop imbriquée (au plus {limit}). Clause "
        "en cause : {clause}."
    )


class UnknownFunction(ODSQLSyntaxError):
    """A name before a parenthesis that is no function; the live service calls that a syntax error."""

    code: ClassVar[str] = "odsql-unknown-function"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL mal écrite : la fonction « {name} » n’existe pas.{did_you_mean} Clause en cause : {clause}."
    )


class ODSQLError(RequestError):
    """The clause can be read, but asks for something that cannot be."""

    code: ClassVar[str] = "odsql"
    sentence: ClassVar[str] = gettext_noop("Requête ODSQL incorrecte : {reason}. Clause en cause : {clause}.")


class UnknownField(ODSQLError):
    """No column has that name."""

    code: ClassVar[str] = "odsql-unknown-field"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL incorrecte : le champ « {name} » n’existe pas.{did_you_mean} Clause en cause : {clause}."
    )


class WrongType(ODSQLError):
    """An operator or a function cannot take a value of that type."""

    code: ClassVar[str] = "odsql-wrong-type"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL incorrecte : « {what} » n’accepte pas {found} (attendu : {expected}). Clause "
        "en cause : {clause}."
    )


class StatOnly(WrongType):
    """An aggregation was asked of a value that cannot be added up or compared."""

    code: ClassVar[str] = "odsql-stat-only"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL incorrecte : « {name} » n’accepte pas {found} (attendu : {expected}). Clause "
        "en cause : {clause}."
    )


class NotGrouped(ODSQLError):
    """A field is beside groups without being one of them."""

    code: ClassVar[str] = "odsql-not-grouped"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL incorrecte : le champ « {name} » n’est ni dans group_by ni dans une agrégation ; "
        "ajoutez-le à group_by, ou résumez-le (count, sum, avg, min, max…). Clause en cause : {clause}."
    )


class NotAllowedHere(ODSQLError):
    """A name or a construct exists but may not be in this clause."""

    code: ClassVar[str] = "odsql-not-allowed"
    sentence: ClassVar[str] = gettext_noop(
        "Requête ODSQL incorrecte : « {name} » n’est pas permis dans cette clause. Clause en cause : {clause}."
    )


EXCERPT = 120
"""Characters of a clause quoted around what is wrong."""


def excerpt(text: str, at: int) -> str:
    """A clause as a message quotes it: whole when short, else what is around the position."""
    if len(text) <= 2 * EXCERPT:
        return text
    start, end = max(at - EXCERPT, 0), at + EXCERPT
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def suggestion(name: str, names: Iterable[str]) -> dict[str, str | Sentence]:
    """What to add to a message when a known name is near ``name``; an empty text when none is."""
    near = nearest(name, names)
    return {"did_you_mean": Sentence(" Vouliez-vous dire « {found} » ?", {"found": near}) if near else ""}


def nearest(name: str, names: Iterable[str]) -> str:
    """The known name nearest to ``name``; empty when none is near."""
    lowered = {other.lower(): other for other in names}
    near = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[near[0]] if near else ""


def wrong_type(operation: str, actual: ValueType | str, expected: Iterable[ValueType], clause: str) -> WrongType:
    """The error for an operator or a function given a value (quoted as typed) or a type it does not take."""
    return WrongType(what=operation, **misfit(actual, expected), clause=clause)


def misfit(actual: ValueType | str, expected: Iterable[ValueType]) -> dict[str, str | Sentence]:
    """What was given and what is taken, as the details of an error."""
    actual_words = (
        Sentence(WORDS[actual]) if isinstance(actual, ValueType) else Sentence("« {typed} »", {"typed": actual})
    )
    taken = [Sentence(WORDS[kind]) for kind in expected]
    return {"found": actual_words, "expected": chained(gettext_noop("{types} ou {type}"), taken)}
