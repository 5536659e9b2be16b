"""What an engine may say instead of an answer; no error of a database library ever leaves this room."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import OperationError, RequestError


class QueryTimeout(OperationError):
    """The engine was stopped because the next rows did not come in time."""

    code: ClassVar[str] = "query-timeout"
    fr: ClassVar[str] = "La requête a été arrêtée au bout de {seconds} secondes."
    en: ClassVar[str] = "The query was stopped after {seconds} seconds."
    hint_fr: ClassVar[str] = "Ajoutez un filtre, ou téléchargez le jeu entier."
    hint_en: ClassVar[str] = "Add a filter, or download the whole dataset."


class QueryTooLarge(OperationError):
    """The answer needs more memory or temporary disk than the engine may use."""

    code: ClassVar[str] = "query-too-large"
    fr: ClassVar[str] = "La requête demande plus de mémoire que le serveur ne peut en donner."
    en: ClassVar[str] = "The query needs more memory than the server may give."
    hint_fr: ClassVar[str] = "Ajoutez un filtre, demandez moins de champs, ou téléchargez le jeu entier."
    hint_en: ClassVar[str] = "Add a filter, ask for fewer fields, or download the whole dataset."


class QueryRefused(RequestError):
    """The statement makes no sense for these rows: a value out of range, an impossible conversion."""

    code: ClassVar[str] = "query-refused"
    fr: ClassVar[str] = "La requête ne peut pas être calculée sur ces données."
    en: ClassVar[str] = "The query cannot be computed on these data."


class TextTooLong(QueryRefused):
    """A function that makes a text of another was asked of a cell too long for it."""

    code: ClassVar[str] = "query-text-too-long"
    fr: ClassVar[str] = "Un texte de ces données est trop long pour lower() ou upper() (au plus {limit} octets)."
    en: ClassVar[str] = "A text of these data is too long for lower() or upper() (at most {limit} bytes)."
    hint_fr: ClassVar[str] = "Écartez ces lignes, par exemple avec length(champ) < {limit}."
    hint_en: ClassVar[str] = "Leave these rows out, for instance with length(field) < {limit}."


class EngineFailed(OperationError):
    """The engine could not read the version or failed inside; why is in the log, since it may tell paths of the server."""

    code: ClassVar[str] = "engine-failed"
    fr: ClassVar[str] = "Le moteur de requêtes n’a pas pu répondre."
    en: ClassVar[str] = "The query engine could not answer."
    hint_fr: ClassVar[str] = (
        "Recommencez ; si cela dure, prévenez l’équipe du portail, qui en trouvera la raison dans son journal."
    )
    hint_en: ClassVar[str] = "Try again; if it lasts, tell the team of the portal, who will find the reason in its log."
