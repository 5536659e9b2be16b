"""Showing what was pushed: what the log has is laid over the version that readers see, a few times a second at most.

A thread of each process that takes rows does it; a worker looks every few seconds for what a killed process left. Several may do the
same at once: the one whose row is written first wins, the others begin again.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from itertools import batched
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from parvis.core.errors import NotFound, ParvisError
from parvis.core.rowlog.batches import UNDO, Batch
from parvis.core.rowlog.laying import Ground, KeptConnection, Laid, lay
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import data_came, rows_changed
from parvis.hub.datastore.selectors import whole_source_of
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.quality.feeds import heard
from parvis.hub.rowlog.models import RowStream
from parvis.hub.rowlog.selectors import fold_called, log_of, undone_in
from parvis.hub.store import runs_name, store

EVERY = 0.2
"""Seconds between two layings of one dataset, and more when they take long: they leave half of the time to questions."""
_AT_ONCE = 200
"""Batches laid in one go."""
_TRIES = 5
_LAYING = "datasets/laying"
"""What is locked meanwhile; no object has that name."""
_WAIT = 5.0
"""Seconds that a process waits for another one which lays rows of the same dataset: most often it lays these too."""
OLD = 600.0
"""Seconds after which a file that readers see no more is removed: questions that began before are over."""
_IDLE = 60.0
"""Seconds without rows after which a thread gives back what laying takes of memory."""

logger = logging.getLogger("parvis.rowlog")


def lay_new(dataset_id: int) -> bool:
    """Lay over the current version of a dataset what was pushed since; False when there was nothing to lay.

    LogDamaged, WriteFailed… leave what readers see as it was.
    """
    for _try in range(_TRIES):
        stream = RowStream.objects.select_related("dataset__current", "dataset__organisation").get(dataset=dataset_id)
        if stream.dataset.current is None:
            return False
        if stream.version_name != stream.dataset.current.name:
            with transaction.atomic():
                dataset = Dataset.objects.select_for_update(of=("self",)).select_related("current").get(pk=dataset_id)
                _follow(dataset)
                rows_changed(dataset)
            continue
        former = Laid.from_dict(stream.laid)
        laid = laid_further(stream, former)
        if laid == former:
            return False
        if _shown(stream, laid):
            heard(stream.dataset)
            return True
    return False


def laid_further(stream: RowStream, laid: Laid) -> Laid:
    """What lies over the version of a stream once all that its log has is laid over ``laid``; its files are in the store."""
    log = log_of(stream.dataset.uid)
    new = log.read(max(laid.through, stream.base))
    first = list(_until_undo(new))
    if first and first[-1].head.kind == UNDO:
        # What was undone may be anywhere in it: all is laid again, without it.
        laid, first = Laid(through=stream.base), []
        undone = undone_in(log.read(stream.base))
        new = (batch for batch in log.read(stream.base) if batch.head.number not in undone)
        last = log.last_number()
    else:
        last = first[-1].head.number if first else laid.through
        new = iter(first)
    for some in batched(new, _AT_ONCE, strict=False):
        laid = _with(stream, laid, some)
        last = max(last, laid.through)
    return replace(laid, through=last)


def _until_undo(batches: Iterable[Batch]) -> Iterator[Batch]:
    for batch in batches:
        yield batch
        if batch.head.kind == UNDO:
            return


def ground_of(stream: RowStream) -> Ground:
    """What rows of a stream are laid over."""
    source = whole_source_of(stream.dataset, stream.dataset.current)
    runs = store().local_root("datasets").parent / runs_name(stream.dataset.uid)
    return Ground(store().local(source.key), source.manifest, tuple(stream.key), runs)


def _with(stream: RowStream, laid: Laid, batches: Iterable[Batch]) -> Laid:
    folder = runs_name(stream.dataset.uid)
    with tempfile.TemporaryDirectory(prefix="rows-", dir=process_folder()) as work:
        after, files = lay(ground_of(stream), laid, batches, Path(work))
        for path in files:
            store().put(f"{folder}/{path.name}", path, new=True)
    return after


def _shown(stream: RowStream, laid: Laid) -> bool:
    """Have readers see it; False when something else was laid, or published, meanwhile."""
    with transaction.atomic():
        # The dataset first, as who publishes does.
        rows_changed(stream.dataset)
        return bool(
            RowStream.objects.filter(
                pk=stream.pk, version_name=stream.version_name, mark=stream.mark, base=stream.base
            ).update(
                laid=laid.to_dict(),
                mark=secrets.token_hex(8),
                laid_at=timezone.now(),
                since=(stream.since or timezone.now()) if laid.parts or laid.gone else None,
            )
        )


def version_opened(dataset: Dataset, **_rest: object) -> None:
    """A version became the one that readers see: what was pushed since what it holds lies over it from that very moment."""
    if RowStream.objects.filter(dataset=dataset).exclude(version_name=dataset.current.name).exists():
        _follow(dataset)


def _follow(dataset: Dataset) -> None:
    """Lay the rows of a dataset over its current version instead of the former one.

    A version made of what was pushed says which batch it holds; another begins the table anew: what was pushed before is in the
    history alone.
    """
    stream = RowStream.objects.select_for_update().get(dataset=dataset)
    stream.dataset = dataset
    fold = fold_called(dataset.current.name)
    is_next = fold is not None and fold.through >= stream.base
    stream.base = fold.through if fold is not None and is_next else log_of(dataset.uid).last_number()
    stream.version_name, stream.is_held, stream.trouble = dataset.current.name, False, None
    laid = laid_further(stream, Laid(through=stream.base))
    stream.laid, stream.mark, stream.laid_at = laid.to_dict(), secrets.token_hex(8), timezone.now()
    stream.since = timezone.now() if laid.parts or laid.gone else None
    stream.save()


def lay_what_waits() -> None:
    """Lay what killed processes left: light work of one worker."""
    for stream in RowStream.objects.filter(is_held=False).select_related("dataset__current"):
        laid = Laid.from_dict(stream.laid)
        try:
            if not _is_there(stream, laid):  # of a backup, which may be without what is derived
                _shown(stream, laid_further(stream, Laid(through=stream.base)))
            elif log_of(stream.dataset.uid).last_number() > max(stream.base, laid.through):
                lay_new(stream.dataset_id)
        except (ParvisError, OSError) as error:
            logger.warning("Rows of %s cannot be laid: %s", stream.dataset.dataset_id, error)


def tidy_runs(stream: RowStream) -> None:
    """Remove the files that readers see no more: some are written several times a second."""
    laid, folder, now = Laid.from_dict(stream.laid), runs_name(stream.dataset.uid), time.time()
    used = {*(part.file for part in laid.parts), *laid.gone}
    for name in store().children(folder):
        with suppress(NotFound):
            if name not in used and now - store().stat(f"{folder}/{name}").changed > OLD:
                store().delete(f"{folder}/{name}")


def tidy_what_lies() -> None:
    """The same of every dataset over which rows lie: light work of one worker."""
    for stream in RowStream.objects.filter(since__isnull=False).select_related("dataset"):
        tidy_runs(stream)


def tell_catalogue() -> None:
    """Have the catalogue say how many rows there are, and since when: once a minute, for all its caches begin again then."""
    untold = Q(dataset__data_modified__isnull=True) | Q(dataset__data_modified__lt=F("laid_at"))
    streams = RowStream.objects.filter(untold, laid_at__isnull=False, is_held=False)
    if moments := dict(streams.values_list("dataset", "laid_at")):
        data_came(moments)


def _is_there(stream: RowStream, laid: Laid) -> bool:
    folder = runs_name(stream.dataset.uid)
    return all(store().exists(f"{folder}/{name}") for name in (*(part.file for part in laid.parts), *laid.gone))


class Layer:
    """The thread of a process that lays what this process took, soon after it took it."""

    def __init__(self) -> None:
        self._due: dict[int, float] = {}
        self._earliest: dict[int, float] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._connection = KeptConnection()
        self._is_over = False

    def wake(self, dataset_id: int) -> None:
        """Have what was pushed into a dataset laid soon."""
        with self._changed:
            self._due.setdefault(dataset_id, max(time.monotonic(), self._earliest.get(dataset_id, 0.0)))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="parvis-rows", daemon=True)
                self._thread.start()
            self._changed.notify()

    def stop(self) -> None:
        """End the thread after what it is at: killed within DuckDB, it would take the process down."""
        with self._changed:
            self._is_over = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while (dataset_id := self._next()) is not None:
            start = time.monotonic()
            try:
                with self._connection.used(), _alone(dataset_id):
                    lay_new(dataset_id)
            except (NotFound, RowStream.DoesNotExist):
                pass  # the dataset is gone
            except (ParvisError, OSError) as error:
                logger.warning("Rows of dataset %s cannot be laid; a worker will try again: %s", dataset_id, error)
            except Exception:  # the thread serves all datasets: it must outlive the trouble of one
                logger.exception("Rows of dataset %s cannot be laid; a worker will try again", dataset_id)
            finally:
                connection.close()
            took = time.monotonic() - start
            with self._changed:
                self._earliest[dataset_id] = time.monotonic() + max(EVERY, took)

    def _next(self) -> int | None:
        with self._changed:
            while not self._is_over:
                now = time.monotonic()
                ready = [key for key, moment in self._due.items() if moment <= now]
                if ready:
                    del self._due[ready[0]]
                    return ready[0]
                if not self._changed.wait(min(self._due.values()) - now if self._due else _IDLE) and not self._due:
                    self._connection.close()
        self._connection.close()
        return None


@contextmanager
def _alone(dataset_id: int) -> Iterator[None]:
    """Let one process lay the rows of a dataset at a time: others would do the same work, and all but one for nothing."""
    with ExitStack() as stack:
        with suppress(TimeoutError):  # one that is stuck stops nobody: whose row is written first wins
            stack.enter_context(store().alone(f"{_LAYING}/{dataset_id}", _WAIT))
        yield


def layer() -> Layer:
    """That of this process, not of the one that it was forked from."""
    return _layer(os.getpid())


@lru_cache(maxsize=1)
def _layer(pid: int) -> Layer:
    made = Layer()
    atexit.register(made.stop)
    return made
