"""What may be received and under which name: pure decisions."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from parvis.core.errors import DataError, OperationError, RequestError
from parvis.core.translation import gettext_noop

FREE_MARGIN = 200_000_000
"""Bytes that a received file must leave free on the disk."""

PUSHED = "pushed"
"""The source of a version that holds what was pushed over the one before: Parvis wrote its file."""

LONGEST_NAME = 200
"""Bytes of the longest file name kept; systems allow 255, and versions add suffixes."""


class WrongOffset(RequestError):
    """A piece of a file came that is not the next one."""

    code: ClassVar[str] = "upload-offset"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop(
        "Le morceau reçu commence à l’octet {offset}, l’octet {expected} était attendu."
    )
    advice: ClassVar[str] = gettext_noop("Reprenez l’envoi : il continuera au bon endroit.")


class FileTooLarge(DataError):
    """The file is larger than this instance accepts."""

    code: ClassVar[str] = "file-too-large"
    status: ClassVar[int] = 413
    sentence: ClassVar[str] = gettext_noop(
        "« {name} » pèse {bytes} octets ; ce portail accepte {limit} octets au plus."
    )
    advice: ClassVar[str] = gettext_noop("Le réglage PARVIS_UPLOAD_BYTES fixe cette limite.")


class MoreThanAnnounced(DataError):
    """More bytes came than the upload had announced."""

    code: ClassVar[str] = "upload-overflow"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = gettext_noop("« {name} » devait compter {bytes} octets, il en est venu davantage.")
    advice: ClassVar[str] = gettext_noop("Le fichier a changé pendant l’envoi : recommencez.")


class VersionDamaged(RequestError):
    """The file has not wholly come."""

    code: ClassVar[str] = "upload-incomplete"
    sentence: ClassVar[str] = gettext_noop(
        "« {name} » n’est pas encore entièrement reçu ({received} octets sur {bytes})."
    )


class DiskFull(OperationError):
    """No room on the disk."""

    code: ClassVar[str] = "disk-full"
    status: ClassVar[int] = 507
    sentence: ClassVar[str] = gettext_noop("Il n’y a plus assez de place sur le disque pour « {name} ».")
    advice: ClassVar[str] = gettext_noop(
        "Faites de la place, ou réduisez le nombre de versions gardées (PARVIS_VERSIONS_KEPT)."
    )


class NothingToImport(RequestError):
    """An import has neither file nor address, or no dataset to go to."""

    code: ClassVar[str] = "import-incomplete"
    sentence: ClassVar[str] = gettext_noop("Cet import ne peut pas commencer : il manque {missing}.")


class VersionSuperseded(RequestError):
    """The source of a version was imported again, and another version came first."""

    code: ClassVar[str] = "version-superseded"
    sentence: ClassVar[str] = gettext_noop("Une autre version de « {title} » a été publiée entre-temps.")
    advice: ClassVar[str] = gettext_noop(
        "Rien n’est perdu : les contributions acceptées seront posées sur la nouvelle version."
    )


class ImportIsOver(RequestError):
    """An import that is over, or at work, cannot be changed."""

    code: ClassVar[str] = "import-not-open"
    sentence: ClassVar[str] = gettext_noop("Cet import ne peut plus être modifié ({state}).")
    advice: ClassVar[str] = gettext_noop("Commencez un nouvel import.")


def safe_name(text: str) -> str:
    """The file name in ``text``, without folder, control characters or anything that a file system may refuse.

    >>> safe_name("C:\\\\Données\\\\..\\\\Vélos 2024.csv")
    'Vélos 2024.csv'
    """
    last = unicodedata.normalize("NFC", text).replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")).strip(" .")
    stem, dot, extension = name.rpartition(".")
    while len(name.encode()) > LONGEST_NAME:
        stem, extension = (stem[:-1], extension) if len(stem) > 1 else ("", extension[:-1])
        name = f"{stem}{dot}{extension}"
    return name or "fichier"
