"""What is decided for each column: its plan, how sure the guess is, and what a person wants instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from parvis.core.columns import Column, ColumnType
from parvis.core.staging import Note


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One column to write: ``sources`` are staged names (two when a point is made of two columns), ``parser`` a row of PARSERS."""

    column: Column
    sources: tuple[str, ...]
    parser: str
    derived: bool = False
    """True for a column made from others that stay beside it: what does not fit it is empty there and lost nowhere."""
    missing: bool = False
    """True when words that say that there is no value (``missing_words``) are read as none: proposed, refused by choosing text."""


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A plan and the reasons for it. ``confidence`` is the share of the ``filled`` values that fit, from 0 to 1."""

    plan: ColumnPlan
    confidence: float
    examples: tuple[str, ...]
    alternatives: tuple[str, ...]
    notes: tuple[Note, ...]
    filled: int


@dataclass(frozen=True, slots=True)
class Override:
    """What a person wants for one column, kept by the dataset so that it survives the next import; None leaves the guess."""

    type: ColumnType | None = None
    parser: str | None = None
    label: str | None = None
    name: str | None = None
    description: str | None = None
    annotations: Mapping[str, Any] = field(default_factory=dict)
    drop: bool = False
    place: int | None = None
    """Its rank among the columns, from 1; those without one come after, in the order of the file."""

    @property
    def separator(self) -> str:
        """What is between the values of a cell of texts said to hold several; empty when nothing says so."""
        multivalued = self.annotations.get("multivalued")
        if not multivalued or self.type not in (None, ColumnType.TEXT):
            return ""
        return multivalued if isinstance(multivalued, str) else ","

    def to_dict(self) -> dict[str, Any]:
        """Only what was chosen, in JSON-able form."""
        body = {key: value for key, value in asdict(self).items() if value not in (None, {}, False)}
        if self.type is not None:
            body["type"] = str(self.type)
        return body

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Override:
        """The override that ``to_dict`` wrote; ValueError for an unknown type, unknown keys are left aside."""
        field_names = {f.name for f in fields(cls)}
        body = {key: value for key, value in row.items() if key in field_names}
        if body.get("type") is not None:
            body["type"] = ColumnType(body["type"])
        return cls(**body)


def overrides_from_fields(rows: Sequence[Mapping[str, Any]]) -> dict[str, Override]:
    """The fields of an Explore dataset object (``name``, ``label``, ``type``, ``description``, ``annotations``) as overrides.

    Keyed by technical name; ValueError or KeyError when a row has no name or an unknown type.
    """
    return {
        str(row["name"]): Override(
            type=ColumnType(row["type"]) if row.get("type") else None,
            label=row.get("label") or None,
            description=row.get("description") or None,
            annotations=_scalar_annotations(row.get("annotations") or {}),
        )
        for row in rows
    }


def _scalar_annotations(annotations: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Explore writes annotations in three spellings (scalars, arrays, a list of name and args); we keep scalars."""
    if not isinstance(annotations, Mapping):
        annotations = {str(row["name"]): row.get("args") or [] for row in annotations}
    return {key: _scalar(value) for key, value in annotations.items()}


def _scalar(value: Any) -> Any:
    if isinstance(value, list):
        return value[0] if value else True
    return value
