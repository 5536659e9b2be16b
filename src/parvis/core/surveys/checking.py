"""What is wrong with a form, question by question: told to who writes it, before anybody fills it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from parvis.core.surveys.bounds import read_bound
from parvis.core.surveys.conditions import BadCondition, fields_of, parse
from parvis.core.surveys.model import (
    LONGEST_HINT,
    LONGEST_LABEL,
    LONGEST_NAME,
    MOST_CHOICES,
    MOST_FIELDS,
    MOST_SECTIONS,
    Choice,
    Field,
    Form,
    Kind,
    Section,
)
from parvis.core.surveys.table import columns_of
from parvis.core.text import slugify
from parvis.core.translation import Sentence, gettext_noop
from parvis.core.validation.patterns import pushed_down

NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}", re.ASCII)
FORMER = "anciennes_questions"
"""The name under which values keep what was answered to questions that are asked no more."""
RESERVED = frozenset({"recu", "date_reponse", FORMER})
"""Columns of the table of answers besides those of questions, and names that values have besides."""


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing to correct: ``field`` is the name of the question, empty for the form as a whole."""

    field: str
    sentence: Sentence


def problems_of(form: Form) -> list[FormProblem]:
    """Everything to correct before the form can be filled, in order; a form without a problem is one that ``answers`` can judge."""
    fields = list(form.every_field())
    problems = [FormProblem("", Sentence(words)) for words in _whole(form, fields)]
    counts = Counter(field.name for field in fields)
    columns = Counter(name for field in form.fields for name in _columns(field))
    seen: set[str] = set()
    for field in fields:
        uses = max(counts[field.name], *(columns[name] for name in _columns(field)), 0)
        reasons = [*_of_field(field, uses), *_of_condition(field.condition, seen, form)]
        problems += [FormProblem(field.name, Sentence(*reason)) for reason in reasons]
        seen.add(field.name)
    seen = set()
    for section in form.sections:
        problems += [FormProblem("", Sentence(*reason)) for reason in _of_condition(section.condition, seen, form)]
        seen |= {field.name for field in section.fields}
    return problems


def _columns(field: Field) -> list[str]:
    """The names of the columns that a question has: ``ou_latitude`` of a point."""
    return [column.name for column in columns_of(Form((Section(fields=(field,)),)), photos=True)[2:]]


def _whole(form: Form, fields: list[Field]) -> Iterator[str]:
    if not any(field.kind is not Kind.NOTE for field in fields):
        yield gettext_noop("Ajoutez au moins une question.")
    if len(fields) > MOST_FIELDS:
        yield gettext_noop("Ce formulaire a trop de questions (300 au plus).")
    if len(form.sections) > MOST_SECTIONS:
        yield gettext_noop("Ce formulaire a trop de parties (50 au plus).")
    if any(len(section.title) > LONGEST_LABEL or len(section.hint) > LONGEST_HINT for section in form.sections):
        yield gettext_noop("Le titre ou le texte d’une partie est trop long.")


type Reason = tuple[str] | tuple[str, dict[str, str]]


def _of_field(field: Field, count: int) -> Iterator[Reason]:
    if not NAME.fullmatch(field.name) or field.name in RESERVED:
        yield (gettext_noop("Le nom de colonne doit être fait de lettres sans accent, de chiffres et de « _ »."),)
    if count > 1:
        yield (gettext_noop("Une autre question a le même nom de colonne."),)
    if not field.label.strip():
        yield (gettext_noop("Écrivez la question."),)
    if len(field.label) > LONGEST_LABEL or len(field.hint) > LONGEST_HINT:
        yield (gettext_noop("La question ou son aide est trop longue."),)
    if field.kind.has_choices:
        yield from _of_choices(field)
    if field.kind is Kind.REPEAT and not field.fields:
        yield (gettext_noop("Ce groupe est vide : placez-y au moins une question."),)
    if any(item.kind is Kind.REPEAT for item in field.fields):
        yield (gettext_noop("Un groupe répété ne peut pas en contenir un autre."),)
    yield from _of_bounds(field)
    if field.pattern and pushed_down(f"(?:{field.pattern})") is None:
        yield (gettext_noop("Le motif n’est pas compris, ou demande trop de calcul."),)


def _of_choices(field: Field) -> Iterator[Reason]:
    if not field.choices:
        yield (gettext_noop("Écrivez les réponses possibles, une par ligne."),)
    if len(field.choices) > MOST_CHOICES:
        yield (gettext_noop("Cette liste a trop de réponses possibles (1 000 au plus)."),)
    if len({choice.value for choice in field.choices}) < len(field.choices):
        yield (gettext_noop("Deux réponses possibles sont les mêmes."),)
    if any(
        not choice.value or " " in choice.value or len(choice.value) > 100 or len(choice.label) > 300
        for choice in field.choices
    ):
        yield (gettext_noop("Une réponse possible est vide, trop longue, ou sa valeur a un espace."),)


def _of_bounds(field: Field) -> Iterator[Reason]:
    if not field.kind.has_bounds:
        return
    least, most = read_bound(field, field.minimum), read_bound(field, field.maximum)
    if (field.minimum and least is None) or (field.maximum and most is None):
        yield (gettext_noop("Le minimum ou le maximum n’est pas de la même sorte que la réponse."),)
    elif least is not None and most is not None and least > most:  # type: ignore[operator]
        yield (gettext_noop("Le minimum dépasse le maximum."),)


def _of_condition(text: str, seen: set[str], form: Form) -> Iterator[Reason]:
    if not text:
        return
    try:
        names = set(fields_of(parse(text)))
    except BadCondition as error:
        yield (BadCondition.sentence, {name: _plain(value) for name, value in error.details.items()})
        return
    for name in sorted(names - seen):
        if form.find(name) is None:
            yield (gettext_noop("La condition parle de « {name} », qui n’existe pas."), {"name": name})
        else:
            yield (gettext_noop("La condition parle de « {name} », qui vient après."), {"name": name})


def _plain(value: object) -> str:
    return value.message if isinstance(value, Sentence) else str(value)


def name_of(label: str, is_taken: Callable[[str], bool]) -> str:
    """A name of column made from a question, that none has: « Quel âge ? » gives ``quel_age``."""
    stem = slugify(label, "_")[: LONGEST_NAME - 4].strip("_")
    if not stem or not stem[0].isalpha():
        stem = f"question_{stem}".rstrip("_")[: LONGEST_NAME - 4]
    name, number = stem, 1
    while name in RESERVED or is_taken(name):
        number += 1
        name = f"{stem}_{number}"
    return name


def choices_of(labels: list[str], former: tuple[Choice, ...] = ()) -> tuple[Choice, ...]:
    """A list from what people read, one value for each: a line that was there keeps the value that answers have of it."""
    values = {choice.label: choice.value for choice in former}
    choices: list[Choice] = []
    taken = {values[label] for label in labels if label in values}
    for label in dict.fromkeys(labels):
        value = values.get(label) or name_of(label, taken.__contains__)
        taken.add(value)
        choices.append(Choice(value, label))
    return tuple(choices)
