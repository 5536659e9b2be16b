"""The pictures that the demonstration gives to pages and homes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from wagtail.images import get_image_model

from parvis.core.pictures import EXTENSIONS
from parvis.hub.uploads.services import receive_picture


def with_picture(row: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The facts of a page or a home, its ``picture`` (``file``, ``alt``, ``credit``) made one of the library.

    It goes the way of every picture that a person sends: nothing here is trusted for being ours.
    """
    facts = dict(row)
    picture = facts.pop("picture", None)
    if picture:
        facts |= {
            "picture": _image(folder / picture["file"], picture["alt"]),
            "picture_alt": picture["alt"],
            "picture_credit": picture["credit"],
        }
    return facts


def _image(path: Path, title: str) -> Any:
    """The picture of the library with that name, added when it is not there yet."""
    images, name = get_image_model(), path.stem
    present = images.objects.filter(title=name).first()
    if present is not None:
        return present
    received = receive_picture(path.name, ContentFile(path.read_bytes(), name=path.name))
    file = ContentFile(received.body, name=f"{name}.{EXTENSIONS[received.kind]}")
    return images.objects.create(
        title=name, description=title[:255], file=file, width=received.width, height=received.height
    )
