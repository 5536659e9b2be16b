"""Rows of a dataset and objects of an extract as entries to compare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from parvis.core.osm.distances import distance
from parvis.core.osm.features import Feature
from parvis.core.osm.mappings import OSM_IDENTIFIER, Theme
from parvis.core.osm.model import Entry, key_of
from parvis.core.osm.values import is_nothing
from parvis.core.text import fold


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its key, its place, its cells as text by column."""

    key: str
    longitude: float
    latitude: float
    cells: Mapping[str, str]


def entry_of(row: Row, theme: Theme) -> Entry:
    """A row as OpenStreetMap would say it."""
    reference, tags = theme.reference(row.cells), theme.expected(row.cells)
    references: tuple[str, ...] = ()
    if reference and theme.reference_tag == OSM_IDENTIFIER:
        references = (key_of(reference),) if key_of(reference) else ()
    elif reference and theme.reference_tag:
        references = references_of(reference)
        tags = {theme.reference_tag: reference, **tags}
    return Entry(row.key, row.longitude, row.latitude, tags, references, theme.name_of(row.cells))


def object_of(feature: Feature, theme: Theme) -> Entry:
    """An object as it is compared."""
    key, tags = feature.key, feature.tags
    if theme.reference_tag == OSM_IDENTIFIER:
        references: tuple[str, ...] = (key,)
    else:
        references = references_of(tags.get(theme.reference_tag, "")) if theme.reference_tag else ()
    name = tags.get(theme.name_tag or "name", "")
    return Entry(key, feature.longitude, feature.latitude, tags, references, name, feature.version, feature.box)


def references_of(text: str) -> tuple[str, ...]:
    """The references that a value holds, in the one form in which they are compared.

    >>> references_of("FR A01 ; non concerné;fr-a01")
    ('fra01',)
    """
    parts = [re.sub(r"[\W_]+", "", fold(part)) for part in text.split(";") if not is_nothing(part)]
    return tuple(dict.fromkeys(part for part in parts if part))


def one_per_reference(entries: Iterable[Entry], theme: Theme) -> Iterator[Entry]:
    """Each thing once, where rows with the same reference are one: those that are near the first of them are left out."""
    firsts: dict[str, list[Entry]] = {}
    for entry in entries:
        if not theme.one_per_reference or not entry.references:
            yield entry
            continue
        same = firsts.setdefault(entry.references[0], [])
        if not any(distance(entry, first) <= theme.distance for first in same[:5]):
            same.append(entry)
            yield entry


def unique_keys(entries: Sequence[Entry]) -> list[Entry]:
    """The same, where a key that several rows have is told apart by their order: no row is lost."""
    counts: dict[str, int] = {}
    rows = []
    for entry in entries:
        number = counts[entry.key] = counts.get(entry.key, 0) + 1
        rows.append(entry if number == 1 else replace(entry, key=f"{entry.key}#{number}"))
    return rows
