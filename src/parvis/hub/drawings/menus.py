"""Forms without a query language: a calculation, a period, conditions chosen in menus over ODSQL, which is what is stored.

A field holds ODSQL; its widget shows the menus that say the same, with the text beside (« Voir en ODSQL »). What is sent back is
read so: the text wins when it was changed, else the menus; menus that were not touched leave the text as it was, to the letter. A
text that menus cannot say is shown as such. The parts of a field are named after it: ``where`` has ``where.colonne``,
``where.op``, ``where.valeur``, ``where.valeur2``, ``where.lien`` (how it goes with the row before) once a row, and ``where.avant``,
the text that the menus show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.charts.marks import CALCULATIONS, STEPS
from parvis.core.charts.menus import Measure, Period, read_measure, read_period
from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.odsql.criteria import (
    MOST_CRITERIA,
    OPERATORS,
    SEPARATOR,
    Criteria,
    Criterion,
    as_number,
    fault_in,
    joined,
    operators_for,
    read_criteria,
    write_criteria,
)
from parvis.core.translation import SOURCE
from parvis.hub.drawings.menu_sources import Choice, MenuSource, column_choices, value_typed, value_words

CONDITIONS = "data-parvis-conditions"
"""Attribute of the texts over which the back office puts the menus of conditions; its value is the field of the dataset."""
_LONGEST = 500
_MOMENTS = (ColumnType.DATE, ColumnType.DATETIME)


# Words.


def operator_label(name: str, column: Column | None) -> str:
    """A comparison in words that fit the type of a column."""
    is_moment = column is not None and column.type in _MOMENTS
    if is_moment and name in (words := _moment_words()):
        return words[name]
    return _plain_words()[name]


def _plain_words() -> dict[str, str]:
    return {
        "egal": _("est"),
        "different": _("n’est pas"),
        "parmi": _("est l’un de"),
        "contient": _("contient"),
        "commence": _("commence par"),
        "min": _("est au moins"),
        "max": _("est au plus"),
        "plus": _("est plus de"),
        "moins": _("est moins de"),
        "entre": _("est entre"),
        "annee": _("est dans l’année"),
        "rempli": _("est rempli"),
        "vide": _("est vide"),
    }


def _moment_words() -> dict[str, str]:
    return {
        "egal": _("est le"),
        "different": _("n’est pas le"),
        "min": _("est à partir du"),
        "max": _("est au plus tard le"),
        "plus": _("est après le"),
        "moins": _("est avant le"),
    }


def fault_sentence(fault: str, criterion: Criterion) -> str:
    """What is wrong with a row."""
    value = next((value for value in criterion.values if value), "")
    return {
        "column": _("Ce jeu de données n’a pas de colonne « %(column)s »."),
        "missing": _("Il manque une valeur."),
        "number": _("« %(value)s » n’est pas un nombre."),
        "date": _("« %(value)s » n’est pas une date."),
        "year": _("« %(value)s » n’est pas une année : écrivez quatre chiffres."),
        "boolean": _("Choisissez oui ou non."),
    }[fault] % {"column": criterion.column, "value": value}


def criteria_faults(where: Sequence[str], shape: TableShape) -> list[str]:
    """What is wrong with conditions that menus can say, row by row; nothing of the others, which an engine judges."""
    criteria = read_criteria(where, shape)
    rows = criteria.rows if criteria else ()
    return [fault_sentence(fault, row) for row in rows if (fault := fault_in(row, shape))]


# What was sent.


def _all(data: Mapping[str, Any], name: str) -> list[str]:
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return [str(value)[:_LONGEST] for value in (values if isinstance(values, list) else [values])]


def _one(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "")[:_LONGEST]


def read_rows(data: Mapping[str, Any], name: str, shape: TableShape) -> Criteria:
    """The rows of a form; one without a column is none, one whose comparison does not fit its column takes the first that does.

    « ou » puts a row in the group of the one before it, be that one removed.
    """
    columns, names = _all(data, f"{name}.colonne"), _all(data, f"{name}.op")
    firsts, seconds = _all(data, f"{name}.valeur"), _all(data, f"{name}.valeur2")
    links = _all(data, f"{name}.lien")
    groups: list[list[Criterion]] = []
    for rank, column_name in enumerate(columns[: MOST_CRITERIA + 1]):
        if not groups or rank >= len(links) or links[rank] != "ou":
            groups.append([])
        if not column_name or str(rank) in _all(data, f"{name}.retirer"):
            continue
        column = shape.get(column_name)
        fitting = [one.name for one in operators_for(column)] if column else list(OPERATORS)
        operator = names[rank] if rank < len(names) and names[rank] in fitting else fitting[0]
        values = [values[rank].strip() if rank < len(values) else "" for values in (firsts, seconds)]
        if column and operator in _NAMED:
            values = [
                _by_parts(operator, value, lambda words, column=column: value_typed(column, words)) for value in values
            ]
        groups[-1].append(Criterion(column_name, operator, tuple(values[: OPERATORS[operator].values])))
    return Criteria(tuple(tuple(group) for group in groups if group))


_NAMED = ("egal", "different", "parmi")
"""Comparisons with whole values, which have their words."""


def _by_parts(operator: str, value: str, change: Callable[[str], str]) -> str:
    """A value that is changed or, where a comparison takes several, each of them."""
    if not OPERATORS[operator].takes_several:
        return change(value) if value else value
    parts = [change(part.strip()) for part in value.split(SEPARATOR) if part.strip()]
    # A label with the separator in it would not come back as it was.
    return value if any(SEPARATOR in part for part in parts) else f" {SEPARATOR} ".join(parts)


# Widgets.


class Menu(forms.Widget):
    """The menus of a field that holds ODSQL, and the text beside them."""

    kind: ClassVar[str] = ""
    template: ClassVar[str] = ""
    use_fieldset = True

    def __init__(self, *, dataset_field: str = "dataset", has_text: bool = True, lines: int = 1) -> None:
        """``has_text``: whether the text is drawn with the menus; else the form draws it elsewhere, under the field's own name."""
        super().__init__()
        self.source = MenuSource()
        self.dataset = ""
        self.is_being_filled = False
        """Whether what is still missing is not said yet: somebody is choosing."""
        self.has_script = False
        """Whether a script asked for the menus: buttons need not send the form."""
        self.dataset_field, self.has_text, self.lines = dataset_field, has_text, lines

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """The text when it was changed, else what the menus say."""
        text, before = data.get(name), data.get(f"{name}.avant")
        if before is None or (text is not None and _same(text) != _same(before)):
            return text
        shape = self.source.shape(str(data.get(self.dataset_name(name)) or self.dataset))
        return self.changed(data, name, shape, str(before))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether neither the text nor the menus were sent."""
        return name not in data and f"{name}.avant" not in data

    def dataset_name(self, name: str) -> str:
        """The field of the same form that says which dataset the columns are of."""
        prefix, dash, _last = name.rpartition("-")
        return f"{prefix}{dash}{self.dataset_field}"

    def changed(self, data: Mapping[str, Any], name: str, shape: TableShape, before: str) -> str:
        """What the menus that were sent say, ``before`` itself when they say the same."""
        raise NotImplementedError

    def facts(self, text: str, shape: TableShape) -> dict[str, Any] | None:
        """What the menus show for a text; None when they cannot say it."""
        raise NotImplementedError

    def id_for_label(self, id_: str | None) -> str:
        """Nothing: a group of fields has a legend."""
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Menus and text."""
        text, shape = str(value or ""), self.source.shape(self.dataset)
        facts = self.facts(text, shape)
        context = {
            "kind": self.kind,
            "name": name,
            "id": (attrs or {}).get("id") or f"id_{name}",
            "body": self.template,
            "text": text,
            "is_said": facts is not None,
            "has_dataset": bool(shape.columns),
            "dataset_name": self.dataset_name(name),
            "dataset": self.dataset,
            "has_text": self.has_text,
            "lines": self.lines,
            "has_script": self.has_script,
            **(facts or {}),
        }
        return SafeString(render_to_string("drawings/menus/menu.html", context))


