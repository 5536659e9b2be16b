"""The pictures that the demonstration gives to pages and homes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from wagtail.images import get_image_model

from parvis.core.pictures import EXTENSIONS
from parvis.hub.uploads.services import receive_picture
from parvis.packs.bundled_files import DEMO


def with_picture(row: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a page or a home, its ``picture`` (``file``, ``alt``, ``credit``) made one of the library.

    It goes the way of every picture that a person sends: nothing here is trusted for being ours.
    """
    facts = dict(row)
    picture = facts.pop("picture", None)
    if picture:
        facts |= {
            "picture": _image(picture["file"], picture["alt"]),
            "picture_alt": picture["alt"],
            "picture_credit": picture["credit"],
        }
    return facts


def _image(file: str, title: str) -> Any:
    """The picture of the library made of that one of the pack, added when it is not there yet."""
    images, name = get_image_model(), file.rpartition(".")[0]
    present = images.objects.filter(title=name).first()
    if present is not None:
        return present
    body = (DEMO / "pictures" / file).read_bytes()
    received = receive_picture(file, ContentFile(body, name=file))
    content = ContentFile(received.body, name=f"{name}.{EXTENSIONS[received.kind]}")
    facts = {"width": received.width, "height": received.height}
    return images.objects.create(title=name, description=title[:255], file=content, **facts)
