"""Whether a field takes a text: its type and constraints as the validation reads them, and the check digits asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parvis.core.readings.codes import is_siren, is_siret
from parvis.core.readings.places import find_pair, in_boxes
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.validation.cells import CellReader, cell_reader


def _in_france(text: str) -> bool:
    pair = find_pair(text)
    return pair is not None and in_boxes(pair[0], pair[1])


_CHECKS: dict[str, Callable[[str], bool]] = {
    "siret": lambda text: is_siret(text.replace(" ", "")),
    "siren": lambda text: is_siren(text.replace(" ", "")),
    "french-gps-coordinates": _in_france,
}
"""Custom checks on one cell that a correction can satisfy."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Says of a text whether the field takes it."""

    reader: CellReader
    checks: tuple[Callable[[str], bool], ...] = ()

    def accepts(self, text: str) -> bool:
        """True when a cell with this text has no fault of its own."""
        if text in self.reader.missing:
            return not self.reader.field.required
        return not self.reader.broken(text)[1] and all(check(text) for check in self.checks)


def judge_of(item: Field, schema: TableSchema) -> Judge:
    """The judge of a field of a sound schema."""
    checks = tuple(_CHECKS[c.name] for c in schema.checks if c.name in _CHECKS and c.params.get("column") == item.name)
    return Judge(cell_reader(item, schema.missing(item)), checks)


_KEPT: dict[tuple[int, str], tuple[TableSchema, Judge]] = {}
_MOST = 500


def known_judge(item: Field, schema: TableSchema) -> Judge:
    """The judge of a field, made once for a schema that is asked of again and again."""
    place = (id(schema), item.name)
    kept = _KEPT.get(place)
    if kept is None or kept[0] is not schema:  # holding the schema keeps its id from serving another
        if len(_KEPT) >= _MOST:
            _KEPT.clear()
        kept = _KEPT[place] = (schema, judge_of(item, schema))
    return kept[1]
