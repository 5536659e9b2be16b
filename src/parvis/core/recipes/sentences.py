"""Steps told in sentences, for the pages of a dataset: what was done to its rows, and to which columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from parvis.core.transforms import TRANSFORMS, Step, hides_persons
from parvis.core.transforms.preparation.model import Kind, Parameter, Preparation, is_off
from parvis.core.transforms.preparation.rows import TESTS
from parvis.core.transforms.preparation.shapes import FUNCTIONS
from parvis.core.transforms.preparation.table import preparation_of
from parvis.core.translation import SOURCE, gettext_noop, quoted, translate
from parvis.core.translation import Values as Filled

SHOWN = 6
"""Columns or values that a sentence names."""
_LONGEST = 120
_OFF = gettext_noop("Désactivée : {words}")


def step_sentence(step: Step, language: str = SOURCE, hidden: Collection[str] = ()) -> str:
    """What a step does, in words; of one that names a column of ``hidden`` (treated for privacy), only what kind of step it is."""
    row = preparation_of(step)
    if row is None:
        transform = TRANSFORMS.get(step.name)
        return translate(transform.label, language) if transform else step.name
    named = set(_names(row, step.parameters))
    if named & set(hidden):
        return translate(row.label, language)
    values = {p.name: _words(p, step.parameters.get(p.name, p.default), language) for p in row.parameters}
    words = translate(row.summary, language).format_map(Filled(values))
    return translate(_OFF, language).format(words=words) if is_off(step) else words


def step_sentences(steps: Iterable[Step], language: str = SOURCE) -> list[str]:
    """Each step in words; none tells the values of a column that another one hides."""
    listed = list(steps)
    hidden = {
        str(header)
        for step in listed
        if hides_persons([step.name])
        for key in ("column", "x", "y", "columns")
        for header in _listed(step.parameters.get(key))
    }
    return [step_sentence(step, language, hidden) for step in listed]


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


def _names(row: Preparation, parameters: Mapping[str, Any]) -> Iterable[str]:
    """The columns that a step names."""
    for parameter in row.parameters:
        value = parameters.get(parameter.name)
        if parameter.kind in (Kind.COLUMN, Kind.COLUMNS, Kind.NEW, Kind.NEWS):
            yield from map(str, _listed(value))
        elif parameter.kind is Kind.NAMES and isinstance(value, Mapping):
            yield from map(str, [*value, *value.values()])
        elif parameter.kind in (Kind.CONDITIONS, Kind.AGGREGATES):
            yield from (str(item.get("column", "")) for item in _listed(value) if isinstance(item, Mapping))


def _words(parameter: Parameter, value: Any, language: str) -> str:
    if parameter.kind is Kind.CHOICE:
        label = next((choice.label for choice in parameter.choices if choice.value == value), str(value))
        return translate(label, language)
    if isinstance(value, Mapping):
        arrow = " → " if parameter.kind is Kind.NAMES else " = "
        return _joined([f"{quoted(key, language)}{arrow}{quoted(item, language)}" for key, item in value.items()])
    if isinstance(value, list | tuple):
        return _joined([_item(item, language) for item in value])
    if value is None:
        return "–"
    return str(value) if isinstance(value, int | float) else quoted(_cut(str(value)), language)


def _item(item: Any, language: str) -> str:
    if not isinstance(item, Mapping):
        return quoted(_cut(str(item)), language)
    if "do" in item:
        words = next(
            (translate(choice.label, language) for choice in FUNCTIONS if choice.value == item["do"]), str(item["do"])
        )
        return f"{quoted(item.get('to', ''), language)} ({words})"
    test = item.get("is", "is")
    words = next((translate(choice.label, language) for choice in TESTS if choice.value == test), str(test))
    value = item.get("value")
    values = [quoted(_cut(str(part)), language) for part in _listed(value)] if value is not None else []
    return " ".join(filter(None, [quoted(item.get("column", ""), language), words, _joined(values)]))


def _joined(parts: Sequence[str]) -> str:
    shown = ", ".join(parts[:SHOWN])
    return f"{shown}… (+ {len(parts) - SHOWN})" if len(parts) > SHOWN else shown


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
