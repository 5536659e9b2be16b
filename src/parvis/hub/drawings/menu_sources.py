"""What menus offer: the columns and the values of datasets, in words, as somebody may read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.errors import ParvisError
from parvis.core.explore import ExploreRequest
from parvis.core.odsql.criteria import Criteria, Criterion, write_criteria
from parvis.core.odsql.search_tokens import split_words
from parvis.core.text import fold
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.drawings.places import places
from parvis.hub.drawings.questions import Asked, opened, rows_of
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import search

MOST_VALUES = 200
"""Values of a column that are proposed, the commonest first."""
MOST_SUGGESTED = 20
"""Values that are proposed to somebody who types."""
_LONGEST = 500
_COMMUNE = "insee_commune"
_NAMED_CODE = re.compile(r".+ \((\w{4,5})\)", re.ASCII)
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

    def values(self, dataset: str, column: Column) -> tuple[list[str], bool]:
        """The commonest values of a column, in their words, and whether there are others; none for what is no choice."""
        if column.type.is_geographic or column.type in (*_MOMENTS, ColumnType.BOOLEAN, ColumnType.JSON):
            return [], False
        # One more tells that there are others, and no value is a row too.
        values = self._commonest(dataset, column, (), MOST_VALUES + 2)
        words = value_words(column, values[:MOST_VALUES])
        return sorted(words, key=str.casefold), len(values) > MOST_VALUES

    def values_with(self, dataset: str, name: str, words: str) -> list[str]:
        """Values of a column of texts that have these words, or whose label or territory has: what is proposed while somebody types."""
        column = self.shape(dataset).get(name)
        if column is None or column.type is not ColumnType.TEXT or not split_words(words):
            return []
        shape, folded = TableShape((column,)), fold(words)
        called = [value for value, label in column.labels.items() if folded in fold(label)][:MOST_SUGGESTED]
        if column.kind == _COMMUNE:
            called += [row.code for row in search(words, MOST_SUGGESTED) if row.kind == Territory.Kind.COMMUNE]
        rows = [Criterion(name, "contient", (words,)), *(Criterion(name, "egal", (value,)) for value in called)]
        condition = write_criteria(Criteria((tuple(rows),)), shape)
        return value_words(column, self._commonest(dataset, column, condition, MOST_SUGGESTED))

    def _commonest(self, dataset: str, column: Column, where: tuple[str, ...], most: int) -> list[Any]:
        question = ExploreRequest(
            select="count(*) as n",
            where=where,
            group_by=f"`{column.name}` as v",
            order_by="n desc",
            limit=most,
            timezone=settings.TIME_ZONE,
        )
        try:
            record, version, source = opened(self.actor, dataset)
            rows, _total = rows_of(self.actor, Asked(record, version, source, question), most=most)
        except ParvisError:
            return []
        return [row["v"] for row in rows if row.get("v") not in (None, "") and len(str(row["v"])) <= _LONGEST]


def value_words(column: Column, values: Sequence[Any]) -> list[str]:
    """Values of a column as forms show them, and as ``value_typed`` reads them: the one place where forms put words on a value."""
    names: dict[str, str] = {}
    if column.kind == _COMMUNE and values:
        towns = places(_COMMUNE, [str(value) for value in values], "commune")
        names = {code: f"{place.name} ({code})" for code, place in towns.items()}
    return [
        column.words_of(value) if column.label_of(value) else names.get(str(value), column.words_of(value))
        for value in values
    ]


def value_typed(column: Column, words: str) -> str:
    """The value that is meant by what somebody chose or typed."""
    code = _NAMED_CODE.fullmatch(words) if column.kind == _COMMUNE else None
    return code[1] if code and not column.labels else column.value_of(words)


def territories_with(words: str) -> list[str]:
    """Territories whose name, code or postcode has these words, as forms call them."""
    return [territory_words(row) for row in search(words, MOST_SUGGESTED)]


def territory_words(territory: Territory) -> str:
    """« Grigny (commune) »."""
    return f"{territory.name} ({territory.get_kind_display().lower()})"


def column_choices(columns: Iterable[Column], chosen: str, none: str) -> list[Choice]:
    """Columns by their labels; one that is no longer there is said to be missing, and stays chosen."""
    choices = [("", none), *((column.name, column.label) for column in columns)]
    if chosen and chosen not in dict(choices):
        choices.append((chosen, _("%(name)s (absente de ce jeu)") % {"name": chosen}))
    return choices
