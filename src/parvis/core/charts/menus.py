"""What menus can compute: a calculation of a column, a step of time, to ODSQL and back; None for what is written otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.charts.marks import CALCULATIONS, STEPS
from parvis.core.errors import RequestError
from parvis.core.odsql import parse_group_by, parse_select
from parvis.core.odsql.nodes import Call, Expression, Field, Literal, LiteralKind, Star


@dataclass(frozen=True, slots=True)
class Measure:
    """A calculation of ``CALCULATIONS``, and the column it is of; none to count rows."""

    calculation: str = "count"
    column: str = ""

    def to_odsql(self) -> str:
        """The aggregation."""
        if self.calculation == "count":
            return CALCULATIONS["count"].odsql
        # A column that is still to be chosen is written as a name that no table has: the form shows it as missing.
        return CALCULATIONS[self.calculation].odsql.format(column=f"`{self.column}`")


@dataclass(frozen=True, slots=True)
class Period:
    """A column of moments, put together by a step of ``STEPS``; no step for its values as they are."""

    column: str = ""
    step: str = ""

    def to_odsql(self) -> str:
        """The expression that rows are grouped by; empty when no column is chosen."""
        if not self.column:
            return ""
        return f'date_format(`{self.column}`, "{STEPS[self.step].pattern}")' if self.step else f"`{self.column}`"


def read_measure(text: str) -> Measure | None:
    """The calculation that an aggregation is."""
    try:
        (item,) = parse_select(text)
    except (RequestError, ValueError):
        return None
    call = item.expression
    if item.is_named or not isinstance(call, Call) or len(call.arguments) != 1:
        return None
    match call.arguments[0], call.name, call.distinct:
        case Star(), "count", False:
            return Measure()
        case Field(name), "count", True:
            return Measure("distinct", name)
        case Field(name), ("sum" | "avg" | "median" | "min" | "max") as calculation, False:
            return Measure(calculation, name)
    return None


def read_period(text: str) -> Period | None:
    """The column and the step that an expression is; an empty text is no column."""
    if not text.strip():
        return Period()
    expression = _grouping(text)
    patterns = {step.pattern: step.name for step in STEPS.values()}
    match expression:
        case Field(name):
            return Period(name)
        case Call("year", (Field(name),)):
            return Period(name, "year")
        case Call("date_format", (Field(name), Literal(LiteralKind.TEXT, pattern))) if pattern in patterns:
            return Period(name, patterns[str(pattern)])
    return None


def _grouping(text: str) -> Expression | None:
    try:
        (item,) = parse_group_by(text)
    except (RequestError, ValueError):
        return None
    return None if item.is_named or isinstance(item.expression, Star) else item.expression  # type: ignore[return-value]
