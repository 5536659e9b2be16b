"""Values of columns of few values: a word that is one leads to the rows that have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from parvis.core.columns import Column
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.facts import searchable_values
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.search.analysis import stems


@dataclass(frozen=True, slots=True)
class ValueHit:
    """A value of a column that was searched for, and the rows that have it."""

    dataset: Dataset
    column: str
    """The label of the column."""
    value: str
    address: str
    is_whole: bool
    """False when the rows are those whose value has the words among others."""


def value_hits(dataset: Dataset, words: str) -> Iterator[ValueHit]:
    """The values that the words are, or that are among them (« Lieusaint », « arbres Lieusaint »); else, for each column, the rows
    whose value has the words among others (« tilleul »)."""
    searched = " ".join(stems(words))
    values_by_column = searchable_values(dataset.current) if searched else {}
    for column in shape_of(dataset) if values_by_column else ():
        values = {value: _stems(value) for value in values_by_column.get(column.name, ())}
        whole = [value for value, value_stems in values.items() if value_stems and _has(searched, value_stems)]
        for value in whole:
            yield ValueHit(dataset, column.label, value, _address(dataset, column, "egal", value), is_whole=True)
        if not whole and any(_has(value_stems, searched) for value_stems in values.values()):
            yield ValueHit(dataset, column.label, words, _address(dataset, column, "contient", words), is_whole=False)


@lru_cache(maxsize=20_000)  # the values of the datasets that answer most, looked at again at each search
def _stems(value: str) -> str:
    return " ".join(stems(value))


def _has(text: str, words: str) -> bool:
    return f" {words} " in f" {text} "


def _address(dataset: Dataset, column: Column, operator: str, value: str) -> str:
    return f"{dataset.get_absolute_url()}table/?{urlencode({'colonne': column.name, 'op': operator, 'valeur': value})}"
