"""Order after a crash: what dead processes left is removed or taken up again; what lives is not touched."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from parvis.core.versions.folders import PARTIAL, version_of
from parvis.core.versions.manifest import MANIFEST
from parvis.hub.catalogue.models import Version
from parvis.hub.datastore.kinds import close
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.services.deposits import discard
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import is_alive, is_local, living, work_folder
from parvis.hub.jobs.services import reap
from parvis.hub.store import deposit_file_name, deposit_name, store, version_name, versions_name

DEPOSIT_LIFE = timedelta(days=7)
"""A file that nobody imported is thrown away after this."""

ABANDONED = ".abandoned"
"""Ends the name of the work folder of a dead process while it is being removed."""

LONG_ENOUGH = timedelta(hours=1)
"""Between the row of a deposit and its file; far more than it takes."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was put in order: jobs taken up, and what was removed, by its name."""

    jobs: int
    removed: tuple[str, ...]


def recover() -> Recovered:
    """Put the home in order; safe at any time, also while other processes import.

    Whole version folders that no import of this database ever named are left (a database restored from an older backup
    must not cost data); ``parvis doctor`` tells them.
    """
    taken_up = reap()
    store().sweep()
    removed = [*_versions(), *_work(), *_deposits()]
    return Recovered(len(taken_up), tuple(removed))


def stored_versions() -> list[str]:
    """The names of all that is where versions are, whole or not."""
    return [
        version_name(uid, version)
        for uid in store().children("datasets")
        for version in store().children(versions_name(uid))
    ]


def _delete(names: Iterable[str]) -> list[str]:
    gone = list(names)
    for name in gone:
        store().delete(name)
    return gone


def _versions() -> list[str]:
    # The store is read first, then who is at work, then the rows: what ends meanwhile is seen in one or the other.
    names = stored_versions()
    at_work = set(Import.objects.filter(job__state=Job.State.RUNNING).values_list("version_name", flat=True))
    registered = set(Version.objects.values_list("name", flat=True))
    begun = set(Import.objects.exclude(version_name="").values_list("version_name", flat=True))

    def is_left_over(name: str) -> bool:
        last = name.rpartition("/")[2]
        version = version_of(last)
        if version in at_work or store().exists(name):
            return False
        if last.endswith(PARTIAL) or not store().exists(f"{name}/{MANIFEST}"):
            return True
        return version in begun and version not in registered

    return _delete(filter(is_left_over, names))


def _work() -> list[str]:
    """Scratch folders are of this machine: those of its dead processes go."""
    root = work_folder()
    folders = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    alive = living()
    removed = []
    for folder in [_moved_away(path) for path in folders if path.name not in alive]:
        shutil.rmtree(folder, ignore_errors=True)
        removed.append(str(folder))
    return removed


def _moved_away(folder: Path) -> Path:
    """The folder under another name, where a confined child that outlives its process by a moment writes no more."""
    if folder.name.endswith(ABANDONED):
        return folder
    with suppress(FileNotFoundError):  # another process recovers too
        return folder.rename(folder.with_name(folder.name + ABANDONED))
    return folder


def _deposits() -> list[str]:
    keys = store().children("deposits")
    registered = {str(key) for key in Deposit.objects.values_list("pk", flat=True)}
    removed = _delete(deposit_name(key) for key in keys if key not in registered)
    awaited = Import.objects.filter(job__state__in=(Job.State.QUEUED, Job.State.RUNNING)).exclude(deposit=None)
    for deposit in Deposit.objects.exclude(pk__in=awaited.values("deposit_id")):
        if _is_of_no_use(deposit):
            removed.append(deposit_name(deposit.pk))
            discard(deposit)
    for imported in Import.objects.filter(state=Import.State.WAITING, deposit=None, url=""):
        close(imported, Import.State.CANCELLED)
    return removed


def _is_of_no_use(deposit: Deposit) -> bool:
    """Already a version, brought by a command that is gone, lost (a restored backup), or forgotten for a week."""
    if deposit.imports.filter(state__in=(Import.State.DONE, Import.State.HELD)).exists():
        return True
    if deposit.holder:
        return is_local(deposit.holder) and not is_alive(deposit.holder)
    if not store().exists(deposit_file_name(deposit.pk)) and deposit.created < timezone.now() - LONG_ENOUGH:
        return True
    return deposit.created < timezone.now() - DEPOSIT_LIFE