def _same(text: Any) -> str:
    """A text as forms send it: browsers change the ends of lines."""
    return str(text).replace("\r\n", "\n").strip()


class CriteriaMenu(Menu):
    """Conditions: rows of a column, a comparison, a value; one condition a line when ``lines`` says that there are several."""

    kind = "conditions"
    template = "drawings/menus/criteria.html"

    def conditions(self, text: str) -> list[str]:
        """The conditions of a text."""
        return [line.strip() for line in text.splitlines() if line.strip()] if self.lines > 1 else [text.strip()]

    def changed(self, data: Mapping[str, Any], name: str, shape: TableShape, before: str) -> str:
        """The conditions that the rows make."""
        former = read_criteria(self.conditions(before), shape) if shape.columns else None
        if former is None:
            return before
        criteria = read_rows(data, name, shape)
        if criteria == former:
            return before
        conditions = write_criteria(criteria, shape)
        return "\n".join(conditions) if self.lines > 1 else joined(conditions, shape)

    def facts(self, text: str, shape: TableShape) -> dict[str, Any] | None:
        """The rows, and one more to be filled."""
        criteria = read_criteria(self.conditions(text), shape)
        if criteria is None:
            return None
        ranks = iter(range(MOST_CRITERIA))
        groups = [
            [{**self._row(row, shape, next(ranks)), "is_alternative": rank > 0} for rank, row in enumerate(group)]
            for group in criteria.groups
        ]
        count = len(criteria.rows)
        blank = self._row(Criterion("", "egal", ("",)), shape, count) if count < MOST_CRITERIA else None
        return {"groups": groups, "blank": blank}

    def _row(self, row: Criterion, shape: TableShape, rank: int) -> dict[str, Any]:
        column = shape.get(row.column)
        operators = operators_for(column) if column else tuple(OPERATORS.values())
        operator = OPERATORS[row.operator]
        fault = fault_in(row, shape) if row.column else None
        fault = None if fault == "missing" and self.is_being_filled else fault
        choices, is_cut = self.source.values(self.dataset, column) if column and operator.values else ([], False)
        return {
            "rank": rank,
            "number": rank + 1,
            "column": row.column,
            "columns": column_choices(shape, row.column, _("choisir une colonne")),
            "operator": row.operator,
            "operators": [(one.name, operator_label(one.name, column)) for one in operators],
            "inputs": [_input(column, operator.takes_year, row, n) for n in range(operator.values)],
            "choices": choices,
            "is_cut": is_cut and column is not None and column.type is ColumnType.TEXT,
            "takes_several": operator.takes_several,
            "unit": (column.annotations.get("unit") if column else "") or "",
            "fault": fault_sentence(fault, row) if fault else "",
        }


