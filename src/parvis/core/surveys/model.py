"""What a collection form asks: sections of questions, each with its type, bounds and condition. Kept and sent as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, ClassVar

from parvis.core.errors import RequestError
from parvis.core.translation import Sentence, gettext_noop

MOST_FIELDS = 300
MOST_SECTIONS = 50
MOST_CHOICES = 1_000
MOST_ENTRIES = 50
"""Entries of a repeated group in one answer."""
LONGEST_NAME = 50
"""A column may have a suffix besides, and sixty-three letters in all."""
LONGEST_LABEL = 500
LONGEST_HINT = 2_000


class Kind(StrEnum):
    """The type of a question."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes-no"
    ONE = "one"
    SEVERAL = "several"
    POINT = "point"
    LINE = "line"
    AREA = "area"
    PHOTO = "photo"
    NOTE = "note"
    """A text to read; nothing is asked."""
    REPEAT = "repeat"
    """A group of questions that is filled as many times as needed."""

    @property
    def has_bounds(self) -> bool:
        """Whether a minimum and a maximum make sense: of the value, of its length, of what is chosen, of entries."""
        return self in _BOUNDED

    @property
    def has_choices(self) -> bool:
        """Whether the answer is taken from a list."""
        return self in (Kind.ONE, Kind.SEVERAL)


_BOUNDED = {Kind.TEXT, Kind.LONG_TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.TIME, Kind.SEVERAL, Kind.REPEAT}


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a list: the value that is kept, and what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A question. ``minimum`` and ``maximum`` are numbers or ISO dates as text, empty for none; ``condition`` is an expression."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    required: bool = False
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    condition: str = ""
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    """Those of a repeated group."""

    def label_of(self, value: str) -> str:
        """What people read of a value of the list; the value itself when the list has it no more."""
        return next((choice.label for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one title; a form without sections has one without title."""

    title: str = ""
    hint: str = ""
    condition: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form."""

    sections: tuple[Section, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its questions in order, groups as one."""
        return tuple(field for section in self.sections for field in section.fields)

    def every_field(self) -> Iterator[Field]:
        """Its questions in order, each group before what it holds."""
        for field in self.fields:
            yield field
            yield from field.fields

    def find(self, name: str) -> Field | None:
        """The question of that name."""
        return next((field for field in self.every_field() if field.name == name), None)

    def as_json(self) -> dict[str, Any]:
        """It as ``form_from_json`` reads it."""
        return {"sections": [_section_json(section) for section in self.sections]}


class BadForm(RequestError):
    """What should be a form is not."""

    code: ClassVar[str] = "survey-form"
    sentence: ClassVar[str] = gettext_noop("Ce formulaire ne peut pas être lu : {reason}.")
    advice: ClassVar[str] = gettext_noop("Corrigez-le, ou exportez-le de nouveau depuis l’outil qui l’a fait.")


def form_from_json(document: object) -> Form:
    """The form that ``as_json`` wrote; BadForm for anything else. Whether it makes sense is ``checking.problems_of``'s care."""
    try:
        if not isinstance(document, Mapping):
            raise TypeError
        return Form(tuple(_section(row) for row in document.get("sections", ())))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadForm(reason=Sentence(gettext_noop("sa structure n’est pas celle d’un formulaire"))) from error


def _section(row: Mapping[str, Any]) -> Section:
    texts = {name: str(row.get(name, "")) for name in ("title", "hint", "condition")}
    return Section(**texts, fields=tuple(_field(item) for item in row.get("fields", ())))


_TEXTS = ("label", "hint", "minimum", "maximum", "pattern", "condition")


def _field(row: Mapping[str, Any]) -> Field:
    return Field(
        name=str(row["name"]),
        kind=Kind(row["kind"]),
        required=bool(row.get("required", False)),
        choices=tuple(Choice(str(item["value"]), str(item["label"])) for item in row.get("choices", ())),
        fields=tuple(replace(_field(item), fields=()) for item in row.get("fields", ())),
        **{name: str(row.get(name, "")) for name in _TEXTS},
    )


def _section_json(section: Section) -> dict[str, Any]:
    return {**_filled(asdict(section)), "fields": [_field_json(field) for field in section.fields]}


def _field_json(field: Field) -> dict[str, Any]:
    facts = {**_filled(asdict(field)), "kind": field.kind.value}
    if field.choices:
        facts["choices"] = [asdict(choice) for choice in field.choices]
    if field.fields:
        facts["fields"] = [_field_json(item) for item in field.fields]
    return facts


def _filled(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value and name not in ("fields", "choices")}
