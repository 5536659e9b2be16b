"""For each type, a condition in SQL true only for texts that surely are values of it, and what such texts allow to compute.

A condition may miss values (they are judged one by one), never accept a wrong one: the property tests hold it to that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parvis.core.schemas.model import Field
from parvis.core.validation.plan import NEVER, Condition, all_of, any_of

FEW = 50
"""Texts that are quicker to compare one after the other."""
EXACT_DIGITS = 15
"""Decimal digits that a DOUBLE holds exactly, in order and in equality."""


@dataclass(frozen=True, slots=True)
class SafePredicate:
    """``condition`` about ``{0}``; ``number`` and ``text`` are SQL that give a DOUBLE, or a text in the same order, of sure texts.

    ``canonical``: two sure texts are the same value only when they are the same text, and no other text has that value as its
    canonical writing (``core.validation.keys``). ``whole``: sure texts are whole numbers. ``quick`` makes, of the least and the
    greatest value allowed, if any, a condition that nearly all right texts meet, at less cost.
    """

    condition: Condition
    number: str | None = None
    text: str | None = None
    canonical: bool = False
    whole: bool = False
    quick: Callable[[float | None, float | None], Condition] | None = None


UNSURE = SafePredicate(NEVER)
_DOUBLE = "TRY_CAST({0} AS DOUBLE)"
_INTEGER = Condition("regexp_full_match({0}, ?)", (f"0|-?[1-9][0-9]{{0,{EXACT_DIGITS - 1}}}",))
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_OFFSET = "(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
_MOMENT = Condition(
    "{0} LIKE '____-__-__T__:__:__' AND TRY_CAST({0} AS TIMESTAMP) IS NOT NULL AND {0} BETWEEN '1' AND '9998'"
    " AND {0} NOT LIKE '%Z' AND {0} NOT LIKE '%.' AND {0} NOT LIKE '% '"
)
"""What most moments meet, at half the cost of an expression. DuckDB reads digits alone there, but for these last characters."""
_DAY = Condition("length({0}) = 10 AND CAST(TRY_CAST({0} AS DATE) AS VARCHAR) = {0}")
_EMAIL = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z]"
_PARTS = frozenset("dmYHMS")

_TEXT_CONDITIONS: Mapping[str, Condition] = {
    "email": Condition("length({0}) <= 60 AND regexp_full_match({0}, ?)", (_EMAIL,)),
    "uri": Condition("regexp_matches({0}, ?)", ("^[a-zA-Z][a-zA-Z0-9+.-]*:",)),
    "uuid": Condition("regexp_full_match({0}, ?)", ("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",)),
}


def safe_predicate(field: Field) -> SafePredicate:
    """What can be said in SQL of the values of ``field``, missing ones apart."""
    make = _MAKERS.get(field.type)
    return make(field) if make else UNSURE


def _string(field: Field) -> SafePredicate:
    if field.format in _TEXT_CONDITIONS:
        return SafePredicate(_TEXT_CONDITIONS[field.format], text="{0}", canonical=True)
    return UNSURE if field.format == "binary" else SafePredicate(Condition("true"), text="{0}", canonical=True)


def _integer(_: Field) -> SafePredicate:
    return SafePredicate(_INTEGER, number=_DOUBLE, canonical=True, whole=True)


def _number(field: Field) -> SafePredicate:
    sign = field.decimal_char
    if sign not in {".", ","} or field.group_char not in {"", " ", ".", ",", "\u00a0", "\u202f"} - {sign}:
        return UNSURE
    shape = rf"-?[0-9]{{1,15}}(?:[{sign}][0-9]{{1,14}})?"
    decimal = Condition(f"length({{0}}) <= {EXACT_DIGITS + 1} AND regexp_full_match({{0}}, ?)", (shape,))
    if sign == ",":
        return SafePredicate(decimal, number="TRY_CAST(replace({0}, ',', '.') AS DOUBLE)")
    return SafePredicate(decimal, number=_DOUBLE, quick=None if field.declares_number else _between)


def _between(least: float | None, most: float | None) -> Condition:
    """Numbers strictly between these: one that rounds to more than the rounding of a limit is more than the limit.

    DuckDB reads as a number no other text than Python does, but for ``+-1``; NaN is its greatest number, and its own opposite.
    """
    inside = []
    if least is not None:
        inside.append(Condition(f"-{_DOUBLE} <= ?", (-math.nextafter(least, math.inf),)))
    if most is not None:
        inside.append(Condition(f"{_DOUBLE} <= ?", (math.nextafter(most, -math.inf),)))
    return all_of(*inside or [Condition(f"{_DOUBLE} IS NOT NULL")], Condition("{0} >= '-'"))


def _boolean(field: Field) -> SafePredicate:
    return SafePredicate(member((*field.true_values, *field.false_values)))


def _date(field: Field) -> SafePredicate:
    if field.format in {"default", "%Y-%m-%d"}:
        return SafePredicate(_DAY, text="{0}", canonical=True)
    condition = _by_format(field.format)
    return SafePredicate(condition) if condition else UNSURE


def _by_format(pattern: str) -> Condition | None:
    """Texts that DuckDB reads by ``pattern`` and writes back the same; for patterns that Python reads alike."""
    pieces = pattern.split("%")
    if len(pieces) < 2 or not all(piece and piece[0] in _PARTS for piece in pieces[1:]):
        return None
    letters = [piece[0] for piece in pieces[1:]]
    literal = pieces[0] + "".join(piece[1:] for piece in pieces[1:])
    plain = all(sign in " /-.:T" for sign in literal)
    if len(set(letters)) != len(letters) or not plain or not {"d", "m", "Y"} <= set(letters):
        return None
    return Condition("strftime(try_strptime({0}, ?), ?) = {0} AND {0} >= '0'", (pattern, pattern))


def _datetime(field: Field) -> SafePredicate:
    if field.format != "default":
        condition = _by_format(field.format)
        return SafePredicate(condition) if condition else UNSURE
    shape = Condition("regexp_full_match({0}, ?)", (f"[1-9][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}{_OFFSET}",))
    day = Condition("TRY_CAST(substr({0}, 1, 10) AS DATE) IS NOT NULL")
    return SafePredicate(any_of(_MOMENT, all_of(shape, day)))


def _time(field: Field) -> SafePredicate:
    return SafePredicate(Condition("regexp_full_match({0}, ?)", (_CLOCK,))) if field.format == "default" else UNSURE


def _year(_: Field) -> SafePredicate:
    return SafePredicate(
        Condition("regexp_full_match({0}, ?)", ("[1-9][0-9]{3}",)), number=_DOUBLE, canonical=True, whole=True
    )


def _yearmonth(_: Field) -> SafePredicate:
    return SafePredicate(Condition("regexp_full_match({0}, ?)", ("[1-9][0-9]{3}-(?:0[1-9]|1[0-2])",)))


_POINTS: Mapping[str, tuple[str, str]] = {
    "default": ("{0}", r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?, ?-?[0-9]{1,2}(?:\.[0-9]{1,20})?"),
    "array": (
        "substr({0}, 2, length({0}) - 2)",
        r"\[-?(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,20})?, ?-?(?:0|[1-9][0-9]?)(?:\.[0-9]{1,20})?\]",
    ),
}


def _geopoint(field: Field) -> SafePredicate:
    if field.format not in _POINTS:
        return UNSURE
    inner, shape = _POINTS[field.format]
    longitude, latitude = (f"abs(TRY_CAST(trim(split_part({inner}, ',', {rank})) AS DOUBLE))" for rank in (1, 2))
    inside = Condition(f"{longitude} <= 179.9 AND {latitude} <= 89.9")
    return SafePredicate(all_of(Condition("regexp_full_match({0}, ?)", (shape,)), inside))


def _any(_: Field) -> SafePredicate:
    return SafePredicate(Condition("true"), text="{0}", canonical=True)


_MAKERS: Mapping[str, Callable[[Field], SafePredicate]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "year": _year,
    "yearmonth": _yearmonth,
    "geopoint": _geopoint,
    "any": _any,
}


def member(texts: tuple[str, ...]) -> Condition:
    """The text is one of ``texts``: each in turn when they are few, a look-up when they are many. A join would lose the order of rows."""
    if not texts:
        return NEVER
    if len(texts) > FEW and not any("\0" in text for text in texts):
        names = ", ".join("'" + text.replace("'", "''") + "'" for text in dict.fromkeys(texts))
        return Condition(f"TRY_CAST({{0}} AS ENUM({names.replace('{', '{{').replace('}', '}}')})) IS NOT NULL")
    return Condition(f"{{0}} IN ({', '.join('?' * len(texts))})", texts)


def bound(item: SafePredicate, name: str, limit: Any) -> Condition | None:
    """A bound (``minimum`` or ``maximum``, already a value) respected by a sure text; None when SQL cannot say it exactly."""
    sign = ">=" if name == "minimum" else "<="
    if item.number is not None and _is_exact(limit):
        return Condition(f"{item.number} {sign} ?", (float(limit),))
    if item.text is not None and type(limit).__name__ == "date" and limit.year >= 1000:
        return Condition(f"{item.text} {sign} ?", (limit.isoformat(),))
    return None


def _is_exact(limit: object) -> bool:
    if not isinstance(limit, (int, Decimal)) or isinstance(limit, bool):
        return False
    number = Decimal(limit)
    return number.is_finite() and len(number.as_tuple().digits) <= EXACT_DIGITS and abs(number.adjusted()) < 100
