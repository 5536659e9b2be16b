"""Questions in words: what was counted, under which conditions, by what, as a reader of figures says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from parvis.core.columns import TableShape
from parvis.hub.drawings.trails import filters_of
from parvis.hub.ui.filters import OPERATOR_BY_NAME
from parvis.hub.ui.formatting import day, number

_AGGREGATE = re.compile(r"\s*(count|sum|avg|min|max|median)\(\s*(distinct\s+)?(\*|`?\w+`?)\s*\)\s*", re.IGNORECASE)
_CONDITION = re.compile(r"\s*`?(\w+)`?\s*(=|!=|>=|<=|<)\s*(\S.*?)\s*")
_GROUP = re.compile(r"`?(\w+)`?")
_STEP = re.compile(r"date_format\(\s*`?\w+`?\s*,\s*[\"'](yyyy|yyyy-MM|yyyy-MM-dd)[\"']\s*\)|year\(\s*`?\w+`?\s*\)")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DECIMAL = re.compile(r"-?\d+\.\d+")


def question_words(select: str, where: Sequence[str], groups: Sequence[str], shape: TableShape | None = None) -> str:
    """« moyenne de « Ponctualité », où « Ligne » est égal à D, par mois »; empty for a question that is more than a calculation,
    conditions and columns: its own text says it better.

    ``shape`` gives columns their labels; without it they have their names.
    """
    calculation = _calculation(select, shape)
    filters = filters_of([quoted_condition(condition) for condition in where])
    steps = [_step(group, shape) for group in groups if group]
    if not calculation or filters is None or not all(steps):
        return ""
    conditions = [
        f"{_column(name, shape)} {OPERATOR_BY_NAME[operator].label} {_value(value)}".strip()
        for name, operator, value in filters
    ]
    parts = [calculation]
    if conditions:
        parts.append(_("où %(conditions)s") % {"conditions": _(" et ").join(conditions)})
    return ", ".join([*parts, *steps])


def quoted_condition(condition: str) -> str:
    """``commune="Grigny"`` as the filters of tables write it: ``\\`commune\\` = "Grigny"``."""
    match = _CONDITION.fullmatch(condition)
    return f"`{match[1]}` {match[2]} {match[3]}" if match else condition


def _calculation(select: str, shape: TableShape | None) -> str:
    match = _AGGREGATE.fullmatch(select)
    if match is None:
        return ""
    name, is_distinct, column = match[1].lower(), bool(match[2]), match[3].strip("`")
    if name == "count":
        if column == "*":
            return _("nombre de lignes")
        words = _("nombre de valeurs différentes de %(column)s") if is_distinct else _("nombre de lignes où %(column)s est rempli")  # fmt: skip
    elif is_distinct:
        return ""
    else:
        words = {
            "sum": _("somme de %(column)s"),
            "avg": _("moyenne de %(column)s"),
            "min": _("plus petite valeur de %(column)s"),
            "max": _("plus grande valeur de %(column)s"),
            "median": _("médiane de %(column)s"),
        }[name]
    return words % {"column": _column(column, shape)}


def _column(name: str, shape: TableShape | None) -> str:
    column = shape.get(name) if shape is not None else None
    return _("« %(name)s »") % {"name": column.label if column is not None else name}


def _step(group: str, shape: TableShape | None) -> str:
    """« par mois », « par « Commune » »; empty for what is neither."""
    if match := _STEP.fullmatch(group.strip()):
        pattern = match[1] or "yyyy"
        return {"yyyy": _("par année"), "yyyy-MM": _("par mois"), "yyyy-MM-dd": _("par jour")}[pattern]
    plain = _GROUP.fullmatch(group.strip())
    return _("par %(column)s") % {"column": _column(plain[1], shape)} if plain else ""


def _value(text: str) -> str:
    """Days and decimals as French writes them; a code or a word as it is."""
    if _ISO_DAY.fullmatch(text):
        return day(date.fromisoformat(text))
    return number(float(text)) if _DECIMAL.fullmatch(text) else text
