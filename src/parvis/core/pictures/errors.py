"""Why a picture is refused, and what its sender can do."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError
from parvis.core.translation import gettext_noop


class PictureRefused(DataError):
    """This picture cannot be received."""

    code: ClassVar[str] = "picture-refused"
    sentence: ClassVar[str] = gettext_noop("L’image « {file} » est refusée.")


class PictureUnknown(PictureRefused):
    """The content is that of no kind of picture that is received."""

    code: ClassVar[str] = "picture-unknown"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’est pas une image JPEG, PNG, WebP, GIF ou AVIF.")
    advice: ClassVar[str] = gettext_noop(
        "Ouvrez-la dans un logiciel d’image, enregistrez-la en JPEG ou en PNG, puis renvoyez-la."
    )


class PictureTooLarge(PictureRefused):
    """More pixels than are decoded."""

    code: ClassVar[str] = "picture-too-large"
    sentence: ClassVar[str] = gettext_noop("L’image « {file} » est trop grande : {width} × {height} pixels.")
    advice: ClassVar[str] = gettext_noop("Réduisez-la, par exemple à 4 000 pixels de large, puis renvoyez-la.")


class PictureBroken(PictureRefused):
    """It begins as a picture, and cannot be decoded to its end."""

    code: ClassVar[str] = "picture-broken"
    sentence: ClassVar[str] = gettext_noop("L’image « {file} » est abîmée ou incomplète.")
    advice: ClassVar[str] = gettext_noop(
        "Renvoyez-la ; si le refus persiste, enregistrez-la de nouveau en JPEG ou en PNG avec un logiciel d’image."
    )
