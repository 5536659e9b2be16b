"""Why an occultation is refused rather than done by half."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError
from parvis.core.translation import gettext_noop


class RedactionRefused(DataError):
    """Nothing was published."""

    code: ClassVar[str] = "redaction"


class WordsNotLocated(RedactionRefused):
    """Words to hide are in the text of a page, and nobody can tell where on it."""

    code: ClassVar[str] = "redaction-not-located"
    sentence: ClassVar[str] = gettext_noop(
        "Le passage « {words} » n’a pas été retrouvé à sa place sur la page {page} : rien n’a été occulté."
    )
    advice: ClassVar[str] = gettext_noop("Dessinez un rectangle sur ces mots, puis recommencez.")


class StillReadable(RedactionRefused):
    """Words to hide can be read on the page once it is blacked out."""

    code: ClassVar[str] = "redaction-still-readable"
    sentence: ClassVar[str] = gettext_noop("Le passage « {words} » se lit encore sur la page {page} après occultation.")
    advice: ClassVar[str] = gettext_noop("Dessinez un rectangle partout où ces mots se voient, puis recommencez.")


class NothingToHide(RedactionRefused):
    """A passage holds no letter, or is beyond the document."""

    code: ClassVar[str] = "redaction-nothing"
    sentence: ClassVar[str] = gettext_noop("Le passage demandé sur la page {page} n’existe pas dans le document.")
    advice: ClassVar[str] = gettext_noop(
        "Relisez le texte du document, puis choisissez de nouveau les passages à occulter."
    )


class TooManyPassages(RedactionRefused):
    """More places are to be hidden than are treated at once."""

    code: ClassVar[str] = "redaction-too-many"
    sentence: ClassVar[str] = gettext_noop(
        "Les mots à occulter se lisent à {count} endroits de « {file} » : {most} au plus peuvent être occultés."
    )
    advice: ClassVar[str] = gettext_noop("Découpez-le en plusieurs fichiers, ou retirez les pages qui les répètent.")


class PdfProtected(RedactionRefused):
    """A password is needed to open it."""

    code: ClassVar[str] = "redaction-protected"
    sentence: ClassVar[str] = gettext_noop("Le document « {file} » est protégé par un mot de passe.")
    advice: ClassVar[str] = gettext_noop("Déposez-le sans mot de passe.")


class PdfBroken(RedactionRefused):
    """It is no PDF that can be read, or a page of it cannot be drawn."""

    code: ClassVar[str] = "redaction-broken"
    sentence: ClassVar[str] = gettext_noop("Le document « {file} » est abîmé : il ne peut pas être occulté.")
    advice: ClassVar[str] = gettext_noop("Ouvrez-le, imprimez-le en PDF, puis déposez ce nouveau fichier.")


class PdfTooLong(RedactionRefused):
    """It has more pages than are treated at once."""

    code: ClassVar[str] = "redaction-too-long"
    sentence: ClassVar[str] = gettext_noop(
        "Le document « {file} » a {pages} pages : {most} au plus peuvent être occultées."
    )
    advice: ClassVar[str] = gettext_noop("Découpez-le en plusieurs fichiers.")
