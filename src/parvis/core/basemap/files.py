"""The base map in service: its description, and where its file is. What serves pages reads this and no more."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

POINTER: Final = "current.json"
"""The description of the base map in service: writing it is the switch."""


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The base map in service: ``name`` changes with its bytes, ``coverage`` is the ground that it draws."""

    name: str
    source: str
    date: str
    """The moment of OpenStreetMap that it shows; empty when the extract does not say it."""
    made: str
    bytes: int
    features: dict[str, int]
    box: tuple[float, float, float, float]
    coverage: list[list[list[tuple[float, float]]]]
    zooms: tuple[int, int]
    seconds: float = 0.0
    wide_coverage: list[list[list[tuple[float, float]]]] = field(default_factory=list)
    """The same in larger squares."""

    def path(self, folder: Path) -> Path:
        """Its file, in the folder of base maps."""
        return file_of(folder, self.name)


def file_of(folder: Path, name: str) -> Path:
    """Where the base map of that name is."""
    return folder / f"{name}.pmtiles"


def current(folder: Path) -> BaseMap | None:
    """The base map in service; None when there is none, or its description cannot be read."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        words = json.loads((folder / POINTER).read_text(encoding="utf-8"))
        words["box"], words["zooms"] = tuple(words["box"]), tuple(words["zooms"])
        base_map = BaseMap(**words)
        if base_map.path(folder).is_file():
            return base_map
    return None
