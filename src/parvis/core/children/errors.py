"""What can go wrong with work done in a child, besides what the work itself refuses."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, OperationError


class ReadingFailed(DataError):
    """The child died, or gave what its function does not promise."""

    code: ClassVar[str] = "file-reading-failed"
    fr: ClassVar[str] = (
        "La lecture de « {file} » a échoué : le fichier est abîmé, ou demande plus de mémoire que permis."
    )
    en: ClassVar[str] = "Reading “{file}” failed: the file is damaged, or asks for more memory than allowed."
    hint_fr: ClassVar[str] = (
        "Ouvrez-le dans le logiciel qui l’a produit, enregistrez-le de nouveau (en CSV si c’est un tableau), puis recommencez."
    )
    hint_en: ClassVar[str] = (
        "Open it in the software that made it, save it again (as CSV if it is a table), then retry."
    )


class ReadingTooLong(DataError):
    """The child was ended at its deadline."""

    code: ClassVar[str] = "file-reading-too-long"
    fr: ClassVar[str] = "La lecture de « {file} » a été arrêtée : elle durait plus de {seconds} secondes."
    en: ClassVar[str] = "Reading “{file}” was stopped: it took more than {seconds} seconds."
    hint_fr: ClassVar[str] = (
        "Découpez le fichier en plusieurs parties, ou enregistrez-le dans un format plus simple (CSV)."
    )
    hint_en: ClassVar[str] = "Cut the file into several parts, or save it in a simpler format (CSV)."


class ReadingTooLarge(DataError):
    """The child wrote more than its room on disk."""

    code: ClassVar[str] = "file-reading-too-large"
    fr: ClassVar[str] = "La lecture de « {file} » a été arrêtée : elle prenait trop de place sur le disque."
    en: ClassVar[str] = "Reading “{file}” was stopped: it took too much room on the disk."
    hint_fr: ClassVar[str] = "Découpez le fichier en plusieurs parties."
    hint_en: ClassVar[str] = "Cut the file into several parts."


class ChildUnavailable(OperationError):
    """The machine could not start the process that reads files."""

    code: ClassVar[str] = "child-unavailable"
    fr: ClassVar[str] = "Le processus qui lit les fichiers n’a pas pu démarrer."
    en: ClassVar[str] = "The process that reads files could not be started."
    hint_fr: ClassVar[str] = "Recommencez dans une minute ; si cela se répète, « parvis doctor » en dit plus."
    hint_en: ClassVar[str] = "Try again in a minute; if it recurs, “parvis doctor” tells more."


class CannotConfine(OperationError):
    """This machine has no Landlock, and nobody accepted the risk."""

    code: ClassVar[str] = "cannot-confine"
    fr: ClassVar[str] = "Ce serveur ne sait pas isoler la lecture des fichiers : il n’en accepte pas du public."
    en: ClassVar[str] = "This server cannot isolate the reading of files: it takes none from the public."
    hint_fr: ClassVar[str] = "Vérifiez le fichier sur votre machine avec « parvis validate »."
    hint_en: ClassVar[str] = "Check the file on your machine with “parvis validate”."
