"""The official codes that a table holds: what its territory and its organisation are deduced from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parvis.core.profiling.plans import ColumnGuess
from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier

NAME = "codes"
KINDS = ("insee_commune", "department", "region", "siren", "siret")
MOST_CODES = 2_000
"""Different codes of a column that are noted: beyond, it is about a region or about France, and its first codes tell which."""
LONGEST_CODE = 14


class CodesInspector:
    """Notes the different codes of each column that was recognised as one of communes, departments, regions or organisations."""

    name = NAME
    folder = None

    def __call__(self, workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]) -> dict[str, Any]:
        """By kind, the codes of each of its columns."""
        columns: dict[str, list[list[str]]] = {}
        for guess in guesses:
            if guess.plan.column.kind in KINDS and len(guess.plan.sources) == 1:
                columns.setdefault(str(guess.plan.column.kind), []).append(_codes(workspace, guess.plan.sources[0]))
        return columns


def _codes(workspace: Workspace, source: str) -> list[str]:
    code = f"trim({quote_identifier(source)})"
    query = f"SELECT DISTINCT {code} AS code FROM {ROWS} WHERE length({code}) BETWEEN 1 AND {LONGEST_CODE} ORDER BY code LIMIT {MOST_CODES}"
    return [code for (code,) in workspace.connection.execute(query).fetchall()]
