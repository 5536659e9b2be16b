"""The fields of the page and what they hold: names of inputs, what was typed, what is shown again with what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from parvis.core.surveys.answers import is_filled
from parvis.core.surveys.model import MOST_ENTRIES, Field, Form, Kind
from parvis.core.text import seen_text

BLANK_ENTRIES = 3
"""Entries of a group that are there to be filled without scripts, which a button gives again; with scripts, one is shown."""
PARTS = ("latitude", "longitude", "address")


class Posted(Protocol):
    """The fields of a request."""

    def get(self, name: str, default: str = ...) -> Any:
        """The last value of a name."""

    def getlist(self, name: str) -> list[Any]:
        """Its values."""

    def __iter__(self) -> Any:
        """Their names."""


def input_name(path: str) -> str:
    """The name of the input of an answer: ``arbres.0.espece`` is ``q-arbres-0-espece``."""
    return f"q-{path.replace('.', '-')}"


def posted_answers(form: Form, posted: Posted, files: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as ``core.surveys.answers`` reads it; a photo that was sent is the name of its input."""
    return _of_fields(form.fields, posted, files, "")


MOST_OTHERS, LONGEST_OTHER, LONGEST_NAME = 50, 1_000, 100


def other_answers(form: Form, posted: Posted) -> dict[str, str]:
    """What was typed in questions that the form does not have, by the names of their inputs."""
    names = {field.name for field in form.fields}
    typed = {name.removeprefix("q-"): posted.get(name) for name in posted if name.startswith("q-")}
    return kept_others({name: value for name, value in typed.items() if name.split("-")[0] not in names})


def kept_others(others: Mapping[str, Any]) -> dict[str, str]:
    """What is kept of answers to questions that are asked no more: texts without what is not seen, so many and so long at most."""
    texts = {
        seen_text(name)[:LONGEST_NAME]: "\n".join(map(seen_text, str(value)[:LONGEST_OTHER].split("\n"))).strip()
        for name, value in sorted(others.items())[:MOST_OTHERS]
    }
    return {name: text for name, text in texts.items() if name and text}


def _of_fields(fields: Iterable[Field], posted: Posted, files: Mapping[str, Any], before: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in fields:
        path = f"{before}{question.name}"
        name = input_name(path)
        if question.kind is Kind.REPEAT:
            ranks = _ranks(posted, files, f"{name}-")
            answers[question.name] = [_of_fields(question.fields, posted, files, f"{path}.{rank}.") for rank in ranks]
        elif question.kind is Kind.POINT:
            answers[question.name] = {part: posted.get(f"{name}-{part}", "") for part in PARTS}
        elif question.kind is Kind.PHOTO:
            answers[question.name] = name if files.get(name) else ""
        elif question.kind is not Kind.NOTE:
            answers[question.name] = posted.getlist(name)
    return answers


def _ranks(posted: Posted, files: Mapping[str, Any], prefix: str) -> list[int]:
    """The numbers of the entries of a group that were sent, one more than may be at most: what is beyond is refused, not cut."""
    numbers = {
        rest.partition("-")[0]
        for name in (*posted, *files)
        if name.startswith(prefix) and (rest := name[len(prefix) :])
    }
    return sorted(int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 5)[
        : MOST_ENTRIES + 1
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a group, numbered from 1 for people."""

    number: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the page shows it: its input, what it holds, what is wrong."""

    field: Field
    path: str
    name: str
    raw: Any = ""
    error: str = ""
    is_conditional: bool = False
    is_inside: bool = False
    """Whether it is of an entry of a group."""
    entries: tuple[Entry, ...] = ()

    @property
    def template(self) -> str:
        """What draws its input."""
        return f"surveys/inputs/{_TEMPLATES.get(self.field.kind, 'text')}.html"

    @property
    def text(self) -> str:
        """What one input holds."""
        return (
            str(self.raw[0])
            if isinstance(self.raw, list) and self.raw
            else ("" if isinstance(self.raw, list | dict) else str(self.raw))
        )

    @property
    def place(self) -> Mapping[str, str]:
        """What the inputs of a point hold."""
        return self.raw if isinstance(self.raw, dict) else {}

    @property
    def chosen(self) -> Sequence[str]:
        """The values of the list that are ticked."""
        return self.raw if isinstance(self.raw, list) else []

    @property
    def is_group_of_inputs(self) -> bool:
        """Whether it is a fieldset rather than one labelled input."""
        return self.field.kind in (Kind.YES_NO, Kind.SEVERAL, Kind.POINT, Kind.REPEAT) or (
            self.field.kind is Kind.ONE and len(self.field.choices) <= MOST_RADIOS
        )

    @property
    def is_required_here(self) -> bool:
        """Whether browsers may insist by themselves: not where the question may not be asked."""
        return self.field.required and not self.is_conditional and not self.is_inside


MOST_RADIOS = 7
"""Choices shown as buttons; more are a list to open."""
_TEMPLATES = {
    Kind.LONG_TEXT: "long",
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.DATE: "date",
    Kind.TIME: "date",
    Kind.YES_NO: "yes_no",
    Kind.ONE: "one",
    Kind.SEVERAL: "several",
    Kind.POINT: "point",
    Kind.LINE: "path",
    Kind.AREA: "path",
    Kind.PHOTO: "photo",
    Kind.REPEAT: "repeat",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A section as the page shows it."""

    title: str
    hint: str
    name: str
    questions: tuple[Question, ...] = field(default=())


def parts_of(form: Form, answers: Mapping[str, Any], errors: Mapping[str, str]) -> list[Part]:
    """The page of a form that holds ``answers`` (as ``posted_answers`` gives them), ``errors`` beside each by path."""
    parts = []
    for number, section in enumerate(form.sections):
        questions = _questions(section.fields, answers, errors, "", is_conditional=bool(section.condition))
        parts.append(Part(section.title, section.hint, f"partie-{number}", questions))
    return parts


def _questions(
    fields: Iterable[Field], answers: Mapping[str, Any], errors: Mapping[str, str], before: str, *, is_conditional: bool
) -> tuple[Question, ...]:
    questions = []
    for item in fields:
        path = f"{before}{item.name}"
        question = Question(
            item,
            path,
            input_name(path),
            answers.get(item.name, ""),
            errors.get(path, ""),
            is_conditional=is_conditional or bool(item.condition),
            is_inside=bool(before),
        )
        if item.kind is Kind.REPEAT:
            question = replace(question, entries=_entries(item, question.raw, errors, path))
        questions.append(question)
    return tuple(questions)


def _entries(group: Field, raw: Any, errors: Mapping[str, str], path: str) -> tuple[Entry, ...]:
    # Only the last blank ones go: what is wrong is told by the rank of each entry.
    rows = list(raw) if isinstance(raw, list) else []
    while rows and not is_filled(rows[-1]):
        rows.pop()
    rows = [*rows, *({} for _blank in range(BLANK_ENTRIES))][:MOST_ENTRIES]
    return tuple(
        Entry(rank + 1, _questions(group.fields, row, errors, f"{path}.{rank}.", is_conditional=False))
        for rank, row in enumerate(rows)
    )
