"""What an engine may say instead of an answer; no error of a database library ever leaves this room."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop


class QueryTimeout(OperationError):
    """The engine was stopped because the next rows did not come in time."""

    code: ClassVar[str] = "query-timeout"
    sentence: ClassVar[str] = gettext_noop("La requête a été arrêtée au bout de {seconds} secondes.")
    advice: ClassVar[str] = gettext_noop("Ajoutez un filtre, ou téléchargez le jeu entier.")


class QueryTooLarge(OperationError):
    """The answer needs more memory or temporary disk than the engine may use."""

    code: ClassVar[str] = "query-too-large"
    sentence: ClassVar[str] = gettext_noop("La requête demande plus de mémoire que le serveur ne peut en donner.")
    advice: ClassVar[str] = gettext_noop("Ajoutez un filtre, demandez moins de champs, ou téléchargez le jeu entier.")


class QueryRefused(RequestError):
    """The statement makes no sense for these rows: a value out of range, an impossible conversion."""

    code: ClassVar[str] = "query-refused"
    sentence: ClassVar[str] = gettext_noop("La requête ne peut pas être calculée sur ces données.")


class TextTooLong(QueryRefused):
    """A function that makes a text of another was asked of a cell too long for it."""

    code: ClassVar[str] = "query-text-too-long"
    sentence: ClassVar[str] = gettext_noop(
        "Un texte de ces données est trop long pour lower() ou upper() (au plus {limit} octets)."
    )
    advice: ClassVar[str] = gettext_noop("Écartez ces lignes, par exemple avec length(champ) < {limit}.")


class EngineFailed(OperationError):
    """The engine could not read the version or failed inside; why is in the log, since it may tell paths of the server."""

    code: ClassVar[str] = "engine-failed"
    sentence: ClassVar[str] = gettext_noop("Le moteur de requêtes n’a pas pu répondre.")
    advice: ClassVar[str] = gettext_noop(
        "Recommencez ; si cela dure, prévenez l’équipe du portail, qui en trouvera la raison dans son journal."
    )
