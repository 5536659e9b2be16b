"""Where files are in the home of the instance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from parvis.hub.datastore.models import Deposit


def storage_root() -> Path:
    """The folder of all datasets: ``<home>/datasets``."""
    return settings.PARVIS_HOME / "datasets"


def versions_folder(uid: str) -> Path:
    """The folder of a dataset's versions, by its permanent uid."""
    return storage_root() / uid / "versions"


def work_folder() -> Path:
    """Where imports do their work; emptied at each start."""
    return settings.PARVIS_HOME / "work"


def deposits_folder() -> Path:
    """Where received files wait."""
    return settings.PARVIS_HOME / "deposits"


def deposit_path(deposit: Deposit) -> Path:
    """Where the bytes of a received file stand, whatever it is called."""
    return deposits_folder() / str(deposit.pk) / "file"
