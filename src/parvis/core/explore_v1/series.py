"""What an analysis asks: the series ``y.<name>.…`` and how each is computed (specification, section 11.2)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.core.explore import InvalidParameter
from parvis.core.explore_v1.errors import MissingParameter
from parvis.core.explore_v1.formulas import formula
from parvis.core.odsql import Names
from parvis.core.odsql.bound import Aggregate, Bound, Cell, Sum, Value
from parvis.core.odsql.functions import FUNCTIONS, Function, Takes, Use
from parvis.core.odsql.valuetypes import ValueType, type_of

MAX_SERIES = 50
_EXACT = 2**53
_SERIE = re.compile(r"y\.(?P<name>.{1,200})\.(?P<what>func|expr|cumulative|subsets)")
_FIELD = re.compile(r"\s*(?:`([^`]+)`|([^\W\d]\w*))\s*")
_MOMENTS = (ValueType.DATE, ValueType.DATETIME)
_CARDINALITY = Function("cardinality", (Takes.ANY,), ValueType.NUMBER, "", Use.AGGREGATION)
_ROWS, _VALUES = FUNCTIONS["count"]
_AGGREGATES = {
    "COUNT": _VALUES,
    "AVG": FUNCTIONS["avg"][0],
    "SUM": FUNCTIONS["sum"][0],
    "MIN": FUNCTIONS["min"][0],
    "MAX": FUNCTIONS["max"][0],
    "STDDEV": FUNCTIONS["stddev"][0],
    "SUMSQUARES": FUNCTIONS["sum"][0],
    "CARDINALITY": _CARDINALITY,
}
_ANY_TYPE = frozenset({"COUNT", "CARDINALITY"})
QUANTILES = "QUANTILES"


@dataclass(frozen=True, slots=True)
class Serie:
    """One serie: its name, function in capitals, expression, and what changes its values."""

    name: str
    func: str
    expr: str = ""
    cumulative: bool = False
    subsets: tuple[float, ...] = ()

    def columns(self, names: Names) -> tuple[Aggregate, ...]:
        """Its columns: one, or one a quantile."""
        clause = f"y.{self.name}.expr"
        if self.func == "COUNT" and not self.expr.strip():
            return (_aggregate(_ROWS),)
        if self.func == QUANTILES:
            value, percentile = formula(self.expr, names, clause), FUNCTIONS["percentile"][0]
            return tuple(_aggregate(percentile, value, Value(float(share), ValueType.NUMBER)) for share in self.subsets)
        value = self._value(names, clause)
        if self.func == "SUMSQUARES":
            value = Sum((value, value), ("*",))
        return (_aggregate(_AGGREGATES[self.func], value),)

    def _value(self, names: Names, clause: str) -> Bound:
        plain = _FIELD.fullmatch(self.expr)
        if plain:
            column = names.column(plain[1] or plain[2], clause)
            kind = type_of(column)
            if self.func in _ANY_TYPE or (self.func in ("MIN", "MAX") and kind in _MOMENTS):
                return Cell(column, kind)
        return formula(self.expr, names, clause)

    def read(self, values: list[Any]) -> Any:
        """The value of the serie from those of its columns."""
        if self.func == QUANTILES:
            return {f"{share:.1f}": _plain(value) for share, value in zip(self.subsets, values, strict=True)}
        return _plain(values[0])


def _aggregate(function: Function, *arguments: Bound) -> Aggregate:
    return Aggregate(function, arguments, False, function.gives or arguments[0].type)


def _plain(value: Any) -> Any:
    """A value as JSON takes it: whole numbers without a point, no infinity, dates as text."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    return value.isoformat() if isinstance(value, date) else value


def read_series(pairs: Iterable[tuple[str, str]]) -> tuple[Serie, ...]:
    """The series that parameters define, in the order of their names' first coming."""
    parts_by_name: dict[str, dict[str, str]] = {}
    for name, text in pairs:
        if matched := _SERIE.fullmatch(name):
            parts_by_name.setdefault(matched["name"], {})[matched["what"]] = text
    if len(parts_by_name) > MAX_SERIES:
        raise InvalidParameter(name="y", value=len(parts_by_name), expected=f"<= {MAX_SERIES} series")
    return tuple(_serie(name, parts) for name, parts in parts_by_name.items())


def _serie(name: str, parts: dict[str, str]) -> Serie:
    func = parts.get("func", "COUNT").strip().upper()
    if func not in _AGGREGATES and func != QUANTILES:
        raise InvalidParameter(name=f"y.{name}.func", value=func, expected=" | ".join((*_AGGREGATES, QUANTILES)))
    expr = parts.get("expr", "")
    if not expr.strip() and func != "COUNT":
        raise MissingParameter(name=f"y.{name}.expr")
    subsets = _subsets(name, parts.get("subsets", "")) if func == QUANTILES else ()
    return Serie(name, func, expr, parts.get("cumulative", "").strip().lower() == "true", subsets)


def _subsets(name: str, text: str) -> tuple[float, ...]:
    shares = []
    for part in (text.strip() or "50").split(","):
        try:
            share = float(part)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 100:
            raise InvalidParameter(name=f"y.{name}.subsets", value=text, expected="0 … 100, 0 … 100")
        shares.append(share)
    return tuple(shares[:MAX_SERIES])
