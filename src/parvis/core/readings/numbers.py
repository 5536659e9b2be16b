"""Numbers as French spreadsheets write them: decimal comma, blanks between thousands, units behind."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from parvis.core.readings.model import Candidate, Certainty, Settings
from parvis.core.text import SPACES

_UNIT = re.compile(
    r"(?P<number>.*?[0-9.,])\s*(?P<unit>€|euros?|eur|%|m²|m2|km|kwh|kva|kw|mm|cm|m|ha|kg|t)", re.IGNORECASE
)
_NO_UNIT = frozenset("013456789.,")
"""Signs that end no unit (« m2 » ends with a digit)."""
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-"})
_BLANKS = re.compile(rf"[\s{SPACES}']")
_GROUPED = re.compile(rf"[+-]?[0-9]{{1,3}}(?:[\s{SPACES}'][0-9]{{3}})+(?:[.,][0-9]+)?")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_DOTTED = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_ENGLISH = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}")
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_LONGEST = 60


def read_number(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """The text as a number with the decimal sign of the schema (``decimal``), whole when ``integer`` is set.

    ``ratio``: shares of one are wanted, so that « 45 % » is 0.45.
    """
    bare = text.strip().strip(SPACES).translate(_MINUS)
    if not bare or len(bare) > _LONGEST:
        return ()
    sure, unit = Certainty.SURE, ""
    if bare[-1] not in _NO_UNIT and (match := _UNIT.fullmatch(bare)):
        bare, unit, sure = match["number"].strip(), match["unit"].lower(), Certainty.LIKELY
        if unit in ("€", "euro", "euros", "eur"):
            sure = Certainty.SURE
    readings = _values(bare)
    variant = "unit" if unit else ""
    if settings.get("ratio") and unit == "%":
        readings = tuple((form, value / 100) for form, value in readings)
        variant, sure = "percent", Certainty.SURE
    elif settings.get("ratio") and len(readings) == 1 and 1 < readings[0][1] <= 100:
        readings, variant, sure = (("percent", readings[0][1] / 100),), "percent", Certainty.LIKELY
    made = (
        (variant or form, _written(value, settings), Certainty.CHOICE if len(readings) > 1 else sure)
        for form, value in readings
    )
    return tuple(
        Candidate(form, after, certain) for form, after, certain in made if after is not None and after != text
    )


def _values(text: str) -> tuple[tuple[str, Decimal], ...]:
    """The numbers that a text may write, each with the name of its form."""
    if _EITHER.fullmatch(text):
        return ("decimal-comma", _decimal(text.replace(",", "."))), ("thousands", _decimal(text.replace(",", "")))
    if _PLAIN.fullmatch(text):
        return (("decimal-comma" if "," in text else "plain", _decimal(text.replace(",", "."))),)
    if _GROUPED.fullmatch(text):
        return (("blanks", _decimal(_BLANKS.sub("", text).replace(",", "."))),)
    if _DOTTED.fullmatch(text):
        return (("dots", _decimal(text.replace(".", "").replace(",", "."))),)
    if _ENGLISH.fullmatch(text):
        return (("english", _decimal(text.replace(",", ""))),)
    if match := re.fullmatch(r"([+-])\s?([0-9].*)", text):
        return tuple((form, -value if match[1] == "-" else value) for form, value in _values(match[2]))
    return ()


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _written(value: Decimal, settings: Settings) -> str | None:
    if not value.is_finite():
        return None
    if settings.get("integer"):
        return str(int(value)) if value == value.to_integral_value() else None
    return format(value, "f").replace(".", str(settings.get("decimal") or "."))
