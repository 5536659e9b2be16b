"""For tests: where a store that is a folder has things on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from parvis.hub.jobs.process_locks import work_folder
from parvis.hub.store import deposit_file_name, prepared_name, store, versions_name

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version
    from parvis.hub.datastore.models import Deposit

__all__ = ["deposit_path", "deposits_folder", "prepared_folder", "storage_root", "versions_folder", "work_folder"]


def storage_root() -> Path:
    """The folder of all datasets."""
    return store().local_root("datasets")


def versions_folder(uid: str) -> Path:
    """The folder of a dataset's versions, there or not."""
    return storage_root().parent / versions_name(uid)


def prepared_folder(dataset: Dataset, version: Version) -> Path:
    """The folder of the files made ahead of a version."""
    return storage_root().parent / prepared_name(dataset.uid, version.name)


def deposits_folder() -> Path:
    """The folder of received files."""
    return store().local_root("deposits")


def deposit_path(deposit: Deposit) -> Path:
    """A received file."""
    return deposits_folder().parent / deposit_file_name(deposit.pk)
