"""Writing records: right, act, in that order; the journal, the history and who listens are served by ``RecordLogManager``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.actions.create import CreateAction
from wagtail.actions.edit import EditAction
from wagtail.log_actions import log

from parvis.core.errors import Forbidden
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Actor, may, require
from parvis.hub.records.actor import acting_as
from parvis.hub.records.models import CivicRecord, FormerAddress, RecordFile, RecordLogEntry, Submission
from parvis.hub.records.rules import (
    NoWorkflow,
    ReasonMissing,
    RecordLocked,
    Status,
    slug_of,
    title_of,
)
from parvis.hub.records.signals import record_changed

OF_DRAFTS = (
    "live",
    "live_revision",
    "latest_revision",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
)
"""Columns of Wagtail's that tell what is online."""
MOST_SAME_TITLES = 1_000
"""Records of one title, numbered: beyond, the address must be chosen."""
RESENT_WITHIN = timedelta(days=1)
"""How long a form that was sent is recognised."""


def create[Kind: CivicRecord](actor: Actor, record: Kind) -> Kind:
    """Keep a new record as a draft, under the address it was given or one made from its title; BadTitle, AddressTaken."""
    require(actor, "edit", record.organisation_id, f"enregistrer « {record.title} » pour « {record.organisation} »")
    record.title = title_of(record.title)
    record.author_id = actor.person_id
    if record.territory_id is None:
        record.territory_id = record.organisation.territory_id
    for slug in [record.slug] if record.slug else _slugs(record):
        if not _is_free(record, slug):
            continue
        record.slug = slug
        try:
            with transaction.atomic(), acting_as(actor):
                CreateAction(record, user=_person(actor)).execute(skip_permission_checks=True)
            return record
        except IntegrityError:
            # Two people took the same address at once: the next one, if it was ours to choose.
            if not type(record).objects.filter(slug=slug).exists():
                raise
            record.pk = None
    raise record.address_taken(slug=record.slug or slug_of(record.title, record.unnamed))


def create_once[Kind: CivicRecord](key: str, kind: type[Kind], make: Callable[[], Kind]) -> Kind:
    """What ``make`` makes, or the record that it made when the same form was sent before; ``key`` is empty for a form without token.

    The row of the key is written first: of two submissions at the same moment, the database has the second wait for the first. A record
    that was removed since is made again.
    """
    if not key:
        return make()
    with transaction.atomic():
        Submission.objects.filter(created__lt=timezone.now() - RESENT_WITHIN).delete()
        Submission.objects.get_or_create(key=key)
        submission = Submission.objects.select_for_update().get(key=key)
        record = kind.objects.filter(pk=submission.object_id).first()
        if record is None:
            record = make()
            Submission.objects.filter(key=key).update(object_id=record.pk)
    return record


def update[Kind: CivicRecord](actor: Actor, record: Kind, changes: Mapping[str, Any], *, revision: int) -> Kind:
    """Change what a record says; EditConflict when it is no longer at the ``revision`` that was opened, RecordLocked.

    What is online changes at once for who may publish; else the change waits, as a draft, for somebody who may.
    """
    require(actor, "edit", record.organisation_id, f"modifier « {record.title} »")
    _require_unlocked(actor, record)
    if record.live and not record.drafts_while_online:
        require(actor, "publish", record.organisation_id, f"modifier « {record.title} », qui est en ligne")
    publish_too = record.live and may(actor, "publish", record.organisation_id)
    with transaction.atomic(), acting_as(actor):
        same = type(record).objects.filter(pk=record.pk, revision=revision)
        if not same.update(revision=revision + 1):
            raise record.conflict(title=record.title)
        # What others did to the record since it was read, its being online included, is not undone by saving it.
        record.refresh_from_db(fields=[*record.of_the_record, *OF_DRAFTS])
        for name, value in changes.items():
            setattr(record, name, value)
        record.title = title_of(record.title)
        EditAction(record, user=_person(actor), publish=publish_too).execute(skip_permission_checks=True)
    if publish_too:
        record.refresh_from_db()
    return record


def publish[Kind: CivicRecord](actor: Actor, record: Kind) -> Kind:
    """Open its page to all, as its last revision has it."""
    require(actor, "publish", record.organisation_id, f"publier « {record.title} »")
    if record.live and not record.has_unpublished_changes:
        return record
    with transaction.atomic(), acting_as(actor):
        # Publishing writes the whole row: what works on it meanwhile waits, or is waited for.
        type(record).objects.select_for_update().get(pk=record.pk)
        # A record made before revisions were kept, or by a bulk load, has none.
        latest = record.get_latest_revision() or record.save_revision(user=_person(actor), clean=False)
        latest.publish(user=_person(actor), skip_permission_checks=True)
    record.refresh_from_db()
    return record


