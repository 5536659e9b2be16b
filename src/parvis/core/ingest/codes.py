"""The official codes and names of communes that a table holds: what its territory and its organisation are deduced from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.profiling.plans import ColumnGuess
from parvis.core.staging import ROWS, StagedTable, Workspace, quote_identifier
from parvis.core.text import slugify

NAME = "codes"
KINDS = ("insee_commune", "postcode", "epci", "department", "region", "siren", "siret")
COMMUNE_NAMES = "commune_names"
"""What the names of communes are noted as: no kind of codes, known by the header alone, and by how many are names indeed."""
MOST_CODES = 2_000
"""Different codes of a column that are noted: beyond, it is about a region or about France, and its first codes tell which."""
LONGEST_CODE, LONGEST_NAME = 14, 60
_NAMED = re.compile(r"(?:^|_)(?:communes?|villes?|localites?|municipalites?|libcom|nom_com|lib_com|libgeo|city)(?:_|$)")


class CodesInspector:
    """Notes the different values of each column recognised as codes of communes, territories or organisations, or as names of communes."""

    name = NAME
    folder = None

    def __call__(self, workspace: Workspace, staged: StagedTable, guesses: Sequence[ColumnGuess]) -> dict[str, Any]:
        """By kind, the codes of each of its columns."""
        columns: dict[str, list[list[str]]] = {}
        for guess in guesses:
            kind, longest = _kind_of(guess)
            if kind and len(guess.plan.sources) == 1:
                columns.setdefault(kind, []).append(_values(workspace, guess.plan.sources[0], longest))
        return columns


def _kind_of(guess: ColumnGuess) -> tuple[str, int]:
    """What the values of a column are noted as, empty when they are not; and the characters of the longest that is."""
    column = guess.plan.column
    if column.kind in KINDS:
        return str(column.kind), LONGEST_CODE
    named = not column.kind and column.type == ColumnType.TEXT and _NAMED.search(slugify(column.label, "_"))
    return (COMMUNE_NAMES, LONGEST_NAME) if named else ("", 0)


def _values(workspace: Workspace, source: str, longest: int) -> list[str]:
    code = f"trim({quote_identifier(source)})"
    query = f"SELECT DISTINCT {code} AS code FROM {ROWS} WHERE length({code}) BETWEEN 1 AND {longest} ORDER BY code LIMIT {MOST_CODES}"
    return [code for (code,) in workspace.connection.execute(query).fetchall()]
