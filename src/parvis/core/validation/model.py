"""What a validation says: faults, advice, counts over the whole file, and every fault in order from a file on disk.

Kinds are the names of Validata (``type-error``, ``constraint-error``, ``missing-label``…); rules are finer and stable:

    source:<kind>        nothing could be read                      row, column None
    schema:<kind>        the schema itself is wrong                 row, column None
    header:<kind>        a label is missing, blank or double        row None, like Validata
    row:<kind>           blank row, cell too many, cell missing     column None but for a cell
    type:<type>          the text is no value of the field's type
    type:<type>:<format> the same, when the format is another than the default one (``type:string:email``)
    constraint:<name>    a constraint is broken (``constraint:pattern``)
    unique, primary-key, foreign-key
    check:<name>         a custom check, under its present name (``check:siret``)

``Fault.details`` hold what a sentence needs, all ready for JSON:

    type:*                    ``format``, ``true_values``, ``false_values``, ``decimal_char``, ``group_char``, ``item`` (arrays: the item rule)
    constraint:<name>         ``limit`` (what the schema says, as text), ``values`` (enum, a list), ``pattern``, ``example``, ``type``
    constraint on an item     the same, and ``item`` true
    header:missing-label      ``required`` true
    header:duplicate-label    ``label``, ``positions``
    row:extra-cell            ``position``, ``expected`` (columns of the header)
    unique, primary-key       ``columns``, ``first_row`` (the earlier row)
    check:*                   the parameters of the check under their names in the schema; ``values`` (column → text) where the check
                              reads several columns
    schema:*                  ``note`` (what is wrong, in English), ``path`` (where in the schema)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is asked of a table; all its faults share ``kind``, ``column``, ``position`` and these details."""

    kind: str
    rule: str
    column: str | None = None
    position: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    ``row`` counts records with the header as 1 (None: the whole file); ``column`` is the name of the field, ``position`` its place
    in the file from 1; ``value`` the text found, None where there is no single cell.
    """

    kind: str
    row: int | None
    column: str | None
    position: int | None
    value: str | None
    rule: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "kind": self.kind,
            "row": self.row,
            "column": self.column,
            "position": self.position,
            "value": self.value,
            "rule": self.rule,
            "details": dict(self.details),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Fault:
        """The inverse of ``to_dict``."""
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to know that makes no fault: a stable code and what fills its sentence.

    ``encoding`` (encoding) · ``separator`` (separator) · ``format`` (format) · ``sheet`` (sheet, others) · ``header-spaces`` (label, column)
    · ``header-case`` (label, column) · ``missing-column`` (column: optional and absent) · ``extra-column`` (label, position)
    · ``column-order`` (labels) · ``deprecated-check`` (name, replacement) · ``empty-check`` (name, columns: none of its columns is there)
    · ``set-aside`` (code, and the details of the reader's note).
    """

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"code": self.code, "details": dict(self.details)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Advice:
        """The inverse of ``to_dict``."""
        return cls(data["code"], data["details"])


@dataclass(frozen=True, slots=True)
class Count:
    """How many faults of one rule on one column, over the whole file."""

    kind: str
    rule: str
    column: str | None
    count: int

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"kind": self.kind, "rule": self.rule, "column": self.column, "count": self.count}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Count:
        """The inverse of ``to_dict``."""
        return cls(**data)


class Faults(Protocol):
    """Every fault of a table in the order of Validata: read again at each iteration, in bounded memory."""

    def __len__(self) -> int:
        """How many there are."""

    def __iter__(self) -> Iterator[Fault]:
        """All of them, in order."""

    def between(self, first: int, last: int) -> Iterator[Fault]:
        """Those of rows ``first`` to ``last``, both included."""


@dataclass(frozen=True, slots=True)
class FewFaults:
    """Faults that fit in memory."""

    items: Sequence[Fault] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.items)

    def between(self, first: int, last: int) -> Iterator[Fault]:
        """Those of rows ``first`` to ``last``, both included."""
        return (fault for fault in self.items if fault.row is not None and first <= fault.row <= last)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a validation.

    ``schema`` and ``version`` as the schema was called (``scdl/deliberations``, ``2.1.5``), else what the file says of itself;
    ``rows`` without the header; ``columns`` are the labels of the file in order; ``counts`` in the order of first appearance;
    ``examples`` the first faults of each count; ``faults`` all of them, which live as long as their work folder.
    """

    valid: bool
    schema: str
    version: str
    rows: int
    columns: tuple[str, ...]
    counts: tuple[Count, ...] = ()
    examples: tuple[Fault, ...] = ()
    advice: tuple[Advice, ...] = ()
    faults: Faults = field(default_factory=FewFaults, compare=False)

    @property
    def total(self) -> int:
        """The number of faults."""
        return sum(count.count for count in self.counts)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON, without the full list of faults."""
        return {
            "valid": self.valid,
            "schema": self.schema,
            "version": self.version,
            "rows": self.rows,
            "columns": list(self.columns),
            "total": self.total,
            "counts": [count.to_dict() for count in self.counts],
            "examples": [fault.to_dict() for fault in self.examples],
            "advice": [advice.to_dict() for advice in self.advice],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The inverse of ``to_dict``; ``faults`` are then the examples alone."""
        examples = tuple(Fault.from_dict(item) for item in data["examples"])
        return cls(
            data["valid"],
            data["schema"],
            data["version"],
            data["rows"],
            tuple(data["columns"]),
            tuple(Count.from_dict(item) for item in data["counts"]),
            examples,
            tuple(Advice.from_dict(item) for item in data["advice"]),
            FewFaults(examples),
        )