def _input(column: Column | None, takes_year: bool, row: Criterion, rank: int) -> dict[str, Any]:
    """The browser's own control for a value; a text when it would not show what was typed."""
    value = row.values[rank] if rank < len(row.values) else ""
    kind = "text"
    if column is not None and row.operator in _NAMED and (column.labels or column.kind):
        value = _by_parts(row.operator, value, lambda part: value_words(column, [part])[0])
    elif takes_year or (column is not None and column.type.is_number and row.operator != "parmi"):
        kind = "number" if not value or as_number(value) == value else "text"
    elif column is not None and column.type in _MOMENTS:
        kind = "date"
    elif column is not None and column.type is ColumnType.BOOLEAN:
        kind = "boolean"
    return {"name": "valeur2" if rank else "valeur", "type": kind, "value": value, "is_second": bool(rank)}


class MeasureMenu(Menu):
    """A calculation and its column."""

    kind = "calcul"
    template = "drawings/menus/measure.html"

    def changed(self, data: Mapping[str, Any], name: str, shape: TableShape, before: str) -> str:
        """The aggregation that the menus say."""
        former = read_measure(before) if before else None
        if before and former is None:
            return before
        calculation, column = _one(data, f"{name}.calcul"), _one(data, f"{name}.colonne")
        if not calculation:
            return before
        measure = (
            Measure(calculation, "" if calculation == "count" else column) if calculation in CALCULATIONS else None
        )
        return before if measure is None or measure == former else measure.to_odsql()

    def facts(self, text: str, shape: TableShape) -> dict[str, Any] | None:
        """Calculations and columns."""
        measure = read_measure(text) if text else Measure()
        if measure is None:
            return None
        calculation = CALCULATIONS[measure.calculation]
        columns = [column for column in shape if column.type.is_number or not calculation.needs_numbers]
        is_missing = bool(measure.column) and shape.get(measure.column) is None and bool(shape.columns)
        return {
            "calculation": measure.calculation,
            "calculations": [(row.name, row.label(get_language() or SOURCE)) for row in CALCULATIONS.values()],
            "column": measure.column,
            "columns": column_choices(columns, measure.column, _("choisir une colonne")),
            "is_counted": measure.calculation == "count",
            "fault": fault_sentence("column", Criterion(measure.column, "egal")) if is_missing else "",
        }


