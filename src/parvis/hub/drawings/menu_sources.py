"""What menus offer: the columns and the values of datasets, in words, as somebody may read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.errors import ParvisError
from parvis.core.explore import ExploreRequest
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.drawings.places import places
from parvis.hub.drawings.questions import Asked, opened, rows_of

MOST_VALUES = 200
"""Values of a column that are proposed, the commonest first."""
_LONGEST = 500
_COMMUNE = "insee_commune"
_MOMENTS = (ColumnType.DATE, ColumnType.DATETIME)

type Choice = tuple[str, str]
"""What is sent, and its words."""


@dataclass(frozen=True)
class MenuSource:
    """The columns and the values of datasets, as somebody may read them."""

    actor: Actor = ANONYMOUS
    known: TableShape | None = None
    """The columns of the only dataset that is spoken of, when whoever asks has read them."""

    def shape(self, dataset: str) -> TableShape:
        """Its columns; none when the person may not read it."""
        if self.known is not None:
            return self.known
        try:
            return opened(self.actor, dataset)[2].shape if dataset else TableShape(())
        except ParvisError:
            return TableShape(())

    def values(self, dataset: str, column: Column) -> list[Choice]:
        """The commonest values of a column, with their words; none for what is no choice."""
        if column.type.is_geographic or column.type in (*_MOMENTS, ColumnType.BOOLEAN, ColumnType.JSON):
            return []
        try:
            record, version, source = opened(self.actor, dataset)
            question = ExploreRequest(
                select="count(*) as n",
                group_by=f"`{column.name}` as v",
                order_by="n desc",
                limit=MOST_VALUES,
                timezone=settings.TIME_ZONE,
            )
            rows, _total = rows_of(self.actor, Asked(record, version, source, question), most=MOST_VALUES)
        except ParvisError:
            return []
        values = [row["v"] for row in rows if row.get("v") not in (None, "") and len(str(row["v"])) <= _LONGEST]
        return sorted(value_choices(column, values), key=lambda choice: choice[1].casefold())


def value_choices(column: Column, values: Sequence[Any]) -> list[Choice]:
    """Values of a column as they are sent and as they are read: the one place where forms put words on a value."""
    names: dict[str, str] = {}
    if column.kind == _COMMUNE and values:
        towns = places(_COMMUNE, [str(value) for value in values], "commune")
        names = {code: f"{place.name} ({code})" for code, place in towns.items()}
    names |= column.labels_of(values)
    return [(text := str(value), names.get(text, text)) for value in values]


def column_choices(columns: Iterable[Column], chosen: str, none: str) -> list[Choice]:
    """Columns by their labels; one that is no longer there is said to be missing, and stays chosen."""
    choices = [("", none), *((column.name, column.label) for column in columns)]
    if chosen and chosen not in dict(choices):
        choices.append((chosen, _("%(name)s (absente de ce jeu)") % {"name": chosen}))
    return choices
