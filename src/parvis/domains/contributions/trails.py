"""Where a corrected cell comes from, as its card in the table tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parvis.core.overlays.canonical import canonical_text
from parvis.domains.contributions.models import Correction, key_text
from parvis.domains.contributions.presentation import shown_value
from parvis.domains.contributions.rules import Laid
from parvis.domains.contributions.tables import ContributedTable, table_of
from parvis.hub.registry import CellTrail
from parvis.hub.ui.formatting import day

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def cell_trails(dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], CellTrail]:
    """The trails of the cells of these rows that contributions changed; one question for all, and none for most datasets."""
    corrections = Correction.objects.filter(dataset=dataset.pk, state=Laid.APPLIED)
    if not rows or not corrections.exists():
        return {}
    table = table_of(dataset)
    columns = [column for name in table.key if (column := table.shape.get(name))]
    if not columns or any(column.name not in rows[0] for column in columns):
        return {}
    ranks = {
        key_text([canonical_text(row.get(column.name), column) for column in columns]): rank
        for rank, row in enumerate(rows)
    }
    trails: dict[tuple[int, str], CellTrail] = {}
    for correction in corrections.filter(key_text__in=ranks).select_related("proposal"):
        names = [correction.column] if correction.column else list(correction.ours or {})
        for name in names:
            facts = _facts(table, correction, name)
            trails[ranks[correction.key_text], name] = CellTrail(facts, f"{dataset.get_absolute_url()}contribuer/")
    return trails


def trails_of_row(table: ContributedTable, key: Sequence[str | None]) -> dict[str, str]:
    """What is to be said beside each cell of a row that contributions changed, by column."""
    corrections = Correction.objects.filter(
        dataset=table.dataset.pk, state=Laid.APPLIED, key_text=key_text(key)
    ).select_related("proposal")
    return {
        name: " · ".join(f"{label} : {value}" for label, value in _facts(table, correction, name))
        for correction in corrections
        for name in ([correction.column] if correction.column else list(correction.ours or {}))
    }


def _facts(table: ContributedTable, correction: Correction, name: str) -> tuple[tuple[str, str], ...]:
    column = table.shape.get(name)
    decided = correction.proposal.decided
    facts = [(_("Origine"), _("contribution acceptée"))]
    if decided is not None:
        facts.append((_("Acceptée le"), day(decided)))
    if correction.column and column is not None:
        facts.append((_("La source dit"), shown_value(column, correction.base) or "–"))
    else:
        facts.append((_("La source dit"), _("elle n’a pas cette ligne")))
    facts.append((_("Demande"), str(correction.proposal.get_kind_display())))
    return tuple(facts)