class BlockCriteriaMenu(forms.TextInput):
    """The same in a block of a page, whose form is drawn by scripts: a text over which these put the menus, read here as they are sent.

    ``source`` gives who writes each time: one widget serves every form.
    """

    def __init__(self, source: Callable[[], MenuSource], dataset_field: str = "dataset") -> None:
        super().__init__({CONDITIONS: dataset_field, "autocomplete": "off", "spellcheck": "false"})
        self.source, self.dataset_field = source, dataset_field

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The text when it was changed, else what the menus say."""
        menu = CriteriaMenu(dataset_field=self.dataset_field)
        menu.source = self.source()
        return menu.value_from_datadict(data, files, name)


class ColumnMenu(Menu):
    """A column alone, or none."""

    kind = "colonne"
    template = "drawings/menus/column.html"

    def fits(self, column: Column) -> bool:
        """Whether it is offered."""
        return not column.type.is_geographic

    def changed(self, data: Mapping[str, Any], name: str, shape: TableShape, before: str) -> str:
        """The column and its step."""
        former = read_period(before)
        if former is None:
            return before
        step = _one(data, f"{name}.pas")
        column = shape.get(_one(data, f"{name}.colonne"))
        period = Period(_one(data, f"{name}.colonne"), step if step in STEPS and _is_moment(column) else "")
        return before if period == former else period.to_odsql()

    def facts(self, text: str, shape: TableShape) -> dict[str, Any] | None:
        """Columns, and steps for one of moments."""
        period = read_period(text)
        if period is None or (period.step and not self.steps(period, shape)):
            return None
        is_missing = bool(period.column) and shape.get(period.column) is None and bool(shape.columns)
        return {
            "column": period.column,
            "columns": column_choices(filter(self.fits, shape), period.column, self.none()),
            "step": period.step,
            "steps": self.steps(period, shape),
            "fault": fault_sentence("column", Criterion(period.column, "egal")) if is_missing else "",
        }

    def none(self) -> str:
        """The words of choosing none."""
        return _("aucune : le total seul")

    def steps(self, period: Period, shape: TableShape) -> list[Choice]:
        """How moments may be put together."""
        return []


class PeriodMenu(ColumnMenu):
    """A column of moments or of years, and a step of time."""

    kind = "periode"

    def fits(self, column: Column) -> bool:
        """Moments, and what years are written in."""
        return _is_moment(column) or column.type in (ColumnType.INT, ColumnType.TEXT)

    def none(self) -> str:
        """The words of choosing none."""
        return _("aucune : un seul chiffre")

    def steps(self, period: Period, shape: TableShape) -> list[Choice]:
        """Year, month, day of a column of moments."""
        if not _is_moment(shape.get(period.column)):
            return []
        language = get_language() or SOURCE
        return [("", _("chaque valeur")), *((row.name, row.label(language)) for row in STEPS.values() if row.is_time)]


def _is_moment(column: Column | None) -> bool:
    return column is not None and column.type in _MOMENTS


MENUS: Mapping[str, Callable[..., Menu]] = {
    menu.kind: menu for menu in (CriteriaMenu, MeasureMenu, ColumnMenu, PeriodMenu)
}
"""The menus that a screen may ask for again, by kind."""
