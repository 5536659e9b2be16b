"""The values of a column that may be given labels, and the labels that Parvis proposes for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from parvis.core.columns import Column, value_text
from parvis.core.explore import ExploreRequest, records
from parvis.core.odsql import Names
from parvis.core.value_labels import LONGEST_LABEL, LONGEST_VALUE, MOST_LABELS, in_small_letters, known_labels
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.territories.codes import NAMED, territories_of_codes
from parvis.packs.value_labels import families

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A value, how many rows have it (None when the version has none of it), and what it is called."""

    value: str
    count: int | None
    label: str


def frequent_values(dataset: Dataset, version: Version, column: Column) -> list[LabelledValue]:
    """The most frequent values of a column, then those that have a label and are no longer there."""
    name = f"`{column.name}`"
    question = ExploreRequest(
        select=f"{name} as v, count(*) as n",
        where=(f"{name} is not null",),
        group_by=f"{name} as v",
        order_by="n desc",
        limit=MOST_LABELS,
    )
    source = source_of(dataset, version)
    page = records(
        engine(), source, question, names=Names(source.shape), seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"], most=MOST_LABELS
    )  # fmt: skip
    counts = {value_text(row["v"]): row["n"] for row in page.results if row["v"] not in (None, "")}
    shown = [value for value in counts if len(value) <= LONGEST_VALUE]
    values = [*shown, *(value for value in column.labels if value not in counts)]
    return [LabelledValue(value, counts.get(value), column.labels.get(value, "")) for value in values]


def proposed_labels(column: Column, values: Collection[str]) -> dict[str, str]:
    """What values are called by the reference of territories, else by the families of well-known codes."""
    if column.kind in NAMED:
        called = {code: place.name for code, place in territories_of_codes(column.kind, values).items()}
        if called:
            return called
    return known_labels(column, values, families())


def in_small(column: Column, values: Collection[str]) -> dict[str, str]:
    """The values in capitals, in small letters: « Arceau » for « ARCEAU »."""
    smaller = {value: in_small_letters(value, column) for value in values}
    return {value: text for value, text in smaller.items() if text and len(text) <= LONGEST_LABEL}
