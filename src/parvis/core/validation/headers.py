"""The header of a file against the fields of a schema: which column is which, what is missing, what is to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parvis.core.schemas.model import Field, TableSchema
from parvis.core.text import fold
from parvis.core.validation.model import Advice, Rule
from parvis.core.validation.plan import Once


@dataclass(frozen=True, slots=True)
class Columns:
    """``fields`` of the columns of the file in order, fields of type ``any`` where the schema has none; ``extra`` says which those are.

    ``absent`` are the fields that had to be there and are not; ``duplicated``: nothing else can be said of the table.
    """

    labels: tuple[str, ...]
    fields: tuple[Field, ...]
    extra: tuple[bool, ...]
    absent: tuple[Field, ...]
    faults: tuple[Once, ...]
    advice: tuple[Advice, ...]
    duplicated: bool = False

    def position(self, name: str) -> int | None:
        """Where the column of the field, or else the label, called ``name`` stands, from 0; None when it is not there."""
        return next((rank for rank, field in enumerate(self.fields) if field.name == name), None)


def match_columns(schema: TableSchema, header: Sequence[str], *, any_case: bool, tell_case: bool = False) -> Columns:
    """Match the labels of ``header`` to fields by name, blanks around them left out.

    ``any_case``: capitals do not count at all. ``tell_case``: a label that differs from one field only by capitals, accents or
    blanks is that field's, which is told as advice.
    """
    labels = tuple(label.strip() for label in header)
    compared = [label.lower() for label in labels] if any_case else list(labels)
    twice = [label for label, count in Counter(compared).items() if count > 1]
    if twice:
        return Columns(labels, (), (), (), (_duplicate(labels, compared, twice[0]),), (), True)
    fields_by_name = {item.name.lower() if any_case else item.name: item for item in schema.fields}
    near = _near(schema, labels) if tell_case and not any_case else {}
    matched = [fields_by_name.get(label) or near.get(label) for label in compared]
    fields = tuple(field or Field(label, "any") for field, label in zip(matched, labels, strict=True))
    extra = tuple(field is None for field in matched)
    here = {field.name for field in fields}
    key_names = {key.lower() if any_case else key for key in schema.primary_key}
    absent = tuple(
        item
        for name, item in fields_by_name.items()
        if labels and item.name not in here and (item.required or name in key_names)
    )
    faults = (*_missing(labels, absent), *_labels(labels, fields, any_case=any_case, near=near))
    advice = (*_case_advice(labels, near), *_spaces(header, labels), *_advice(schema, labels, fields, extra))
    return Columns(labels, fields, extra, absent, tuple(faults), advice)


def _near(schema: TableSchema, labels: Sequence[str]) -> dict[str, Field]:
    """Labels that are no field's name but resemble one free field only, and which."""
    names = {item.name for item in schema.fields}
    present = set(labels)
    free = [item for item in schema.fields if item.name not in present]
    close: dict[str, list[Field]] = {}
    for item in free:
        close.setdefault(_folded(item.name), []).append(item)
    strange = Counter(_folded(label) for label in labels if label not in names)
    return {
        label: close[_folded(label)][0]
        for label in labels
        if label not in names and strange[_folded(label)] == 1 and len(close.get(_folded(label), [])) == 1
    }


def _folded(name: str) -> str:
    return "_".join(fold(name).replace("_", " ").replace("\n", " ").split())


def _duplicate(labels: Sequence[str], compared: Sequence[str], label: str) -> Once:
    positions = [rank + 1 for rank, text in enumerate(compared) if text == label]
    shown = labels[positions[0] - 1]
    details = {"label": shown, "positions": positions}
    return Once(Rule("duplicate-label", "header:duplicate-label", None, None, details), None, shown)


def _missing(labels: Sequence[str], absent: Sequence[Field]) -> Iterator[Once]:
    for rank, field in enumerate(absent, start=len(labels) + 1):
        rule = Rule("missing-label", "header:missing-label", field.name, rank, {"required": True})
        yield Once(rule, None)


def _labels(
    labels: Sequence[str], fields: Sequence[Field], *, any_case: bool, near: dict[str, Field]
) -> Iterator[Once]:
    """Labels that are blank, or broken over two lines."""
    for rank, (label, field) in enumerate(zip(labels, fields, strict=True), start=1):
        name, flat = field.name, label.replace("\n", " ").strip()
        same = name.lower() == flat.lower() if any_case else name == flat or label in near
        if not label:
            yield Once(Rule("blank-label", "header:blank-label", "", rank, {}), None, "")
        elif not same:
            details = {"label": label, "expected": name}
            yield Once(Rule("incorrect-label", "header:incorrect-label", name, rank, details), None, label)


def _case_advice(labels: Sequence[str], near: dict[str, Field]) -> Iterator[Advice]:
    for label in labels:
        if label in near:
            yield Advice("header-case", {"label": label, "column": near[label].name})


def _spaces(header: Sequence[str], labels: Sequence[str]) -> Iterator[Advice]:
    for raw, label in zip(header, labels, strict=True):
        if raw != label and label:
            yield Advice("header-spaces", {"label": raw, "column": label})


def _advice(
    schema: TableSchema, labels: Sequence[str], fields: Sequence[Field], extra: Sequence[bool]
) -> Iterator[Advice]:
    here = {field.name for field, other in zip(fields, extra, strict=True) if not other}
    absent = [item.name for item in schema.fields if item.name not in here and not item.required]
    for name in absent:
        yield Advice("missing-column", {"column": name})
    for rank, (label, other) in enumerate(zip(labels, extra, strict=True), start=1):
        if other:
            yield Advice("extra-column", {"label": label, "position": rank})
    names = [field.name for field in fields]
    if not any(extra) and sorted(names) == sorted(schema.field_names) and names != list(schema.field_names):
        yield Advice("column-order", {"labels": list(schema.field_names)})
