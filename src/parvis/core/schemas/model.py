"""The Table Schema of a table: fields in order, missing values, keys, custom checks (Data Package standard, version 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis.core.translation import Sentence

TRUE_VALUES = ("true", "True", "TRUE", "1")
FALSE_VALUES = ("false", "False", "FALSE", "0")
MISSING_VALUES = ("",)


def noted(path: str, sentence: Sentence, field: str | None) -> dict[str, Any]:
    """The details of a fault of a schema, as reports have them: what is wrong in French and in English."""
    return {"path": path, "note_fr": sentence.text("fr"), "note": sentence.text("en"), "field": field}


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One thing wrong in a schema: ``kind`` is ``schema-error``, ``field-error``, ``check-error`` or ``error``.

    ``path`` says where (``fields/3/constraints``), ``sentence`` what, ``field`` the field's name when there is one.
    """

    kind: str
    path: str
    sentence: Sentence
    field: str | None = None

    def details(self) -> dict[str, Any]:
        """Ready for JSON, as faults carry it."""
        return noted(self.path, self.sentence, self.field)


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its type, format and constraints as the standard names them.

    ``constraints`` keep the values of the schema as they are (``required``, ``unique``, ``pattern``, ``enum``, ``minLength``,
    ``maxLength``, ``minimum``, ``maximum``); ``missing_values`` is None when those of the schema hold; ``array_item`` is the
    field that each item of an array must be, None when items are free.
    """

    name: str
    type: str = "string"
    format: str = "default"
    title: str = ""
    description: str = ""
    example: Any = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    missing_values: tuple[str, ...] | None = None
    true_values: tuple[str, ...] = TRUE_VALUES
    false_values: tuple[str, ...] = FALSE_VALUES
    bare_number: bool = True
    float_number: bool = False
    decimal_char: str = "."
    group_char: str = ""
    declares_number: bool = False
    """True when the schema says something of bare numbers, decimal or group characters."""
    array_item: Field | None = None

    @property
    def required(self) -> bool:
        """A value must be in every row."""
        return bool(self.constraints.get("required"))

    @property
    def unique(self) -> bool:
        """No two rows may have the same value."""
        return bool(self.constraints.get("unique"))


@dataclass(frozen=True, slots=True)
class CustomCheck:
    """A check of Validata: ``name`` as it is called today, ``declared`` as the schema calls it, its parameters as they are."""

    name: str
    declared: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Values of ``fields`` must be among those of ``reference`` in ``resource``, empty for the same table."""

    fields: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A schema; ``problems`` are its own errors: when there are some, nothing can be validated against it.

    ``name`` and ``version`` are how it was asked for (``scdl/deliberations``, ``2.1.5``), else what the file says of itself.
    """

    name: str
    version: str
    title: str
    description: str
    fields: tuple[Field, ...]
    missing_values: tuple[str, ...] = MISSING_VALUES
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[CustomCheck, ...] = ()
    problems: tuple[SchemaProblem, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def field_names(self) -> tuple[str, ...]:
        """Names of the fields in the order of the schema."""
        return tuple(item.name for item in self.fields)

    def find(self, name: str) -> Field | None:
        """The field called ``name``, None when there is none."""
        return next((item for item in self.fields if item.name == name), None)

    def missing(self, item: Field) -> tuple[str, ...]:
        """The texts that are no value for ``item``."""
        return self.missing_values if item.missing_values is None else item.missing_values
