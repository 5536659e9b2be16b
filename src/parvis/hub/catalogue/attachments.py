"""Documents that go with a dataset: what may be one, adding, taking away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar

from django.core.files.base import File
from django.db import transaction

from parvis.core.errors import DataError
from parvis.core.text import seen_text, shown_name, slugify
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.registry import modules
from parvis.hub.uploads.services import receive_document

MOST_BYTES = 50_000_000


class AttachmentRefused(DataError):
    """This document may not be attached."""

    code: ClassVar[str] = "attachment-refused"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne peut pas être joint : {reason}.")
    advice: ClassVar[str] = gettext_noop("50 Mo au plus.")


@dataclass(frozen=True, slots=True)
class AttachmentCheck:
    """How each document is looked at before it is attached.

    ``look`` tells what its title, name and content hold (JSON-able rows; may be long), then ``holds`` whether that must wait
    (asked at the very moment it is attached). ``undecided`` says in words what somebody has to decide of a document that goes
    with a record, for which nothing was decided yet; nothing when it may be read at once.
    """

    look: Callable[[str, str, File], list[dict[str, Any]]]
    holds: Callable[[Dataset, list[dict[str, Any]]], bool]
    undecided: Callable[[list[dict[str, Any]]], list[str]]


def add_attachment(actor: Actor, dataset: Dataset, title: str, name: str, content: File) -> Attachment:
    """Attach a document; DataError for a type, size or content that will not do. It may be held (see the model).

    A picture is attached as it is written again: upright, its pixels alone.
    """
    require(actor, "edit", dataset.organisation_id, f"joindre un document à « {dataset.title} »")
    name = shown_name(name)
    if content.size > MOST_BYTES:
        raise AttachmentRefused(file=name, reason=Sentence("fichier trop lourd"))
    received = receive_document(name, content)
    content, mimetype = received.content, received.media_type
    suffix = PurePath(name).suffix.lower()
    stem = slugify(PurePath(name).stem)[:60] or "document"
    checks = [module.attachment_check for module in modules() if module.attachment_check is not None]
    looked = [(check.look(title, name, content), check.holds) for check in checks]
    with transaction.atomic():
        Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)  # nothing is decided or withdrawn meanwhile
        attachment = Attachment(dataset=dataset, title=seen_text(title) or PurePath(name).stem, mimetype=mimetype)
        attachment.held = any(holds(dataset, found) for found, holds in looked)
        attachment.findings = [row for found, _holds in looked for row in found]
        attachment.slug = _free_slug(dataset, slug_of(name))
        attachment.bytes = content.size
        attachment.sha256 = _digest(content)
        attachment.file.save(f"{dataset.uid}-{stem}{suffix}", content, save=False)
        attachment.save()
        record(actor.name, actor.person_id, "attachment.add", "dataset", dataset.dataset_id, name=attachment.title)
        bump_revision(dataset)
    return attachment


def _digest(content: File) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def put_attachment(actor: Actor, dataset: Dataset, title: str, name: str, content: File) -> Attachment:
    """Attach a document in place of the one that has its file name, whose address it takes; done twice, there is one."""
    former = Attachment.every.filter(dataset=dataset, slug=slug_of(shown_name(name))).first()
    attachment = add_attachment(actor, dataset, title, name, content)
    if former is not None:
        with transaction.atomic():  # short: the document was looked at before
            remove_attachment(actor, former)
            attachment.slug = slug_of(shown_name(name))
            attachment.save(update_fields=["slug"])
    return attachment


def slug_of(name: str) -> str:
    """The address that a document of that file name has, when no other has it."""
    return f"{slugify(PurePath(name).stem)[:60] or 'document'}-{PurePath(name).suffix.lower()[1:]}"


def remove_attachment(actor: Actor, attachment: Attachment) -> None:
    """Take a document away; its file is erased once the row is gone for good."""
    dataset = attachment.dataset
    require(actor, "edit", dataset.organisation_id, f"retirer un document de « {dataset.title} »")
    storage, path = attachment.file.storage, attachment.file.name
    with transaction.atomic():
        attachment.delete()
        record(actor.name, actor.person_id, "attachment.remove", "dataset", dataset.dataset_id, name=attachment.title)
        bump_revision(dataset)
        transaction.on_commit(lambda: storage.delete(path))


def _free_slug(dataset: Dataset, base: str) -> str:
    slug, number = base, 1
    while Attachment.every.filter(dataset=dataset, slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