def withdraw[Kind: CivicRecord](actor: Actor, record: Kind, status: Status = Status.DRAFT) -> Kind:
    """Keep its page for its editors again: as a draft, or told retired or archived."""
    require(actor, "publish", record.organisation_id, f"retirer « {record.title} »")
    if record.status == status:
        return record
    act = {Status.DRAFT: "wagtail.unpublish", Status.RETIRED: "parvis.retire", Status.ARCHIVED: "parvis.archive"}
    with transaction.atomic(), acting_as(actor):
        was_live, record.status = record.live, status
        if was_live:
            # ``status_of`` keeps what was just said, since the record is no longer live when it is saved.
            record.unpublish(user=_person(actor), log_action=act[status])
        else:
            record.save(update_fields=["status", "modified"])
            log(record, "parvis.restore" if status == Status.DRAFT else act[status], user=_person(actor))
    return record


def archive[Kind: CivicRecord](actor: Actor, record: Kind) -> Kind:
    """Put it away: it is no longer in the lists of its editors unless they ask for it."""
    return withdraw(actor, record, Status.ARCHIVED)


def restore[Kind: CivicRecord](actor: Actor, record: Kind) -> Kind:
    """Bring back as a draft what was retired or archived."""
    return withdraw(actor, record, Status.DRAFT)


def submit[Kind: CivicRecord](actor: Actor, record: Kind) -> Kind:
    """Ask for the approval that its workflow plans; NoWorkflow when none is."""
    require(actor, "edit", record.organisation_id, f"soumettre « {record.title} »")
    workflow, person = record.get_workflow(), _person(actor)
    if workflow is None or person is None:
        raise NoWorkflow(title=record.title)
    with acting_as(actor):
        if (state := record.current_workflow_state) is None:
            workflow.start(record, person)
        elif state.status == state.STATUS_NEEDS_CHANGES:
            state.resume(person)
    return record


def move[Kind: CivicRecord](actor: Actor, record: Kind, slug: str) -> Kind:
    """Give it another address; the former one leads to it for ever. AddressTaken."""
    require(actor, "publish", record.organisation_id, f"changer l’adresse de « {record.title} »")
    if slug == record.slug:
        return record
    if not slug or slug_of(slug, "") != slug or not _is_free(record, slug):
        raise record.address_taken(slug=slug)
    kind, former = ContentType.objects.get_for_model(record), record.slug
    with transaction.atomic(), acting_as(actor):
        FormerAddress.objects.filter(content_type=kind, slug=slug, object_id=record.pk).delete()
        FormerAddress.objects.create(content_type=kind, slug=former, object_id=record.pk)
        record.slug = slug
        record.save(update_fields=["slug", "modified"])
        log(record, "parvis.move", user=_person(actor), data={"from": former})
    return record


def delete(actor: Actor, record: CivicRecord) -> None:
    """Remove it for ever, where its kind allows it; what it said stays in the journal, unless it ``leaves_no_trace``."""
    require(actor, "edit", record.organisation_id, f"supprimer « {record.title} »")
    if record.live:
        require(actor, "publish", record.organisation_id, f"supprimer « {record.title} », qui est en ligne")
    if not record.may_be_deleted:
        raise Forbidden(action=f"supprimer « {record.title} », que d’autres citent : retirez-le")
    _require_unlocked(actor, record)
    kind = ContentType.objects.get_for_model(record)
    with transaction.atomic(), acting_as(actor):
        log(record, "wagtail.delete", user=_person(actor), data=record.names_elsewhere(), deleted=True)
        FormerAddress.objects.filter(content_type=kind, object_id=record.pk).delete()
        if record.leaves_no_trace:
            RecordLogEntry.objects.filter(content_type=kind, object_id=record.pk).delete()
            record_changed.send(type(record), record=record, act="erase")
        record.delete()


def absorb[Kind: CivicRecord](actor: Actor, record: Kind, other: Kind) -> Kind:
    """Remove ``other``, which is the same thing: each of its addresses leads to ``record`` from now on."""
    kind, slug, former_key = ContentType.objects.get_for_model(record), other.slug, other.pk
    with transaction.atomic():
        for file in other.files.all():
            file.object_id, file.slug = record.pk, free_file_slug(record, file.slug)
            file.save(update_fields=["object_id", "slug"])
        former = list(
            FormerAddress.objects.filter(content_type=kind, object_id=former_key).values_list("slug", flat=True)
        )
        delete(actor, other)
        FormerAddress.objects.bulk_create(
            [FormerAddress(content_type=kind, slug=address, object_id=record.pk) for address in (*former, slug)]
        )
    return record


