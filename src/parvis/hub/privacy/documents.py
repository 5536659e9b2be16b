"""Documents searched again: those attached before anybody looked, and all of them after the search has learnt something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.db import transaction

from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.privacy.publication_check import holds_attachment, look_at_attachment


@dataclass(frozen=True, slots=True)
class Searched:
    """A document looked at again: how many findings, whether it waits for a decision, and whether it was shown until now.

    ``missing`` when its file is no longer there: nothing is changed.
    """

    attachment: Attachment
    findings: int = 0
    held: bool = False
    was_shown: bool = False
    missing: bool = False


def search_documents_again(actor: Actor) -> Iterator[Searched]:
    """Search every document of every dataset and hold those that name persons and of which nobody decided.

    Needs the right to edit each dataset. A decision covers what it covered: it is about the content of a document.
    """
    for dataset in Dataset.objects.filter(attachments__isnull=False).distinct().order_by("dataset_id"):
        require(actor, "edit", dataset.organisation_id, f"examiner les documents de « {dataset.title} »")
        for attachment in Attachment.every.filter(dataset=dataset):
            yield _search(actor, dataset, attachment)


def _search(actor: Actor, dataset: Dataset, attachment: Attachment) -> Searched:
    try:
        with attachment.file.open("rb") as content:
            findings = look_at_attachment(attachment.title, PurePath(attachment.file.name).name, content)
    except FileNotFoundError:
        return Searched(attachment, missing=True)
    was_shown = not attachment.held
    with transaction.atomic():
        Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)  # nothing is decided or withdrawn meanwhile
        is_held = holds_attachment(dataset, findings)
        if (is_held, findings) != (attachment.held, attachment.findings):
            Attachment.every.filter(pk=attachment.pk).update(held=is_held, findings=findings)
            details = {"name": attachment.title, "held": is_held}
            record(actor.name, actor.person_id, "attachment.search", "dataset", dataset.dataset_id, **details)
            bump_revision(dataset)
            attachment.held, attachment.findings = is_held, findings
    return Searched(attachment, len(findings), is_held, was_shown)
