"""An inspector for tests, in a module that confined children can import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parvis.core.profiling.plans import ColumnGuess
from parvis.core.staging import StagedTable, Workspace


class CountingInspector:
    """Counts the rows it is shown."""

    name = "essai"
    folder: Path | None = None

    def __call__(self, workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]) -> dict[str, Any]:
        """``{"rows": …}``."""
        return {"rows": staged.rows}
