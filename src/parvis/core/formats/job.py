"""What a reader is given, and what detection found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parvis.core.formats.limits import Limits
from parvis.core.formats.options import ReadOptions
from parvis.core.progress import Progress
from parvis.core.staging import StagedTable, Workspace


@dataclass(frozen=True, slots=True)
class Detected:
    """What a file is: ``path`` is the file really read (unpacked when it came in an archive).

    ``reading`` holds the choices made, ready for JSON: ``member``, ``members``, ``sheet``, ``sheets``, ``encoding``,
    ``delimiter``, ``header_line``, ``crs``… ``detect`` knows those of the archive, ``read`` completes them.
    """

    format: str
    path: Path
    reading: dict[str, Any] = field(default_factory=dict)
    parts: tuple[tuple[str, Path, str], ...] = ()
    """Format, file and name of each part of a table that came in several files of an archive."""


@dataclass(frozen=True, slots=True)
class Job:
    """One reading: the file, its name for messages, where to put the rows, and the bounds."""

    path: Path
    name: str
    format: str
    workspace: Workspace
    options: ReadOptions
    limits: Limits
    progress: Progress

    def suffixed(self, suffix: str) -> Path:
        """The file under a name with that suffix, for libraries that trust names; a link when its own name differs."""
        if self.path.suffix.lower() == suffix:
            return self.path
        folder = self.workspace.folder / "named"
        folder.mkdir(exist_ok=True)
        link = folder / f"file{suffix}"
        link.unlink(missing_ok=True)
        link.symlink_to(self.path.resolve())
        return link


type Outcome = tuple[StagedTable, dict[str, Any]]
"""The staged table and the choices made by the reader."""
