"""Whether a field takes a text: its type and constraints as the validation reads them, and the check digits asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from parvis.core.schemas.model import Field, TableSchema
from parvis.core.validation.cells import CellReader, cell_reader
from parvis.core.validation.checks import check_questions
from parvis.core.validation.headers import match_columns

_OF_SEVERAL = frozenset(
    f"check:{name}"
    for name in ("cohesive-columns-value", "compare-columns-value", "sum-columns-value", "one-of-required")
)
"""Rules of custom checks that look at more than one cell."""


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
    return Judge(cell_reader(item, schema.missing(item)), tuple(_checks(item, schema)))


def _checks(item: Field, schema: TableSchema) -> Iterator[Callable[[str], bool]]:
    """The custom checks about the cells of the field alone, as the validation asks them."""
    own = replace(schema, checks=tuple(check for check in schema.checks if check.params.get("column") == item.name))
    if not own.checks:
        return
    columns = match_columns(own, (item.name,), any_case=False, tell_case=False)
    for question in check_questions(own, columns)[0]:
        if len(question.columns) == 1 and not any(rule.rule in _OF_SEVERAL for rule in question.rules):
            yield lambda text, judge=question.judge: not any(judge([text]))  # type: ignore[misc]


_KEPT: dict[tuple[int, str], tuple[TableSchema, Judge]] = {}
_MOST = 500


def cached_judge(item: Field, schema: TableSchema) -> Judge:
    """The judge of a field, made once for a schema that is asked of again and again."""
    place = (id(schema), item.name)
    cached = _KEPT.get(place)
    if cached is None or cached[0] is not schema:  # holding the schema keeps its id from serving another
        if len(_KEPT) >= _MOST:
            _KEPT.clear()
        cached = _KEPT[place] = (schema, judge_of(item, schema))
    return cached[1]
