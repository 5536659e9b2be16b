"""Whether an answer will do: the server's judgement, which no browser's replaces, and the values that are kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as fact
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.surveys.bounds import (
    MOST_LONG_TEXT,
    MOST_TEXT,
    beyond,
    read_date,
    read_number,
    read_time,
)
from parvis.core.surveys.conditions import holds, parse
from parvis.core.surveys.model import MOST_ENTRIES, Field, Form, Kind
from parvis.core.surveys.places import BadPlace, read_path, read_point
from parvis.core.text import seen_text
from parvis.core.translation import Sentence, gettext_noop
from parvis.core.validation.patterns import pushed_down

type Posted = Mapping[str, Any]
"""What was typed, by name: a text, a list of texts, a list of such mappings for a group, a mapping for a point."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one answer: ``path`` is its name, ``arbres.0.espece`` in the first entry of a group."""

    path: str
    sentence: Sentence


@dataclass(slots=True)
class Judgement:
    """The values to be kept, JSON-able, of the questions that are asked and answered; what is wrong, in order."""

    values: dict[str, Any] = fact(default_factory=dict)
    faults: list[Fault] = fact(default_factory=list)


class _Wrong(Exception):
    def __init__(self, message: str | Sentence) -> None:
        super().__init__()
        self.sentence = message if isinstance(message, Sentence) else Sentence(message)


def judge(form: Form, posted: Posted) -> Judgement:
    """Read what was typed; a question that is not asked is passed over, no matter what was typed. The form has no problem."""
    judgement = Judgement()
    for section in form.sections:
        if _is_asked(section.condition, judgement.values):
            _judge_fields(section.fields, posted, "", judgement.values, {}, judgement.faults)
    return judgement


def _judge_fields(
    fields: Sequence[Field],
    posted: Posted,
    before: str,
    values: dict[str, Any],
    outer: Mapping[str, Any],
    faults: list[Fault],
) -> None:
    for question in fields:
        if question.kind is Kind.NOTE or not _is_asked(question.condition, {**outer, **values}):
            continue
        path, raw = f"{before}{question.name}", posted.get(question.name)
        try:
            if question.kind is Kind.REPEAT:
                value = _entries(question, raw, path, {**outer, **values}, faults)
            else:
                value = _READERS[question.kind](question, raw)
            if value in (None, "", [], {}):
                if question.required:
                    raise _Wrong(gettext_noop("Une réponse est nécessaire."))
                continue
            values[question.name] = value
        except _Wrong as wrong:
            faults.append(Fault(path, wrong.sentence))


def _is_asked(condition: str, answers: Mapping[str, Any]) -> bool:
    return not condition or holds(parse(condition), answers)


def _entries(group: Field, raw: Any, path: str, outer: Mapping[str, Any], faults: list[Fault]) -> list[dict[str, Any]]:
    rows = [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list) else []
    if len(rows) > MOST_ENTRIES:
        raise _Wrong(
            Sentence(gettext_noop("Ce groupe est rempli trop de fois ({most} au plus)."), {"most": MOST_ENTRIES})
        )
    entries = []
    for rank, row in enumerate(rows):
        entry: dict[str, Any] = {}
        if any(is_filled(row.get(item.name)) for item in group.fields):  # an entry left blank was not meant
            _judge_fields(group.fields, row, f"{path}.{rank}.", entry, outer, faults)
            entries.append(entry)
    if (entries or group.required) and (fault := beyond(group, float(len(entries)))):
        raise _Wrong(fault)
    return entries


def is_filled(raw: Any) -> bool:
    """Whether anything was typed."""
    if isinstance(raw, Mapping):
        return any(map(is_filled, raw.values()))
    return any(str(item).strip() for item in raw) if isinstance(raw, list) else bool(raw and str(raw).strip())


def _bounded(question: Field, size: Any) -> None:
    if fault := beyond(question, size):
        raise _Wrong(fault)


