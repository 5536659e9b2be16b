"""What may be said to anyone who writes SQL; positions count lines and columns from 1, in characters of their own text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import Sentence, gettext_noop


class SqlError(RequestError):
    """The statement cannot be answered as it is written."""

    code: ClassVar[str] = "sql"
    sentence: ClassVar[str] = gettext_noop("La requête SQL ne peut pas être exécutée : {reason}.")


class SqlSyntaxError(SqlError):
    """The text is not SQL."""

    code: ClassVar[str] = "sql-syntax"
    sentence: ClassVar[str] = gettext_noop(
        "Requête SQL mal écrite près de « {word} » (ligne {line}, colonne {column})."
    )


class SqlEmpty(SqlError):
    """There is no statement."""

    code: ClassVar[str] = "sql-empty"
    sentence: ClassVar[str] = gettext_noop("Écrivez une requête SELECT.")


class SqlTooLong(SqlError):
    """The text is too long or too deeply nested to be read safely."""

    code: ClassVar[str] = "sql-too-complex"
    sentence: ClassVar[str] = gettext_noop("La requête est trop longue ou trop imbriquée (au plus {limit} caractères).")


class OnlySelect(SqlError):
    """Something else than a question."""

    code: ClassVar[str] = "sql-only-select"
    sentence: ClassVar[str] = gettext_noop(
        "Seule une requête SELECT est possible ici : les données se lisent et ne se modifient pas."
    )


class OneStatement(SqlError):
    """Several statements at once."""

    code: ClassVar[str] = "sql-one-statement"
    sentence: ClassVar[str] = gettext_noop("Une seule requête à la fois : il y en a {count}.")


class NotAllowed(SqlError):
    """A construct that exists in DuckDB and is not offered here."""

    code: ClassVar[str] = "sql-not-allowed"
    sentence: ClassVar[str] = gettext_noop("« {name} » n’est pas permis (ligne {line}, colonne {column}).")
    advice: ClassVar[str] = gettext_noop(
        "Les tables sont les jeux de données, nommés par leur identifiant entre guillemets droits."
    )


class UnknownFunction(SqlError):
    """A function that does not exist or is not offered here."""

    code: ClassVar[str] = "sql-unknown-function"
    sentence: ClassVar[str] = gettext_noop(
        "La fonction « {name} » n’est pas proposée (ligne {line}, colonne {column}).{near}"
    )


class UnknownTable(SqlError):
    """No dataset of that name for this caller."""

    code: ClassVar[str] = "sql-unknown-table"
    sentence: ClassVar[str] = gettext_noop(
        "Aucun jeu de données ne s’appelle « {name} » (ligne {line}, colonne {column}).{near}"
    )
    advice: ClassVar[str] = gettext_noop("Un identifiant qui contient un tiret s’écrit entre guillemets droits.")


class UnknownColumn(SqlError):
    """No column of that name in the tables asked."""

    code: ClassVar[str] = "sql-unknown-column"
    sentence: ClassVar[str] = gettext_noop("La colonne « {name} » n’existe pas (ligne {line}, colonne {column}).{near}")


class SqlMeaningless(SqlError):
    """The statement makes no sense for these tables: types, grouping, conversions."""

    code: ClassVar[str] = "sql-wrong"
    sentence: ClassVar[str] = gettext_noop("DuckDB refuse la requête (ligne {line}, colonne {column}) : {reason}")


class SqlTimeout(SqlError):
    """The process that answered was killed at the end of its time."""

    code: ClassVar[str] = "sql-timeout"
    sentence: ClassVar[str] = gettext_noop("La requête a été arrêtée au bout de {seconds} secondes.")
    advice: ClassVar[str] = gettext_noop("Ajoutez une condition, ou groupez avant de joindre.")


class SqlTooLarge(SqlError):
    """The statement needs more memory than a child may take, or broke the process that answered it."""

    code: ClassVar[str] = "sql-too-large"
    sentence: ClassVar[str] = gettext_noop(
        "La requête demande plus de mémoire que ce portail n’en donne à une requête."
    )
    advice: ClassVar[str] = gettext_noop(
        "Ajoutez une condition, choisissez moins de colonnes, ou téléchargez le jeu entier."
    )


class SandboxBusy(OperationError):
    """Every child is at work."""

    code: ClassVar[str] = "sql-busy"
    wait: ClassVar[int] = 5
    sentence: ClassVar[str] = gettext_noop("Trop de requêtes SQL sont en cours. Réessayez dans quelques secondes.")


class SandboxFailed(OperationError):
    """No child can be started, or a version could not be read."""

    code: ClassVar[str] = "sql-failed"
    sentence: ClassVar[str] = gettext_noop("Les requêtes SQL ne sont pas disponibles pour le moment.")


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


def near(name: str, names: Iterable[str]) -> dict[str, str | Sentence]:
    """What to add to a message when a known name is near ``name``; an empty text when none is."""
    matches = difflib.get_close_matches(name.lower(), [*names], n=1, cutoff=0.6)
    return {"near": Sentence(" Vouliez-vous dire « {name} » ?", {"name": matches[0]}) if matches else ""}


def line_and_column(text: str, position: int | None) -> dict[str, int]:
    """Where byte ``position`` (from 0) of the UTF-8 text stands, in lines and characters from 1; 1, 1 when it is nowhere."""
    raw = text.encode()
    if position is None or not 0 <= position <= len(raw):
        return {"line": 1, "column": 1}
    before = raw[:position].decode(errors="ignore")
    return {"line": before.count("\n") + 1, "column": len(before) - (before.rfind("\n") + 1) + 1}
