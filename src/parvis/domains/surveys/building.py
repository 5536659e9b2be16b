"""The questions of a form as a list that a person edits: one row each, in order, titles of parts among them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from parvis.core.surveys.bounds import read_date
from parvis.core.surveys.checking import choices_of, name_of
from parvis.core.surveys.conditions import BadCondition, Tree, parse
from parvis.core.surveys.model import MOST_FIELDS, Choice, Field, Form, Kind, Section
from parvis.core.text import fold, seen_text

SECTION = "section"
"""The kind of a row that is the title of a part."""
MOST_ROWS = MOST_FIELDS + 50
OPERATORS = ("=", "!=", ">", "<", "filled")
_OPTION = re.compile(r"\s*([A-Za-z0-9_.-]{1,100})\s*\|\s*(.+)")
_SIMPLE = {"=", "!=", ">", "<"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, all of it as text. ``when``, ``operator`` and ``value`` are a condition in three inputs."""

    kind: str = Kind.TEXT.value
    label: str = ""
    hint: str = ""
    required: bool = False
    name: str = ""
    options: str = ""
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    group: str = ""
    when: str = ""
    operator: str = "="
    value: str = ""
    condition: str = ""
    """An expression that the three inputs cannot say."""


COLUMNS = tuple(column.name for column in fields(Row))


def rows_from_post(posted: Mapping[str, Any]) -> list[Row]:
    """The rows that were sent, in their order: ``r-<number>-<column>``."""
    numbers = sorted(
        int(name.split("-")[1])
        for name in posted
        if name.startswith("r-") and name.endswith("-kind") and name.split("-")[1].isdecimal() and len(name) < 20
    )
    return [_posted_row(posted, number) for number in numbers[:MOST_ROWS]]


def _posted_row(posted: Mapping[str, Any], number: int) -> Row:
    texts = {name: str(posted.get(f"r-{number}-{name}", ""))[:100_000] for name in COLUMNS if name != "required"}
    one_line = {name: text if name in ("options", "hint", "label") else seen_text(text) for name, text in texts.items()}
    row = Row(**one_line, required=bool(posted.get(f"r-{number}-required")))
    if row.kind == Kind.DATE:
        row = replace(row, minimum=_iso(row.minimum), maximum=_iso(row.maximum))
    return row


def _iso(text: str) -> str:
    day = read_date(text)
    return day.isoformat() if day else text


def named(rows: Sequence[Row]) -> list[Row]:
    """The same, each question with a name of column: the one it has, else one made from its words."""
    taken = {row.name for row in rows if row.name}
    result = []
    for row in rows:
        if row.kind != SECTION and not row.name and row.label.strip():
            row = replace(row, name=name_of(row.label, taken.__contains__))
            taken.add(row.name)
        result.append(row)
    return result


def moved(rows: Sequence[Row], act: str) -> list[Row]:
    """The rows after a button: ``ajouter``, or ``monter:3``, ``descendre:3``, ``supprimer:3``, ``doubler:3``."""
    verb, _colon, place = act.partition(":")
    result = list(rows)
    if verb == "ajouter":
        return [*result, Row(group=result[-1].group if result else "")][:MOST_ROWS]
    number = int(place) if place.isdecimal() and len(place) < 6 else -1
    if not 0 <= number < len(result):
        return result
    other = number - 1 if verb == "monter" else number + 1
    if verb == "supprimer":
        del result[number]
    elif verb == "doubler":
        result.insert(number + 1, replace(result[number], name=""))
    elif verb in ("monter", "descendre") and 0 <= other < len(result):
        result[number], result[other] = result[other], result[number]
    return result[:MOST_ROWS]


def apart(rows: Sequence[Row], taken: Collection[str]) -> tuple[list[Row], list[str]]:
    """The rows whose name is free, and the names of the others: a group goes with what it holds."""
    doubles = [row.name for row in rows if row.kind != SECTION and (row.name in taken or row.group in taken)]
    return [row for row in rows if row.kind == SECTION or row.name not in doubles], doubles


def form_of(rows: Sequence[Row], former: Form | None = None) -> Form:
    """The form that named rows make; lists keep the values that ``former`` has of the same lines."""
    groups = {row.name for row in rows if row.kind == Kind.REPEAT}
    made = {row.name: _field(row, rows, former) for row in rows if row.kind != SECTION}
    inside: dict[str, list[Field]] = {name: [] for name in groups}
    for row in rows:
        if row.kind not in (SECTION, Kind.REPEAT) and row.group in groups:
            inside[row.group].append(made[row.name])
    sections: list[Section] = [Section()]
    for row in rows:
        if row.kind == SECTION:
            sections.append(Section(row.label.strip(), row.hint.strip(), expression_of(row, rows)))
        elif row.kind == Kind.REPEAT:
            group = replace(made[row.name], fields=tuple(inside[row.name]))
            sections[-1] = replace(sections[-1], fields=(*sections[-1].fields, group))
        elif row.group not in groups:
            sections[-1] = replace(sections[-1], fields=(*sections[-1].fields, made[row.name]))
    return Form(tuple(section for section in sections if section.fields or section.title))


