"""Reading what was pushed: the stream of a dataset, its log, what lies over its current version."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from parvis.core.errors import NotFound
from parvis.core.rowlog.batches import UNDO, Batch, Head
from parvis.core.rowlog.laying import Laid, LaidRows
from parvis.core.rowlog.log import RowLog
from parvis.hub.rowlog.models import Fold, RowStream
from parvis.hub.store import rowlog_name, runs_name, store

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


@lru_cache(maxsize=1_000)
def log_of(uid: str) -> RowLog:
    """The log of a dataset, one object a process."""
    return RowLog(store(), rowlog_name(uid))


def has_runs(uid: str) -> bool:
    """Whether something may lie over the versions of a dataset: there are thousands of files between two versions, so none is listed."""
    try:
        store().local(runs_name(uid))
    except NotFound:
        return False
    return True


def stream_of(dataset: Dataset) -> RowStream | None:
    """What is chosen for the pushed rows of a dataset; None when it never took any."""
    return RowStream.objects.filter(dataset=dataset.pk).first()


def laid_rows(dataset: Dataset) -> LaidRows | None:
    """What lies over the version that readers see of a dataset.

    Read once for each stamp of it, which is new each time that this changes.
    """
    if dataset.current_id is None:
        return None
    laid = _laid_rows(dataset.pk, dataset.stamp, dataset.uid)
    if laid is None:
        return None
    version, rows = laid
    return rows if version == dataset.current.name else None


@lru_cache(maxsize=5_000)
def _laid_rows(dataset: int, stamp: int, uid: str) -> tuple[str, LaidRows] | None:
    if not has_runs(uid):  # as of nearly all: the database is not asked
        return None
    stream = RowStream.objects.filter(dataset=dataset).first()
    if stream is None or stream.is_held:
        return None
    laid = Laid.from_dict(stream.laid)
    if not laid.parts and not laid.gone:
        return None
    return stream.version_name, LaidRows(laid, runs_name(uid), stream.mark)


def batches_of(stream: RowStream, most: int, before: int | None = None) -> list[tuple[Head, bool]]:
    """The latest batches, the last first, each with whether it is undone; those before one of them when it is named."""
    log = log_of(stream.dataset.uid)
    last = log.last_number()
    upper = last if before is None else min(before - 1, last)
    lower = max(upper - most, first_kept(stream) - 1)
    undone = undone_in(log.read(lower))
    chosen = islice(log.read(lower), max(upper - lower, 0))
    return [(batch.head, batch.head.number in undone) for batch in chosen][::-1]


def batch_of(stream: RowStream, number: int) -> Batch:
    """One batch; NotFound when it is no more, or not yet."""
    if number >= first_kept(stream):
        for batch in log_of(stream.dataset.uid).read(number - 1):
            return batch
    raise NotFound(name=str(number))


def first_kept(stream: RowStream) -> int:
    """The number of the first batch that the log still has."""
    segments = log_of(stream.dataset.uid).segments()
    return segments[0] if segments else 1


def undone_in(batches: Iterator[Batch]) -> set[int]:
    """The numbers of the batches that others of them undo."""
    return {
        number
        for batch in batches
        if batch.head.kind == UNDO
        for first, last in batch.head.undone
        for number in range(first, last + 1)
    }


def fold_called(version_name: str) -> Fold | None:
    """How a version was made of what was pushed; None for another."""
    return Fold.objects.filter(version_name=version_name).first()


def versions_relied_on(dataset: Dataset) -> set[str]:
    """The version over which the oldest batches that can be undone were laid: the history goes back to it."""
    stream = stream_of(dataset)
    if stream is None:
        return set()
    folds = Fold.objects.filter(dataset=dataset, base__gte=first_kept(stream) - 1).order_by("pk")
    return set(folds.values_list("base_name", flat=True)[:1])
