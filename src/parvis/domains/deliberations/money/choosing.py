"""What the screen of an act offers to be linked: datasets, the rows of one that hold some words, other acts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parvis.core.errors import NotFound, ParvisError
from parvis.core.text import fold
from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.money.selectors import table_of
from parvis.hub.backoffice.screens import sentence
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.records.selectors import matching, visible_to

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.validation.keyed_tables import KeyedTable, Row

MOST_ROWS = 20
MOST_ACTS = 20
MOST_DATASETS = 500
MOST_CELLS = 5
_LONGEST = 80


def rows_called(actor: Actor, act: Act, dataset_id: str, words: str) -> dict[str, Any]:
    """The datasets that may be chosen, their own organisation's first; of the one chosen, the rows that hold every word: key and cells."""
    datasets = list(datasets_visible_to(actor).filter(current__isnull=False).order_by("title")[:MOST_DATASETS])
    datasets.sort(key=lambda row: (row.organisation_id != act.organisation_id, fold(row.title)))
    facts: dict[str, Any] = {"datasets": datasets, "dataset_id": dataset_id, "words": words, "rows": None}
    chosen = next((row for row in datasets if row.dataset_id == dataset_id), None)
    if chosen is None:
        return facts
    try:
        table = table_of(actor, chosen)
        rows = table.rows_holding(words, MOST_ROWS + 1)
    except NotFound:
        return {**facts, "chosen": chosen, "no_key": True}
    except ParvisError as error:  # too busy: it is told, the rest of the screen stays
        return {**facts, "chosen": chosen, "trouble": sentence(error)}
    shown = [(json.dumps(table.key_of(row)), table.title_of(row), _cells(table, row)) for row in rows[:MOST_ROWS]]
    return {**facts, "chosen": chosen, "rows": shown, "has_more": len(rows) > MOST_ROWS}


def acts_called(actor: Actor, act: Act, words: str) -> dict[str, Any]:
    """The acts, online or theirs, whose object or number holds every word; the latest first."""
    if not words.strip():
        return {"act_words": "", "acts": None}
    acts = matching(visible_to(Act, actor), words).exclude(pk=act.pk).order_by("-date", "-pk")[:MOST_ACTS]
    return {"act_words": words, "acts": list(acts)}


def _cells(table: KeyedTable, row: Row) -> str:
    """A few values of a row, besides what it is called, to tell it from the others."""
    title = table.title_of(row)
    pairs = [(column.label, row.get(column.name)) for column in table.shape if not column.type.is_geographic]
    texts = [
        _("%(label)s : %(value)s") % {"label": label, "value": value[:_LONGEST]}
        for label, value in pairs
        if value and value != title
    ]
    return " · ".join(texts[:MOST_CELLS])
