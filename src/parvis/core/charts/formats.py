"""Numbers and moments as the reader's language writes them, and what a drawing needs to write them the same way."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from parvis.core.translation import gettext_noop, translate
from parvis.core.units import unit_word

SPACE = "\u00a0"
"""Before a unit or a percent sign."""
MINUS = "\u2212"

NOTHING = gettext_noop("Non renseigné")
"""The group of the rows without a value."""
YES, NO = gettext_noop("Oui"), gettext_noop("Non")

# How a language writes numbers and moments is in its catalogue, as models that its translator follows.
_NUMBER = gettext_noop("1\u202f234,5")
"""A number, from which the marks of thousands and of decimals are taken."""
_PERCENT = gettext_noop("{number}\u00a0%")
_EUROS = gettext_noop("{number}\u00a0€")
_MONTHS = gettext_noop("janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre")
_SHORT_MONTHS = gettext_noop("janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc.")
_DAYS = gettext_noop("lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche")
_HOUR = gettext_noop("{hour}\u00a0h")
_DAY = gettext_noop("{day}\u00a0{month} {year}")
_FIRST_DAY = gettext_noop("1er\u00a0{month} {year}")
_MONTH = gettext_noop("{month} {year}")
_DATE_AND_TIME = gettext_noop("%A %e %B %Y %X")
"""As d3 writes it."""


@cache
def _marks(language: str) -> tuple[str, str]:
    """What is between thousands, and before decimals."""
    model = translate(_NUMBER, language)
    return model[1:-5], model[-2]


def _listed(names: str, language: str) -> list[str]:
    return translate(names, language).split("|")


def number_text(value: float | None, decimals: int = 0, language: str = "fr") -> str:
    """``1 294,5``: rounded to that many decimals, zeros at the end kept so that figures of a column agree."""
    if value is None or not math.isfinite(value):
        return "—"
    text = f"{abs(value):,.{decimals}f}"
    sign = MINUS if value < 0 and text.strip("0.,") else ""
    thousands, decimal = _marks(language)
    return sign + text.translate({ord(","): thousands, ord("."): decimal})


def with_unit(text: str, unit: str, language: str = "fr") -> str:
    """A number and its unit: ``12 %`` in French, ``12%`` in English; the number alone without unit."""
    if not unit:
        return text
    if unit == "€" or (unit.startswith("€") and unit[1:].isalpha()):  # « €m » is what English calls « M€ », for « €5m »
        sign, number = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
        return sign + translate(_EUROS, language, number=number) + unit[1:]
    return translate(_PERCENT, language, number=text) if unit == "%" else f"{text}{SPACE}{unit_word(unit, language)}"


def usual_decimals(values: Iterable[float | None]) -> int:
    """None for whole numbers; else as many as tell the largest ones apart, two at most."""
    finite = [value for value in values if value is not None and math.isfinite(value)]
    if all(value == int(value) for value in finite):
        return 0
    largest = max(abs(value) for value in finite)
    return 0 if largest >= 1_000 else 1 if largest >= 10 else 2


_MOMENT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?")


def moment_text(key: str, step: str, language: str = "fr") -> str:
    """A group of dates as it is read: ``2023``, ``avril 2023``, ``3 mars 2023``, ``lundi``, ``14 h``; else the key itself."""
    if step == "month-of-year" and key.isdecimal() and 1 <= int(key) <= 12:
        return _listed(_MONTHS, language)[int(key) - 1]
    if step == "weekday" and key.isdecimal() and 1 <= int(key) <= 7:
        return _listed(_DAYS, language)[int(key) - 1]
    if step == "hour" and key.isdecimal():
        return translate(_HOUR, language, hour=int(key))
    match = _MOMENT.fullmatch(key)
    if not match:
        return key
    year, month, day = match[1], match[2], match[3]
    if month is None or step == "year":
        return year
    if not 1 <= int(month) <= 12:
        return key
    name = _listed(_MONTHS, language)[int(month) - 1]
    if day is None or step == "month":
        return translate(_MONTH, language, month=name, year=year)
    return translate(_FIRST_DAY if day == "01" else _DAY, language, day=int(day), month=name, year=year)


def short_moment(key: str, step: str, language: str = "fr", *, with_year: bool = True) -> str:
    """A group of dates where there is little room: ``avr. 2023``, ``3 avr.``, ``sept.``, ``lun.``; as ``moment_text`` otherwise."""
    if step == "month-of-year" and key.isdecimal() and 1 <= int(key) <= 12:
        return _listed(_SHORT_MONTHS, language)[int(key) - 1]
    if step == "weekday" and key.isdecimal() and 1 <= int(key) <= 7:
        return _listed(_DAYS, language)[int(key) - 1][:3] + "."
    match = _MOMENT.fullmatch(key)
    if not match or step not in ("month", "day") or not match[2] or not 1 <= int(match[2]) <= 12:
        return moment_text(key, step, language)
    name = _listed(_SHORT_MONTHS, language)[int(match[2]) - 1]
    if step == "month":
        return translate(_MONTH, language, month=name, year=match[1])
    day = f"{int(match[3] or 1)}{SPACE}{name}"
    return f"{day} {match[1]}" if with_year else day


def moment_of(key: str) -> int | None:
    """Milliseconds since 1970 (UTC) of the start of a group of dates; None when the key is no date."""
    match = _MOMENT.fullmatch(key)
    if not match:
        return None
    try:
        day = datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC)
    except ValueError:
        return None
    return round(day.timestamp() * 1000)


def moments_between(first: str, last: str, step: str, most: int) -> list[str]:
    """The keys of the years, months or days from one to another; none beyond that many, or where they are no such keys."""
    length = {"year": 4, "month": 7, "day": 10}.get(step, 0)
    if not all(len(key) == length and moment_of(key) is not None for key in (first, last)):
        return []
    if step == "day":
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        count = (end - start).days + 1
        return (
            [(start + timedelta(days=day)).isoformat() for day in range(min(count, most + 1))] if count <= most else []
        )
    low, high = (int(key[:4]) * 12 + int(key[5:7] or 1) - 1 for key in (first, last))
    keys = [
        f"{month // 12:04}-{month % 12 + 1:02}"[:length] for month in range(low, high + 1, 12 if step == "year" else 1)
    ]
    return keys if len(keys) <= most else []


def locale_of(language: str) -> dict[str, Any]:
    """The ``locale`` of a Vega configuration: how d3 writes numbers and moments."""
    days, (thousands, decimal) = _listed(_DAYS, language), _marks(language)
    return {
        "number": {
            "decimal": decimal,
            "thousands": thousands,
            "grouping": [3],
            "currency": _around(_EUROS, language),
            "percent": _around(_PERCENT, language)[1],
            "minus": MINUS,
        },
        "time": {
            "dateTime": translate(_DATE_AND_TIME, language),
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days[-1], *days[:-1]],
            "shortDays": [day[:3] for day in (days[-1], *days[:-1])],
            "months": _listed(_MONTHS, language),
            "shortMonths": _listed(_SHORT_MONTHS, language),
        },
    }


def _around(model: str, language: str) -> list[str]:
    """What the language writes before and after a number."""
    before, _number, after = translate(model, language).partition("{number}")
    return [before, after]
