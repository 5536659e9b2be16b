"""What may be said to whoever writes SQL; positions count lines and columns from 1, in characters of their own text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar

from parvis.core.errors import OperationError, RequestError

_AT_FR = " (ligne {line}, colonne {column})"
_AT_EN = " (line {line}, column {column})"


class SqlError(RequestError):
    """The statement cannot be answered as it is written."""

    code: ClassVar[str] = "sql"
    fr: ClassVar[str] = "La requête SQL ne peut pas être exécutée : {reason}."
    en: ClassVar[str] = "The SQL statement cannot be run: {reason}."


class SqlSyntaxError(SqlError):
    """The text is not SQL."""

    code: ClassVar[str] = "sql-syntax"
    fr: ClassVar[str] = "Requête SQL mal écrite près de « {word} »" + _AT_FR + "."
    en: ClassVar[str] = "SQL syntax error near “{word}”" + _AT_EN + "."


class SqlEmpty(SqlError):
    """There is no statement."""

    code: ClassVar[str] = "sql-empty"
    fr: ClassVar[str] = "Écrivez une requête SELECT."
    en: ClassVar[str] = "Write a SELECT statement."


class SqlTooLong(SqlError):
    """The text is too long or too deeply nested to be read safely."""

    code: ClassVar[str] = "sql-too-complex"
    fr: ClassVar[str] = "La requête est trop longue ou trop imbriquée (au plus {limit} caractères)."
    en: ClassVar[str] = "The statement is too long or too deeply nested (at most {limit} characters)."


class OnlySelect(SqlError):
    """Something else than a question."""

    code: ClassVar[str] = "sql-only-select"
    fr: ClassVar[str] = "Seule une requête SELECT est possible ici : les données se lisent et ne se modifient pas."
    en: ClassVar[str] = "Only a SELECT statement is possible here: data are read and never changed."


class OneStatement(SqlError):
    """Several statements at once."""

    code: ClassVar[str] = "sql-one-statement"
    fr: ClassVar[str] = "Une seule requête à la fois : il y en a {count}."
    en: ClassVar[str] = "One statement at a time: there are {count}."


class NotAllowed(SqlError):
    """A construct that exists in DuckDB and is not offered here."""

    code: ClassVar[str] = "sql-not-allowed"
    fr: ClassVar[str] = "« {name} » n’est pas permis" + _AT_FR + "."
    en: ClassVar[str] = "“{name}” is not allowed" + _AT_EN + "."
    hint_fr: ClassVar[str] = "Les tables sont les jeux de données, nommés par leur identifiant entre guillemets droits."
    hint_en: ClassVar[str] = "Tables are the datasets, named by their identifier between double quotes."


class UnknownFunction(SqlError):
    """A function that does not exist or is not offered here."""

    code: ClassVar[str] = "sql-unknown-function"
    fr: ClassVar[str] = "La fonction « {name} » n’est pas proposée" + _AT_FR + ".{near_fr}"
    en: ClassVar[str] = "The function “{name}” is not offered" + _AT_EN + ".{near_en}"


class UnknownTable(SqlError):
    """No dataset of that name for this caller."""

    code: ClassVar[str] = "sql-unknown-table"
    fr: ClassVar[str] = "Aucun jeu de données ne s’appelle « {name} »" + _AT_FR + ".{near_fr}"
    en: ClassVar[str] = "No dataset is called “{name}”" + _AT_EN + ".{near_en}"
    hint_fr: ClassVar[str] = "Un identifiant qui contient un tiret s’écrit entre guillemets droits."
    hint_en: ClassVar[str] = "An identifier with a hyphen is written between double quotes."


class UnknownColumn(SqlError):
    """No column of that name in the tables asked."""

    code: ClassVar[str] = "sql-unknown-column"
    fr: ClassVar[str] = "La colonne « {name} » n’existe pas" + _AT_FR + ".{near_fr}"
    en: ClassVar[str] = "The column “{name}” does not exist" + _AT_EN + ".{near_en}"


class SqlMeaningless(SqlError):
    """The statement makes no sense for these tables: types, grouping, conversions."""

    code: ClassVar[str] = "sql-wrong"
    fr: ClassVar[str] = "DuckDB refuse la requête" + _AT_FR + " : {reason}"
    en: ClassVar[str] = "DuckDB refuses the statement" + _AT_EN + ": {reason}"


class SqlTimeout(SqlError):
    """The process that answered was killed at the end of its time."""

    code: ClassVar[str] = "sql-timeout"
    fr: ClassVar[str] = "La requête a été arrêtée au bout de {seconds} secondes."
    en: ClassVar[str] = "The statement was stopped after {seconds} seconds."
    hint_fr: ClassVar[str] = "Ajoutez une condition, ou groupez avant de joindre."
    hint_en: ClassVar[str] = "Add a condition, or group before joining."


class SqlTooLarge(SqlError):
    """The statement needs more memory than a child may take, or broke the process that answered it."""

    code: ClassVar[str] = "sql-too-large"
    fr: ClassVar[str] = "La requête demande plus de mémoire que ce portail n’en donne à une requête."
    en: ClassVar[str] = "The statement needs more memory than this portal gives to one statement."
    hint_fr: ClassVar[str] = "Ajoutez une condition, choisissez moins de colonnes, ou téléchargez le jeu entier."
    hint_en: ClassVar[str] = "Add a condition, choose fewer columns, or download the whole dataset."


class SandboxBusy(OperationError):
    """Every child is at work."""

    code: ClassVar[str] = "sql-busy"
    wait: ClassVar[int] = 5
    fr: ClassVar[str] = "Trop de requêtes SQL sont en cours. Réessayez dans quelques secondes."
    en: ClassVar[str] = "Too many SQL statements are running. Try again in a few seconds."


class SandboxFailed(OperationError):
    """No child can be started, or a version could not be read."""

    code: ClassVar[str] = "sql-failed"
    fr: ClassVar[str] = "Les requêtes SQL ne sont pas disponibles pour le moment."
    en: ClassVar[str] = "SQL statements are not available for the moment."


BY_CODE: dict[str, type[SqlError] | type[OperationError]] = {
    kind.code: kind
    for kind in (
        SqlError,
        SqlSyntaxError,
        SqlEmpty,
        SqlTooLong,
        OnlySelect,
        OneStatement,
        NotAllowed,
        UnknownFunction,
        UnknownTable,
        UnknownColumn,
        SqlMeaningless,
        SqlTimeout,
        SqlTooLarge,
        SandboxFailed,
    )
}
"""What a child may raise, by the code that crosses the pipe."""


def near(name: str, known: Iterable[str]) -> dict[str, str]:
    """What to add to a message when a known name is near ``name``; empty sentences when none is."""
    found = difflib.get_close_matches(name.lower(), [*known], n=1, cutoff=0.6)
    if not found:
        return {"near_fr": "", "near_en": ""}
    return {"near_fr": f" Vouliez-vous dire « {found[0]} » ?", "near_en": f" Did you mean “{found[0]}”?"}


def line_and_column(text: str, position: int | None) -> dict[str, int]:
    """Where byte ``position`` (from 0) of the UTF-8 text stands, in lines and characters from 1; 1, 1 when it is nowhere."""
    raw = text.encode()
    if position is None or not 0 <= position <= len(raw):
        return {"line": 1, "column": 1}
    before = raw[:position].decode(errors="ignore")
    return {"line": before.count("\n") + 1, "column": len(before) - (before.rfind("\n") + 1) + 1}
