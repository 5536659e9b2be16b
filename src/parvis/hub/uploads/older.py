"""Pictures of the library that were received before they were written again: they still hold what cameras write beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.utils.file import hash_filelike

from parvis.core.documents import KINDS
from parvis.core.errors import ParvisError
from parvis.core.pictures import EXTENSIONS, Received, measure
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.uploads.services import LONGEST_DOCUMENT, LONGEST_PICTURE, receive_picture

_FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture looked at: its name and title, and whether it was written again; ``error`` when it could not be."""

    name: str
    title: str
    rewritten: bool = False
    error: ParvisError | None = None
    missing: bool = False


def rewrite_library(actor: Actor) -> Iterator[Looked]:
    """Write again every picture of the library that holds more than pixels, and forget the renditions made of it.

    Safe to run twice, and to stop. Needs every right.
    """
    require(actor, "administer", None, "réécrire les images de la médiathèque")
    for image in get_image_model().objects.order_by("pk").iterator():
        yield _looked(actor, image, LONGEST_PICTURE)
    for document in get_document_model().objects.order_by("pk").iterator():
        kind = KINDS.get(document.file_extension.lower())
        if kind is not None and kind.is_picture:
            yield _looked(actor, document, LONGEST_DOCUMENT)


def _looked(actor: Actor, row: Any, longest: int) -> Looked:
    name = row.file.name
    try:
        with row.file.storage.open(name, "rb") as stream:
            body = stream.read()
    except FileNotFoundError:
        return Looked(name, row.title, missing=True)
    header = measure(body)
    if header is not None and header.bare:
        return Looked(name, row.title)
    try:
        received = receive_picture(row.filename, ContentFile(body), longest=longest)
    except ParvisError as error:
        return Looked(name, row.title, error=error)
    _replace(actor, row, received)
    return Looked(name, row.title, rewritten=True)


def _replace(actor: Actor, row: Any, received: Received) -> None:
    former = row.file.name
    renditions = list(row.renditions.all()) if hasattr(row, "renditions") else []
    name = f"{PurePath(row.filename).stem}.{EXTENSIONS[received.kind]}"
    size = (row.width, row.height) if hasattr(row, "width") else None
    with transaction.atomic():
        row.file.save(name, ContentFile(received.body, name), save=False)
        row.file_size, row.file_hash = len(received.body), hash_filelike(ContentFile(received.body))
        if size is not None:
            _move_focus(row, size)
        row.save()
        for rendition in renditions:
            rendition.delete()
        record(actor.name, actor.person_id, "picture.rewrite", row._meta.model_name, str(row.pk), name=row.title)
    for gone in (former, *(rendition.file.name for rendition in renditions)):
        row.file.storage.delete(gone)


def _move_focus(image: Any, former: tuple[int, int]) -> None:
    """Where the picture is to be cropped around follows it to its new size; a picture that was turned has none any more."""
    across, down = image.width / former[0], image.height / former[1]
    for field in _FOCUS:
        value = getattr(image, field)
        if value is not None:
            setattr(image, field, round(value * across) if abs(across - down) < 0.01 else None)
