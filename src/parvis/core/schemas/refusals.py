"""What is said when a schema cannot be had."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, NotFound, RequestError
from parvis.core.translation import gettext_noop


class UnreadableSchema(DataError):
    """Not a schema at all."""

    code: ClassVar[str] = "schema-unreadable"
    sentence: ClassVar[str] = gettext_noop("Le schéma « {name} » ne peut pas être lu : {reason}.")
    advice: ClassVar[str] = gettext_noop("Donnez un Table Schema en JSON : un objet avec une liste « fields ».")


class BadSchema(DataError):
    """A schema with errors of its own."""

    code: ClassVar[str] = "schema-invalid"
    sentence: ClassVar[str] = gettext_noop(
        "Le schéma « {name} » contient {count} erreurs, dont la première : {note} ({path})."
    )
    advice: ClassVar[str] = gettext_noop("Corrigez le schéma : aucun fichier ne peut être vérifié avec lui.")


class UnknownSchema(NotFound):
    """No bundled schema has this name."""

    code: ClassVar[str] = "schema-unknown"
    sentence: ClassVar[str] = gettext_noop("Aucun schéma livré ne s’appelle « {name} ».{near}")
    advice: ClassVar[str] = gettext_noop(
        "La page « Schémas » donne les noms ; un fichier ou une adresse conviennent aussi."
    )


class UnknownVersion(NotFound):
    """The schema is bundled, in other versions."""

    code: ClassVar[str] = "schema-version-unknown"
    sentence: ClassVar[str] = gettext_noop(
        "Le schéma « {name} » n’est pas livré en version {version}. Versions livrées : {known}."
    )


class AmbiguousSchema(RequestError):
    """A short name that several schemas share."""

    code: ClassVar[str] = "schema-ambiguous"
    sentence: ClassVar[str] = gettext_noop("Plusieurs schémas répondent à « {name} » : {known}.")
    advice: ClassVar[str] = gettext_noop("Donnez le nom entier, avec son auteur.")
