"""Numbers and moments as a French or English reader writes them, and what a drawing needs to write them the same way."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

NARROW = "\u202f"
"""Between the thousands of a French number."""
SPACE = "\u00a0"
"""Before a unit or a percent sign."""
MINUS = "\u2212"

MONTHS: Mapping[str, tuple[str, ...]] = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
SHORT_MONTHS: Mapping[str, tuple[str, ...]] = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
DAYS: Mapping[str, tuple[str, ...]] = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
NOTHING: Mapping[str, str] = {"fr": "Non renseigné", "en": "Not given"}
"""The group of the rows without a value."""
YES_NO: Mapping[str, tuple[str, str]] = {"fr": ("Oui", "Non"), "en": ("Yes", "No")}


def tongue(language: str) -> str:
    """``fr`` or ``en``, whatever the page's language code."""
    return "fr" if (language or "fr").startswith("fr") else "en"


def number_text(value: float | None, decimals: int = 0, language: str = "fr") -> str:
    """``1 294,5``: rounded to that many decimals, zeros at the end kept so that figures of a column agree."""
    if value is None or not math.isfinite(value):
        return "—"
    text = f"{abs(value):,.{decimals}f}"
    sign = MINUS if value < 0 and text.strip("0.,") else ""
    if tongue(language) == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    return sign + text


def with_unit(text: str, unit: str, language: str = "fr") -> str:
    """A number and its unit: ``12 %`` in French, ``12%`` in English; the number alone without unit."""
    if not unit:
        return text
    return f"{text}%" if unit == "%" and tongue(language) == "en" else f"{text}{SPACE}{unit}"


def usual_decimals(values: Iterable[float | None]) -> int:
    """None for whole numbers; else as many as tell the largest ones apart, two at most."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if all(value == int(value) for value in known):
        return 0
    largest = max(abs(value) for value in known)
    return 0 if largest >= 1_000 else 1 if largest >= 10 else 2


_MOMENT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?")


def moment_text(key: str, step: str, language: str = "fr") -> str:
    """A group of dates as it is read: ``2023``, ``avril 2023``, ``3 mars 2023``, ``lundi``, ``14 h``; else the key itself."""
    lang = tongue(language)
    if step == "month-of-year" and key.isdecimal() and 1 <= int(key) <= 12:
        return MONTHS[lang][int(key) - 1]
    if step == "weekday" and key.isdecimal() and 1 <= int(key) <= 7:
        return DAYS[lang][int(key) - 1]
    if step == "hour" and key.isdecimal():
        return f"{int(key)}{SPACE}h" if lang == "fr" else f"{int(key):02}:00"
    found = _MOMENT.fullmatch(key)
    if not found:
        return key
    year, month, day = found[1], found[2], found[3]
    if month is None or step == "year":
        return year
    if not 1 <= int(month) <= 12:
        return key
    name = MONTHS[lang][int(month) - 1]
    if day is None or step == "month":
        return f"{name} {year}"
    return f"{'1er' if lang == 'fr' and day == '01' else int(day)}{SPACE}{name} {year}"


def moment_of(key: str) -> int | None:
    """Milliseconds since 1970 (UTC) of the start of a group of dates; None when the key is no date."""
    found = _MOMENT.fullmatch(key)
    if not found:
        return None
    try:
        day = datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=UTC)
    except ValueError:
        return None
    return round(day.timestamp() * 1000)


def locale_of(language: str) -> dict[str, Any]:
    """The ``locale`` of a Vega configuration: how d3 writes numbers and moments."""
    lang = tongue(language)
    days, months = DAYS[lang], MONTHS[lang]
    french = lang == "fr"
    return {
        "number": {
            "decimal": "," if french else ".",
            "thousands": NARROW if french else ",",
            "grouping": [3],
            "currency": ["", f"{SPACE}€"] if french else ["€", ""],
            "percent": f"{SPACE}%" if french else "%",
            "minus": MINUS,
        },
        "time": {
            "dateTime": "%A %e %B %Y %X" if french else "%x, %X",
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days[-1], *days[:-1]],
            "shortDays": [day[:3] for day in (days[-1], *days[:-1])],
            "months": list(months),
            "shortMonths": list(SHORT_MONTHS[lang]),
        },
    }
