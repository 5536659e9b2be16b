"""Publishing the rows of a subject as a dataset, through the usual import: checked, versioned and searched for persons like any other."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.core.progress import Progress
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import create_dataset, update_card
from parvis.hub.datastore.selectors import source_of
from parvis.hub.datastore.services import abandon, deposit_file, run_import_here, start_import
from parvis.hub.datastore.services.versions import forget_versions
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.privacy.services import decide_beforehand
from parvis.hub.publications.declaration import Publication
from parvis.hub.publications.kinds import PUBLISH
from parvis.hub.records.models import CivicRecord
from parvis.hub.registry import publications
from parvis.hub.validation.selectors import bundled_ref
from parvis.hub.validation.services import follow

TAKING_AWAY = frozenset({"unpublish", "retire", "archive", "delete", "erase"})
"""What is done to a record after which readers have it no more."""
LONGEST_IMPORT = timedelta(hours=1)
"""How long it may take from the moment when rows are read to that of their version."""
_NEVER = datetime.min.replace(tzinfo=UTC)


def publish_rows(actor: Actor, publication: Publication, day: date, progress: Progress) -> Dataset | None:
    """Publish the rows of that day as the current version of the dataset.

    None when there are no rows yet, when there is nobody to publish them, when somebody withdrew the dataset (it stays
    withdrawn), or when its current version already says the same. Forbidden unless the actor has every right.
    """
    require(actor, "administer", None, f"publier « {publication.dataset_id} »")
    dataset = (
        Dataset.objects.filter(dataset_id=publication.dataset_id).select_related("current", "organisation").first()
    )
    if dataset is not None and dataset.status in (Status.UNPUBLISHED, Status.DELETED):
        return None
    owner = dataset.organisation if dataset is not None else publication.owner()
    if owner is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{publication.dataset_id}.csv"
        may_be_empty = publication.may_be_emptied and dataset is not None
        if not _write(path, publication.columns, publication.rows(day)) and not may_be_empty:
            return None
        if dataset is not None and _says_the_same(dataset, path, is_published=publication.is_published):
            _forget(actor, publication, dataset)
            return None
        dataset = dataset or _made(actor, owner, publication)
        return _renewed(actor, publication, dataset, path, progress)


def _made(actor: Actor, owner: Organisation, publication: Publication) -> Dataset:
    with transaction.atomic():
        dataset = create_dataset(actor, owner, publication.dataset_id, publication.card)
        if publication.schema:
            follow(actor, dataset, bundled_ref(publication.schema))
        if (examined := publication.examined) is not None:
            words = {"ground": examined.ground, "explanation": examined.explanation}
            decide_beforehand(actor, dataset, examined.keys, **words)
    return dataset


def _renewed(actor: Actor, publication: Publication, dataset: Dataset, path: Path, progress: Progress) -> Dataset:
    """The dataset with one more version. What was erased leaves what everybody reads even when somebody must look at the new rows
    first: the rest is the organisation's alone until then (PublicationHeld)."""
    try:
        dataset = _import(actor, dataset, path, progress, publish=publication.is_published)
    except PublicationHeld:
        current = dataset.current
        if current is not None and current.created < _forgotten_before(publication):
            update_card(actor, dataset, {"access": Access.INTERNAL})
            dataset = _import(actor, dataset, path, progress, publish=publication.is_published)
            _forget(actor, publication, dataset)
        raise
    _forget(actor, publication, dataset)
    return dataset


def _forget(actor: Actor, publication: Publication, dataset: Dataset) -> None:
    """Remove the former versions that may have what was erased."""
    forget_versions(actor, dataset, _forgotten_before(publication))


def _forgotten_before(publication: Publication) -> datetime:
    """Versions made before have what was erased, or may: their rows may have been read just before it was."""
    erased = publication.erased()
    return erased + LONGEST_IMPORT if erased is not None else _NEVER


def record_changed(sender: type[CivicRecord], record: CivicRecord, act: str = "", **_rest: Any) -> None:
    """Have the datasets that follow this kind of records published again when the hour ends: one version for all its acts.

    When the minute ends for a dataset that does not exist yet, since who has just written the first record looks for it, and for a
    record that is taken away: its page is gone already, and its row may be what it was withdrawn for.
    """
    now = timezone.now().replace(second=0, microsecond=0)
    for publication in publications():
        if publication.follows is sender and publication.concerns(record):
            waits = act not in TAKING_AWAY and Dataset.objects.filter(dataset_id=publication.dataset_id).exists()
            after = now.replace(minute=0) + timedelta(hours=1) if waits else now + timedelta(minutes=1)
            key = f"{publication.dataset_id} {after.isoformat()}"
            enqueue_once(OPERATOR, PUBLISH, key, after=after, dataset=publication.dataset_id)


def _import(actor: Actor, dataset: Dataset, path: Path, progress: Progress, *, publish: bool) -> Dataset:
    deposit = deposit_file(actor, path)
    try:
        run_import_here(actor, start_import(actor, deposit=deposit, dataset=dataset, publish=publish), progress)
    except BaseException:
        abandon(actor, deposit)
        raise
    dataset.refresh_from_db()
    return dataset


def _says_the_same(dataset: Dataset, path: Path, *, is_published: bool) -> bool:
    """Whether the version that readers see, or the last one of a dataset that waits, has these very rows."""
    version = dataset.current if is_published else dataset.versions.order_by("-pk").first()
    if version is None:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == source_of(dataset, version).manifest.original.sha256


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """The rows as CSV; how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_WRITTEN.get(value, value) if isinstance(value, bool) else value for value in row])
            count += 1
    return count


_WRITTEN = {True: "vrai", False: "faux"}
