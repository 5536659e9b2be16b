"""What tells the rows of a dataset apart from one import to the next: declared by people, or found in its values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parvis.core.errors import ParvisError
from parvis.core.versions.likely_keys import likely_keys
from parvis.hub.ui.derived import derived
from parvis.hub.validation.selectors import followed, schema_of

if TYPE_CHECKING:
    from parvis.hub.validation.keyed_tables import KeyedTable

MOST_TRIED = 8
"""Sets of columns counted for one version: each is a question to the engine, in front of a reader."""
MOST_ROWS = 2_000_000
"""A larger table has its key declared by somebody."""
_MONTH = 30 * 86_400


def declared_key(table: KeyedTable) -> tuple[str, ...]:
    """What the card or the schema declares: the column annotated ``id``, the primary key, a required unique field."""
    annotated = tuple(column.name for column in table.shape if "id" in column.annotations)
    if annotated:
        return annotated
    row = followed(table.dataset)
    if row is not None and row.ref is not None:
        try:
            primary = schema_of(row.ref).primary_key
        except ParvisError:
            primary = ()
        names = {item.name: name for name, item in table.fields.items()}
        if primary and all(name in names for name in primary):
            return tuple(names[name] for name in primary)
    return tuple(name for name, item in table.fields.items() if item.required and item.unique)[:1]


def guessed_keys(table: KeyedTable) -> Iterator[tuple[str, ...]]:
    """Sets of columns that may tell rows apart, the likeliest first; nothing is counted yet."""
    columns = [column for column in table.shape if table.may_be_key(column.name)]
    return likely_keys(columns, table.manifest.profile, table.manifest.rows)


def found_key(table: KeyedTable) -> tuple[str, ...]:
    """The first of the likely sets of columns of which no two rows of the version have the same values; empty when none does.

    It is a guess until a person confirms it. Versions never change, so it is counted once for each.
    """
    if not 0 < table.manifest.rows <= MOST_ROWS:
        return ()
    place = f"row-key:{table.dataset.uid}:{table.manifest.version}"
    key = derived.get(place)
    if key is None:
        try:
            key = _count(table)
        except ParvisError:  # too busy, or too long: it is tried again at the next page
            return ()
        derived.set(place, key, _MONTH)
    return tuple(key)


def _count(table: KeyedTable) -> list[str]:
    for tried, names in enumerate(guessed_keys(table)):
        if tried == MOST_TRIED:
            break
        if table.tells_apart(names):
            return list(names)
    return []
