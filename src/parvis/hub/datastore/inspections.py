"""What is looked at in each file received: modules each give a way to make an inspector for an import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parvis.core.ingest import Inspector
from parvis.hub.datastore.models import Import
from parvis.hub.registry import modules


def inspectors_of(imported: Import) -> list[Inspector]:
    """The inspectors for an import, in the order of the modules."""
    made = [module.inspection(imported) for module in modules() if module.inspection is not None]
    return [inspector for inspector in made if inspector is not None]


def folders_of(inspectors: Sequence[Inspector]) -> tuple[Path, ...]:
    """The folders, made if need be, where inspectors write their reports."""
    folders = [folder for inspector in inspectors if (folder := inspector.folder) is not None]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    return tuple(folders)
