"""Looking at a table before it becomes a version: anyone who checks something of each file gives an inspector."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from parvis.core.profiling.plans import ColumnGuess
from parvis.core.staging import StagedTable, Workspace


class Inspector(Protocol):
    """Something that looks at each file: a schema's checks, a search for personal data.

    It reads the staged table as the steps left it and changes nothing there; tables of its own in the workspace have its name.
    """

    @property
    def name(self) -> str:
        """Under which its findings are kept, in ``Manifest.checks`` and ``Examination.checks``."""

    @property
    def folder(self) -> Path | None:
        """Where it writes files of its own; None when it writes none."""

    def __call__(self, workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]) -> dict[str, Any]:
        """JSON-able findings."""


def inspect(
    inspectors: Sequence[Inspector], workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]
) -> dict[str, dict[str, Any]]:
    """What each inspector found, by its name."""
    return {inspector.name: inspector(workspace, staged, guesses) for inspector in inspectors}
