"""Receiving a file of a person: into a folder of its own, through a child, and out of it as what may be kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile

from parvis.core import pictures
from parvis.core.documents import DocumentMismatch, kind_named, require_document
from parvis.core.pictures import EXTENSIONS, MEDIA_TYPES, Received, Step
from parvis.core.text import shown_name
from parvis.core.translation import Sentence
from parvis.hub.jobs.process_locks import process_folder

LONGEST_PICTURE = 6_000
"""Pixels of the longest side of a picture that is kept: no screen and no page shows more."""
LONGEST_DOCUMENT = pictures.LONGEST_EDGE
"""The same of a picture that is read as a document (a plan, a scan): as large as it is received."""


@dataclass(frozen=True, slots=True)
class ReceivedDocument:
    """A document that is what its name says: the type it is served as, and its bytes as they may be kept."""

    media_type: str
    content: File[Any]


def receive_picture(name: str, content: File[Any], *, longest: int = LONGEST_PICTURE) -> Received:
    """A picture of a person written again; PictureRefused, or the error of a child that failed. Nothing is left of what was sent."""
    with _workplace(content) as (source, scratch):
        return pictures.receive_picture(source, scratch, shown_name(name), longest=longest)


def receive_document(name: str, content: File[Any]) -> ReceivedDocument:
    """A document of a person as it may be kept: itself, or for a picture its pixels alone.

    DocumentUnknown and DocumentMismatch by its name and content, PictureRefused for a picture.
    """
    kind, shown = kind_named(name), shown_name(name)
    if not kind.is_picture:
        with _workplace(content) as (source, scratch):
            media_type = require_document(source, scratch, kind, shown).media_type
        return ReceivedDocument(media_type, content)
    received = receive_picture(name, content, longest=LONGEST_DOCUMENT)
    if MEDIA_TYPES[received.kind] != kind.media_type:
        raise DocumentMismatch(file=shown, suffix=kind.suffix, reason=Sentence("c’est une autre sorte d’image"))
    return ReceivedDocument(kind.media_type, ContentFile(received.body, name=name))


def rendered(name: str, body: bytes, steps: list[Step], kind: str, quality: int) -> Received:
    """A picture of the library after some steps."""
    with _workplace(ContentFile(body)) as (source, scratch):
        return pictures.rendered(source, scratch, name, steps, kind, quality)


def upright_size(name: str, body: bytes) -> tuple[int, int]:
    """The size of a picture of the library once upright."""
    with _workplace(ContentFile(body)) as (source, scratch):
        return pictures.upright_size(source, scratch, name)


def rewrite(upload: UploadedFile, received: Received) -> None:
    """Have an upload hold what was received of it, under the ending of what it is: nothing later finds the bytes that were sent."""
    stem = PurePath(shown_name(upload.name or "")).stem or "image"
    upload.name = f"{stem}.{EXTENSIONS[received.kind]}"
    upload.content_type = MEDIA_TYPES[received.kind]
    replace(upload, received.body)


def replace(upload: UploadedFile, body: bytes) -> None:
    """Have an upload hold other bytes, in memory or in its temporary file."""
    upload.seek(0)
    upload.truncate()
    upload.write(body)
    upload.flush()
    upload.seek(0)
    upload.size = len(body)


@contextmanager
def _workplace(content: File[Any]) -> Iterator[tuple[Path, Path]]:
    """A copy of the bytes, and an empty folder for what a child makes of them; both gone afterwards, whatever happened."""
    work = process_folder()  # emptied at each start of what a killed process left
    with tempfile.TemporaryDirectory(prefix="upload-", dir=work) as folder:
        source, scratch = Path(folder, "received"), Path(folder, "made")
        scratch.mkdir()
        content.seek(0)
        with source.open("wb") as copy:
            for piece in content.chunks():
                copy.write(piece)
        content.seek(0)
        yield source, scratch