def attach(actor: Actor, record: CivicRecord, file: RecordFile, content: File[Any]) -> RecordFile:
    """Have a document go with a record; ``hub.uploads`` made sure that ``content`` is what ``file`` says.

    It is online at once for who may publish, else with the next publication.
    """
    _require_files(actor, record, f"joindre un document à « {record.title} »")
    shows = record.live and may(actor, "publish", record.organisation_id)
    file.record, file.state = record, RecordFile.State.SHOWN if shows else RecordFile.State.NEW
    with transaction.atomic(), acting_as(actor):
        _held(record)
        file.slug = free_file_slug(record, file.slug)
        name = f"{record.noun}-{record.slug}-{file.slug}{PurePath(content.name or '').suffix.lower()}"
        file.file.save(name, content, save=False)
        file.save()
        _note_file(actor, record, "parvis.attach", file, waits=not shows)
    return file


def detach(actor: Actor, record: CivicRecord, file: RecordFile) -> None:
    """Take a document away: at once for who may publish or when readers do not see it yet, else with the next publication."""
    _require_files(actor, record, f"retirer un document de « {record.title} »")
    is_seen = record.live and file.state != RecordFile.State.NEW
    waits = is_seen and not may(actor, "publish", record.organisation_id)
    with transaction.atomic(), acting_as(actor):
        _held(record)
        if waits:
            RecordFile.objects.filter(pk=file.pk).update(state=RecordFile.State.LEAVING)
        else:
            file.delete()
        _note_file(actor, record, "parvis.detach", file, waits=waits)


def release(actor: Actor, record: CivicRecord, file: RecordFile, reason: str) -> None:
    """Have a document that names persons be read as any other; needs the right to publish. The reason stays in the journal."""
    require(actor, "publish", record.organisation_id, f"publier un document de « {record.title} »")
    if not reason.strip():
        raise ReasonMissing(title=file.title)
    with transaction.atomic(), acting_as(actor):
        _held(record)
        RecordFile.objects.filter(pk=file.pk).update(held=False)
        log(record, "parvis.release", user=_person(actor), data={"file": file.title, "reason": reason.strip()})


def free_file_slug(record: CivicRecord, wished: str) -> str:
    """An address of the record's documents that none of them has."""
    slug, number = wished, 1
    while record.files.filter(slug=slug).exists():
        number += 1
        slug = f"{wished}-{number}"
    return slug


def _require_files(actor: Actor, record: CivicRecord, action: str) -> None:
    require(actor, "edit", record.organisation_id, action)
    if not record.takes_files:
        raise Forbidden(action=action)
    if record.live and not record.drafts_while_online:
        require(actor, "publish", record.organisation_id, action)
    _require_unlocked(actor, record)


def _held(record: CivicRecord) -> None:
    """Nobody publishes the record meanwhile, nor gives the same address to another document."""
    type(record).objects.select_for_update().get(pk=record.pk)


def _note_file(actor: Actor, record: CivicRecord, act: str, file: RecordFile, *, waits: bool) -> None:
    if waits and record.live and not record.has_unpublished_changes:
        # So that publishing has something to do, and editors are told that something waits.
        record.has_unpublished_changes = True
        type(record).objects.filter(pk=record.pk).update(has_unpublished_changes=True)
    log(record, act, user=_person(actor), data={"file": file.title})


def _require_unlocked(actor: Actor, record: CivicRecord) -> None:
    lock = record.get_lock()
    person = _person(actor)
    if lock is not None and person is not None and lock.for_user(person):
        raise RecordLocked(title=record.title)


def _person(actor: Actor) -> Person | None:
    return Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None


def _slugs(record: CivicRecord) -> list[str]:
    wished = slug_of(record.title, record.unnamed)
    return [wished, *(f"{wished}-{number}" for number in range(2, MOST_SAME_TITLES))]


def _is_free(record: CivicRecord, slug: str) -> bool:
    """Whether no other record has or had that address."""
    if slug in record.reserved or type(record).objects.filter(slug=slug).exclude(pk=record.pk).exists():
        return False
    former = FormerAddress.objects.filter(content_type=ContentType.objects.get_for_model(record), slug=slug)
    return not former.exclude(object_id=record.pk or 0).exists()