def _typed(raw: Any) -> str:
    """What was typed, on lines that hold nothing unseen."""
    text = str(raw[0] if isinstance(raw, list) and raw else raw or "")
    return "\n".join(seen_text(line) for line in text.replace("\r\n", "\n").split("\n")).strip()


def _text(question: Field, raw: Any) -> str:
    is_long = question.kind is Kind.LONG_TEXT
    text = _typed(raw) if is_long else _typed(raw).replace("\n", " ")
    most = MOST_LONG_TEXT if is_long else MOST_TEXT
    if len(text) > most:
        raise _Wrong(Sentence(gettext_noop("Écrivez au plus {bound} caractères."), {"bound": str(most)}))
    if text:
        _bounded(question, float(len(text)))
        if question.pattern and not _fits(question.pattern, text):
            raise _Wrong(gettext_noop("La réponse n’a pas la forme attendue."))
    return text


def _fits(pattern: str, text: str) -> bool:
    # By RE2, in a time that grows with the text alone: whoever writes a pattern is not who answers.
    pushed = pushed_down(f"(?:{pattern})")
    return pushed is not None and bool(pc.match_substring_regex(pa.array([text]), pushed)[0].as_py())


def _number(question: Field, raw: Any) -> float | int | None:
    text = _typed(raw)
    if not text:
        return None
    number = read_number(text)
    if number is None:
        raise _Wrong(gettext_noop("Écrivez un nombre : 12 ou 12,5."))
    if question.kind is Kind.INTEGER and not number.is_integer():
        raise _Wrong(gettext_noop("Écrivez un nombre entier, sans virgule."))
    _bounded(question, number)
    return int(number) if question.kind is Kind.INTEGER else number


def _date(question: Field, raw: Any) -> str:
    text = _typed(raw)
    day = read_date(text)
    if text and day is None:
        raise _Wrong(gettext_noop("Écrivez une date : 31/12/2026."))
    if day is None:
        return ""
    _bounded(question, day)
    return day.isoformat()


def _time(question: Field, raw: Any) -> str:
    text = _typed(raw)
    hour = read_time(text)
    if text and hour is None:
        raise _Wrong(gettext_noop("Écrivez une heure : 14:05."))
    if hour is None:
        return ""
    _bounded(question, hour)
    return f"{hour:%H:%M}"


def _yes_no(question: Field, raw: Any) -> bool | None:
    text = _typed(raw)
    if text not in ("", "oui", "non"):
        raise _Wrong(gettext_noop("Choisissez l’une des réponses proposées."))
    return text == "oui" if text else None


def _one(question: Field, raw: Any) -> str:
    value = _typed(raw)
    if value and value not in {choice.value for choice in question.choices}:
        raise _Wrong(gettext_noop("Choisissez l’une des réponses proposées."))
    return value


def _several(question: Field, raw: Any) -> list[str]:
    typed = {str(item) for item in (raw if isinstance(raw, list) else [raw]) if item}
    if typed - {choice.value for choice in question.choices}:
        raise _Wrong(gettext_noop("Choisissez parmi les réponses proposées."))
    values = [choice.value for choice in question.choices if choice.value in typed]
    if values:
        _bounded(question, float(len(values)))
    return values


def _place(question: Field, raw: Any) -> Any:
    try:
        if question.kind is Kind.POINT:
            return read_point(raw if isinstance(raw, Mapping) else {})
        return read_path(_typed_lines(raw), is_area=question.kind is Kind.AREA)
    except BadPlace as bad:
        raise _Wrong(bad.sentence) from bad


def _typed_lines(raw: Any) -> str:
    return str(raw[0] if isinstance(raw, list) and raw else raw or "")


def _photo(question: Field, raw: Any) -> str:
    """The key under which a picture was received: whoever calls made sure of it."""
    return str(raw or "")


_READERS: Mapping[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.YES_NO: _yes_no,
    Kind.ONE: _one,
    Kind.SEVERAL: _several,
    Kind.POINT: _place,
    Kind.LINE: _place,
    Kind.AREA: _place,
    Kind.PHOTO: _photo,
}
