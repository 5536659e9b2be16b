"""Why a picture is refused, and what its sender can do."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError


class PictureRefused(DataError):
    """This picture cannot be received."""

    code: ClassVar[str] = "picture-refused"
    fr: ClassVar[str] = "L’image « {file} » est refusée."
    en: ClassVar[str] = "The picture “{file}” is refused."


class PictureUnknown(PictureRefused):
    """The content is that of no kind of picture that is received."""

    code: ClassVar[str] = "picture-unknown"
    fr: ClassVar[str] = "« {file} » n’est pas une image JPEG, PNG, WebP, GIF ou AVIF."
    en: ClassVar[str] = "“{file}” is not a JPEG, PNG, WebP, GIF or AVIF picture."
    hint_fr: ClassVar[str] = "Ouvrez-la dans un logiciel d’image, enregistrez-la en JPEG ou en PNG, puis renvoyez-la."
    hint_en: ClassVar[str] = "Open it in image software, save it as JPEG or PNG, then send it again."


class PictureTooLarge(PictureRefused):
    """More pixels than are decoded."""

    code: ClassVar[str] = "picture-too-large"
    fr: ClassVar[str] = "L’image « {file} » est trop grande : {width} × {height} pixels."
    en: ClassVar[str] = "The picture “{file}” is too large: {width} × {height} pixels."
    hint_fr: ClassVar[str] = "Réduisez-la, par exemple à 4 000 pixels de large, puis renvoyez-la."
    hint_en: ClassVar[str] = "Make it smaller, to 4,000 pixels wide for instance, then send it again."


class PictureBroken(PictureRefused):
    """It begins as a picture, and cannot be decoded to its end."""

    code: ClassVar[str] = "picture-broken"
    fr: ClassVar[str] = "L’image « {file} » est abîmée ou incomplète."
    en: ClassVar[str] = "The picture “{file}” is damaged or incomplete."
    hint_fr: ClassVar[str] = (
        "Renvoyez-la ; si le refus persiste, enregistrez-la de nouveau en JPEG ou en PNG avec un logiciel d’image."
    )
    hint_en: ClassVar[str] = "Send it again; if it is still refused, save it anew as JPEG or PNG with image software."
