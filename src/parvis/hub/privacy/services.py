"""Deciding, and withdrawing a decision: right, act, journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.core.privacy import search_document
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Attachment, Dataset, Version
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.services import bump_revision, set_access, unpublish
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.selectors import original_name
from parvis.hub.datastore.services.imports import require_import
from parvis.hub.privacy.models import Decision, Opening, Review
from parvis.hub.privacy.rules import AlreadyDecided, FindingsChanged, check_decision, findings_mark, undecided
from parvis.hub.privacy.selectors import (
    MEMBERS,
    card_findings,
    checked,
    decided_keys,
    document_findings,
    former_versions,
    import_undecided,
    publication_status,
    report_of,
    was_reserved,
)
from parvis.hub.store import store


def decide(
    actor: Actor, dataset: Dataset, version: Version | None, *, ground: str, explanation: str, mark: str | None = None
) -> Decision:
    """Record that what was found and not yet decided may be public, and the opening of what was reserved.

    ``mark`` is that of the ``Standing`` the person had read: FindingsChanged when it is another. AlreadyDecided when nothing is
    left, BadDecision without a ground or an explanation. Needs the right to publish.
    """
    require(actor, "publish", dataset.organisation_id, f"décider des données personnelles de « {dataset.title} »")
    text = check_decision(ground, explanation)
    if version is not None:
        publication_status(dataset, version)  # a long search, if one is needed, is over before the row is locked
    with transaction.atomic():
        locked = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
        now = publication_status(locked, version)
        if not now.waits:
            raise AlreadyDecided(**_who(locked))
        if mark is not None and mark != now.mark:
            raise FindingsChanged
        made = Decision.objects.create(
            dataset=locked,
            version=version,
            person_id=actor.person_id,
            actor=actor.name,
            ground=ground,
            explanation=text,
            keys=sorted(finding.key for finding in now.undecided),
            findings=[finding.to_dict() for finding in now.undecided],
            opening=now.opening or locked.access != Access.PUBLIC,
        )
        _release_documents(locked)
        _journal(actor, "privacy.decide", locked, ground=ground, keys=made.keys, opening=made.opening)
        bump_revision(locked)
    return made


def decide_beforehand(
    actor: Actor, dataset: Dataset, keys: Sequence[str], *, ground: str, explanation: str
) -> Decision:
    """Record, when a dataset is made, that what a search will find of those keys (``Finding.key``) may be public: somebody looked at it
    row by row where it was written. It may be withdrawn like any decision. BadDecision without a ground or an explanation."""
    require(actor, "publish", dataset.organisation_id, f"décider des données personnelles de « {dataset.title} »")
    text = check_decision(ground, explanation)
    with transaction.atomic():
        made = Decision.objects.create(
            dataset=dataset,
            person_id=actor.person_id,
            actor=actor.name,
            ground=ground,
            explanation=text,
            keys=sorted(keys),
        )
        _journal(actor, "privacy.decide", dataset, ground=ground, keys=made.keys, opening=False)
    return made


def decide_import(
    actor: Actor, imported: Import, *, ground: str, explanation: str, mark: str | None = None
) -> Decision:
    """The same during an import, before its version is written; it counts for that version and the next deliveries.

    ``mark`` is that of the findings that the person had read (``rules.findings_mark``).
    """
    require_import(actor, imported)
    if imported.dataset is not None:
        require(
            actor, "publish", imported.dataset.organisation_id, f"décider des données de « {imported.dataset.title} »"
        )
    text = check_decision(ground, explanation)
    with transaction.atomic():
        locked = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
        waiting = import_undecided(locked)
        if not waiting:
            raise AlreadyDecided(why=Sentence("tout est décidé"))
        if mark is not None and mark != findings_mark(waiting):
            raise FindingsChanged
        made = Decision.objects.create(
            dataset=locked.dataset,
            imported=locked,
            person_id=actor.person_id,
            actor=actor.name,
            ground=ground,
            explanation=text,
            keys=sorted(finding.key for finding in waiting),
            findings=[finding.to_dict() for finding in waiting],
        )
        record(actor.name, actor.person_id, "privacy.decide", "import", str(locked.pk), ground=ground, keys=made.keys)
    return made


def withdraw(actor: Actor, decision: Decision) -> Decision:
    """Take a decision back; what is online only thanks to it is withdrawn from every public door at once."""
    dataset = decision.dataset or decision.imported.dataset
    require(actor, "publish", dataset.organisation_id, f"revenir sur une décision de « {dataset.title} »")
    with transaction.atomic():
        locked = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
        done = Decision.objects.filter(pk=decision.pk, withdrawn=None).update(
            withdrawn=timezone.now(), withdrawn_by=actor.name
        )
        if not done:
            raise AlreadyDecided(why=Sentence("cette décision est déjà retirée"))
        _journal(actor, "privacy.withdraw", locked, decision=decision.pk)
        _hold_documents(locked)
        _close(actor, locked)
        bump_revision(locked)
    decision.refresh_from_db()
    return decision


def _close(actor: Actor, dataset: Dataset) -> None:
    """Take offline what of a dataset everybody reads and no decision covers any longer."""
    if dataset.status != Status.PUBLISHED:
        return
    if dataset.access == Access.PUBLIC:
        if publication_status(dataset, dataset.current).waits:
            unpublish(actor, dataset)
        _close_versions(dataset, _undecided_versions(dataset))
    elif dataset.announced and undecided(card_findings(card_of(dataset)), decided_keys(dataset)):
        set_access(
            actor,
            dataset,
            Access(dataset.access),
            list(dataset.allowed_organisations.all()),
            list(dataset.allowed_groups.all()),
            announced=False,
        )


def close_former(dataset: Dataset, **kwargs: Any) -> None:
    """Before everybody reads a dataset, keep when, and close its former versions that nobody decided to show.

    Those that name persons without a decision; all of them when it was reserved: what was decided is about the one online.
    """
    if dataset.access != Access.PUBLIC:
        return
    reserved = was_reserved(dataset)
    Opening.objects.update_or_create(dataset=dataset, defaults={"at": timezone.now()})
    _close_versions(dataset, former_versions(dataset) if reserved else _undecided_versions(dataset))


def _undecided_versions(dataset: Dataset) -> list[Version]:
    decided = decided_keys(dataset)
    return [one for one in former_versions(dataset) if undecided(report_of(one).findings, decided)]


def _close_versions(dataset: Dataset, versions: list[Version]) -> None:
    """Have versions that readers saw read by nobody but editors, until they are published again."""
    if versions:
        Version.objects.filter(pk__in=[one.pk for one in versions]).update(published=None)
        names = [one.name for one in versions]
        record(OPERATOR.name, None, "version.close", "dataset", dataset.dataset_id, versions=names)


def note_opening(version: Version, dataset: Dataset, **kwargs: Any) -> None:
    """Give decisions taken during the import their dataset and version; search what came beside the table."""
    Decision.objects.filter(imported__version_name=version.name, version=None).update(dataset=dataset, version=version)
    look_beside(version)


def look_beside(version: Version) -> None:
    """Search the other files of the archive that a version came in, once, and keep whether its original may be shown."""
    body = checked(version)
    if MEMBERS not in (body.get("unseen") or ()):
        return
    path = store().local(original_name(version.dataset, version))
    findings = search_document(path, name=f"{path.stem}.zip").blocking
    body["unseen"] = [what for what in body["unseen"] if what != MEMBERS]
    body["aside"] = sorted({*(body.get("aside") or ()), *(finding.kind for finding in findings)})
    Review.objects.filter(version=version).update(body=body)


def _release_documents(dataset: Dataset) -> None:
    """Show the documents whose findings are all decided."""
    decided = decided_keys(dataset)
    for attachment in Attachment.every.filter(dataset=dataset, held=True):
        if not undecided(document_findings(attachment), decided):
            Attachment.every.filter(pk=attachment.pk).update(held=False)


def _hold_documents(dataset: Dataset) -> None:
    decided = decided_keys(dataset)
    for attachment in Attachment.every.filter(dataset=dataset, held=False):
        if undecided(document_findings(attachment), decided):
            Attachment.every.filter(pk=attachment.pk).update(held=True)


def _who(dataset: Dataset) -> dict[str, Sentence]:
    last = Decision.objects.filter(dataset=dataset, withdrawn=None).first()
    if last is None:
        return {"why": Sentence("rien n’est à décider")}
    return {"why": Sentence("{actor} a décidé", {"actor": last.actor})}


def _journal(actor: Actor, action: str, dataset: Dataset, **details: Any) -> None:
    record(actor.name, actor.person_id, action, "dataset", dataset.dataset_id, **details)
