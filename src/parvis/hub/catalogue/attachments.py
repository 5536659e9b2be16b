"""Documents that go with a dataset: what may be one, adding, taking away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import batched
from pathlib import PurePath
from typing import Any, ClassVar

from django.core.files.base import File
from django.db import transaction

from parvis.core.errors import DataError, ParvisError
from parvis.core.progress import Progress
from parvis.core.text import seen_text, shown_name, slugify
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.services import bump_revision, renew_stamps
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


MOST_DIGESTS = 2_000
"""Documents whose digest one run notes: the others wait for the next."""


def note_digests(progress: Progress, most: int = MOST_DIGESTS) -> int:
    """Note the SHA-256 of documents attached before it was noted; how many. Stopped at any moment, it goes on where it was.

    A file that is away is left for another day: its storage may come back.
    """
    rows = Attachment.every.filter(sha256="").order_by("pk").values_list("pk", "dataset_id")
    count = 0
    # All of them are gone through: documents that are away must not hide those that come after.
    for group in batched(list(rows), _AT_ONCE, strict=False):
        digests: dict[int, tuple[int, str]] = {}
        for key, dataset_key in group[: most - count]:
            progress("documents", count)
            attachment = Attachment.every.filter(pk=key, sha256="").first()
            digest = attachment and _digest_of_stored(attachment)
            if digest:
                digests[key] = (dataset_key, digest)
        count += _keep_digests(digests)
        if count >= most:
            break
    return count


_AT_ONCE = 50
"""Digests that one transaction keeps."""


def _digest_of_stored(attachment: Attachment) -> str:
    try:
        with attachment.file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except (OSError, ParvisError):
        return ""


def _keep_digests(digests: Mapping[int, tuple[int, str]]) -> int:
    """Keep them, and say that their datasets are told otherwise; a document that is gone, or was noted meanwhile, is left as it is."""
    if not digests:
        return 0
    with transaction.atomic():
        changed = [
            key
            for key, (_dataset_key, digest) in sorted(digests.items())
            if Attachment.every.filter(pk=key, sha256="").update(sha256=digest)
        ]
        renew_stamps({digests[key][0] for key in changed})
    return len(changed)


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
