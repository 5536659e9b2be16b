"""Documents that go with records: received through a child like any other, then kept by the services of records."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, ClassVar

from django.core.files.base import File

from parvis.core.errors import DataError
from parvis.core.text import seen_text, shown_name, slugify
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.records.models import CivicRecord, RecordFile
from parvis.hub.records.services import attach
from parvis.hub.uploads.services import receive_document

MOST_BYTES = 50_000_000
MOST_FILES = 50
"""Documents of one record."""


class FileRefused(DataError):
    """This document may not go with a record."""

    code: ClassVar[str] = "record-file"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne peut pas être joint : {reason}.")
    advice: ClassVar[str] = gettext_noop("50 Mo au plus par document, 50 documents au plus.")


def add_file(actor: Actor, record: CivicRecord, title: str, name: str, content: File[Any]) -> RecordFile:
    """Attach a document; DataError for a type, size or content that will not do. A picture is kept as it is written again."""
    require(actor, "edit", record.organisation_id, f"joindre un document à « {record.title} »")
    name = shown_name(name)
    if content.size > MOST_BYTES:
        raise FileRefused(file=name, reason=Sentence(gettext_noop("fichier trop lourd")))
    if record.files.count() >= MOST_FILES:
        raise FileRefused(file=name, reason=Sentence(gettext_noop("il y en a déjà trop")))
    received = receive_document(name, content)
    stem = PurePath(name).stem
    file = RecordFile(
        title=seen_text(title) or stem,
        slug=f"{slugify(stem)[:60] or 'document'}-{PurePath(name).suffix.lower()[1:]}",
        media_type=received.media_type,
        bytes=received.content.size,
    )
    return attach(actor, record, file, File(received.content, name=name))
