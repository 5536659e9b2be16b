"""Reading records, always through somebody's eyes."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from parvis.core.errors import NotFound
from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor, organisations_open_to
from parvis.hub.records.models import CivicRecord, FormerAddress, RecordFile, RecordLogEntry, Stamp
from parvis.hub.records.rules import Moved, Status, may_see
from parvis.hub.records.trigram_index import holding
from parvis.hub.registry import Reading


def visible_to[Kind: CivicRecord](kind: type[Kind], actor: Actor) -> QuerySet[Kind]:
    """Those that exist for the actor; the query form of ``rules.may_see``."""
    records = kind.objects.select_related("organisation", "organisation__territory")
    return records if actor.everything else records.filter(Q(status=Status.PUBLISHED) | _where(actor, "edit"))


def published[Kind: CivicRecord](kind: type[Kind]) -> QuerySet[Kind]:
    """Those that anybody may read: what lists, feeds and site maps show, no matter who looks."""
    return kind.objects.select_related("organisation", "organisation__territory").filter(status=Status.PUBLISHED)


def managed_by[Kind: CivicRecord](kind: type[Kind], actor: Actor, action: str = "edit") -> QuerySet[Kind]:
    """Those to which the actor may do ``action``: the back office's list."""
    records = kind.objects.select_related("organisation", "author")
    return records if actor.everything else records.filter(_where(actor, action))


def _where(actor: Actor, action: str) -> Q:
    return Q(organisation__in=organisations_open_to(actor, action))


def record_at[Kind: CivicRecord](kind: type[Kind], actor: Actor, slug: str) -> Kind:
    """The one of that address; Moved when it has another now, NotFound when it does not exist for the actor."""
    record = kind.objects.select_related("organisation", "organisation__territory").filter(slug=slug).first()
    if record is None:
        record = _moved(kind, slug)
        if record is not None and may_see(actor, record.status, record.organisation_id):
            raise Moved(slug=record.slug, address=record.get_absolute_url())
    if record is None or not may_see(actor, record.status, record.organisation_id):
        raise NotFound(name=slug)
    return record


def _moved[Kind: CivicRecord](kind: type[Kind], slug: str) -> Kind | None:
    former = FormerAddress.objects.filter(content_type=ContentType.objects.get_for_model(kind), slug=slug).first()
    return kind.objects.filter(pk=former.object_id).first() if former else None


def was_deleted(kind: type[CivicRecord], name: str, value: str) -> bool:
    """Whether one that other catalogues know by that name was deleted here."""
    acts = RecordLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(kind), action="wagtail.delete")
    return acts.filter(**{f"data__{name}": value}).exists()


def managed_at[Kind: CivicRecord](kind: type[Kind], actor: Actor, slug: str) -> Kind:
    """The same for who may change it, as its last revision has it; NotFound for the rest."""
    record = managed_by(kind, actor).filter(slug=slug).first()
    if record is None:
        raise NotFound(name=slug)
    latest: Kind = record.get_latest_revision_as_object()
    return latest


def matching[Kind: CivicRecord](
    records: QuerySet[Kind], words: str, most: int = 8, *, few: bool = False
) -> QuerySet[Kind]:
    """Those whose texts hold every word of a search, whatever its accents and capitals; the first ``most`` words count.

    ``few`` says that other conditions leave few records: reading these is quicker than what an index of words has of all.
    """
    return holding(records, fold(words).replace("\0", " ").split()[:most], few=few)


def stamp_of(kind: type[CivicRecord]) -> int:
    """A number that is another after each act on a record of the kind."""
    row = Stamp.objects.filter(content_type=ContentType.objects.get_for_model(kind)).values_list("number", flat=True)
    return row.first() or 0


def readings_of(kind: type[CivicRecord]) -> Iterator[Reading]:
    """The datasets that records of a kind read, as their column ``datasets`` says; archived ones read no more."""
    for record in kind.objects.exclude(status=Status.ARCHIVED).select_related("organisation").order_by("title", "pk"):
        for name in record.datasets:  # type: ignore[attr-defined]
            yield Reading(name, record=record)


def files_of(record: CivicRecord) -> list[RecordFile]:
    """The documents that go with a record as its page shows them: online, those that readers see; else those that they will.
    None of those that are held.

    Rows read with ``prefetch_related("files")`` ask nothing more.
    """
    if not record.takes_files:
        return []
    hidden = RecordFile.State.NEW if record.live else RecordFile.State.LEAVING
    files = [file for file in record.files.all() if file.state != hidden and not file.held]
    for file in files:
        file.record = record
    return files


def file_at(record: CivicRecord, slug: str) -> RecordFile:
    """One of them; NotFound when the page shows none of that address."""
    for file in files_of(record):
        if file.slug == slug:
            return file
    raise NotFound(name=slug)
