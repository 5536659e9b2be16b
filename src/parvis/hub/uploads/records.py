"""Documents that go with records: received through a child like any other, then kept by the services of records."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.files.base import File

from parvis.core.errors import DataError
from parvis.core.text import seen_text, shown_name, slugify
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.records.models import CivicRecord, RecordFile
from parvis.hub.records.services import attach
from parvis.hub.registry import modules
from parvis.hub.uploads.services import receive_document

if TYPE_CHECKING:
    from parvis.hub.catalogue.attachments import AttachmentCheck

MOST_BYTES = 50_000_000
MOST_FILES = 50
"""Documents of one record."""


class FileRefused(DataError):
    """This document may not go with a record."""

    code: ClassVar[str] = "record-file"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne peut pas être joint : {reason}.")
    advice: ClassVar[str] = gettext_noop("50 Mo au plus par document, 50 documents au plus.")


def document_checks() -> list[AttachmentCheck]:
    """How modules look at documents."""
    return [module.attachment_check for module in modules() if module.attachment_check is not None]


def undecided(file: RecordFile) -> list[str]:
    """What somebody has to decide of a document that is held, in a few words each."""
    return [words for check in document_checks() for words in check.undecided(file.findings)] if file.held else []


def add_file(actor: Actor, record: CivicRecord, title: str, name: str, content: File[Any]) -> RecordFile:
    """Attach a document; DataError for a type, size or content that will not do. A picture is kept as it is written again.

    It is searched for persons as those of datasets are: held where somebody has to decide (``records.services.release``).
    """
    require(actor, "edit", record.organisation_id, f"joindre un document à « {record.title} »")
    name = shown_name(name)
    if content.size > MOST_BYTES:
        raise FileRefused(file=name, reason=Sentence(gettext_noop("fichier trop lourd")))
    if record.files.count() >= MOST_FILES:
        raise FileRefused(file=name, reason=Sentence(gettext_noop("il y en a déjà trop")))
    received = receive_document(name, content)
    stem = PurePath(name).stem
    checks = document_checks()
    findings = [row for check in checks for row in check.look(title, name, received.content)]
    file = RecordFile(
        title=seen_text(title) or stem,
        slug=f"{slugify(stem)[:60] or 'document'}-{PurePath(name).suffix.lower()[1:]}",
        media_type=received.media_type,
        bytes=received.content.size,
        findings=findings,
        held=any(check.undecided(findings) for check in checks),
    )
    return attach(actor, record, file, File(received.content, name=name))
