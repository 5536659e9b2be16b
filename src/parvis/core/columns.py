"""Columns and their types: the words that every room speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

LABELS = "labels"
"""The annotation that holds what values of a column are called on screens, by value as text."""


class ColumnType(StrEnum):
    """The types of the Explore API v2.1; the value is the API's own word."""

    TEXT = "text"
    INT = "int"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    GEO_POINT = "geo_point_2d"
    GEO_SHAPE = "geo_shape"
    FILE = "file"
    JSON = "json_blob"

    @property
    def is_geographic(self) -> bool:
        """True for points and shapes; both are stored as a GEOMETRY in WGS 84, longitude first."""
        return self in (ColumnType.GEO_POINT, ColumnType.GEO_SHAPE)

    @property
    def is_number(self) -> bool:
        """True for whole and decimal numbers."""
        return self in (ColumnType.INT, ColumnType.DOUBLE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset.

    ``name`` is technical (``[a-z0-9_]+``, unique in its table), ``label`` what the source wrote above it. ``annotations``
    are those of the Explore API in their scalar form (``facet``, ``sortable``, ``unit``, ``decimals``, ``multivalued``…).
    ``kind`` is the recognised meaning (``siret``, ``insee_commune``…), empty when there is none.
    """

    name: str
    label: str
    type: ColumnType
    description: str = ""
    annotations: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""

    @property
    def labels(self) -> Mapping[str, str]:
        """What its values are called on screens, by value as text; files and answers keep the values."""
        labels = self.annotations.get(LABELS)
        return labels if isinstance(labels, Mapping) else {}

    def label_of(self, value: object) -> str:
        """What that value is called; empty when it has no label."""
        return self.labels.get(value_text(value), "")

    def labels_of(self, values: Iterable[object]) -> dict[str, str]:
        """What those of these values that have a label are called, by value as text; the value follows a label that would be taken
        for another's."""
        if not self.labels:
            return {}
        texts = {text: self.labels.get(text, text) for text in map(value_text, values)}
        borne = Counter(texts.values())
        return {
            text: f"{label} ({text})" if borne[label] > 1 else label
            for text, label in texts.items()
            if text in self.labels
        }

    def words_of(self, value: object) -> str:
        """A value as forms show it and ``value_of`` reads it: its label, followed by the value where others could be meant."""
        text = value_text(value)
        label = self.labels.get(text) or text
        return next((words for words in (label, f"{label} ({text})") if self.value_of(words) == text), text)

    def value_of(self, words: str) -> str:
        """The value that somebody means who types a label, whatever its case; the words themselves when it is the label of none."""
        named = [value for value, label in self.labels.items() if label == words]
        if words in self.labels or not self.labels:
            return words
        if len(named) == 1:
            return named[0]
        label, _opening, value = words.removesuffix(")").rpartition(" (")
        if label and words.endswith(")") and (self.labels.get(value) or value) == label:
            return value
        alike = [value for value, label in self.labels.items() if label.casefold() == words.casefold()]
        return alike[0] if len(alike) == 1 else words

    def to_field(self) -> dict[str, Any]:
        """The field object of an Explore v2.1 dataset (specification, section 6)."""
        return {
            "name": self.name,
            "label": self.label,
            "type": str(self.type),
            "description": self.description or None,
            "annotations": dict(self.annotations),
        }

    def to_dict(self) -> dict[str, Any]:
        """The shape kept in manifests: the field object and ``kind``."""
        return {**self.to_field(), "kind": self.kind}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Column:
        """The column that ``to_dict`` or an Explore field object describes; KeyError or ValueError when it describes none."""
        return cls(
            name=str(row["name"]),
            label=str(row.get("label") or row["name"]),
            type=ColumnType(row["type"]),
            description=row.get("description") or "",
            annotations=dict(row.get("annotations") or {}),
            kind=row.get("kind") or "",
        )

    def described(self, entry: Mapping[str, Any]) -> Column:
        """It with the label, description, unit and annotations that people gave on the card.

        How values are stored cannot be changed by a card, only by the next import.
        """
        changes = {name: value for name, value in (entry.get("annotations") or {}).items() if name != "multivalued"}
        annotations = {**self.annotations, **changes}
        if entry.get("unit"):
            annotations["unit"] = entry["unit"]
        return self.with_changes(
            label=entry.get("label") or self.label,
            description=entry.get("description") or self.description,
            annotations=annotations,
        )

    def with_changes(self, **changes: Any) -> Column:
        """A copy with some attributes replaced."""
        return replace(self, **changes)


def value_text(value: object) -> str:
    """A value as profiles and labels write it: ``true``, ``1`` for 1.0."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@dataclass(frozen=True, slots=True)
class TableShape:
    """The columns of a table, in order."""

    columns: tuple[Column, ...]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def get(self, name: str) -> Column | None:
        """The column of that technical name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Technical names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def geometry(self) -> Column | None:
        """The column drawn on maps: the first shape, else the first point."""
        shapes = [c for c in self.columns if c.type is ColumnType.GEO_SHAPE]
        points = [c for c in self.columns if c.type is ColumnType.GEO_POINT]
        return next(iter(shapes + points), None)
