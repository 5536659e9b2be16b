"""Files made ahead: asked for at publication, written crash-safely, removed with their version."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from parvis.core.explore import export
from parvis.core.progress import Progress, no_progress
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.kinds import PREPARE
from parvis.hub.datastore.prepared import PACKED, Prepared, wanted
from parvis.hub.datastore.rules import FREE_MARGIN, DiskFull
from parvis.hub.datastore.selectors import engine, export_setting, written_source
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.jobs.services import enqueue
from parvis.hub.store import prepared_name, store

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
    """Whether every file worth making for the current version is there; true of a version whose folder or rows are not."""
    if dataset.current.is_federated:
        return True
    source = written_source(dataset, dataset.current)
    if source is None:
        return True
    keys = _keys(prepared_name(dataset.uid, dataset.current.name))
    return all(key in keys for _row, key in wanted(dataset, dataset.current, source.shape))


def prepare(dataset: Dataset, progress: Progress = no_progress) -> list[str]:
    """Make the missing files of the current version and remove all others; the names made. Run twice, it makes each once."""
    version = dataset.current
    source = None if version.is_federated else written_source(dataset, version)
    if source is None:
        return []
    folder = prepared_name(dataset.uid, version.name)
    made = []
    with store().alone(folder):
        rows = list(wanted(dataset, version, source.shape))
        keys = {key for _row, key in rows}
        for file in store().children(folder):
            if _key(file) not in keys:
                store().delete(f"{folder}/{file}")
        prepared_keys = _keys(folder)
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
    for version in store().children(prepared_name(dataset.uid)):
        if keep is None or version != keep.name:
            store().delete(prepared_name(dataset.uid, version))


def _key(file: str) -> str:
    """What the bytes of a file depend on, from its name."""
    return file.partition("-")[0]


def _keys(folder: str) -> set[str]:
    return {_key(file) for file in store().children(folder)}


def _written(folder: str, row: Prepared, key: str, pieces: Any, progress: Progress) -> str:
    """Write a file and its gzipped twin, stored once whole; the twin first, so that it is never awaited."""
    digest, packer = hashlib.sha256(), zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    with ExitStack() as ends:
        ends.callback(pieces.close)
        work = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="prepared-", dir=process_folder())))
        plain = ends.enter_context((work / "plain").open("wb"))
        packed = None if row.export.is_packed else ends.enter_context((work / "packed").open("wb"))
        try:
            for number, piece in enumerate(pieces):
                _check_room(work, row, number, len(piece))
                digest.update(piece)
                plain.write(piece)
                if packed:
                    packed.write(packer.compress(piece))
                progress("prepare", number)
            if packed:
                packed.write(packer.flush())
            final = f"{folder}/{key}-{digest.hexdigest()[:24]}.{row.export.name}"
            for stream, name in ((packed, final + PACKED), (plain, final)):
                if stream:
                    stream.close()
                    store().put(name, Path(stream.name))
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise DiskFull(name=row.export.name) from error
            raise
    return final


def _check_room(work: Path, row: Prepared, number: int, size: int) -> None:
    """Stop before the disk that imports and the database share is full; looked at every 64 pieces."""
    if number % 64 == 0 and shutil.disk_usage(work).free < FREE_MARGIN + size:
        raise DiskFull(name=row.export.name)
