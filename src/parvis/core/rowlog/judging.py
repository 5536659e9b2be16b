"""Each received row against the table where it goes: taken as typed values, or refused with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.overlays.canonical import canonical_text
from parvis.core.privacy.model import Confidence
from parvis.core.privacy.texts import mentions
from parvis.core.rowlog.batches import Refusal
from parvis.core.rowlog.cells import WrongCell, reader_of
from parvis.core.rowlog.received import DELETE, MERGE, OPERATION, PUT, Row, Unreadable
from parvis.core.translation import Sentence, gettext_noop

MOST_REFUSALS = 1_000
"""Refused rows of one batch that are kept with their reason; all are counted."""
_SHOWN = 80

_PERSONAL = re.compile(r"@|(\d[\s.\-]?){9}|\bM(?:me|lle|\.)?\s|\bMadame\b|\bMonsieur\b|\bné", re.IGNORECASE)
"""What a text has that may lead to a person; most have nothing of it."""
_LOOKED_AT = 5_000

_UNREADABLE = gettext_noop("ce n’est pas un objet JSON, ou la ligne n’a pas autant de cellules que l’en-tête")
_UNKNOWN = gettext_noop("le jeu de données n’a pas de colonne de ce nom")
_NO_KEY = gettext_noop("il manque une valeur de la clé")
_KEYLESS = gettext_noop("on ne change et ne retire une ligne que d’un jeu de données qui a une clé")
_ODD = gettext_noop("l’opération est « put », « merge » ou « delete »")
_BROKEN = gettext_noop("le schéma n’admet pas cette valeur")
_REQUIRED = gettext_noop("le schéma veut une valeur")
_PERSON = gettext_noop("ce texte mène à une personne, et rien de tel n’a été admis dans cette colonne")
_EMPTY = gettext_noop("aucune valeur")


CHANGED = "_columns"
"""Beside ``OPERATION``, the columns that a row to merge tells; not there when no row of the batch is to be merged."""


@dataclass(frozen=True, slots=True)
class Target:
    """The table where rows go.

    ``key`` are the columns that tell rows apart, none when rows are only added. ``judges`` say whether the schema takes the text of a
    cell; ``required`` columns have a value in every row. Texts that lead to persons are refused but in the columns of ``personal``.
    """

    shape: TableShape
    key: tuple[str, ...] = ()
    judges: Mapping[str, Callable[[str], bool]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    personal: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What is kept of a batch."""

    table: pa.Table
    put: int
    deleted: int
    refused: int
    refusals: list[Refusal]


class _Refused(Exception):
    def __init__(self, code: str, reason: Sentence | str, column: str = "", value: Any = "") -> None:
        self.code, self.column, self.value = code, column, value
        self.reason = reason if isinstance(reason, Sentence) else Sentence(reason, {})


def judge(rows: Sequence[Row | Unreadable], target: Target, *, operation: str = PUT, language: str = "fr") -> Judged:
    """Every row typed, or refused with a reason in that language; the order is kept."""
    readers = {column.name: (column, *reader_of(column)) for column in target.shape}
    names = _names(target.shape)
    cells: dict[str, list[Any]] = {name: [] for name in readers}
    operations: list[str] = []
    changed: list[list[str] | None] = []
    refusals: list[Refusal] = []
    refused = 0
    for rank, row in enumerate(rows, 1):
        try:
            chosen, values = _typed(row, target, readers, names, operation)
        except _Refused as error:
            refused += 1
            if len(refusals) < MOST_REFUSALS:
                shown = str(error.value)[:_SHOWN]
                refusals.append(Refusal(rank, error.code, error.reason.text(language), error.column, shown))
            continue
        operations.append(chosen)
        changed.append(list(values) if chosen == MERGE else None)
        for name, column in cells.items():
            column.append(values.get(name))
    fields = [pa.field(OPERATION, pa.string())] + [pa.field(name, readers[name][2]) for name in cells]
    arrays = [pa.array(operations, pa.string())] + [pa.array(cells[name], readers[name][2]) for name in cells]
    if MERGE in operations:
        fields.append(pa.field(CHANGED, pa.list_(pa.string())))
        arrays.append(pa.array(changed, pa.list_(pa.string())))
    deleted = operations.count(DELETE)
    return Judged(pa.table(arrays, schema=pa.schema(fields)), len(operations) - deleted, deleted, refused, refusals)


def _names(shape: TableShape) -> dict[str, str]:
    """The technical name of each column by what a row may call it: that name, else its label."""
    names: dict[str, str] = {}
    for column in shape:
        names.setdefault(column.label, column.name)
    return names | {column.name: column.name for column in shape}


def _typed(
    row: Row | Unreadable, target: Target, readers: Mapping[str, Any], names: Mapping[str, str], operation: str
) -> tuple[str, dict[str, Any]]:
    if isinstance(row, Unreadable):
        raise _Refused("row-unreadable", _UNREADABLE, value=row)
    chosen = row.get(OPERATION) or operation if OPERATION not in names else operation
    if chosen not in (PUT, MERGE, DELETE):
        raise _Refused("row-operation", _ODD, OPERATION, chosen)
    if chosen != PUT and not target.key:
        raise _Refused("row-keyless", _KEYLESS)
    if not any(written != OPERATION or OPERATION in names for written in row):
        raise _Refused("row-empty", _EMPTY)
    values: dict[str, Any] = {}
    for written, value in row.items():
        name = names.get(written)
        if name is None:
            if written == OPERATION:
                continue
            raise _Refused("row-column", _UNKNOWN, written[:_SHOWN], value)
        if chosen == DELETE and name not in target.key:
            continue
        if value is None or value == "":
            if chosen == MERGE:
                values[name] = None
            continue
        column, read, _kind = readers[name]
        try:
            values[name] = read(value, column)
        except WrongCell as error:
            raise _Refused("row-value", error.reason, written, value) from None
    for name in target.key:
        if values.get(name) is None:
            raise _Refused("row-key", _NO_KEY, name)
    if chosen != DELETE:
        if not values:
            raise _Refused("row-empty", _EMPTY)
        _require_allowed(values, target, readers, is_whole=chosen == PUT)
    return chosen, values


def _require_allowed(values: Mapping[str, Any], target: Target, readers: Mapping[str, Any], *, is_whole: bool) -> None:
    for name in target.required:
        # Of a row to merge, what it does not tell is the row's that it changes, or is looked at with the version.
        if values.get(name) is None and (is_whole or name in values):
            raise _Refused("row-required", _REQUIRED, name)
    for name, value in values.items():
        if value is None:
            continue
        column: Column = readers[name][0]
        takes = target.judges.get(name)
        if takes is not None and not column.type.is_geographic and not takes(_as_text(value, column)):
            raise _Refused("row-schema", _BROKEN, name, value)
        if column.type in (ColumnType.TEXT, ColumnType.JSON) and name not in target.personal:
            texts = value if isinstance(value, list) else [value]
            if any(leads_to_a_person(text) for text in texts):
                raise _Refused("row-personal", _PERSON, name)


def _as_text(value: Any, column: Column) -> str:
    return canonical_text(value, column) or ""


def leads_to_a_person(text: str) -> bool:
    """Whether a text most likely names a person, or holds what leads to one: a mail address, a telephone, a number of the State."""
    looked_at = text[:_LOOKED_AT]
    if _PERSONAL.search(looked_at) is None:
        return False
    return any(mention.confidence in (Confidence.LIKELY, Confidence.CERTAIN) for mention in mentions(looked_at))
