"""Every correction that can be proposed for a staged table and a schema."""

from __future__ import annotations

from parvis.core.readings.model import Certainty
from parvis.core.repairs.cells import column_proposals
from parvis.core.repairs.model import Proposal
from parvis.core.repairs.table import (
    empty_column_proposals,
    header_proposals,
    metre_proposals,
    pair_proposals,
    row_proposals,
)
from parvis.core.schemas.model import TableSchema
from parvis.core.staging import ROWS, StagedTable, Workspace

_RANKS = {Certainty.SURE: 0, Certainty.LIKELY: 1, Certainty.CHOICE: 2, Certainty.LOST: 3}


def propose(workspace: Workspace, staged: StagedTable, schema: TableSchema) -> tuple[Proposal, ...]:
    """The corrections that may be accepted, those about the whole table first, then column by column, the surest first.

    Columns are matched with fields by their exact header: map the columns first (``core.mapping``). Nothing is changed.
    A schema with errors of its own gives no proposal.
    """
    if schema.problems:
        return ()
    proposals = [
        *header_proposals(staged, schema),
        *empty_column_proposals(workspace, staged),
        *row_proposals(workspace, staged, schema),
        *pair_proposals(workspace, staged, schema),
    ]
    kinds = dict(workspace.connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {ROWS})").fetchall())
    for column in staged.columns:
        item = schema.find(column.header)
        if item is None or kinds.get(column.name) != "VARCHAR":
            continue
        own = [*metre_proposals(workspace, column, item), *column_proposals(workspace, column, item, schema)]
        proposals += sorted(own, key=lambda proposal: (_RANKS[proposal.certainty], -proposal.count))
    return tuple(proposals)
