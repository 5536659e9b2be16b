"""A form made from a Table Schema: each field of the schema becomes a question, and what a question cannot say is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parvis.core.schemas import Field as SchemaField
from parvis.core.schemas import TableSchema
from parvis.core.surveys.bounds import MOST_TEXT
from parvis.core.surveys.checking import choices_of, name_of
from parvis.core.surveys.model import LONGEST_HINT, LONGEST_LABEL, Field, Form, Kind, Section
from parvis.core.translation import Sentence, gettext_noop
from parvis.core.validation.patterns import pushed_down

KINDS = {
    "integer": Kind.INTEGER,
    "year": Kind.INTEGER,
    "number": Kind.DECIMAL,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "boolean": Kind.YES_NO,
    "geopoint": Kind.POINT,
    "string": Kind.TEXT,
}
_AS_TEXT = gettext_noop("« {name} » est du type {type} dans le schéma : il est demandé comme un texte.")
_PATTERN = gettext_noop("Le motif de « {name} » n’est pas repris : {pattern}")
_BOUND = gettext_noop("« {name} » doit satisfaire « {constraint} », que le formulaire ne vérifie pas.")


@dataclass(frozen=True, slots=True)
class MadeForm:
    """A form made from something else, and what of it was not understood."""

    form: Form
    notices: tuple[Sentence, ...] = ()


def form_from_schema(schema: TableSchema) -> MadeForm:
    """One section with a question for each field; the schema has no problem."""
    notices: list[Sentence] = []
    names: set[str] = set()
    fields = []
    for column in schema.fields:
        name = name_of(column.name, names.__contains__)
        names.add(name)
        fields.append(_question(column, name, notices))
    return MadeForm(Form((Section(fields=tuple(fields)),)), tuple(notices))


def _question(column: SchemaField, name: str, notices: list[Sentence]) -> Field:
    limits = dict(column.constraints)
    item = column.array_item
    options = limits.get("enum") or (item.constraints.get("enum") if item else None)
    kind = KINDS.get(column.type)
    if options:
        kind = Kind.SEVERAL if column.type == "array" else Kind.ONE
    elif kind is None:
        kind = Kind.LONG_TEXT
        notices.append(Sentence(_AS_TEXT, {"name": name, "type": column.type}))
    elif kind is Kind.TEXT and int(limits.get("maxLength") or 0) > MOST_TEXT:
        kind = Kind.LONG_TEXT
    minimum, maximum = _bounds(kind, limits)
    pattern = str(limits.get("pattern") or "") if kind in (Kind.TEXT, Kind.LONG_TEXT) else ""
    if pattern and pushed_down(f"(?:{pattern})") is None:
        notices.append(Sentence(_PATTERN, {"name": name, "pattern": pattern[:200]}))
        pattern = ""
    notices += [Sentence(_BOUND, {"name": name, "constraint": limit}) for limit in ("unique",) if limits.get(limit)]
    label = column.title or column.name.replace("_", " ").strip().capitalize() or name
    return Field(
        name=name,
        label=label[:LONGEST_LABEL],
        kind=kind,
        hint=_hint(column)[:LONGEST_HINT],
        required=column.required,
        minimum=minimum,
        maximum=maximum,
        pattern=pattern,
        choices=choices_of([str(option) for option in options]) if options else (),
    )


def _bounds(kind: Kind, limits: dict[str, Any]) -> tuple[str, str]:
    if kind in (Kind.TEXT, Kind.LONG_TEXT):
        names = "minLength", "maxLength"
    elif kind in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.TIME):
        names = "minimum", "maximum"
    else:
        return "", ""
    return str(limits.get(names[0], "")), str(limits.get(names[1], ""))


def _hint(column: SchemaField) -> str:
    example = "" if column.example in (None, "") else f"Exemple : {column.example}"
    return " ".join(part for part in (column.description.strip(), example) if part)
