"""Files made ahead: asked for at publication, written crash-safely, removed with their version."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from parvis.core.explore import export
from parvis.core.progress import Progress, no_progress
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.kinds import PREPARE
from parvis.hub.datastore.prepared import PACKED, Prepared, prepared_folder, prepared_root, wanted
from parvis.hub.datastore.rules import FREE_MARGIN, DiskFull
from parvis.hub.datastore.selectors import described_source, engine, export_setting
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue

PARTIAL = ".partial"
SECONDS = 600.0
"""Longest wait for the next rows of a file made in the background."""

_LEVEL = 6
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def ask_to_prepare(dataset: Dataset) -> Job | None:
    """Have the files of a published dataset made in the background; None when they are there or already asked for."""
    if dataset.status != Status.PUBLISHED or dataset.current is None or is_prepared(dataset):
        return None
    waiting = Job.objects.filter(kind=PREPARE, state=Job.State.QUEUED, arguments={"dataset": dataset.pk})
    return None if waiting.exists() else enqueue(OPERATOR, PREPARE, dataset=dataset.pk)


def dataset_saved(instance: Dataset, **_said: Any) -> None:
    """What follows each change of a dataset: a version published, a label that the titles of its files have."""
    ask_to_prepare(instance)


def ask_for_missing() -> Job | None:
    """Have the background look for what is missing (a restored backup, another release); None when it is already asked to."""
    waiting = Job.objects.filter(kind=PREPARE, state=Job.State.QUEUED, arguments={"dataset": None})
    return None if waiting.exists() else enqueue(OPERATOR, PREPARE, dataset=None)


def ask_for_each_missing() -> int:
    """Ask for the files of every published dataset that lacks some; how many datasets."""
    published = Dataset.objects.filter(status=Status.PUBLISHED).exclude(current=None).select_related("current")
    return sum(ask_to_prepare(dataset) is not None for dataset in published)


def is_prepared(dataset: Dataset) -> bool:
    """Whether every file worth making for the current version is there; true of a version whose folder is not."""
    source = described_source(dataset, dataset.current)
    if source is None:
        return True
    prepared_keys = {path.name.partition("-")[0] for path in _files(prepared_folder(dataset, dataset.current))}
    return all(key in prepared_keys for _row, key in wanted(dataset, dataset.current, source.shape))


def prepare(dataset: Dataset, progress: Progress = no_progress) -> list[Path]:
    """Make the missing files of the current version and remove all others; the paths made. Run twice, it makes each once."""
    version = dataset.current
    source = described_source(dataset, version)
    if source is None:
        return []
    folder = prepared_folder(dataset, version)
    made = []
    with _alone(folder):
        rows = list(wanted(dataset, version, source.shape))
        keys = {key for _row, key in rows}
        for path in _files(folder):
            if path.suffix == PARTIAL or path.name.partition("-")[0] not in keys:
                path.unlink(missing_ok=True)
        prepared_keys = {path.name.partition("-")[0] for path in _files(folder)}
        for done, (row, key) in enumerate(rows):
            progress("prepare", done, len(rows))
            if key not in prepared_keys:
                pieces = export(
                    engine(), source, row.export.name, row.request, seconds=SECONDS, setting=export_setting(dataset)
                )
                made.append(_written(folder, row, key, pieces, progress))
    forget_prepared(dataset, keep=version)
    return made


def forget_prepared(dataset: Dataset, keep: Version | None = None) -> None:
    """Remove the files of all versions but one."""
    parent = prepared_root(dataset)
    for folder in parent.iterdir() if parent.is_dir() else ():
        if keep is None or folder.name != keep.name:
            shutil.rmtree(folder, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _written(folder: Path, row: Prepared, key: str, pieces: Any, progress: Progress) -> Path:
    """Write a file and its gzipped twin under their names only once whole; the twin first, so that it is never awaited."""
    digest, packer = hashlib.sha256(), zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    with ExitStack() as ends:
        ends.callback(pieces.close)
        plain = ends.enter_context(_partial(folder))
        packed = None if row.export.is_packed else ends.enter_context(_partial(folder))
        try:
            for number, piece in enumerate(pieces):
                _check_room(folder, number, len(piece))
                digest.update(piece)
                plain.write(piece)
                if packed:
                    packed.write(packer.compress(piece))
                progress("prepare", number)
            if packed:
                packed.write(packer.flush())
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise DiskFull(name=row.export.name) from error
            raise
        final = folder / f"{key}-{digest.hexdigest()[:24]}.{row.export.name}"
        for stream, name in ((packed, final.name + PACKED), (plain, final.name)):
            if stream:
                stream.flush()
                os.fsync(stream.fileno())
                Path(stream.name).replace(folder / name)
    return final


@contextmanager
def _partial(folder: Path) -> Iterator[Any]:
    descriptor, name = tempfile.mkstemp(suffix=PARTIAL, dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield _Named(stream, name)
    finally:
        Path(name).unlink(missing_ok=True)


class _Named:
    """An open file that knows the path it was opened under."""

    def __init__(self, stream: Any, name: str) -> None:
        self.name, self.write, self.flush, self.fileno = name, stream.write, stream.flush, stream.fileno


def _check_room(folder: Path, number: int, size: int) -> None:
    """Stop before the disk that imports and the database share is full; looked at every 64 pieces."""
    if number % 64 == 0 and shutil.disk_usage(folder).free < FREE_MARGIN + size:
        raise DiskFull(name=folder.name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One maker at a time in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