def _field(row: Row, rows: Sequence[Row], former: Form | None) -> Field:
    kind = Kind(row.kind) if row.kind in set(Kind) else Kind.TEXT
    before = former.find(row.name) if former else None
    return Field(
        name=row.name,
        label=row.label.strip(),
        kind=kind,
        hint=row.hint.strip(),
        required=row.required and kind is not Kind.NOTE,
        minimum=row.minimum if kind.has_bounds else "",
        maximum=row.maximum if kind.has_bounds else "",
        pattern=row.pattern if kind in (Kind.TEXT, Kind.LONG_TEXT) else "",
        condition=expression_of(row, rows),
        choices=_choices(row.options, before.choices if before else ()) if kind.has_choices else (),
    )


def _choices(text: str, former: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """One line each: what people read, or « valeur | ce que l’on lit »."""
    with_values = list(former)
    labels = []
    for line in text.splitlines():
        match = _OPTION.fullmatch(line)
        label = seen_text(match[2] if match else line)
        if match:
            with_values.append(Choice(match[1], label))
        if label:
            labels.append(label)
    return choices_of(labels, tuple(with_values))


def options_text(choices: Iterable[Choice]) -> str:
    """The lines that ``_choices`` reads back as the same list: values are written where they are not those that words make."""
    rows = tuple(choices)
    usual = choices_of([row.label for row in rows])
    lines = [
        row.label if row == other else f"{row.value} | {row.label}" for row, other in zip(rows, usual, strict=False)
    ]
    text = "\n".join(lines)
    return text if _choices(text, ()) == rows else "\n".join(f"{row.value} | {row.label}" for row in rows)


def rows_of(form: Form) -> list[Row]:
    """The list that edits a form: each group before what it holds."""
    rows: list[Row] = []
    for section in form.sections:
        if section.title or section.condition or section.hint:
            rows.append(Row(SECTION, section.title, section.hint, **_condition(section.condition, form)))
        for field in section.fields:
            rows.append(_row(field, form))
            rows += [replace(_row(item, form), group=field.name) for item in field.fields]
    return rows


def _row(field: Field, form: Form) -> Row:
    names = ("label", "hint", "required", "name", "minimum", "maximum", "pattern")
    facts = {name: getattr(field, name) for name in names}
    return Row(kind=field.kind.value, options=options_text(field.choices), **facts, **_condition(field.condition, form))


def expression_of(row: Row, rows: Sequence[Row]) -> str:
    """The condition of a row: the expression that was written, or what its three inputs say."""
    if row.condition or not row.when:
        return row.condition
    if row.operator == "filled":
        return f"${{{row.when}}} != ''"
    other = next((item for item in rows if item.name == row.when), Row())
    value = row.value.strip()
    if other.kind in (Kind.ONE, Kind.SEVERAL):
        value = next(
            (c.value for c in _choices(other.options, ()) if fold(value) in (fold(c.label), fold(c.value))), value
        )
    elif other.kind == Kind.YES_NO:
        value = fold(value)
    elif other.kind in (Kind.INTEGER, Kind.DECIMAL) and re.fullmatch(r"-?\d+([.,]\d+)?", value):
        return f"${{{row.when}}} {row.operator} {value.replace(',', '.')}"
    elif other.kind == Kind.DATE:
        value = _iso(value)
    quote = '"' if "'" in value else "'"
    text = f"{quote}{value.replace(quote, '')}{quote}"
    if other.kind == Kind.SEVERAL and row.operator in ("=", "!="):
        chosen = f"selected(${{{row.when}}}, {text})"
        return chosen if row.operator == "=" else f"not({chosen})"
    return f"${{{row.when}}} {row.operator} {text}"


def _condition(expression: str, form: Form) -> dict[str, str]:
    """The three inputs that say an expression, else the expression."""
    if not expression:
        return {}
    try:
        tree = parse(expression)
    except BadCondition:
        return {"condition": expression}
    return next(_simple(tree, form), {"condition": expression})


def _simple(tree: Tree, form: Form) -> Iterator[dict[str, str]]:
    operator, is_negated = tree[0], False
    if operator == "not" and tree[1][0] == "selected":
        tree, operator, is_negated = tree[1], "selected", True
    if operator not in (*_SIMPLE, "selected") or tree[1][0] != "field":
        return
    field = form.find(tree[1][1])
    number = tree[2][2] if tree[2][0] == "-" and tree[2][1] == ["number", 0.0] else tree[2]
    if field is None or number[0] not in ("text", "number") or (number is not tree[2] and number[0] != "number"):
        return
    if operator == "selected" and field.kind is not Kind.SEVERAL:
        return
    sign = "-" if number is not tree[2] else ""
    text = number[1] if number[0] == "text" else sign + f"{number[1]:.10f}".rstrip("0").rstrip(".")
    if operator == "!=" and text == "" and number[0] == "text":
        yield {"when": field.name, "operator": "filled"}
        return
    shown = "=" if operator == "selected" and not is_negated else "!=" if operator == "selected" else operator
    yield {"when": field.name, "operator": shown, "value": field.label_of(text) if field.kind.has_choices else text}
