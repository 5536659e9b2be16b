"""What is said when a schema cannot be had."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, NotFound, RequestError


class UnreadableSchema(DataError):
    """Not a schema at all."""

    code: ClassVar[str] = "schema-unreadable"
    fr: ClassVar[str] = "Le schéma « {name} » ne peut pas être lu : {reason_fr}."
    en: ClassVar[str] = "The schema “{name}” cannot be read: {reason_en}."
    hint_fr: ClassVar[str] = "Donnez un Table Schema en JSON : un objet avec une liste « fields »."
    hint_en: ClassVar[str] = "Give a Table Schema in JSON: an object with a list “fields”."


class BadSchema(DataError):
    """A schema with errors of its own."""

    code: ClassVar[str] = "schema-invalid"
    fr: ClassVar[str] = "Le schéma « {name} » contient {count} erreurs, dont la première : {note_fr} ({path})."
    en: ClassVar[str] = "The schema “{name}” has {count} errors, the first of which: {note_en} ({path})."
    hint_fr: ClassVar[str] = "Corrigez le schéma : aucun fichier ne peut être vérifié avec lui."
    hint_en: ClassVar[str] = "Mend the schema: no file can be checked with it."


class UnknownSchema(NotFound):
    """No bundled schema bears this name."""

    code: ClassVar[str] = "schema-unknown"
    fr: ClassVar[str] = "Aucun schéma livré ne s’appelle « {name} ».{near_fr}"
    en: ClassVar[str] = "No bundled schema is called “{name}”.{near_en}"
    hint_fr: ClassVar[str] = (
        "La page des schémas et « parvis schemas list » donnent les noms ; un fichier ou une adresse conviennent aussi."
    )
    hint_en: ClassVar[str] = (
        "The page of schemas and “parvis schemas list” tell the names; a file or an address will do as well."
    )


class UnknownVersion(NotFound):
    """The schema is bundled, in other versions."""

    code: ClassVar[str] = "schema-version-unknown"
    fr: ClassVar[str] = "Le schéma « {name} » n’est pas livré en version {version}. Versions livrées : {known}."
    en: ClassVar[str] = "The schema “{name}” is not bundled in version {version}. Bundled versions: {known}."


class AmbiguousSchema(RequestError):
    """A short name that several schemas share."""

    code: ClassVar[str] = "schema-ambiguous"
    fr: ClassVar[str] = "Plusieurs schémas répondent à « {name} » : {known}."
    en: ClassVar[str] = "Several schemas answer to “{name}”: {known}."
    hint_fr: ClassVar[str] = "Donnez le nom entier, avec son auteur."
    hint_en: ClassVar[str] = "Give the full name, with its author."
