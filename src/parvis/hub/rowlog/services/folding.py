"""Making a version of what was pushed: the usual import of a table that Parvis writes, checked and published like any other."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.core.errors import ParvisError, error_row
from parvis.core.identifiers import new_version_id
from parvis.core.profiling.plans import overrides_from_fields
from parvis.core.progress import Progress
from parvis.core.rowlog.laying import Ground, Keeping, Laid, write_whole
from parvis.hub.accounts.rules import OPERATOR, Actor
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.services import rows_changed
from parvis.hub.datastore.lenses import forget_laid_subsets
from parvis.hub.datastore.rules import PUSHED
from parvis.hub.datastore.selectors import whole_source_of
from parvis.hub.datastore.services import abandon, deposit_file, run_import_here, start_import
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.rowlog.kinds import FOLD
from parvis.hub.rowlog.models import Fold, RowStream
from parvis.hub.rowlog.rules import FOLD_ROWS
from parvis.hub.rowlog.selectors import first_kept, log_of
from parvis.hub.rowlog.services.laying import ground_of, laid_further, lay_new, tidy_runs
from parvis.hub.store import store

_AGAIN = timedelta(minutes=5)
"""After a version that could not be made, before it is tried again."""


def ask_to_fold(actor: Actor, dataset: Dataset, base: str = "") -> Job | None:
    """Have a version made of what was pushed, over the version ``base`` if something since is undone; None when it is asked already."""
    return enqueue_once(actor, FOLD, f"{dataset.pk} {base}", again=timedelta(), dataset=dataset.pk, base=base)


def ask_for_due() -> None:
    """Ask for the versions whose hour has come, or whose rows are many."""
    now = timezone.now()
    streams = RowStream.objects.filter(since__isnull=False, is_held=False).select_related("dataset")
    for stream in streams:
        laid = Laid.from_dict(stream.laid)
        waits = timedelta(minutes=stream.fold_minutes)
        is_due = now - stream.since >= waits or laid.waiting >= FOLD_ROWS
        if is_due and stream.dataset.status == Status.PUBLISHED:
            again = _AGAIN if stream.trouble else timedelta()
            arguments = {"dataset": stream.dataset_id, "base": ""}
            enqueue_once(OPERATOR, FOLD, f"{stream.dataset_id} ", again=again, **arguments)


def fold(actor: Actor, dataset: Dataset, progress: Progress, base: str = "") -> Version | None:
    """Make and publish a version of what was pushed into a dataset; None when something holds it back.

    Over the version ``base``, when something that came since it is undone. The rows pushed meanwhile lie over it as soon as it is read.
    """
    if dataset.status != Status.PUBLISHED:
        return None
    lay_new(dataset.pk)
    stream = RowStream.objects.select_related("dataset__current", "dataset__organisation").get(dataset=dataset)
    with tempfile.TemporaryDirectory(prefix="rows-", dir=process_folder()) as work:
        made = _made(stream, base, Path(work))
        if made is None:
            return None
        path, record = made
        try:
            version = _published(actor, stream, path, record, progress)
        except PublicationHeld as error:
            _hold(stream, error_row(error))
            return None
        except ParvisError as error:
            record.delete()
            RowStream.objects.filter(pk=stream.pk).update(trouble=error_row(error))
            raise
    tidy(RowStream.objects.select_related("dataset").get(pk=stream.pk))
    return version


def _made(stream: RowStream, base: str, work: Path) -> tuple[Path, Fold] | None:
    """The table of the next version as a file, and what is noted of it; None when there is nothing to make."""
    laid, ground = Laid.from_dict(stream.laid), ground_of(stream)
    name, before = stream.version_name, stream.base
    if base and base != name:
        former = Fold.objects.filter(dataset=stream.dataset, base_name=base).first()
        version = stream.dataset.versions.filter(name=base).first()
        if former is None or version is None:
            return None
        name, before = base, former.base
        ground, laid = _from_before(stream, version, before)
    elif not laid.parts and not laid.gone:
        return None
    path = work / f"{stream.dataset.dataset_id}.parquet"
    if not write_whole(ground, laid, path, _keeping(stream)):
        return None  # a table without rows is no version: what empties it lies over the one that there is
    record = Fold.objects.create(
        dataset=stream.dataset, version_name=new_version_id(), through=laid.through, base_name=name, base=before
    )
    return path, record


def _from_before(stream: RowStream, version: Version, before: int) -> tuple[Ground, Laid]:
    """What lies over a former version once all that came since, but what is undone, is laid over it."""
    source = whole_source_of(stream.dataset, version)
    past = RowStream(dataset=Dataset(pk=stream.dataset_id, uid=stream.dataset.uid, current=version), key=stream.key)
    past.base, past.version_name = before, version.name
    laid = laid_further(past, Laid(through=before))
    ground = replace(ground_of(stream), folder=store().local(source.key), manifest=source.manifest)
    return ground, laid


def _published(actor: Actor, stream: RowStream, path: Path, record: Fold, progress: Progress) -> Version:
    dataset = stream.dataset
    deposit = deposit_file(actor, path)
    type(deposit).objects.filter(pk=deposit.pk).update(source=PUSHED)
    deposit.refresh_from_db()
    try:
        fields = [column.to_field() for column in whole_source_of(dataset, dataset.current).shape]
        overrides = {name: row.to_dict() for name, row in overrides_from_fields(fields).items()}
        imported = start_import(
            actor, deposit=deposit, dataset=dataset, publish=True, reading={}, overrides=overrides, steps=[]
        )
        imported.version_name = record.version_name
        imported.save(update_fields=["version_name"])
        return run_import_here(actor, imported, progress).version
    except PublicationHeld:
        raise
    except BaseException:
        abandon(actor, deposit)
        raise


def _hold(stream: RowStream, trouble: dict[str, Any]) -> None:
    """Show nothing of what was pushed, and take nothing more, until somebody publishes the version that holds it, or another."""
    with transaction.atomic():
        rows_changed(stream.dataset)
        RowStream.objects.filter(pk=stream.pk).update(is_held=True, trouble=trouble, since=None)


def _keeping(stream: RowStream) -> Keeping:
    """What the retention of a stream keeps."""
    since = datetime.now(UTC) - timedelta(days=stream.most_days) if stream.most_days else None
    return Keeping(stream.most_rows, stream.day_column, since)


def tidy(stream: RowStream) -> None:
    """Remove files that readers see no more, and what of the log is out of its time, or of no use without the version before it."""
    tidy_runs(stream)
    forget_laid_subsets(stream.dataset, stream.version_name, stream.mark)
    log = log_of(stream.dataset.uid)
    oldest = (timezone.now() - timedelta(days=stream.history_days)).timestamp()
    last = max(first_kept(stream) - 1, 0)
    for batch in log.read(last):
        if batch.head.moment > oldest or batch.head.number > stream.base:
            break
        last = batch.head.number
    log.forget(last)
    gone = Fold.objects.filter(dataset=stream.dataset, through__lt=first_kept(stream))
    gone.exclude(version_name=stream.version_name).delete()
