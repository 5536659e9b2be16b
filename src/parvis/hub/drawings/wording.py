"""Questions in words: what was counted, under which conditions, by what, as a reader of figures says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from parvis.core.charts.menus import Measure, Period, read_measure, read_period
from parvis.core.columns import Column, TableShape
from parvis.core.odsql.criteria import SEPARATOR, Criterion, as_day, read_criteria
from parvis.hub.drawings.menus import operator_label
from parvis.hub.ui.formatting import day, number

_CONDITION = re.compile(r"\s*`?(\w+)`?\s*(=|!=|>=|<=|<)\s*(\S.*?)\s*")
_DECIMAL = re.compile(r"-?\d*\.\d+", re.ASCII)


def question_words(select: str, where: Sequence[str], groups: Sequence[str], shape: TableShape | None = None) -> str:
    """« moyenne de « Ponctualité », où « Ligne » est D, par mois »; empty for a question that menus could not make: its own text
    says it better.

    ``shape`` gives columns their labels; without it they have their names.
    """
    shape = shape or TableShape(())
    measure, criteria = read_measure(select), read_criteria(where, shape)
    periods = [read_period(group) for group in groups if group]
    if measure is None or criteria is None or None in periods:
        return ""
    parts = [_calculation(measure, shape)]
    if criteria.rows:
        groups = [_(" ou ").join(_condition(row, shape) for row in group) for group in criteria.groups]
        if len(groups) > 1:
            is_several = [len(group) > 1 for group in criteria.groups]
            groups = [f"({words})" if is_one_of else words for words, is_one_of in zip(groups, is_several, strict=True)]
        conditions = _(" et ").join(groups)
        parts.append(_("où %(conditions)s") % {"conditions": conditions})
    return ", ".join([*parts, *(_step(period, shape) for period in periods if period)])


def quoted_condition(condition: str) -> str:
    """``commune="Grigny"`` as the filters of tables write it: ``\\`commune\\` = "Grigny"``."""
    match = _CONDITION.fullmatch(condition)
    return f"`{match[1]}` {match[2]} {match[3]}" if match else condition


def _calculation(measure: Measure, shape: TableShape) -> str:
    words = {
        "count": _("nombre de lignes"),
        "distinct": _("nombre de valeurs différentes de %(column)s"),
        "sum": _("somme de %(column)s"),
        "avg": _("moyenne de %(column)s"),
        "min": _("plus petite valeur de %(column)s"),
        "max": _("plus grande valeur de %(column)s"),
        "median": _("médiane de %(column)s"),
    }[measure.calculation]
    return words % {"column": _column(measure.column, shape)}


def _condition(row: Criterion, shape: TableShape) -> str:
    column = shape.get(row.column)
    values = _(" et ").join(
        ", ".join(_value(value.strip(), column) for value in text.split(SEPARATOR))
        if row.operator == "parmi"
        else _value(text, column)
        for text in row.values
    )
    return f"{_column(row.column, shape)} {operator_label(row.operator, column)} {values}".strip()


def _column(name: str, shape: TableShape) -> str:
    column = shape.get(name)
    return _("« %(name)s »") % {"name": column.label if column is not None else name}


def _step(period: Period, shape: TableShape) -> str:
    """« par mois », « par « Commune » »."""
    if period.step in (steps := {"year": _("par année"), "month": _("par mois"), "day": _("par jour")}):
        return steps[period.step]
    return _("par %(column)s") % {"column": _column(period.column, shape)}


def _value(text: str, column: Column | None) -> str:
    """Labels, days and decimals as they are read; a code or a word as it is."""
    if column is not None and (label := column.label_of(text)):
        return label
    if column is None or not column.type.is_number:
        return day(date.fromisoformat(text)) if as_day(text) == text else text
    return number(float(text)) if _DECIMAL.fullmatch(text) else text
