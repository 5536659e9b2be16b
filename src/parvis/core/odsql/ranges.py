"""``range(…)``: equal steps or fixed bounds, over numbers and moments (specification, section 7.5)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from parvis.core.instants import by_the_clocks_of
from parvis.core.odsql import nodes
from parvis.core.odsql.bound import Bound, Bucket, MomentStep, NumberStep, Tranche, Value
from parvis.core.odsql.calls import Caller, localised
from parvis.core.odsql.coercion import coerce
from parvis.core.odsql.errors import ODSQLError, wrong_type
from parvis.core.odsql.functions import ACCEPTED, Takes
from parvis.core.odsql.valuetypes import ValueType
from parvis.core.translation import Sentence

MAX_BOUNDS = 1_000

UNITS = {
    "millisecond": ("ms", "millisecond", "milliseconds"),
    "second": ("s", "second", "seconds"),
    "minute": ("m", "minute", "minutes"),
    "hour": ("h", "hour", "hours"),
    "day": ("d", "day", "days"),
    "week": ("w", "week", "weeks"),
    "month": ("M", "month", "months"),
    "quarter": ("q", "quarter", "quarters"),
    "year": ("y", "year", "years"),
}
"""Spellings of each unit; the case of the one-letter ones matters."""

CALENDAR = ("week", "month", "quarter", "year")
"""Units of which a step holds one at most."""

_SPELLINGS = {spelling: unit for unit, spellings in UNITS.items() for spelling in spellings}
_STEP = re.compile(r"(\d+)([A-Za-z]+)")
_MOMENTS = (ValueType.DATE, ValueType.DATETIME)


def bind_range(caller: Caller, node: nodes.Range) -> Bucket:
    """The tranches a range makes; ODSQLError when its step or its bounds make none."""
    expression = caller.expression(node.expression)
    if expression.type not in ACCEPTED[Takes.ORDERED]:
        raise wrong_type("range()", expression.type, ACCEPTED[Takes.ORDERED], caller.clause)
    if node.step is None:
        return _tranches(caller, expression, node.bounds)
    if expression.type is ValueType.NUMBER:
        return NumberStep(expression, _number_step(caller, node.step))
    amount, unit = _moment_step(caller, node.step)
    return MomentStep(localised(expression, caller.timezone), amount, unit)


def _number_step(caller: Caller, step: nodes.Literal) -> int | float:
    value = step.value
    if step.kind is not nodes.LiteralKind.NUMBER or not isinstance(value, (int, float)) or value <= 0:
        raise _wrong(
            caller,
            Sentence("range() d’un nombre prend un pas positif ou des bornes"),
        )
    return value


def _moment_step(caller: Caller, step: nodes.Literal) -> tuple[int, str]:
    match = _STEP.fullmatch(str(step.value)) if step.kind is nodes.LiteralKind.QUANTITY else None
    unit = None
    if match:
        unit = _SPELLINGS.get(match[2]) or (_SPELLINGS.get(match[2].lower()) if len(match[2]) > 2 else None)
    if match is None or unit is None or not 0 < int(match[1][:12]) <= 1_000_000:
        raise _wrong(
            caller,
            Sentence("range() d’une date prend un nombre et une unité (1 day, 5 minutes…) ou des bornes"),
        )
    amount = int(match[1])
    if unit in CALENDAR and amount > 1:
        raise _wrong(caller, Sentence("range() n’accepte pas plus d’un(e) {unit}", {"unit": unit}))
    return amount, unit


def _tranches(caller: Caller, expression: Bound, literals: tuple[nodes.Literal | None, ...]) -> Tranche:
    if len(literals) < 2 or None in literals[1:-1] or len(literals) > MAX_BOUNDS or literals == (None, None):
        raise _wrong(
            caller,
            Sentence("range() prend deux bornes au moins, * étant permis aux deux bouts seulement"),
        )
    bounds = tuple(None if bound is None else _bound(caller, expression, bound) for bound in literals)
    values = [bound.value for bound in bounds if bound is not None]
    if any(not low < high for low, high in pairwise(values)):  # type: ignore[operator]
        raise _wrong(
            caller,
            Sentence("les bornes de range() vont de la plus petite à la plus grande"),
        )
    texts = [_text(bound, caller.timezone) for bound in bounds]
    return Tranche(expression, bounds, tuple(f"[{low}, {high}[" for low, high in pairwise(texts)))


def _bound(caller: Caller, expression: Bound, node: nodes.Literal) -> Value:
    literal = caller.expression(node)
    _left, right = coerce(expression, "range()", literal, clause=caller.clause, timezone=caller.timezone)
    if not isinstance(right, Value) or isinstance(right.value, bool):
        raise wrong_type("range()", literal.type, (expression.type,), caller.clause)
    if expression.type is ValueType.DATE and type(right.value) is date:
        return Value(datetime(right.value.year, right.value.month, right.value.day, tzinfo=UTC), ValueType.DATETIME)
    if isinstance(right.value, datetime) and right.value.tzinfo is None:
        return Value(right.value.replace(tzinfo=UTC), ValueType.DATETIME)
    return right


def _text(bound: Value | None, zone: str) -> str:
    if bound is None:
        return "*"
    if isinstance(bound.value, datetime):
        return instant_text(bound.value, zone)
    return repr(float(str(bound.value)))


def instant_text(moment: datetime, zone: str) -> str:
    """An instant as ranges write it: milliseconds, ``Z`` in UTC, else the offset of the zone."""
    local = by_the_clocks_of(ZoneInfo(zone), moment)
    text = local.isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z" if zone == "UTC" else text


def _wrong(caller: Caller, reason: Sentence) -> ODSQLError:
    return ODSQLError(reason=reason, clause=caller.clause)
