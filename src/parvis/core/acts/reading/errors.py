"""Why a received act cannot be read, and what its sender can do."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, OperationError
from parvis.core.translation import gettext_noop


class ActUnknown(DataError):
    """Acts are not read in that kind of file."""

    code: ClassVar[str] = "act-unknown"
    sentence: ClassVar[str] = gettext_noop("« {file} » : le texte de ce type de fichier ne se lit pas.")
    advice: ClassVar[str] = gettext_noop("Types lus : {types}. Enregistrez-le par exemple en PDF.")


class ActProtected(DataError):
    """A password is needed to open it."""

    code: ClassVar[str] = "act-protected"
    sentence: ClassVar[str] = gettext_noop(
        "« {file} » est protégé par un mot de passe : son texte ne peut pas être lu."
    )
    advice: ClassVar[str] = gettext_noop("Enregistrez-en une copie sans mot de passe, puis déposez cette copie.")


class ActBroken(DataError):
    """The file is not what its ending says, or is damaged."""

    code: ClassVar[str] = "act-broken"
    sentence: ClassVar[str] = gettext_noop(
        "« {file} » est abîmé, ou n’est pas un fichier .{suffix} : il ne s’ouvre pas."
    )
    advice: ClassVar[str] = gettext_noop(
        "Ouvrez-le dans le logiciel qui l’a fait, enregistrez-le de nouveau, puis renvoyez-le."
    )


class ActTooLong(DataError):
    """It has more pages, or more text, than one act may."""

    code: ClassVar[str] = "act-too-long"
    sentence: ClassVar[str] = gettext_noop("« {file} » est trop long : plus de {most} pages.")
    advice: ClassVar[str] = gettext_noop("Découpez-le : un fichier par acte, ou par partie.")


class ConverterMissing(OperationError):
    """The machine has no LibreOffice, which opens the older formats."""

    code: ClassVar[str] = "act-converter-missing"
    sentence: ClassVar[str] = gettext_noop(
        "« {file} » : ce serveur n’ouvre pas les fichiers .{suffix}, car LibreOffice n’y est pas installé."
    )
    advice: ClassVar[str] = gettext_noop(
        "Enregistrez-le en PDF, en DOCX ou en ODT ; ou faites installer LibreOffice sur le serveur : "
        "apt install libreoffice-writer-nogui"
    )
