"""What may go wrong with a database of elsewhere."""

from __future__ import annotations

from parvis.core.errors import DataError, OperationError, RequestError
from parvis.core.translation import gettext_noop

NO_SUCH_TABLE = gettext_noop("cette table n’existe pas, ou pas dans ce schéma")
IN_ITS_WORDS = gettext_noop("la base répond « {words} »")
"""Why a reading cannot be, whatever the server."""


class BadQuery(RequestError):
    """A query that is not one reading, or that the database does not understand."""

    code = "database-query"
    sentence = gettext_noop("La table ou la requête ne peut pas être lue : {reason}.")
    advice = gettext_noop("Vérifiez le nom de la table, ou donnez une seule requête SELECT, qui lit et n’écrit rien.")


class DatabaseRefused(OperationError):
    """The database does not know who asks."""

    code = "database-login"
    sentence = gettext_noop("La base de données de « {host} » refuse l’identifiant ou le mot de passe.")
    advice = gettext_noop("Vérifiez-les auprès de qui tient cette base, et que ce compte peut lire la table.")


class DatabaseFailed(OperationError):
    """The database could not be reached, or gave up."""

    code = "database-failed"
    sentence = gettext_noop("La base de données de « {host} » n’a pas donné les lignes : {reason}.")


class DatabaseTooSlow(OperationError):
    """The query took more than its time; it was stopped on the server too."""

    code = "database-too-slow"
    sentence = gettext_noop("La base de données de « {host} » a mis plus de {seconds} secondes à répondre.")
    advice = gettext_noop("Demandez moins de lignes ou de colonnes, ou une vue préparée.")


class DatabaseTooLarge(DataError):
    """More rows or bytes than allowed."""

    code = "database-too-large"
    sentence = gettext_noop("La requête donne plus que ce qui est permis ({limit}).")
    advice = gettext_noop(
        "Demandez moins de lignes ou de colonnes, ou suivez une colonne qui grandit pour lire la suite à chaque fois."
    )


class NoSuchColumn(RequestError):
    """The column to follow is not one of the query."""

    code = "database-column"
    sentence = gettext_noop(
        "La colonne à suivre « {name} » n’est pas dans la table ou la requête, ou ne peut pas être ordonnée."
    )
