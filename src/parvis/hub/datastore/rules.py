"""What may be received and under which name: pure decisions."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from parvis.core.errors import DataError, OperationError, RequestError

FREE_MARGIN = 200_000_000
"""Bytes that a received file must leave free on the disk."""

LONGEST_NAME = 200
"""Bytes of the longest file name kept; systems allow 255, and versions add suffixes."""


class WrongOffset(RequestError):
    """A piece of a file came that is not the next one."""

    code: ClassVar[str] = "upload-offset"
    status: ClassVar[int] = 409
    fr: ClassVar[str] = "Le morceau reçu commence à l’octet {offset}, l’octet {expected} était attendu."
    en: ClassVar[str] = "The piece received starts at byte {offset}, byte {expected} was expected."
    hint_fr: ClassVar[str] = "Reprenez l’envoi : il continuera au bon endroit."
    hint_en: ClassVar[str] = "Resume the upload: it will go on from the right place."


class FileTooLarge(DataError):
    """The file is larger than this instance accepts."""

    code: ClassVar[str] = "file-too-large"
    status: ClassVar[int] = 413
    fr: ClassVar[str] = "« {name} » pèse {bytes} octets ; ce portail accepte {limit} octets au plus."
    en: ClassVar[str] = "“{name}” has {bytes} bytes; this portal accepts at most {limit} bytes."
    hint_fr: ClassVar[str] = "Le réglage PARVIS_UPLOAD_BYTES fixe cette limite."
    hint_en: ClassVar[str] = "The setting PARVIS_UPLOAD_BYTES sets this limit."


class MoreThanAnnounced(DataError):
    """More bytes came than the upload had announced."""

    code: ClassVar[str] = "upload-overflow"
    status: ClassVar[int] = 400
    fr: ClassVar[str] = "« {name} » devait compter {bytes} octets, il en est venu davantage."
    en: ClassVar[str] = "“{name}” was to have {bytes} bytes, more came."
    hint_fr: ClassVar[str] = "Le fichier a changé pendant l’envoi : recommencez."
    hint_en: ClassVar[str] = "The file changed while it was sent: start again."


class NotWhole(RequestError):
    """The file has not wholly come."""

    code: ClassVar[str] = "upload-incomplete"
    fr: ClassVar[str] = "« {name} » n’est pas encore entièrement reçu ({received} octets sur {bytes})."
    en: ClassVar[str] = "“{name}” has not wholly come yet ({received} bytes of {bytes})."


class DiskFull(OperationError):
    """No room on the disk."""

    code: ClassVar[str] = "disk-full"
    status: ClassVar[int] = 507
    fr: ClassVar[str] = "Il n’y a plus assez de place sur le disque pour « {name} »."
    en: ClassVar[str] = "There is not enough room on the disk for “{name}”."
    hint_fr: ClassVar[str] = "Faites de la place, ou réduisez le nombre de versions gardées (PARVIS_VERSIONS_KEPT)."
    hint_en: ClassVar[str] = "Make room, or keep fewer versions (PARVIS_VERSIONS_KEPT)."


class NothingToImport(RequestError):
    """An import has neither file nor address, or no dataset to go to."""

    code: ClassVar[str] = "import-incomplete"
    fr: ClassVar[str] = "Cet import ne peut pas commencer : il manque {missing}."
    en: ClassVar[str] = "This import cannot start: {missing} is missing."


class ImportIsOver(RequestError):
    """An import that is over, or at work, cannot be changed."""

    code: ClassVar[str] = "import-not-open"
    fr: ClassVar[str] = "Cet import ne peut plus être modifié ({state})."
    en: ClassVar[str] = "This import can no longer be changed ({state})."
    hint_fr: ClassVar[str] = "Commencez un nouvel import."
    hint_en: ClassVar[str] = "Start a new import."


def safe_name(text: str) -> str:
    """The file name in ``text``, without folder, control characters or anything that a file system may refuse.

    >>> safe_name("C:\\\\Données\\\\..\\\\Vélos 2024.csv")
    'Vélos 2024.csv'
    """
    last = unicodedata.normalize("NFC", text).replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    while len(kept.encode()) > LONGEST_NAME:
        stem, extension = (stem[:-1], extension) if len(stem) > 1 else ("", extension[:-1])
        kept = f"{stem}{dot}{extension}"
    return kept or "fichier"
