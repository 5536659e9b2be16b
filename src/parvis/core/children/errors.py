"""What can go wrong with work done in a child, besides what the work itself refuses."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, OperationError
from parvis.core.translation import gettext_noop


class ReadingFailed(DataError):
    """The child died, or gave what its function does not promise."""

    code: ClassVar[str] = "file-reading-failed"
    sentence: ClassVar[str] = gettext_noop(
        "La lecture de « {file} » a échoué : le fichier est abîmé, ou demande plus de mémoire que permis."
    )
    advice: ClassVar[str] = gettext_noop(
        "Ouvrez-le dans le logiciel qui l’a produit, enregistrez-le de nouveau (en CSV si c’est un tableau), puis recommencez."
    )


class ReadingTooLong(DataError):
    """The child was ended at its deadline."""

    code: ClassVar[str] = "file-reading-too-long"
    sentence: ClassVar[str] = gettext_noop(
        "La lecture de « {file} » a été arrêtée : elle durait plus de {seconds} secondes."
    )
    advice: ClassVar[str] = gettext_noop(
        "Découpez le fichier en plusieurs parties, ou enregistrez-le dans un format plus simple (CSV)."
    )


class ReadingTooLarge(DataError):
    """The child wrote more than its room on disk."""

    code: ClassVar[str] = "file-reading-too-large"
    sentence: ClassVar[str] = gettext_noop(
        "La lecture de « {file} » a été arrêtée : elle prenait trop de place sur le disque."
    )
    advice: ClassVar[str] = gettext_noop("Découpez le fichier en plusieurs parties.")


class ChildUnavailable(OperationError):
    """The machine could not start the process that reads files."""

    code: ClassVar[str] = "child-unavailable"
    sentence: ClassVar[str] = gettext_noop("Le processus qui lit les fichiers n’a pas pu démarrer.")
    advice: ClassVar[str] = gettext_noop(
        "Recommencez dans une minute ; si cela se répète, « parvis doctor » en dit plus."
    )


class CannotConfine(OperationError):
    """This machine has no Landlock, and nobody accepted the risk."""

    code: ClassVar[str] = "cannot-confine"
    sentence: ClassVar[str] = gettext_noop(
        "Ce serveur ne sait pas isoler la lecture des fichiers : il n’en accepte pas du public."
    )
    advice: ClassVar[str] = gettext_noop("Vérifiez le fichier sur votre machine avec « parvis validate ».")
