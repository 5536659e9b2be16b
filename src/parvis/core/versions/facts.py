"""What lists, searches and the API's catalogue say of a version: few enough to stand in a database row, so that none opens a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.privacy.inspector import NAME
from parvis.core.versions.formats import FEDERATED
from parvis.core.versions.manifest import ColumnProfile, Manifest
from parvis.core.versions.statistics import LISTED_LENGTH

MOST_VALUES = 1_000
MOST_LETTERS = 32_000
"""Of all the values of one version together."""

_NEVER = frozenset({"email", "phone", "nir", "url"})
"""Kinds of columns whose values lead to persons or to nothing that is looked for by a word."""


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """Its columns, how many rows it has, where they lie, and the values of its columns of few values.

    ``values`` holds, by technical name, every value of a text column that has at most a hundred short ones; none of a column in
    which personal data was found, whatever was decided of it, nor of a version in which nobody looked for any.
    """

    shape: TableShape
    rows: int
    bbox: tuple[float, float, float, float] | None = None
    geometry_types: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    original_bytes: int | None = None
    """Of the file that was received, which is what readers download; the columns we keep beside it are not counted."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "shape": [column.to_dict() for column in self.shape],
            "rows": self.rows,
            "bbox": list(self.bbox) if self.bbox else None,
            "geometry_types": list(self.geometry_types),
            "values": {name: list(values) for name, values in self.values.items()},
            "original_bytes": self.original_bytes,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> VersionFacts:
        """The facts that ``to_dict`` wrote."""
        west, south, east, north = row["bbox"] or (0.0,) * 4
        return cls(
            TableShape(tuple(Column.from_dict(column) for column in row["shape"])),
            int(row["rows"]),
            (west, south, east, north) if row["bbox"] else None,
            tuple(row["geometry_types"]),
            {name: tuple(values) for name, values in row["values"].items()},
            row.get("original_bytes"),  # rows of former releases have none
        )


def facts_of(manifest: Manifest) -> VersionFacts:
    """The facts of a version whose manifest is read."""
    if manifest.original.format == FEDERATED:
        reading = manifest.original.reading
        return VersionFacts(manifest.shape, int(reading["rows"]), tuple(reading["bbox"]) if reading["bbox"] else None)
    return VersionFacts(
        manifest.shape,
        manifest.rows,
        manifest.bbox,
        manifest.geometry_types,
        dict(_values_of(manifest)),
        manifest.original.bytes,
    )


def _values_of(manifest: Manifest) -> Iterator[tuple[str, tuple[str, ...]]]:
    report = manifest.checks.get(NAME)
    if report is None:
        return
    personal = {name for found in report.get("findings", ()) for name in (found["column"], *found.get("columns", ()))}
    count = letters = 0
    for column in manifest.shape:
        profile = manifest.profile.get(column.name)
        if profile is None or column.name in personal or column.kind in _NEVER:
            continue
        values = _listed(column, profile)
        count, letters = count + len(values), letters + sum(map(len, values))
        if count > MOST_VALUES or letters > MOST_LETTERS:
            return
        if values:
            yield column.name, values


def _listed(column: Column, profile: ColumnProfile) -> tuple[str, ...]:
    if column.type is not ColumnType.TEXT or "multivalued" in column.annotations:
        return ()
    # Manifests older than ``values`` have them all in ``top`` when they are few.
    values = tuple(profile.values or (value for value, _count in profile.top))
    whole = len(values) == profile.distinct and all(len(value) <= LISTED_LENGTH for value in values)
    return values if whole else ()
