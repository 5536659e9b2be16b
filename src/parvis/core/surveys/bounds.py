"""Reading numbers, dates and times as people type them in France, and whether they are within the bounds of a question."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from parvis.core.surveys.model import Field, Kind
from parvis.core.translation import Sentence, gettext_noop

type Bound = float | date | time

MOST_TEXT = 255
MOST_LONG_TEXT = 4_000
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,10})?", re.ASCII)
_SPACES = re.compile(r"[\s\u202f\u00a0]")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:hH](\d{2})?(?::\d{2})?", re.ASCII)


def read_number(text: str) -> float | None:
    """« 1 234,5 » as a number; None for anything else."""
    plain = _SPACES.sub("", text)
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def read_date(text: str) -> date | None:
    """« 2026-03-01 » or « 1/3/2026 »."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """« 14:05 », « 14h05 », « 14h »."""
    match = _TIME.fullmatch(text.strip())
    try:
        return time(int(match[1]), int(match[2] or 0)) if match else None
    except ValueError:
        return None


def read_bound(field: Field, text: str) -> Bound | None:
    """A minimum or a maximum; None when there is none, or when it is not of the kind of the question."""
    if field.kind is Kind.DATE:
        return read_date(text)
    if field.kind is Kind.TIME:
        return read_time(text)
    number = read_number(text)
    if number is None or (field.kind is not Kind.DECIMAL and not number.is_integer()):
        return None
    return number


def beyond(field: Field, size: Bound) -> Sentence | None:
    """What is wrong with a value, or with how long it is or how many there are, by the bounds of its question."""
    least, most = (_checked(field, text) for text in (field.minimum, field.maximum))
    words = _WORDS.get(field.kind, _OF_VALUES)
    if least is not None and size < least:  # type: ignore[operator]
        return Sentence(words[0], {"bound": _shown(least)})
    if most is not None and size > most:  # type: ignore[operator]
        return Sentence(words[1], {"bound": _shown(most)})
    return None


def _checked(field: Field, text: str) -> Bound | None:
    return read_bound(field, text) if text else None


def _shown(bound: Any) -> str:
    if isinstance(bound, datetime | date):
        return f"{bound:%d/%m/%Y}"
    if isinstance(bound, time):
        return f"{bound:%H:%M}"
    return f"{bound:.10f}".rstrip("0").rstrip(".").replace(".", ",")


_OF_VALUES = (
    gettext_noop("La réponse doit être au moins {bound}."),
    gettext_noop("La réponse doit être au plus {bound}."),
)
_OF_DATES = (
    gettext_noop("La date ne peut pas être avant le {bound}."),
    gettext_noop("La date ne peut pas être après le {bound}."),
)
_OF_TEXTS = (gettext_noop("Écrivez au moins {bound} caractères."), gettext_noop("Écrivez au plus {bound} caractères."))
_OF_CHOICES = (
    gettext_noop("Choisissez au moins {bound} réponses."),
    gettext_noop("Choisissez au plus {bound} réponses."),
)
_OF_ENTRIES = (
    gettext_noop("Remplissez ce groupe au moins {bound} fois."),
    gettext_noop("Remplissez ce groupe au plus {bound} fois."),
)
_WORDS = {
    Kind.DATE: _OF_DATES,
    Kind.TEXT: _OF_TEXTS,
    Kind.LONG_TEXT: _OF_TEXTS,
    Kind.SEVERAL: _OF_CHOICES,
    Kind.REPEAT: _OF_ENTRIES,
}
