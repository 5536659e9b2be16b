"""Values of columns of few values: a word that is one leads to the rows that have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from parvis.core.text import fold
from parvis.hub.catalogue.models import Dataset


@dataclass(frozen=True, slots=True)
class ValueHit:
    """A value of a column that was searched for, and the rows that have it."""

    dataset: Dataset
    column: str
    """The label of the column."""
    value: str
    address: str


def values_of(dataset: Dataset) -> Mapping[str, Sequence[str]]:
    """The values that may be searched for, by column; of a dataset to whoever may read it."""
    return {}


def value_hits(dataset: Dataset, words: str) -> Iterator[ValueHit]:
    """The values that the words are, or that are among them: « tilleul », « arbres Lieusaint »."""
    searched = f" {' '.join(fold(words).split())} "
    for name, values in values_of(dataset).items():
        for value in values:
            folded = " ".join(fold(value).split())
            if folded and f" {folded} " in searched:
                filters = [("colonne", name), ("op", "egal"), ("valeur", value)]
                address = f"{dataset.get_absolute_url()}table/?{urlencode(filters)}"
                yield ValueHit(dataset, str(dataset.fields.get(name, {}).get("label") or name), value, address)
