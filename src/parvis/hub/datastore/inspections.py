"""What is looked at in each file received: rooms above this one each give a way to make an inspector for an import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from parvis.core.ingest import Inspector
from parvis.hub.datastore.models import Import

type Maker = Callable[[Import], Inspector | None]

_MAKERS: dict[str, Maker] = {}


def register_inspection(name: str, make: Maker) -> None:
    """Have each file looked at by what ``make`` gives for its import (None: not this one); the same name again replaces it."""
    _MAKERS[name] = make


def inspectors_of(imported: Import) -> list[Inspector]:
    """The inspectors for an import, in the order in which their rooms registered."""
    made = [make(imported) for make in _MAKERS.values()]
    return [inspector for inspector in made if inspector is not None]


def folders_of(inspectors: Sequence[Inspector]) -> tuple[Path, ...]:
    """The folders, made if need be, where inspectors write their reports."""
    folders = [folder for inspector in inspectors if (folder := inspector.folder) is not None]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    return tuple(folders)
